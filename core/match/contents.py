"""What the values of fields look like, as rows of numbers that are held against each other.

All comes from the kept values of a field's sketch, which are a fair sample of its different ones, each with how often
it was seen.
"""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, get_args
from zlib import crc32

import numpy as np

from core.match.formats import FORMATS, first_number, format_of
from core.match.word_kinds import KIND_COUNT, WORD_KINDS
from core.model.blueprint import FieldType
from core.signature import FieldSignature

Rows = Any  # a NumPy array of numbers, one row a field

# different values of a field that are looked at, and of all fields of a side together: the second bounds the time of
# a table of thousands of columns
VALUES_OF_FIELD = 96
VALUES_OF_SIDE = 40_000
LEAST_VALUES = 8
# letters of a value that are looked at, and words
LETTERS, WORDS = 100, 16
# letters of a value whose shape is taken with the lengths of its runs: longer ones are no codes
SHAPED_LETTERS = 24
# places that words, threes of letters, shapes, masks and units are hashed into: a column has hundreds of them
WORD_PLACES, GRAM_PLACES, SHAPE_PLACES = 1024, 1024, 256
# marks whose share in a field's letters is counted, besides figures, large and small letters, blanks, and all others
MARKS = ".,;:-_/\\()[]'\"&%$€£#@+*!?|°™®"
CLASS_COUNT = 5 + len(MARKS)
QUANTILES = (0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98)
# what `measures` holds, in this order
MEASURES = ("numeric", "whole", "words", "distinct", "entropy", "seen", "different", "length")
_TYPES = {kind: place for place, kind in enumerate(get_args(FieldType))}
_WORD = re.compile(r"[^\W_]+")
_PARTS = re.compile(r"\s*[;|\n]\s*|,\s+|\s+(?:and|und|&|/)\s+")
_Values = Sequence[tuple[str, int]]


@dataclass(frozen=True)
class Contents:
    """The contents of the fields of one side, a row a field.

    `shares` are rows of length one by name: the product of two is what they share. `formats` are plain shares;
    `parts` are the different parts of the values of each field.
    """

    shares: dict[str, Rows]
    formats: Rows
    numbers: Rows
    lengths: Rows
    measures: Rows
    parts: Sequence[frozenset[int]]


# by what contents are held against each other
SHARES = ("words", "grams", "shapes", "classes", "formats", "kinds", "masks", "types", "units")


