"""Vectors without a model: which runs of letters a text has, counted in a fixed number of places."""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

# places that runs are counted in: two texts of twenty runs share one by chance as often as not, with opposite signs as
# often as with the same
DIMENSIONS = 256
# letters of a run; words are framed by blanks, so that their beginnings and ends count
SHORTEST_RUN, LONGEST_RUN = 2, 4
# letters of a text that are looked at
LETTERS_EMBEDDED = 400


class HashedGrams:
    """Feature hashing (Weinberger and others, 2009) of runs of letters. It plays the port Embedder."""

    dimensions = DIMENSIONS

    def embed(self, texts: Sequence[str]) -> "NDArray[float64]":
        import numpy

        vectors = numpy.zeros((len(texts), DIMENSIONS))
        for row, text in zip(vectors, texts, strict=True):
            for run in _runs(text):
                place = crc32(run.encode("utf-8", "replace"))
                row[place % DIMENSIONS] += 1.0 if place & 0x80000000 else -1.0
        return lengths_of_one(vectors)


def lengths_of_one(vectors: "NDArray[float64]") -> "NDArray[float64]":
    """The rows at length one; those of zeros stay so."""
    import numpy

    lengths = numpy.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: NDArray[float64] = vectors / numpy.where(lengths == 0, 1.0, lengths)
    return scaled


def _runs(text: str) -> list[str]:
    framed = f" {' '.join(text[:LETTERS_EMBEDDED].casefold().split())} "
    lengths = range(SHORTEST_RUN, LONGEST_RUN + 1)
    return [framed[i : i + length] for length in lengths for i in range(len(framed) - length + 1)] if text else []
