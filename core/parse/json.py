"""JSON, and one JSON value a line (NDJSON)."""

import json
from typing import Any

from core.errors import UnreadableDocument


def read_json(text: str) -> Any:
    """The value of a JSON text; lines of JSON become a list.

    Raises:
        UnreadableDocument: the text is neither.
    """
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        lines = _lines(text)
        if lines is None:
            raise UnreadableDocument(
                f"The document looks like JSON but is broken: {error}.", "Check that it came whole."
            ) from None
        return lines


def _lines(text: str) -> list[Any] | None:
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) < 2:
        return None
    try:
        return [json.loads(line) for line in lines]
    except (ValueError, RecursionError):
        return None
