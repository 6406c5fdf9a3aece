"""Compares what two extractor versions read: rows are paired by what they say, then cell by cell."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from core.compare.values import agree, cell_text, is_near, is_rounded, overlap
from core.model import Blueprint, Extraction, FieldValue, Proof, Record

# cases that read otherwise, and letters of each side of one, that a proof quotes: for a person, who needs a few
MOST_CASES = 20
MOST_CASE_LETTERS = 60
# values that two rows of unlike pages must share to be one: one alone may be chance
TELLING_VALUES = 2
# letters from which on a value is long enough to tell alone: shorter ones (a name, a place) recur in other rows
LONG_VALUE = 12
# letters that a value needs to tell anything at all: "1", "no" and "€" stand everywhere
SHORTEST_VALUE = 3
# the share of what the poorer of two rows says that stands in the other too: higher misses rows that were reworded,
# lower takes rows for one that only share a category and a date
SHARED_TEXTS = 0.5
# a column is the key of its rows, so that one value of it tells a row, if it pairs as many rows as this and this share
# of the shorter side: the day of a statistic does, a date that stands in both sides by chance does not
FEWEST_KEYS = 5
KEY_SHARE = 0.5
# known rows that columns are compared by: each costs old × new columns
MOST_COMPARED = 40
# rows that are looked at from either end of a very long table: new ones are added at one end
AT_EITHER_END = 1_000
# the share of words from which on two cells say partly the same: lower counts words that texts of one kind all share
PARTLY = 0.6

Pairs = list[tuple[Record, Record]]


class CellTally(NamedTuple):
    """Known cells of one field, those that are read alike, and some that are not; how many of those nearly are, and
    how many different texts the known cells held.
    """

    known: int
    same: int
    differing: tuple[str, ...]
    near: int = 0
    texts: int = 0


class Agreement(NamedTuple):
    """How many rows were paired, how often each old field was compared in them, and how often a pair agreed."""

    rows: int
    compared: dict[str, int]
    agreed: dict[tuple[str, str], float]


def compare(blueprint: Blueprint, before: Sequence[Extraction], after: Sequence[Extraction]) -> Proof:
    """How well the rows of all tables agree on pages whose rows are known."""
    found = [_compare_table(table.name, before, after) for table in blueprint.tables]
    return Proof(
        rows_before=sum(each.rows_before for each in found),
        rows_after=sum(each.rows_after for each in found),
        compared=sum(each.compared for each in found),
        known=sum(each.known for each in found),
        same=sum(each.same for each in found),
        missing=sum(each.missing for each in found),
        differing=tuple(case for each in found for case in each.differing)[:MOST_CASES],
        emptied=tuple(name for each in found for name in each.emptied),
        otherwise=tuple(name for each in found for name in each.otherwise),
        unproved=tuple(name for each in found for name in each.unproved),
    )


def _compare_table(table: str, before: Sequence[Extraction], after: Sequence[Extraction]) -> Proof:
    """How well the rows of one table agree."""
    old, new = ([row for extraction in side for row in extraction.of(table)] for side in (before, after))
    pairs = known_rows(table, before, after)
    tallies = tallied(pairs)
    held = Counter(name for row, _ in pairs for name in row.fields)
    emptied = {name for name, count in held.items() if 2 * _times_known(tallies, name) < count}
    otherwise = {name for name, found in tallies.items() if name not in emptied and 2 * found.same < found.known}
    left = {name: found for name, found in tallies.items() if name not in emptied}
    reads = any(_reads_as_before(one, other, emptied | otherwise) for one, other in pairs)
    return Proof(
        rows_before=len(old),
        rows_after=len(new),
        compared=len(pairs),
        known=sum(found.known for found in left.values()),
        same=sum(found.same for found in left.values()),
        missing=sum(count - _times_known(tallies, name) for name, count in held.items() if name not in emptied),
        differing=tuple(f"{name}: {case}" for name, found in left.items() for case in found.differing),
        emptied=tuple(f"{table}.{name}" for name in sorted(emptied)),
        otherwise=tuple(f"{table}.{name}" for name in sorted(otherwise)),
        unproved=(table,) if old and not reads else (),
    )


def _times_known(tallies: Mapping[str, CellTally], name: str) -> int:
    """How many compared rows have a field on both sides."""
    return tallies[name].known if name in tallies else 0


def _reads_as_before(old: Record, new: Record, apart_from: AbstractSet[str]) -> bool:
    """Whether every field of a row but a few is read as it was, none is new, and there is one."""
    left = [name for name in (*old.fields, *new.fields) if name not in apart_from]
    both = all(name in old.fields and name in new.fields for name in left)
    return both and bool(left) and all(agree(old.fields[name], new.fields[name]) for name in left)


def tally(
    table: str, before: Sequence[Extraction], after: Sequence[Extraction], *, all_rows: bool = True
) -> dict[str, CellTally]:
    """For each field of a table, how its known cells are read now; without `all_rows` those of a sample of rows."""
    return tallied(known_rows(table, before, after, all_rows=all_rows))


def sampled(records: Sequence[Record]) -> Sequence[Record]:
    """The first and the last of very many rows: enough to know rows again by, wherever new ones are added."""
    return records if len(records) <= 2 * AT_EITHER_END else [*records[:AT_EITHER_END], *records[-AT_EITHER_END:]]


def tallied(pairs: Pairs) -> dict[str, CellTally]:
    """For each field, how the cells of known rows are read now."""
    cells: dict[str, list[tuple[FieldValue, FieldValue]]] = {}
    for old, new in pairs:
        for name, cell in old.fields.items():
            if name in new.fields:
                cells.setdefault(name, []).append((cell, new.fields[name]))
    return {name: _tally(pairs) for name, pairs in cells.items()}


def _tally(pairs: Sequence[tuple[FieldValue, FieldValue]]) -> CellTally:
    other = [(cell_text(old), cell_text(new)) for old, new in pairs if not agree(old, new)]
    differing = tuple(f"{left[:MOST_CASE_LETTERS]} → {right[:MOST_CASE_LETTERS]}" for left, right in other[:MOST_CASES])
    texts = len({cell_text(old) for old, _ in pairs})
    return CellTally(len(pairs), len(pairs) - len(other), differing, sum(is_near(*both) for both in other), texts)


def known_rows(
    table: str, before: Sequence[Extraction], after: Sequence[Extraction], *, all_rows: bool = True
) -> Pairs:
    """Rows that stand on both sides: on the page of the same address, or by values that only they have."""
    fresh = {extraction.url: extraction for extraction in after}
    same_address = [(old, fresh[old.url]) for old in before if old.url in fresh]
    some = sampled if not all_rows else lambda records: records
    if same_address:
        return [
            pair
            for old, new in same_address
            for pair in paired(some(old.of(table)), some(new.of(table)), same_page=True)
        ]
    old_rows = [record for extraction in before for record in extraction.of(table)]
    new_rows = [record for extraction in after for record in extraction.of(table)]
    return paired(some(old_rows), some(new_rows), same_page=False)


def agreements(before: Sequence[Record], after: Sequence[Record]) -> Agreement:
    """What known rows say of old and new fields: how often an old one was compared, how often each pair agreed."""
    pairs = paired(sampled(before), sampled(after), same_page=False)[:MOST_COMPARED]
    known: Counter[str] = Counter()
    same: defaultdict[tuple[str, str], float] = defaultdict(float)
    for old, new in pairs:
        said = [(name, cell_text(cell), cell.value) for name, cell in new.fields.items()]
        for name, cell in old.fields.items():
            known[name] += 1
            text = cell_text(cell)
            for other, now, value in said:
                share = 1.0 if value is not None and value == cell.value else overlap(text, now)
                same[name, other] += share if share >= PARTLY else 0.0
    shares = {
        pair: total / known[pair[0]] for pair, total in same.items() if total and known[pair[0]] >= TELLING_VALUES
    }
    return Agreement(len(pairs), dict(known), shares)


def paired(before: Sequence[Record], after: Sequence[Record], *, same_page: bool) -> Pairs:
    """Rows that share values which no other row of either side has; the one row of the same page is always a pair."""
    if same_page and len(before) == len(after) == 1:
        return [(before[0], after[0])]
    votes = _count_votes(before, after)
    needed = 1 if same_page else TELLING_VALUES
    taken: dict[int, int] = {}
    given: set[int] = set()
    for (left, right), count in votes.most_common():
        free = left not in taken and right not in given
        if count >= needed and free and (same_page or _is_same_row(before[left], after[right])):
            taken[left] = right
            given.add(right)
    return [(before[left], after[right]) for left, right in taken.items()]


def _count_votes(before: Sequence[Record], after: Sequence[Record]) -> Counter[tuple[int, int]]:
    """How much the values that only they have say for each pair of rows; a long one or a key says enough alone."""
    old, new = _unique_values(before), _unique_values(after)
    shared = [value for value in old if value in new]
    columns = Counter((old[value].field, new[value].field) for value in shared)
    least = max(FEWEST_KEYS, KEY_SHARE * min(len(before), len(after)))
    votes: Counter[tuple[int, int]] = Counter()
    for value in shared:
        is_key = columns[old[value].field, new[value].field] >= least
        votes[old[value].row, new[value].row] += TELLING_VALUES if is_key or len(value) >= LONG_VALUE else 1
    return votes


def _is_same_row(old: Record, new: Record) -> bool:
    """Whether half of what the poorer of two rows says stands in the other too: one long text, or several."""
    left, right = ({text for _, text in _telling_texts(record)} for record in (old, new))
    said = [text for text in left if text in right or any(is_rounded(text, other) for other in right)]
    tells = len(said) >= TELLING_VALUES or any(len(text) >= LONG_VALUE for text in said)
    return tells and len(said) >= SHARED_TEXTS * min(len(left), len(right))


class Cell(NamedTuple):
    """Where a value stands: in which row and field."""

    row: int
    field: str


def _unique_values(records: Sequence[Record]) -> dict[str, Cell]:
    """Values that stand in one row only, and where."""
    seen: dict[str, dict[int, str]] = {}
    for number, record in enumerate(records):
        for name, text in _telling_texts(record):
            seen.setdefault(text, {}).setdefault(number, name)
    return {value: Cell(*rows.popitem()) for value, rows in seen.items() if len(rows) == 1}


def _telling_texts(record: Record) -> Iterator[tuple[str, str]]:
    return ((name, text) for name, cell in record.fields.items() if len(text := cell_text(cell)) >= SHORTEST_VALUE)
