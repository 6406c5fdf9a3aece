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
from core.values import is_loose, read
from core.values.shapes import mask

# the likeness that "unmatched" has in the assignment: a field goes unmatched where every column is less like it. Higher
# leaves fields out that only were relabelled, lower answers a removed field with something else
LEAST_LIKENESS = 0.42
# differences of likeness below this tell nothing: two such columns are left to a person. Higher asks more often
MARGIN = 0.02
# how much of a score is what known rows say, the rest is looks: shared values are the strongest signal there is (on 22
# sites of SWDE with all labels renamed, an early version came to an F1 of .90 with five known things, .74 without)
PROOF = 0.7
# what is left of a likeness that known rows contradict, or of a column that told its rows apart and hardly does now:
# weakened and not excluded, as values may all be new
DENIED_SHARE = 0.75
# cells that something can be said of: with fewer, shapes and categories are chance
FEWEST_CELLS = 5
# shares of different values among all: from the first on a column tells its rows apart, up to the last it says one
# thing over and over; a category has at most half as many values as rows
TELLS_APART = 0.5
SAYS_ONE = 0.2
FEW_VALUES = 0.5
# the overlap of two distributions of shapes below which they have none in common but by accident, and the share from
# which on a shape is a usual one of its column
FEW_SHAPES = 0.2
# the share of texts from which on they are all of one make; the rest is typing mistakes
REGULAR_SHARE = 0.9
# signs in the mask of a shape that is more than "a number" or "a word": letters, a separator and digits
SHORTEST_SHAPE = 3
# what is left of two labels' likeness when their numbers differ ("2019", "2020"): words of a series are all alike
OTHER_NUMBERS = 0.3
# the share of rows in which columns read the same that are one column
SAME_COLUMN = 0.9
# how often, of the most frequent, a text must stand in a link to be what the link stands on
OFTEN_BESIDE = 0.5
# what a link's likeness gains where its text is beside it again: more than MARGIN, so that it decides between links of
# equal looks, and less than known values weigh. Half of it where only a part of the text is there
BESIDE = 0.12
BESIDE_A_PART = BESIDE / 2
# texts of a column that are profiled, that are read as its type, and words of each text: a sample, as tables may be
# long and texts too
PROFILED_TEXTS = 400
TYPED_TEXTS = 50
PROFILED_WORDS = 12
UNTELLING = ("identifier", "integer")
DAY_LETTERS = len("2026-01-31")
# what each signal weighs in a likeness; the order of the first seven was measured on repairs, the figures are set
# by hand; tests/benchmarks/heal/lab.py tells what another set of them costs
LIKENESS_WEIGHTS = {
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
# what "values" weighs instead where none is shared: new rows of a column that tells rows apart have other values
# anyway, those of a category should not
NONE_SHARED_OF_UNIQUE = 0.5
NONE_SHARED_OF_FEW = 1.5
LINK_KEYS = ("/@href", "/@src")
# columns between two ranks from which on they are as far apart as any
FAR_RANKS = 8
# what a name counts whose words are all in the other one, of names that are the same
CONTAINED_NAME = 0.85
TYPE_FAMILIES: tuple[frozenset[FieldType], ...] = (
    frozenset({"date", "datetime"}),
    frozenset({"integer", "decimal", "money", "quantity", "percent"}),
    frozenset({"string", "identifier", "text"}),
    frozenset({"integer", "identifier"}),
)
# how alike two types of one family are: a date and a time are often one column, an amount and a count less
RELATED_TYPE = 0.6


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
        return self.field.type == "url" or (lead is not None and not lead.slices and lead.path_text.endswith(LINK_KEYS))


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
        self.beside = _find_beside(self.profiles, records)

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
        texts = [text for cell in cells for text in texts_of(cell)][:PROFILED_TEXTS]
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
        _shares(token for text in folded for token in re.findall(r"\w+", text)[:PROFILED_WORDS]),
        _shares(mask(text) for text in texts),
        sum(math.log1p(len(text)) for text in texts) / len(texts),
        fill,
        len(set(folded)) / len(folded),
        sum(is_loose(field.type) or read(text, field.type, field.locale) is not None for text in texts[:TYPED_TEXTS])
        / len(texts[:TYPED_TEXTS]),
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
        "shape": _shared_mass(old.shapes, new.shapes),
        "tokens": _shared_mass(old.tokens, new.tokens),
        "type": _types_alike(old.field.type, new.field.type),
        "name": _names_alike(old.field.name, new.field.name),
        "length": math.exp(-abs(old.length - new.length)),
        "fill": 1 - abs(old.fill - new.fill),
        "distinct": 1 - abs(old.distinct - new.distinct),
        "alone": float(alone),
        "rank": 1 - min(abs(old.rank - new.rank), FAR_RANKS) / FAR_RANKS,
    }
    alike = _weigh(parts, old, new)
    hardly = old.distinct >= TELLS_APART and new.distinct <= SAYS_ONE and new.count >= FEWEST_CELLS
    return alike * DENIED_SHARE if hardly else alike


