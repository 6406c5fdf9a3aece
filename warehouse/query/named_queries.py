"""The questions of queries.sql: SQL by name, each with one sentence for a person."""

import re
from functools import cache
from importlib.resources import files

from core.ports import Question

_QUESTION = re.compile(
    r"^-- name: (?P<name>\w+)\n-- (?P<sentence>.+)\n(?P<sql>(?:.*\n)+?)(?=^-- name: |\Z)", re.MULTILINE
)


@cache
def questions() -> tuple[Question, ...]:
    """All questions, in the order of the file."""
    text = (files("warehouse.query") / "queries.sql").read_text("utf-8")
    return tuple(Question(*(part.strip() for part in found.groups())) for found in _QUESTION.finditer(text))
