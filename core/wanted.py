"""Learning by schema: which of the fields found on a page are the columns a person wants, and which are not there.

Each wanted column is compared with every field by name, standard term, type and description; the pairs are assigned
jointly (Kuhn–Munkres). A column without a likely field, or with two that are as likely, is left open.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from core.errors import BadInput
from core.induce.naming import snake
from core.lexicon import term
from core.model import Blueprint, Field, FieldType, RecordSet

LEAST = 0.5
MARGIN = 0.04
AGAIN = 0.06
NUMBERED = re.compile(r"_\d+$")
TEXTS = frozenset({"string", "text", "identifier"})
NUMBERS = frozenset({"integer", "decimal", "money", "quantity", "percent"})
DATES = frozenset({"date", "datetime"})
LINE = re.compile(r"\s*(?P<name>[^:\n(]+?)\s*(\((?P<type>\w+)\))?\s*(:\s*(?P<description>.*))?$")


class Wanted(NamedTuple):
    """A column that a person asks for."""

    name: str
    description: str = ""
    type: FieldType | None = None


class Answer(NamedTuple):
    """The field found for a wanted column and how likely it is the one, 0..1; no table and no field when left open."""

    wanted: Wanted
    table: str
    field: str
    score: float


def wanted_columns(text: str) -> list[Wanted]:
    """Wanted columns as a person writes them, one a line: "deadline (date): when offers are due".

    Raises:
        BadInput: a type that does not exist, or no line.
    """
    lines = [match for line in text.splitlines() if line.strip() and (match := LINE.match(line))]
    if not lines:
        raise BadInput("No column is named.", "Write one a line, as in “deadline (date): when offers are due”.")
    return [Wanted(snake(match["name"]), match["description"] or "", _type(match["type"])) for match in lines]


def _type(name: str | None) -> FieldType | None:
    known: tuple[FieldType, ...] = FieldType.__args__  # type: ignore[attr-defined]  # a Literal lists its values
    if name is None:
        return None
    found = next((kind for kind in known if kind == name), None)
    if found is None:
        raise BadInput(f"“{name}” is no type of a column.", f"Use one of {', '.join(known)}.")
    return found


def answers(blueprint: Blueprint, wanted: Sequence[Wanted]) -> list[Answer]:
    """For each wanted column the best field of the blueprint's main tables, no field twice, or none."""
    import numpy
    from scipy.optimize import linear_sum_assignment

    options = [(table, field) for table in blueprint.tables if table.parent is None for field in table.fields]
    scores = numpy.array([[_score(column, *option) for option in options] for column in wanted])
    rows, columns = linear_sum_assignment(-numpy.hstack([scores, numpy.full((len(wanted), len(wanted)), LEAST)]))
    found = []
    for row, column in zip(rows, columns, strict=True):
        likely = column < len(options) and not _is_torn(scores[row], int(column), options)
        table, field = (options[column][0].name, options[column][1].name) if likely else ("", "")
        found.append(Answer(wanted[row], table, field, round(float(scores[row, column]), 3) if likely else 0.0))
    return found


def _is_torn(scores: Sequence[float], chosen: int, options: Sequence[tuple[RecordSet, Field]]) -> bool:
    """Whether another field with other values is as likely as the chosen one."""
    mine = options[chosen][1]
    return any(
        score > scores[chosen] - MARGIN and options[other][1].examples != mine.examples
        for other, score in enumerate(scores)
        if other != chosen and scores[chosen] < 1.0
    )


def _score(wanted: Wanted, table: RecordSet, field: Field) -> float:
    words = max(_alike(wanted.name, name) for name in (field.name, field.label) if name)
    told = max((_alike(wanted.description, name) for name in (field.name, field.label) if name), default=0.0)
    score = max(words, 0.75 * told) + 0.04 * field.confidence - (AGAIN if NUMBERED.search(field.name) else 0.0)
    return min(1.0, score) * _type_factor(wanted.type, field.type)


def _alike(wanted: str, name: str) -> float:
    """1 for the same words, nearly that for the same standard term, else by the words they share."""
    from rapidfuzz import fuzz

    one, other = _plain(wanted), _plain(name)
    if not one or not other:
        return 0.0
    if one == other:
        return 1.0
    if term(one) and term(one) == term(other):
        return 0.9
    return 0.85 * float(fuzz.token_sort_ratio(one, other)) / 100


def _plain(name: str) -> str:
    return NUMBERED.sub("", name.strip().casefold()).replace("_", " ").strip(" :")


def _type_factor(wanted: FieldType | None, found: FieldType) -> float:
    if wanted is None or wanted == found:
        return 1.0
    return 0.95 if any({wanted, found} <= family for family in (TEXTS, NUMBERS, DATES)) else 0.5


def with_answers(blueprint: Blueprint, found: Sequence[Answer]) -> Blueprint:
    """The blueprint with the fields that were found under the names that were wanted, first in their tables."""
    return blueprint.model_copy(update={"tables": tuple(_renamed(table, found) for table in blueprint.tables)})


def _renamed(table: RecordSet, found: Sequence[Answer]) -> RecordSet:
    names = {answer.field: answer.wanted.name for answer in found if answer.table == table.name}
    wanted = set(names.values())
    first = [_named(field, names[field.name]) for name in names for field in table.fields if field.name == name]
    rest = [field for field in table.fields if field.name not in names and field.name not in wanted]
    return table.model_copy(update={"fields": (*first, *rest)})


def _named(field: Field, name: str) -> Field:
    return field.model_copy(update={"name": name, "pinned": True})
