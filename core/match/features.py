"""What is told of pairs of fields: likenesses of names, contents and support, and what the fields are by themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.match.contents import MEASURES, SHARES, Contents, contents_of
from core.match.names import NAME_SIGNS, FieldNames, name_signs, names_of
from core.signature import FieldSignature, StructureSignature

Rows = Any  # a NumPy array
_Keys = frozenset[int]

# distance of numbers and of lengths (logarithms) from which on they are as far apart as can be
NUMBERS_APART, LENGTHS_APART = 3.0, 2.0
# what a spread of values is at least, so that constants are not infinitely far apart
LEAST_SPREAD = 0.05
OVERLAPS = ("values", "values held", "values held least", "seen values held")
PART_OVERLAPS = ("parts", "parts held")
SIGNS = (
    *(f"name {sign}" for sign in NAME_SIGNS),
    *SHARES,
    "same format",
    "numbers apart",
    "numbers apart by spread",
    "lengths apart",
    "lengths apart by spread",
    *(f"apart in {name}" for name in MEASURES),
    "support",
    "several",
    "place",
    *OVERLAPS,
    *PART_OVERLAPS,
)
# the same for both sides of a pair, whichever is left: what the pair is about
_ABOUT = ("numeric", "distinct", "seen", "different", "length", "entropy")
CONTEXT = ("tells", "tells most", *(f"{name} least" for name in _ABOUT), *(f"{name} most" for name in _ABOUT), "units")


@dataclass(frozen=True)
class Side:
    """One of the two signatures, made ready for comparing."""

    fields: Sequence[FieldSignature]
    names: FieldNames
    contents: Contents
    support: Rows
    several: Rows

    @classmethod
    def of(cls, signature: StructureSignature) -> "Side":
        """A signature as a side."""
        fields = list(signature.fields.values())
        documents = max(1, signature.documents)
        return cls(
            fields,
            names_of(list(signature.fields)),
            contents_of(fields),
            np.array([field.documents - field.blank for field in fields], np.float32) / documents,
            np.array([field.several / max(1, field.documents) for field in fields], np.float32),
        )


def signs_of(left: Side, right: Side, rows: Rows, columns: Rows) -> Rows:
    """The signs of each pair (rows[k], columns[k]), SIGNS wide: the higher, the more alike."""
    mine, theirs = left.contents, right.contents
    return np.column_stack(
        [
            name_signs(left.names, right.names, rows, columns),
            *(_along(mine.shares[name], theirs.shares[name], rows, columns) for name in SHARES),
            np.minimum(mine.formats[rows], theirs.formats[columns]).max(axis=1),
            *_apart(mine.numbers[rows], theirs.numbers[columns], NUMBERS_APART),
            *_apart(mine.lengths[rows], theirs.lengths[columns], LENGTHS_APART),
            -np.abs(mine.measures[rows] - theirs.measures[columns]),
            -np.abs(left.support[rows] - right.support[columns]),
            -np.abs(left.several[rows] - right.several[columns]),
            -np.abs(rows / max(1, len(left.fields)) - columns / max(1, len(right.fields))),
            _value_signs(left, right, rows, columns),
            _part_signs(left, right, rows, columns),
        ]
    ).astype(np.float32)


def context_of(left: Side, right: Side, rows: Rows, columns: Rows) -> Rows:
    """What the pairs are about, CONTEXT wide."""
    places = [MEASURES.index(name) for name in _ABOUT]
    mine, theirs = left.contents.measures[rows][:, places], right.contents.measures[columns][:, places]
    tells = np.column_stack([left.names.tells[rows], right.names.tells[columns]])
    units = [np.array([bool(field.units) for field in side.fields]) for side in (left, right)]
    return np.column_stack(
        [
            tells.min(axis=1),
            tells.max(axis=1),
            np.minimum(mine, theirs),
            np.maximum(mine, theirs),
            units[0][rows] & units[1][columns],
        ]
    ).astype(np.float32)


def _along(mine: Rows, theirs: Rows, rows: Rows, columns: Rows) -> Rows:
    """The products of the rows of pairs; of all at once where all are asked for."""
    if len(rows) == len(mine) * len(theirs):
        return (mine @ theirs.T)[rows, columns]
    return np.einsum("ij,ij->i", mine[rows], theirs[columns])


def _apart(one: Rows, other: Rows, most: float) -> list[Rows]:
    """How far quantiles are apart, plainly and against their own spread; as far as can be where one side has none."""
    distance = np.abs(one - other).mean(axis=1)
    spread = (one[:, -2] - one[:, 1] + other[:, -2] - other[:, 1]) / 2
    return [-np.minimum(most, np.nan_to_num(far, nan=most)) for far in (distance, distance / (spread + LEAST_SPREAD))]


def _value_signs(left: Side, right: Side, rows: Rows, columns: Rows) -> Rows:
    mine, theirs = ([field.sketch.keys for field in side.fields] for side in (left, right))
    found = np.zeros((len(rows), len(OVERLAPS)), np.float32)
    for k in _meeting([frozenset(keys) for keys in mine], [frozenset(keys) for keys in theirs], rows, columns):
        i, j = int(rows[k]), int(columns[k])
        one, other = left.fields[i].sketch, right.fields[j].sketch
        held, holding = one.held_in(other), other.held_in(one)
        seen = max(_seen_share(mine[i], theirs[j]), _seen_share(theirs[j], mine[i]))
        found[k] = one.overlap(other), max(held, holding), min(held, holding), seen
    return found


def _seen_share(mine: Mapping[int, int], theirs: Mapping[int, int]) -> float:
    """The share of what was seen on one side that is a value of the other too, among the kept ones."""
    return sum(times for key, times in mine.items() if key in theirs) / sum(mine.values())


def _part_signs(left: Side, right: Side, rows: Rows, columns: Rows) -> Rows:
    mine, theirs = left.contents.parts, right.contents.parts
    found = np.zeros((len(rows), len(PART_OVERLAPS)), np.float32)
    for k in _meeting(mine, theirs, rows, columns):
        one, other = mine[rows[k]], theirs[columns[k]]
        both = len(one & other)
        found[k] = both / (len(one) + len(other) - both), both / min(len(one), len(other))
    return found


def _meeting(mine: Sequence[_Keys], theirs: Sequence[_Keys], rows: Rows, columns: Rows) -> list[int]:
    """The places of the pairs whose sets share anything: most share nothing."""
    pairs = enumerate(zip(rows.tolist(), columns.tolist(), strict=True))
    return [k for k, (i, j) in pairs if not mine[i].isdisjoint(theirs[j])]
