"""Compares what two extractor versions read: rows are paired by what they say, then cell by cell."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from core.model import Blueprint, Extraction, FieldValue, Proof, Record

MOST_SHOWN = 20
ALIKE = 90
TELLING = 2
LONG = 12
SHARED = 0.5
MOST_COMPARED = 40
PARTLY = 0.6
NUMBERED = re.compile(r"^\d{1,2}[.)]\s*(?=[^\W\d])")

Pairs = list[tuple[Record, Record]]


class Tally(NamedTuple):
    """Known cells of one field, those that are read alike, and some that are not."""

    known: int
    same: int
    differing: tuple[str, ...]


class Agreement(NamedTuple):
    """How many rows were paired, how often each old field was compared in them, and how often a pair agreed."""

    rows: int
    compared: dict[str, int]
    agreed: dict[tuple[str, str], float]


def compare(blueprint: Blueprint, before: Sequence[Extraction], after: Sequence[Extraction]) -> Proof:
    """How well the rows of the main table agree on pages whose rows are known."""
    table = blueprint.tables[0].name
    tallies = tally(table, before, after)
    differing = [f"{name}: {case}" for name, found in tallies.items() for case in found.differing]
    return Proof(
        rows_before=sum(len(rows_of(extraction, table)) for extraction in before),
        rows_after=sum(len(rows_of(extraction, table)) for extraction in after),
        known=sum(found.known for found in tallies.values()),
        same=sum(found.same for found in tallies.values()),
        differing=tuple(differing[:MOST_SHOWN]),
    )


def tally(table: str, before: Sequence[Extraction], after: Sequence[Extraction]) -> dict[str, Tally]:
    """For each field of a table, how its known cells are read now."""
    return tallied(known_rows(table, before, after))


def tallied(pairs: Pairs) -> dict[str, Tally]:
    """For each field, how the cells of known rows are read now."""
    cells: dict[str, list[tuple[str, str]]] = {}
    for old, new in pairs:
        for name, both in _both(old, new).items():
            cells.setdefault(name, []).append(both)
    return {name: _tally(pairs) for name, pairs in cells.items()}


def _tally(pairs: Sequence[tuple[str, str]]) -> Tally:
    differing = [f"{left[:60]} → {right[:60]}" for left, right in pairs if not alike(left, right)]
    return Tally(len(pairs), len(pairs) - len(differing), tuple(differing[:MOST_SHOWN]))


def known_rows(table: str, before: Sequence[Extraction], after: Sequence[Extraction]) -> Pairs:
    """Rows that stand on both sides: on the page of the same address, or by values that only they have."""
    fresh = {extraction.url: extraction for extraction in after}
    same_address = [(old, fresh[old.url]) for old in before if old.url in fresh]
    if same_address:
        return [
            pair
            for old, new in same_address
            for pair in paired(rows_of(old, table), rows_of(new, table), same_page=True)
        ]
    old_rows = [record for extraction in before for record in rows_of(extraction, table)]
    new_rows = [record for extraction in after for record in rows_of(extraction, table)]
    return paired(old_rows, new_rows, same_page=False)


def agreements(before: Sequence[Record], after: Sequence[Record]) -> Agreement:
    """What known rows say of old and new fields: how often an old one was compared, how often each pair agreed."""
    pairs = paired(before, after, same_page=False)[:MOST_COMPARED]
    known: Counter[str] = Counter()
    same: defaultdict[tuple[str, str], float] = defaultdict(float)
    for old, new in pairs:
        said = [(name, text_of(cell)) for name, cell in new.fields.items()]
        for name, cell in old.fields.items():
            known[name] += 1
            text = text_of(cell)
            for other, now in said:
                share = overlap(text, now)
                same[name, other] += share if share >= PARTLY else 0.0
    shares = {pair: total / known[pair[0]] for pair, total in same.items() if total and known[pair[0]] >= TELLING}
    return Agreement(len(pairs), dict(known), shares)


def overlap(left: str, right: str) -> float:
    """How much two texts share, 0..1: the Sørensen–Dice coefficient of their words."""
    if left == right:
        return 1.0
    mine, theirs = set(left.split()), set(right.split())
    return 2 * len(mine & theirs) / (len(mine) + len(theirs)) if mine or theirs else 0.0


def rows_of(extraction: Extraction, table: str) -> list[Record]:
    """The records of one table."""
    return [record for record in extraction.records if record.table == table]


def paired(before: Sequence[Record], after: Sequence[Record], *, same_page: bool) -> Pairs:
    """Rows that share values which no other row of either side has; the one row of the same page is always a pair."""
    if same_page and len(before) == len(after) == 1:
        return [(before[0], after[0])]
    old, new = _unique(before), _unique(after)
    votes: Counter[tuple[int, int]] = Counter()
    for value in (value for value in old if value in new):
        votes[old[value], new[value]] += TELLING if len(value) >= LONG else 1
    needed = 1 if same_page else TELLING
    taken: dict[int, int] = {}
    given: set[int] = set()
    for (left, right), count in votes.most_common():
        free = left not in taken and right not in given
        if count >= needed and free and (same_page or _share(before[left], after[right]) >= SHARED):
            taken[left] = right
            given.add(right)
    return [(before[left], after[right]) for left, right in taken.items()]


def _share(old: Record, new: Record) -> float:
    """Which part of what the poorer of two rows says stands in the other too."""
    left, right = set(_texts(old)), set(_texts(new))
    return len(left & right) / max(1, min(len(left), len(right)))


def _unique(records: Sequence[Record]) -> dict[str, int]:
    """Values that stand in one row only, with the number of that row."""
    seen: dict[str, set[int]] = {}
    for number, record in enumerate(records):
        for text in _texts(record):
            seen.setdefault(text, set()).add(number)
    return {value: rows.pop() for value, rows in seen.items() if len(rows) == 1}


def _texts(record: Record) -> Iterator[str]:
    return (text for cell in record.fields.values() if len(text := text_of(cell)) > 2)


def _both(old: Record, new: Record) -> Mapping[str, tuple[str, str]]:
    return {name: (text_of(cell), text_of(new.fields[name])) for name, cell in old.fields.items() if name in new.fields}


def text_of(cell: FieldValue) -> str:
    """A cell as one folded text, so that only what it says is compared."""
    raws = cell.raw if isinstance(cell.raw, list) else [cell.raw]
    return " · ".join(bare(str(raw)) for raw in raws)


def bare(text: str) -> str:
    """A text folded: no case, no runs of blanks, no number of its place in a list, no punctuation at its ends."""
    return NUMBERED.sub("", " ".join(text.split()).casefold()).strip(" :;,.")


def alike(left: str, right: str) -> bool:
    """Whether two texts say the same, be it in another order or with another separator."""
    from rapidfuzz import fuzz

    return left == right or fuzz.token_sort_ratio(left, right) >= ALIKE