def contents_of(fields: Sequence[FieldSignature]) -> Contents:
    """The contents of fields in their order."""
    most = max(LEAST_VALUES, min(VALUES_OF_FIELD, VALUES_OF_SIDE // max(1, len(fields))))
    kept = [list(field.sketch.values.items())[:most] for field in fields]
    formats = _stacked(_formats(values) for values in kept) if kept else np.zeros((0, len(FORMATS) + 1), np.float32)
    shares = {
        "words": _stacked(_words(values) for values in kept),
        "grams": _stacked(_grams(values) for values in kept),
        "shapes": _stacked(_shapes(values) for values in kept),
        "classes": _stacked(_classes(values) for values in kept),
        "formats": formats,
        "kinds": _stacked(_word_kinds(values) for values in kept),
        "masks": _stacked(_hashed(field.masks.items(), SHAPE_PLACES) for field in fields),
        "types": _stacked(_types(field) for field in fields),
        "units": _stacked(_hashed(field.units.items(), SHAPE_PLACES) for field in fields),
    }
    return Contents(
        {name: _rooted(rows) for name, rows in shares.items()},
        formats / np.maximum(1e-9, formats.sum(axis=1, keepdims=True)),
        _stacked(_number_quantiles(values) for values in kept),
        _stacked(_quantiles(np.log1p([len(value) for value, _ in values]), _weights(values)) for values in kept),
        _stacked(_measures(field, values) for field, values in zip(fields, kept, strict=True)),
        [_parts(values) for values in kept],
    )


def _stacked(rows: Iterable[Rows]) -> Rows:
    made = list(rows)
    return np.array(made, np.float32) if made else np.zeros((0, 1), np.float32)


def _rooted(rows: Rows) -> Rows:
    """The roots of the shares: their product is 1 for the same shares, and 0 where nothing is shared."""
    return np.sqrt(rows / np.maximum(1e-9, rows.sum(axis=1, keepdims=True)))


def _weights(values: _Values) -> Rows:
    return np.array([times for _, times in values], float)


def _counted(places: Sequence[int] | Rows, weights: Sequence[float] | Rows, count: int) -> Rows:
    return np.bincount(np.asarray(places, np.int64), np.asarray(weights, float), count)


def _hashed(items: Iterable[tuple[str, int]], count: int) -> Rows:
    found = list(items)
    return _counted([_place(text) % count for text, _ in found], [times for _, times in found], count)


@lru_cache(maxsize=100_000)
def _place(text: str) -> int:
    return crc32(text.encode("utf-8", "replace"))


def _words(values: _Values) -> Rows:
    return _hashed(((word, times) for value, times in values for word in _words_in(value)), WORD_PLACES)


@lru_cache(maxsize=50_000)
def _words_in(value: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(value[:LETTERS].casefold())[:WORDS])


def _word_kinds(values: _Values) -> Rows:
    found = [
        (kind, times)
        for value, times in values
        for word in _words_in(value)
        for kind in WORD_KINDS.get(word, (KIND_COUNT,))
    ]
    return _counted([kind for kind, _ in found], [times for _, times in found], KIND_COUNT + 1)


def _formats(values: _Values) -> Rows:
    return _counted([format_of(value) for value, _ in values], _weights(values), len(FORMATS) + 1)


def _shapes(values: _Values) -> Rows:
    return _hashed(((_shape(value[:SHAPED_LETTERS]), times) for value, times in values), SHAPE_PLACES)


@lru_cache(maxsize=50_000)
def _shape(text: str) -> str:
    """The shape of a value with the lengths of its runs."""
    return "".join("9" if c.isdigit() else ("A" if c.isupper() else "a") if c.isalpha() else c for c in text)


def _letters(values: _Values) -> tuple[Rows, Rows]:
    """All letters of the values as numbers, a blank around each value, and how often each was seen."""
    texts = [f" {value[:LETTERS]} " for value, _ in values]
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)
    return codes, np.repeat(_weights(values), [len(text) for text in texts])


def _classes(values: _Values) -> Rows:
    codes, weights = _letters(values)
    return _counted(_class_table()[np.minimum(codes, _CODES - 1)], weights, CLASS_COUNT)


# letters beyond are of scripts without cases
_CODES = 0x3000


@lru_cache(maxsize=1)
def _class_table() -> Rows:
    table = np.full(_CODES, 4, np.int64)
    for code in range(_CODES):
        c = chr(code)
        table[code] = (
            5 + MARKS.index(c)
            if c in MARKS
            else 0
            if c.isdigit()
            else 1
            if c.isupper()
            else 2
            if c.isalpha()
            else 3
            if c.isspace()
            else 4
        )
    table[-1] = 2
    return table


def _grams(values: _Values) -> Rows:
    """Threes of letters, without case, all figures as one."""
    codes, weights = _letters([(value.casefold(), times) for value, times in values])
    if len(codes) < 3:
        return np.zeros(GRAM_PLACES)
    plain = np.where((codes >= 48) & (codes <= 57), 57, codes)
    mixed = (plain[:-2] * 1_000_003 + plain[1:-1]) * 1_000_003 + plain[2:]
    return _counted((mixed ^ (mixed >> 15)) % GRAM_PLACES, weights[:-2], GRAM_PLACES)


def _types(field: FieldSignature) -> Rows:
    found = [
        (_TYPES[kind], times / len(kinds or "s"))
        for kinds, times in field.kinds.items()
        for kind in kinds or ("string",)
    ]
    return _counted([place for place, _ in found], [share for _, share in found], len(_TYPES))


def _parts(values: _Values) -> frozenset[int]:
    return frozenset(_place(part) for value, _ in values for part in _PARTS.split(value.casefold()[:LETTERS]) if part)


def _number_quantiles(values: _Values) -> Rows:
    """The quantiles of the first numbers in the values, by size; NaN where there are none."""
    read = np.array([first_number(value) for value, _ in values], float)
    told = ~np.isnan(read)
    return _quantiles(np.sign(read[told]) * np.log1p(np.abs(read[told])), _weights(values)[told])


def _quantiles(numbers: Rows, weights: Rows) -> Rows:
    if not len(numbers):
        return np.full(len(QUANTILES), np.nan)
    order = np.argsort(numbers, kind="stable")
    along = np.cumsum(weights[order])
    places = np.searchsorted(along, np.array(QUANTILES) * along[-1])
    return numbers[order][np.minimum(places, len(numbers) - 1)]


def _measures(field: FieldSignature, values: _Values) -> tuple[float, ...]:
    if not values:
        return (0.0,) * len(MEASURES)
    weights = _weights(values)
    share = weights / weights.sum()
    read = np.array([first_number(value) for value, _ in values], float)
    told = ~np.isnan(read)
    words = sum(len(_words_in(value)) * part for (value, _), part in zip(values, share, strict=True))
    return (
        float(share[told].sum()),
        float(share[told & (read == np.round(read))].sum() / max(1e-9, share[told].sum())),
        math.log1p(words),
        field.sketch.distinct / max(1, field.values),
        float(-(share * np.log(share)).sum()) / max(1.0, math.log(len(values) + 1)),
        math.log1p(field.values),
        math.log1p(field.sketch.distinct),
        math.log1p(sum(len(value) * part for (value, _), part in zip(values, share, strict=True))),
    )
