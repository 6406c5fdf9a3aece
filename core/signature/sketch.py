"""A bounded memory of the different values of a field: which there are, how many, how often each, and who shares them.

Bottom-k sampling by hash (Cohen and Kaplan, "Summarizing data using bottom-k sketches", 2007): of all different values
those with the smallest hashes are kept. Every shard keeps the same ones, so sketches add up, and the overlap of two is
that of what they stand for. A value that is kept now was kept ever since it was first seen, so its count is exact.
"""

from collections.abc import Iterable, Mapping
from hashlib import blake2b

# different values that are kept: the overlap of two columns is known to about 1 / sqrt(k), here one part in eleven
KEPT_VALUES = 128
# letters of a value that are kept: longer ones are prose, of which the beginning tells enough
KEPT_LETTERS = 160
# hashes have eight bytes
HASHES = 2**64


class ValueSketch:
    """The kept values by their hashes, each with how often it was seen."""

    __slots__ = ("_bound", "_counts", "_texts")

    def __init__(self) -> None:
        self._counts: dict[int, int] = {}
        self._texts: dict[int, str] = {}
        self._bound = HASHES

    def add(self, value: str, times: int = 1) -> None:
        """A value was seen."""
        self._add(_hash(value), value[:KEPT_LETTERS], times)

    def merge(self, other: "ValueSketch") -> None:
        """Add what another sketch has seen."""
        # what either of them may have forgotten cannot be counted exactly: the lower bound holds for both
        self._bound = min(self._bound, other._bound)
        for key, count in other._counts.items():
            self._add(key, other._texts[key], count)
        self._forget()

    @property
    def values(self) -> Mapping[str, int]:
        """The kept values and how often each was seen, the most frequent first."""
        order = sorted(self._counts, key=lambda key: (-self._counts[key], key))
        return {self._texts[key]: self._counts[key] for key in order}

    @property
    def keys(self) -> Mapping[int, int]:
        """The hashes of the kept values, each with how often it was seen."""
        return self._counts

    @property
    def whole(self) -> bool:
        """Whether all different values are kept."""
        return self._bound == HASHES

    @property
    def distinct(self) -> int:
        """How many different values there are: exact while all are kept, else estimated."""
        if self.whole:
            return len(self._counts)
        return max(len(self._counts), round(len(self._counts) * HASHES / self._bound))

    def overlap(self, other: "ValueSketch") -> float:
        """The share of all different values of both that both have, 0..1."""
        bound = min(self._bound, other._bound)
        mine, theirs = self._below(bound), other._below(bound)
        return len(mine & theirs) / len(mine | theirs) if mine or theirs else 0.0

    def held_in(self, other: "ValueSketch") -> float:
        """The share of this one's different values that the other has too, 0..1."""
        bound = min(self._bound, other._bound)
        mine = self._below(bound)
        return len(mine & other._below(bound)) / len(mine) if mine else 0.0

    def stored(self) -> dict[str, object]:
        """As JSON data; the same for the same values, in whatever order they came."""
        self._forget()
        rows = [[f"{key:016x}", self._texts[key], self._counts[key]] for key in sorted(self._counts)]
        return {"bound": f"{self._bound:x}", "values": rows}

    @classmethod
    def of_stored(cls, data: Mapping[str, object]) -> "ValueSketch":
        """The sketch that was stored."""
        made = cls()
        rows: Iterable[tuple[str, str, int]] = data["values"]  # type: ignore[assignment]  # as stored() writes it
        for key, text, count in rows:
            made._counts[int(key, 16)], made._texts[int(key, 16)] = count, text
        made._bound = int(str(data["bound"]), 16)
        return made

    def _add(self, key: int, text: str, times: int) -> None:
        if key >= self._bound:
            return
        if key in self._counts:
            self._counts[key] += times
            return
        self._counts[key], self._texts[key] = times, text
        if len(self._counts) > 2 * KEPT_VALUES:
            self._forget()

    def _forget(self) -> None:
        """Keep the values with the smallest hashes; done now and then, as it sorts all."""
        keys = sorted(self._counts)
        if len(keys) > KEPT_VALUES:
            self._bound = min(self._bound, keys[KEPT_VALUES])
        for key in keys:
            if key >= self._bound:
                del self._counts[key], self._texts[key]

    def _below(self, bound: int) -> set[int]:
        return {key for key in self._counts if key < bound}


def _hash(value: str) -> int:
    return int.from_bytes(blake2b(value.strip().casefold().encode("utf-8", "replace"), digest_size=8).digest(), "big")
