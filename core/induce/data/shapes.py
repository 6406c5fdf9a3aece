"""What stands where in JSON documents: one shape for each path, counted over all documents."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from core.dom.embedded import DEEPEST_JSON

# values kept of one path: enough to type a column, little enough for a document of a million
MOST_SAMPLES = 2_000
# entries from which the keys of an object may be data: two objects of one kind may be two fields
FEWEST_DATA_KEYS = 3
# mean share of all keys that each object of a map must have: objects that share fewer are different things
SHARED_KEYS = 0.6
DATA_KEY = re.compile(r"\d")


@dataclass
class Shape:
    """All values of one path: how many, the scalars among them, and what is below the others.

    `entries` is what an object holds whose keys are data, not names: {"2024": …, "2025": …}.
    """

    seen: int = 0
    objects: int = 0
    lists: int = 0
    scalars: list[Any] = field(default_factory=list)
    samples: list[Any] = field(default_factory=list)
    keys: dict[str, "Shape"] = field(default_factory=dict)
    items: "Shape | None" = None
    entries: "Shape | None" = None

    def add(self, value: Any, depth: int = 0) -> None:
        """Count a value and all that is in it."""
        if value in (None, "", [], {}):
            return
        self.seen += 1
        if len(self.samples) < MOST_SAMPLES:
            self.samples.append(value)
        if depth < DEEPEST_JSON and isinstance(value, dict | list):
            self._add_below(value, depth + 1)
        elif len(self.scalars) < MOST_SAMPLES:
            self.scalars.append(value)

    def _add_below(self, value: Any, depth: int) -> None:
        if isinstance(value, list):
            self.lists += 1
            self.items = self.items or Shape()
            for item in value:
                self.items.add(item, depth)
        elif self.entries is not None or (not self.keys and is_map(value)):
            self.entries = self.entries or Shape()
            for item in value.values():
                self.entries.add(item, depth)
        else:
            self.objects += 1
            for key, item in value.items():
                self.keys.setdefault(key, Shape()).add(item, depth)

    @property
    def is_records(self) -> bool:
        """Whether most of the values are objects with named keys."""
        return self.objects > 0 and 2 * self.objects >= self.seen


def shape_of(values: Iterable[Any]) -> Shape:
    """The shape that the values share."""
    shape = Shape()
    for value in values:
        shape.add(value)
    return shape


def is_map(value: dict[str, Any]) -> bool:
    """Whether the keys of an object are data: at least three objects of the same kind, or keys like dates and ids."""
    if len(value) < FEWEST_DATA_KEYS:
        return False
    if all(isinstance(item, dict) for item in value.values()):
        return _have_like_keys([set(item) for item in value.values()])
    scalars = not any(isinstance(item, dict | list) for item in value.values())
    return scalars and all(DATA_KEY.match(key) for key in value)


def _have_like_keys(key_sets: list[set[str]]) -> bool:
    common = set.union(*key_sets)
    mean = sum(len(keys) for keys in key_sets) / len(key_sets)
    return bool(common) and mean >= SHARED_KEYS * len(common)
