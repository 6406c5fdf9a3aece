"""How answers to requests travel: the answer, or the error of our tree that came instead."""

import json
import logging
from collections.abc import Callable
from typing import Any

import core.errors
from core.errors import PipelineError

LOG = logging.getLogger(__name__)


def answered(answer: Callable[[dict[str, Any]], dict[str, Any]], question: str) -> str:
    """Run the answerer; its answer or its error as text."""
    try:
        return json.dumps({"answer": answer(json.loads(question))})
    except PipelineError as error:
        return json.dumps({"error": type(error).__name__, "message": error.message, "advice": error.advice})
    except Exception as error:  # whoever asked must hear of it; the answerer goes on
        LOG.exception("a request could not be answered")
        return json.dumps({"error": "PipelineError", "message": f"The answer failed: {error}.", "advice": ""})


def opened(text: str) -> dict[str, Any]:
    """The answer, or its error raised."""
    data = json.loads(text)
    if "error" in data:
        kind = getattr(core.errors, data["error"], PipelineError)
        raise kind(data["message"], data["advice"])
    found: dict[str, Any] = data["answer"]
    return found
