"""What the values of one field look like over many documents."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from core.signature.kinds import Kinds, is_placeholder, kind_of
from core.signature.moments import Moments
from core.signature.sketch import ValueSketch
from core.values.shapes import mask

# different shapes, and different units, of a field that are counted by themselves, the rest together: a column of
# regular values has a handful, prose has one a text
MOST_MASKS = 48
MOST_UNITS = 24
# under what the rest is counted; no shape and no unit is written so
OTHERS = "…"
# values of one document that are looked at: a list of ten thousand tags says no more than its beginning
VALUES_LOOKED_AT = 200


class FieldSignature:
    """Counters of one field: how many documents have it, and the types, shapes, lengths, numbers and values in it.

    `several` counts the documents with more than one value, `blank` those where nothing but placeholders stand.
    """

    __slots__ = ("blank", "documents", "kinds", "lengths", "masks", "numbers", "several", "sketch", "units", "values")

    def __init__(self) -> None:
        self.documents = 0
        self.several = 0
        self.blank = 0
        self.values = 0
        self.kinds: Counter[Kinds] = Counter()
        self.masks: Counter[str] = Counter()
        self.units: Counter[str] = Counter()
        self.lengths = Moments()
        self.numbers = Moments()
        self.sketch = ValueSketch()

    def add(self, values: Sequence[str]) -> None:
        """One more document that has the field, with its values."""
        self.documents += 1
        self.several += len(values) > 1
        told = [value for value in values[:VALUES_LOOKED_AT] if not is_placeholder(value)]
        self.blank += not told
        for value in told:
            self._add_value(value)

    def _add_value(self, value: str) -> None:
        kind = kind_of(value)
        self.values += 1
        self.kinds[kind.kinds] += 1
        _count(self.masks, mask(value), 1, MOST_MASKS)
        if kind.unit:
            _count(self.units, kind.unit, 1, MOST_UNITS)
        if not math.isnan(kind.number):
            self.numbers.add(kind.number)
        self.lengths.add(len(value))
        self.sketch.add(value)

    def merge(self, other: "FieldSignature") -> None:
        """Add what another signature has counted of the same field."""
        self.documents += other.documents
        self.several += other.several
        self.blank += other.blank
        self.values += other.values
        self.kinds += other.kinds
        for mine, theirs, most in ((self.masks, other.masks, MOST_MASKS), (self.units, other.units, MOST_UNITS)):
            for text, times in theirs.items():
                _count(mine, text, times, most)
        self.lengths.merge(other.lengths)
        self.numbers.merge(other.numbers)
        self.sketch.merge(other.sketch)

    def stored(self) -> dict[str, Any]:
        """As JSON data."""
        return {
            "documents": self.documents,
            "several": self.several,
            "blank": self.blank,
            "values": self.values,
            "kinds": {" ".join(sorted(kinds)): times for kinds, times in self.kinds.items()},
            "masks": dict(self.masks),
            "units": dict(self.units),
            "lengths": self.lengths.stored(),
            "numbers": self.numbers.stored(),
            "sketch": self.sketch.stored(),
        }

    @classmethod
    def of_stored(cls, data: Mapping[str, Any]) -> "FieldSignature":
        """The signature that was stored."""
        made = cls()
        made.documents, made.several = data["documents"], data["several"]
        made.blank, made.values = data["blank"], data["values"]
        made.kinds = Counter({frozenset(names.split()): times for names, times in data["kinds"].items()})
        made.masks, made.units = Counter(data["masks"]), Counter(data["units"])
        made.lengths, made.numbers = Moments.of_stored(data["lengths"]), Moments.of_stored(data["numbers"])
        made.sketch = ValueSketch.of_stored(data["sketch"])
        return made


def _count(counter: Counter[str], text: str, times: int, most: int) -> None:
    """Count a text by itself as long as there is room, else with the others."""
    counter[text if text in counter or len(counter) < most else OTHERS] += times