def is_other_category(old: Profile, new: Profile) -> bool:
    """Whether a column of few values has none of them any more, nor of their shapes."""
    few = old.distinct <= FEW_VALUES and not old.address
    return few and not old.values & new.values and _shared_mass(old.shapes, new.shapes) < FEW_SHAPES


def is_other_shape(old: Profile, new: Profile) -> bool:
    """Whether a column whose texts had one shape, as numbers of files have, holds hardly any of that shape any more."""
    regular = _is_code(old) and max(old.shapes.values()) >= REGULAR_SHARE
    return regular and min(old.count, new.count) >= FEWEST_CELLS and _shared_mass(old.shapes, new.shapes) < FEW_SHAPES


def _is_code(found: Profile) -> bool:
    """Whether a column holds texts with digits that are no quantities or dates."""
    return (is_loose(found.field.type) or found.field.type == "identifier") and found.numbered >= REGULAR_SHARE


def has_its_shape(old: Profile, new: Profile) -> bool:
    """Whether a column of texts that are built alike, as numbers of files are, still holds texts that are built so."""
    if not _is_code(old) or min(old.count, new.count) < FEWEST_CELLS:
        return False
    usual = [found for found, share in old.shapes.items() if share >= FEW_SHAPES]
    built = max(usual, key=lambda found: old.shapes[found], default="")
    both = (old.shapes, new.shapes)
    return len(built) >= SHORTEST_SHAPE and all(
        sum(shapes.get(each, 0.0) for each in usual) >= REGULAR_SHARE for shapes in both
    )


def shapes_shared(old: Profile, other: Profile) -> bool:
    """Whether a part of the texts of two columns have the same shape."""
    return _shared_mass(old.shapes, other.shapes) >= FEW_SHAPES


def _types_alike(old: FieldType, new: FieldType) -> float:
    if old == new:
        return 1.0
    return RELATED_TYPE if any(old in family and new in family for family in TYPE_FAMILIES) else 0.0


def _weigh(parts: dict[str, float], old: Profile, new: Profile) -> float:
    """Signals that say nothing here do not count: no label on either side, no shared value among unique ones."""
    weights = dict(LIKENESS_WEIGHTS)
    if not old.field.label and not new.field.label:
        weights["label"] = 0.0
    if not parts["alone"]:
        weights["alone"] = 0.0
    if not parts["values"]:
        weights["values"] = NONE_SHARED_OF_UNIQUE if old.distinct > FEW_VALUES else NONE_SHARED_OF_FEW
    return sum(weights[name] * part for name, part in parts.items()) / sum(weights.values())


def _shared_mass(old: Mapping[str, float], new: Mapping[str, float]) -> float:
    return sum(min(share, new.get(item, 0.0)) for item, share in old.items())


