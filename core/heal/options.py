"""Where a table of many records may stand now: the places that were learned, and how well its fields fit there."""

import math
from collections.abc import Iterator, Sequence

from core.compare.columns import Assignment, Known, assign
from core.compare.rows import Agreement, agreements
from core.heal.pages import FreshTable
from core.heal.tables import FEWEST_KNOWN, REPRODUCED, OldTable
from core.model import Lesson, Record
from core.model.selector import Selector

# rows that agree before something of a list is sure, where those are all that is known: two may be a pair by chance
FEWEST_SURE_ROWS = 3
# how often old selectors and a new column must read alike to prove it: more than REPRODUCED, as both read the same
# page and only copies of a text come between
SURE_AGREEMENT = 0.9
# a list that still reads well moves only to one of as many times its rows, and of as large a share of the rows before:
# else a longer list beside it (all offices, all tags) would take its place
TIMES_MORE = 2
AS_MANY_AS_BEFORE = 0.5
# the share of the weight of the fields that a place must look like to be the table, or a half of it
GOOD = 0.4
# how sure it is that a field went where a lesson says: nearly as sure as known rows, which may still deny it
TAUGHT = 0.95
# how often texts agree from which on that is no chance
CHANCE = 0.5
# what a table counts that says again what others say: it is taken where the others are hardly alike
REPEATED_WORTH = 0.7


class Option:
    """One place where the table may stand now: its columns for the fields, and what known rows say of them."""

    def __init__(self, old: OldTable, place: FreshTable, failed: Sequence[Lesson] = ()) -> None:
        self.place = place
        self.old = old
        self.known = agreements(old.before.records, place.columns.records)
        sure = _kept_only(old, agreements(old.after.records, place.columns.records)) | taught_pairs(old, place)
        found = assign(old.before, place.columns, Known(self.known.compared, self.known.agreed), sure)
        self.assignments = _warned(found, old, place, failed)
        self.sure = sure

    @property
    def records(self) -> Sequence[Record]:
        """What is read here."""
        return self.place.columns.records

    @property
    def share(self) -> float:
        """How much of the fields is found here, of all."""
        return self.found / (sum(self.old.weights.values()) or 1.0)

    @property
    def found(self) -> float:
        """How much of the fields is found here, whatever the number of records."""
        return sum(
            weight * assignment.score
            for name, weight in self.old.weights.items()
            if (assignment := self.assignments.get(name)) and assignment.target
        )

    @property
    def worth(self) -> float:
        """How much of the table is found here."""
        rows, now = len(self.records), len(self.old.after.records)
        fewer = min(1.0, rows / now) if self.old.kept and now else 1.0
        found = self.found * (REPEATED_WORTH if self.place.repeats else 1.0)
        return found * fewer * math.sqrt(math.sqrt(min(1.0, rows / max(1, len(self.old.before.records)))))

    @property
    def has_more(self) -> bool:
        """Whether it looks like the table and holds many more records than the old selectors find now."""
        rows = len(self.records)
        more = rows >= max(TIMES_MORE * len(self.old.after.records), AS_MANY_AS_BEFORE * len(self.old.before.records))
        return more and self.worth >= GOOD * sum(self.old.weights.values())

    def proved(self) -> set[str]:
        """The fields that known rows prove to stand here."""
        return {
            name
            for name, assignment in self.assignments.items()
            if (self.known.rows >= FEWEST_KNOWN and self.known.agreed.get((name, assignment.target), 0.0) >= REPRODUCED)
            or self.sure.get((name, assignment.target), 0.0) >= SURE_AGREEMENT
        }


def taught_pairs(old: OldTable, place: FreshTable) -> dict[tuple[str, str], float]:
    """What a lesson says went where: fields that were read by the same selectors on the like pages before."""
    if place.taught is None:
        return {}
    before = {selector: field.name for field in place.taught.fields for selector in field.selectors[:1]}
    found = {field.name: before.get(field.selectors[0]) for field in old.table.fields if field.selectors}
    read = place.columns.profiles
    return {(name, other): TAUGHT for name, other in found.items() if other and other in read}


def _warned(
    found: dict[str, Assignment], old: OldTable, place: FreshTable, failed: Sequence[Lesson]
) -> dict[str, Assignment]:
    """Matches that led like pages astray before are left to a person."""
    fields = {field.name: field.selectors[:1] for field in old.table.fields}
    places = {field.name: field.selectors[:1] for field in place.table.fields}
    astray = {pair for lesson in failed for pair in _moves(lesson)}
    return {
        name: assignment._replace(torn=assignment.torn or (fields[name], places.get(assignment.target)) in astray)
        for name, assignment in found.items()
    }


def _moves(lesson: Lesson) -> Iterator[tuple[tuple[Selector, ...], tuple[Selector, ...]]]:
    """From which selector to which each field of a lesson was moved."""
    for table in lesson.before.tables:
        after = lesson.after.table(table.name)
        new = {field.name: field.selectors[:1] for field in after.fields} if after else {}
        for field in table.fields:
            if new.get(field.name) and new[field.name] != field.selectors[:1]:
                yield field.selectors[:1], new[field.name]


def _kept_only(old: OldTable, found: Agreement) -> dict[tuple[str, str], float]:
    """What the old selectors read on the fresh pages is known too, where it still looks like itself."""
    if found.rows < FEWEST_SURE_ROWS:
        return {}
    return {pair: share for pair, share in found.agreed.items() if pair[0] in old.kept and share >= CHANCE}
