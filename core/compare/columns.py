"""Which column is which: profiles of columns by their values, their likeness, and a joint assignment.

The likeness and its weights follow the measured order of signals: shared values first, then label, shape, tokens,
type, name, length. Columns of one table that say the same are one for the assignment; two columns that hold the only
date of their tables are probably the same; a link goes where the text it stands on went. Assignment: Kuhn–Munkres with
one "unmatched" column for each field.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from core.model import Evidence, Field, FieldType, FieldValue, Record, RecordSet
from core.values import is_loose, read_value
from core.values.shapes import mask

LEAST = 0.42
MARGIN = 0.02
PROOF = 0.7
DENIED = 0.75
TELLING = 5
TELLS_APART = 0.5
SAYS_ONE = 0.2
FEW_VALUES = 0.5
FEW_SHAPES = 0.2
REGULAR = 0.9
BUILT = 3
OTHER_NUMBERS = 0.3
SAME = 0.9
MOSTLY = 0.5
BESIDE = 0.12
UNTELLING = ("identifier", "integer")
DAY = len("2026-01-31")
WEIGHTS = {
    "values": 3.0,
    "label": 1.2,
    "shape": 1.2,
    "tokens": 1.0,
    "type": 1.0,
    "name": 0.8,
    "length": 0.8,
    "fill": 0.5,
    "distinct": 0.8,
    "alone": 1.5,
    "rank": 0.5,
}
SAMPLE = 400
LINKS = ("/@href", "/@src")
FAR = 8
FAMILIES: tuple[frozenset[FieldType], ...] = (
    frozenset({"date", "datetime"}),
    frozenset({"integer", "decimal", "money", "quantity", "percent"}),
    frozenset({"string", "identifier", "text"}),
    frozenset({"integer", "identifier"}),
)
RELATED_TYPES = 0.6


@dataclass(frozen=True)
class Profile:
    """What the values of one column look like."""

    field: Field
    values: frozenset[str]
    tokens: Mapping[str, float]
    shapes: Mapping[str, float]
    length: float
    fill: float
    distinct: float
    typed: float
    rank: int
    count: int
    numbered: float

    @property
    def address(self) -> bool:
        """Whether the column holds links: those are never the same as texts."""
        lead = self.field.selectors[0] if self.field.selectors else None
        return self.field.type == "url" or (lead is not None and not lead.slices and lead.path_text.endswith(LINKS))


class Assignment(NamedTuple):
    """The column a field was assigned to ("" for none), how alike they are, and whether another fits nearly as well."""

    target: str
    score: float
    torn: bool


class Known(NamedTuple):
    """What rows that stand on both sides say: how often a field was compared, and how often a pair agreed."""

    compared: Mapping[str, int]
    agreed: Mapping[tuple[str, str], float]


class Columns:
    """The columns of one table: their profiles, groups that say the same, and the texts that links stand on."""

    def __init__(self, table: RecordSet, records: Sequence[Record]) -> None:
        self.records = records
        self.profiles = profiles(table, records)
        self.groups = _groups(self.profiles, records)
        self.beside = _beside(self.profiles, records)

    def alone(self, group: Sequence[str]) -> str:
        """The type of a group when it is a telling one that no other group has; else ""."""
        return self._alone[group[0]]

    @cached_property
    def _alone(self) -> dict[str, str]:
        kinds = {group[0]: _family(self.profiles[group[0]].field.type) for group in self.groups}
        telling = {name: kind for name, kind in kinds.items() if not is_loose(kind) and kind not in UNTELLING}
        days = {name: _days(name, self.records) for name, kind in telling.items() if kind == "date"}
        return {name: kind if self._has_no_rival(name, telling, days) else "" for name, kind in kinds.items()}

    def _has_no_rival(self, name: str, telling: Mapping[str, str], days: Mapping[str, Mapping[int, str]]) -> bool:
        """Whether no other group has the type of a telling one; days that are written twice are one."""
        rivals = [other for other, kind in telling.items() if other != name and kind == telling.get(name)]
        return name in telling and all(other in days and _same(days[name], days[other]) for other in rivals)


def _family(kind: FieldType) -> FieldType:
    return "date" if kind == "datetime" else kind


def profiles(table: RecordSet, records: Sequence[Record]) -> dict[str, Profile]:
    """The profile of each column that has values in the records of a table."""
    found = {}
    for rank, field in enumerate(table.fields):
        cells = [record.fields[field.name] for record in records if field.name in record.fields]
        texts = [text for cell in cells for text in texts_of(cell)][:SAMPLE]
        if texts:
            found[field.name] = _profile(field, texts, len(cells) / len(records), rank)
    return found


def texts_of(cell: FieldValue) -> list[str]:
    """What a cell says, item by item, as the page shows it."""
    raws = cell.raw if isinstance(cell.raw, list) else [cell.raw]
    return [" ".join(str(raw).split()) for raw in raws if str(raw).strip()]


def _profile(field: Field, texts: list[str], fill: float, rank: int) -> Profile:
    folded = [text.casefold() for text in texts]
    return Profile(
        field,
        frozenset(folded),
        _shares(token for text in folded for token in re.findall(r"\w+", text)[:12]),
        _shares(mask(text) for text in texts),
        sum(math.log1p(len(text)) for text in texts) / len(texts),
        fill,
        len(set(folded)) / len(folded),
        sum(is_loose(field.type) or read_value(text, field.type, field.locale) is not None for text in texts[:50])
        / len(texts[:50]),
        rank,
        len(texts),
        sum(any(c.isdigit() for c in text) for text in texts) / len(texts),
    )


def _shares(items: Iterable[str]) -> dict[str, float]:
    counts = Counter(items)
    total = sum(counts.values()) or 1
    return {item: count / total for item, count in counts.items()}


def likeness(old: Profile, new: Profile, *, alone: bool = False) -> float:
    """How likely two columns are the same one, 0..1; `alone` says that both are the only ones of their type."""
    if old.address != new.address:
        return 0.0
    parts = {
        "values": len(old.values & new.values) / max(1, min(len(old.values), len(new.values))),
        "label": _labels_alike(old.field.label, new.field.label),
        "shape": _overlap(old.shapes, new.shapes),
        "tokens": _overlap(old.tokens, new.tokens),
        "type": _types_alike(old.field.type, new.field.type),
        "name": _names_alike(old.field.name, new.field.name),
        "length": math.exp(-abs(old.length - new.length)),
        "fill": 1 - abs(old.fill - new.fill),
        "distinct": 1 - abs(old.distinct - new.distinct),
        "alone": float(alone),
        "rank": 1 - min(abs(old.rank - new.rank), FAR) / FAR,
    }
    alike = _weighted(parts, old, new)
    hardly = old.distinct >= TELLS_APART and new.distinct <= SAYS_ONE and new.count >= TELLING
    return alike * DENIED if hardly else alike


def is_other_category(old: Profile, new: Profile) -> bool:
    """Whether a column of few values has none of them any more, nor of their shapes."""
    few = old.distinct <= FEW_VALUES and not old.address
    return few and not old.values & new.values and _overlap(old.shapes, new.shapes) < FEW_SHAPES


def is_other_shape(old: Profile, new: Profile) -> bool:
    """Whether a column whose texts had one shape, as numbers of files have, holds hardly any of that shape any more."""
    regular = _is_code(old) and max(old.shapes.values()) >= REGULAR
    return regular and min(old.count, new.count) >= TELLING and _overlap(old.shapes, new.shapes) < FEW_SHAPES


def _is_code(found: Profile) -> bool:
    """Whether a column holds texts with digits that are no quantities or dates."""
    return (is_loose(found.field.type) or found.field.type == "identifier") and found.numbered >= REGULAR


def has_its_shape(old: Profile, new: Profile) -> bool:
    """Whether a column of texts that are built alike, as numbers of files are, still holds texts that are built so."""
    if not _is_code(old) or min(old.count, new.count) < TELLING:
        return False
    usual = [found for found, share in old.shapes.items() if share >= FEW_SHAPES]
    built = max(usual, key=lambda found: old.shapes[found], default="")
    both = (old.shapes, new.shapes)
    return len(built) >= BUILT and all(sum(shapes.get(each, 0.0) for each in usual) >= REGULAR for shapes in both)


def shapes_shared(old: Profile, other: Profile) -> bool:
    """Whether a part of the texts of two columns have the same shape."""
    return _overlap(old.shapes, other.shapes) >= FEW_SHAPES


def _types_alike(old: FieldType, new: FieldType) -> float:
    if old == new:
        return 1.0
    return RELATED_TYPES if any(old in family and new in family for family in FAMILIES) else 0.0


def _weighted(parts: dict[str, float], old: Profile, new: Profile) -> float:
    """Signals that say nothing here do not count: no label on either side, no shared value among unique ones."""
    weights = dict(WEIGHTS)
    if not old.field.label and not new.field.label:
        weights["label"] = 0.0
    if not parts["alone"]:
        weights["alone"] = 0.0
    if not parts["values"]:
        weights["values"] = 0.5 if old.distinct > 0.5 else 1.5
    return sum(weights[name] * part for name, part in parts.items()) / sum(weights.values())


def _overlap(old: Mapping[str, float], new: Mapping[str, float]) -> float:
    return sum(min(share, new.get(item, 0.0)) for item, share in old.items())


@lru_cache(maxsize=20_000)
def _names_alike(old: str, new: str) -> float:
    """How alike two names are, without what numbers them."""
    from rapidfuzz import fuzz

    if not old or not new:
        return 0.0
    left, right = (re.sub(r"[\W\d_]+", " ", name).strip().lower() for name in (old, new))
    return max(float(fuzz.token_sort_ratio(left, right)), 0.85 * float(fuzz.token_set_ratio(left, right))) / 100


def _labels_alike(old: str, new: str) -> float:
    """How alike two labels of a page are; with other numbers in them they are other labels."""
    mine, theirs = (re.findall(r"\d+", label) for label in (old, new))
    return _names_alike(old, new) * (1.0 if mine == theirs else OTHER_NUMBERS)


def _groups(found: Mapping[str, Profile], records: Sequence[Record]) -> list[list[str]]:
    """Columns that read the same where both read anything, fullest first."""
    cells = {name: _cells(name, records) for name in found}
    groups: list[list[str]] = []
    for name in sorted(found, key=lambda name: (-found[name].fill, -found[name].field.confidence)):
        group = next((group for group in groups if _same(cells[name], cells[group[0]])), None)
        if group is None:
            groups.append([name])
        else:
            group.append(name)
    return groups


def _cells(name: str, records: Sequence[Record]) -> dict[int, str]:
    return {
        number: " · ".join(texts_of(record.fields[name])).casefold()
        for number, record in enumerate(records)
        if name in record.fields
    }


def _days(name: str, records: Sequence[Record]) -> dict[int, str]:
    """The dates of a column by row, by their day."""
    return {
        number: str(record.fields[name].value)[:DAY] for number, record in enumerate(records) if name in record.fields
    }


def _same(smaller: Mapping[int, str], larger: Mapping[int, str]) -> bool:
    return sum(text == larger.get(row) for row, text in smaller.items()) >= SAME * len(smaller)


def _beside(found: Mapping[str, Profile], records: Sequence[Record]) -> dict[str, list[str]]:
    """For each column of links those of the texts that they mostly stand on, the fullest first, then its parts."""
    votes: dict[str, Counter[str]] = {name: Counter() for name, profile in found.items() if profile.address}
    for record in records[:SAMPLE]:
        places = {name: _place(cell) for name, cell in record.fields.items() if name in found}
        for name, counter in votes.items():
            top = places.get(name, "").rpartition("/@")[0]
            if top:
                counter.update(
                    other for other, place in places.items() if other != name and place.startswith(top + "/")
                )
    return {name: _told(counter, found) for name, counter in votes.items()}


def _told(counter: Counter[str], found: Mapping[str, Profile]) -> list[str]:
    texts = sorted(((count, name) for name, count in counter.items() if not found[name].address), reverse=True)
    return [name for count, name in texts if count >= MOSTLY * texts[0][0]]


def _place(cell: FieldValue) -> str:
    evidence = cell.evidence if isinstance(cell.evidence, Evidence) else next(iter(cell.evidence or ()), None)
    return evidence.locator if evidence else ""


def assign(old: Columns, new: Columns, known: Known, sure: Mapping[tuple[str, str], float]) -> dict[str, Assignment]:
    """Each old column's assignment among the new ones, no two groups the same.

    `known` is what rows on both sides say; `sure` how often the old selectors, where they still work, agree with a new
    column on the fresh pages. Where either says that two columns are the same, that outweighs likeness.
    """
    if not old.groups or not new.groups:
        return {}
    scores = _scores(old, new, known, sure)
    placed = _solved(scores)
    placed = _solved(_with_texts(scores, placed, old, new))
    return {
        name: _member(name, new.groups[target], old, new, score, torn) if target >= 0 else Assignment("", score, False)
        for group, (target, score, torn) in zip(old.groups, placed, strict=True)
        for name in group
    }


Scores = list[list[float]]
Placed = list[tuple[int, float, bool]]


def _scores(old: Columns, new: Columns, known: Known, sure: Mapping[tuple[str, str], float]) -> Scores:
    return [[_score(left, right, old, new, known, sure) for right in new.groups] for left in old.groups]


def _score(
    left: Sequence[str],
    right: Sequence[str],
    old: Columns,
    new: Columns,
    known: Known,
    sure: Mapping[tuple[str, str], float],
) -> float:
    alone = old.alone(left) == new.alone(right) != ""
    alike = max(likeness(old.profiles[a], new.profiles[b], alone=alone) for a in left for b in right)
    if not alike:
        return 0.0
    agreed = max(max(known.agreed.get((a, b), 0.0), sure.get((a, b), 0.0)) for a in left for b in right)
    if agreed:
        return (1 - PROOF) * alike + PROOF * max(agreed, alike)
    denied = max(known.compared.get(name, 0) for name in left) >= TELLING and not old.profiles[left[0]].address
    return alike * DENIED if denied else alike


def _solved(scores: Scores) -> Placed:
    """For each row its column (-1: none), the score there, and whether it might as well stand elsewhere."""
    import numpy
    from scipy.optimize import linear_sum_assignment

    matrix = numpy.array(scores)
    width = matrix.shape[1]
    unmatched = numpy.full((len(scores), len(scores)), LEAST)
    _, columns = linear_sum_assignment(-numpy.hstack([matrix, unmatched]))
    placed = {row: int(column) for row, column in enumerate(columns) if column < width}
    free = [column for column in range(width) if column not in placed.values()]
    return [
        (placed[row], mine[placed[row]], _is_torn(row, placed, free, scores))
        if row in placed
        else (-1, max((mine[column] for column in free), default=0.0), False)
        for row, mine in enumerate(scores)
    ]


def _is_torn(row: int, placed: Mapping[int, int], free: Sequence[int], scores: Scores) -> bool:
    """Whether a free column fits a row nearly as well as its own, or that of another row by an exchange."""
    mine, own = scores[row], placed[row]
    elsewhere = any(mine[column] > mine[own] - MARGIN for column in free)
    return elsewhere or any(
        mine[column] + scores[other][own] > mine[own] + scores[other][column] - 2 * MARGIN
        for other, column in placed.items()
        if other != row
    )


def _with_texts(scores: Scores, placed: Placed, old: Columns, new: Columns) -> Scores:
    """The scores once more, now that texts have their places: a link goes with the text it stands on."""
    went = {
        name: set(new.groups[target])
        for group, (target, _, torn) in zip(old.groups, placed, strict=True)
        for name in group
        if target >= 0 and not torn
    }
    return [
        [
            score + _follows(left, right, old, new, went) if score else 0.0
            for right, score in zip(new.groups, row, strict=True)
        ]
        for left, row in zip(old.groups, scores, strict=True)
    ]


def _follows(
    left: Sequence[str], right: Sequence[str], old: Columns, new: Columns, went: Mapping[str, set[str]]
) -> float:
    """How much it says for a link that the text it stood on is beside it again; less if it is a part of that text."""
    texts = [old.beside[name] for name in left if old.beside.get(name)]
    now = [new.beside[name] for name in right if new.beside.get(name)]
    if any(there[0] in went.get(here[0], ()) for here in texts for there in now):
        return BESIDE
    parts = any(went.get(text, set()) & set(there) for here in texts for text in here for there in now)
    return BESIDE / 2 if parts else 0.0


def _member(name: str, group: Sequence[str], old: Columns, new: Columns, score: float, torn: bool) -> Assignment:
    """The column of a group that is most like a field; the fullest when several are."""
    best = max(group, key=lambda other: round(likeness(old.profiles[name], new.profiles[other]), 2))
    return Assignment(best, score, torn)
