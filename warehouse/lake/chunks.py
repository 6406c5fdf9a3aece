"""Rows turned into columns, some at a time."""

from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

# rows whose cells are gathered column by column while they are still in the processor's cache
CHUNK_ROWS = 2000

LakeRow = Mapping[str, Any]


class RowChunks(NamedTuple):
    """The cells of rows; `keys` are all keys that occur in them, `alike` says that every row has each."""

    rows: Sequence[LakeRow]
    keys: tuple[str, ...]
    alike: bool

    @classmethod
    def of(cls, rows: Sequence[LakeRow]) -> "RowChunks":
        """Look at the keys of all rows once."""
        shapes = set(map(tuple, rows))
        return cls(rows, tuple(dict.fromkeys(key for shape in sorted(shapes) for key in shape)), len(shapes) == 1)

    def chunks(self) -> Iterator[tuple[int, dict[str, Sequence[Any]]]]:
        """The size of each chunk, and its values by key; None where a row has none."""
        for start in range(0, len(self.rows), CHUNK_ROWS):
            some = self.rows[start : start + CHUNK_ROWS]
            if self.alike:
                yield len(some), {key: list(map(itemgetter(key), some)) for key in self.keys}
            else:
                yield len(some), {key: [row.get(key) for row in some] for key in self.keys}