@lru_cache(maxsize=20_000)
def _names_alike(old: str, new: str) -> float:
    """How alike two names are, without what numbers them."""
    from rapidfuzz import fuzz

    if not old or not new:
        return 0.0
    left, right = (re.sub(r"[\W\d_]+", " ", name).strip().lower() for name in (old, new))
    same, contained = float(fuzz.token_sort_ratio(left, right)), float(fuzz.token_set_ratio(left, right))
    return max(same, CONTAINED_NAME * contained) / 100


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
        number: str(record.fields[name].value)[:DAY_LETTERS]
        for number, record in enumerate(records)
        if name in record.fields
    }


def _same(smaller: Mapping[int, str], larger: Mapping[int, str]) -> bool:
    return sum(text == larger.get(row) for row, text in smaller.items()) >= SAME_COLUMN * len(smaller)


def _find_beside(found: Mapping[str, Profile], records: Sequence[Record]) -> dict[str, list[str]]:
    """For each column of links those of the texts that they mostly stand on, the fullest first, then its parts."""
    votes: dict[str, Counter[str]] = {name: Counter() for name, profile in found.items() if profile.address}
    for record in records[:PROFILED_TEXTS]:
        places = {name: _locator(cell) for name, cell in record.fields.items() if name in found}
        for name, counter in votes.items():
            top = places.get(name, "").rpartition("/@")[0]
            if top:
                counter.update(
                    other for other, place in places.items() if other != name and place.startswith(top + "/")
                )
    return {name: _texts_of_link(counter, found) for name, counter in votes.items()}


def _texts_of_link(counter: Counter[str], found: Mapping[str, Profile]) -> list[str]:
    texts = sorted(((count, name) for name, count in counter.items() if not found[name].address), reverse=True)
    return [name for count, name in texts if count >= OFTEN_BESIDE * texts[0][0]]


def _locator(cell: FieldValue) -> str:
    evidence = cell.evidence if isinstance(cell.evidence, Evidence) else next(iter(cell.evidence or ()), None)
    return evidence.locator if evidence else ""


def assign(old: Columns, new: Columns, known: Known, sure: Mapping[tuple[str, str], float]) -> dict[str, Assignment]:
    """Each old column's assignment among the new ones, no two groups the same.

    `known` is what rows on both sides say; `sure` how often the old selectors, where they still work, agree with a new
    column on the fresh pages. Where either says that two columns are the same, that outweighs likeness.
    """
    if not old.groups or not new.groups:
        return {}
    scores = [[_score(left, right, old, new, known, sure) for right in new.groups] for left in old.groups]
    placed = _solve(scores)
    placed = _solve(_with_texts(scores, placed, old, new))
    return {
        name: _member(name, new.groups[target], old, new, score, torn) if target >= 0 else Assignment("", score, False)
        for group, (target, score, torn) in zip(old.groups, placed, strict=True)
        for name in group
    }


Scores = list[list[float]]
Placed = list[tuple[int, float, bool]]


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
    denied = max(known.compared.get(name, 0) for name in left) >= FEWEST_CELLS and not old.profiles[left[0]].address
    return alike * DENIED_SHARE if denied else alike


def _solve(scores: Scores) -> Placed:
    """For each row its column (-1: none), the score there, and whether it might as well stand elsewhere."""
    import numpy
    from scipy.optimize import linear_sum_assignment

    matrix = numpy.array(scores)
    width = matrix.shape[1]
    unmatched = numpy.full((len(scores), len(scores)), LEAST_LIKENESS)
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
    return BESIDE_A_PART if parts else 0.0


def _member(name: str, group: Sequence[str], old: Columns, new: Columns, score: float, torn: bool) -> Assignment:
    """The column of a group that is most like a field; the fullest when several are."""
    best = max(group, key=lambda other: round(likeness(old.profiles[name], new.profiles[other]), 2))
    return Assignment(best, score, torn)
