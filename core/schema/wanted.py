"""Learning by schema: which of the fields found on a page are the columns a person wants, and which are not there.

Each wanted column has a likelihood with every field (`core/schema/resemblance.py`); the pairs are assigned jointly
(Kuhn–Munkres). What is sure goes by the wanted name; what is only likely is left to a person; a column without a likely
field, or with two that are as likely, is left open.
"""

import re
from collections.abc import Container, Mapping, Sequence
from math import log
from typing import NamedTuple

from core.errors import BadInput
from core.induce.naming import Names, snake
from core.model import Blueprint, DetailLink, FieldType, RecordSet
from core.schema.resemblance import FieldPlace, Wanted, likely

# from what likelihood on a field is shown as perhaps the wanted one, and from what on it is taken for it: of saved
# pages that the likelihoods were not fitted to, 75 of 100 answers between the two are right, and 86 above both
PERHAPS_MEANT, SURELY_MEANT = 0.35, 0.85
# an answer stands when no other field is more than this share as likely: of two nearly equal ones a person chooses
RIVAL = 0.8
# keeps the logarithm of a likelihood finite
TINY = 1e-9
LINE = re.compile(r"\s*(?P<name>[^:\n(]+?)\s*(\((?P<type>\w+)\))?\s*(:\s*(?P<description>.*))?$")


class WishAnswer(NamedTuple):
    """The field found for a wanted column and how likely it is the one, 0..1; no table and no field when left open."""

    wanted: Wanted
    table: str
    field: str
    score: float

    @property
    def sure(self) -> bool:
        """Whether it may be taken without asking."""
        return self.score >= SURELY_MEANT


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


def answers(blueprint: Blueprint, wanted: Sequence[Wanted]) -> list[WishAnswer]:
    """For each wanted column the most likely field of the blueprint's main tables, no field twice, or none."""
    import numpy
    from scipy.optimize import linear_sum_assignment

    found = [likely(blueprint, column) for column in wanted]
    places = list(dict.fromkeys(each.place for row in found for each in row))
    shares = [{each.place: each.likelihood for each in row} for row in found]
    gains = [[log(max(TINY, share.get(place, 0.0)) / PERHAPS_MEANT) for place in places] for share in shares]
    open_ones = numpy.zeros((len(wanted), len(wanted)))
    _, columns = linear_sum_assignment(-numpy.hstack([numpy.array(gains).reshape(len(wanted), -1), open_ones]))
    return [
        _answer(column, places[at] if at < len(places) else None, share)
        for column, at, share in zip(wanted, columns, shares, strict=True)
    ]


def _answer(wanted: Wanted, place: FieldPlace | None, shares: dict[FieldPlace, float]) -> WishAnswer:
    score = shares.get(place, 0.0) if place is not None else 0.0
    others = max((share for other, share in shares.items() if other != place), default=0.0)
    if place is None or others > RIVAL * score:
        return WishAnswer(wanted, "", "", 0.0)
    return WishAnswer(wanted, *place, round(score, 3))


def with_answers(blueprint: Blueprint, found: Sequence[WishAnswer]) -> Blueprint:
    """The blueprint with the fields that are surely the wanted ones under the wanted names, first in their tables."""
    sure = [answer for answer in found if answer.sure]
    called = {table.name: _new_names(table, sure) for table in blueprint.tables}
    places = {(answer.table, answer.field) for answer in sure}
    tables = tuple(_rename_fields(table, called[table.name], places) for table in blueprint.tables)
    return blueprint.model_copy(update={"tables": tables, "details": _link(blueprint.details, called)})


def _new_names(table: RecordSet, found: Sequence[WishAnswer]) -> dict[str, str]:
    """What each field is called from now on, the wanted ones first. One that had a name that another one is wanted
    under stays, under a name that is free.
    """
    wanted = {answer.field: answer.wanted.name for answer in found if answer.table == table.name}
    present = [field.name for field in table.fields]
    names = Names()
    order = [*(name for name in wanted if name in present), *(name for name in present if name not in wanted)]
    return {name: names.take(wanted.get(name, name)) for name in order}


def _rename_fields(table: RecordSet, called: Mapping[str, str], wanted: Container[FieldPlace]) -> RecordSet:
    fields = {field.name: field for field in table.fields}
    renamed = (
        fields[old].model_copy(
            update={"name": new, "pinned": fields[old].pinned or (table.name, old) in wanted},
        )
        for old, new in called.items()
    )
    return table.model_copy(update={"fields": tuple(renamed)})


def _link(link: DetailLink | None, called: Mapping[str, Mapping[str, str]]) -> DetailLink | None:
    """The link to the pages behind the records under the new names of its fields."""
    if link is None:
        return None
    names = called.get(link.table, {})
    update = {"field": names.get(link.field, link.field), "key": names.get(link.key, link.key)}
    return link.model_copy(update=update)
