"""Which pairs of clusters are worth a full comparison: each with those whose fields look most alike."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from core.cluster.hashed_grams import HashedGrams, lengths_of_one
from core.signature import StructureSignature

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

    from core.ports import Embedder

# clusters that each is compared with: a kind that is on more sites hangs together by the others
NEAREST = 12
# cosine from which on a comparison is worth its time: clusters of one kind have .5 and more, most others less
LEAST_COSINE = 0.5
# clusters that are held against all others at once, which bounds the memory
ROWS_AT_ONCE = 1_000
# shapes of values that say how a field looks
SHAPES_SAID = 3


def neighbours(clusters: Mapping[str, StructureSignature], embedder: "Embedder | None" = None) -> list[tuple[str, str]]:
    """The pairs of clusters that look most alike."""
    import numpy

    names = sorted(clusters)
    if len(names) < 2:
        return []
    vectors = cluster_vectors([clusters[name] for name in names], embedder or HashedGrams())
    pairs: set[tuple[int, int]] = set()
    for start in range(0, len(names), ROWS_AT_ONCE):
        alike = vectors[start : start + ROWS_AT_ONCE] @ vectors.T
        near = numpy.argsort(-alike, axis=1, kind="stable")[:, : NEAREST + 1]
        rows, columns = numpy.nonzero(numpy.take_along_axis(alike, near, axis=1) >= LEAST_COSINE)
        pairs.update((start + i, int(near[i, column])) for i, column in zip(rows.tolist(), columns, strict=True))
    return [(names[i], names[j]) for i, j in sorted({(min(pair), max(pair)) for pair in pairs}) if i != j]


def cluster_vectors(clusters: list[StructureSignature], embedder: "Embedder") -> "NDArray[float64]":
    """One row a cluster: the sum of what its fields are called and of how their values look, by their support."""
    import numpy

    rows = numpy.zeros((len(clusters), 2 * embedder.dimensions))
    for row, signature in zip(rows, clusters, strict=True):
        support = numpy.array([signature.support(path) for path in signature.fields])
        if len(support):
            row[: embedder.dimensions] = support @ embedder.embed(list(signature.fields))
            row[embedder.dimensions :] = support @ embedder.embed(
                [_looks(signature, path) for path in signature.fields]
            )
    half = embedder.dimensions
    return lengths_of_one(numpy.hstack([lengths_of_one(rows[:, :half]), lengths_of_one(rows[:, half:])]))


def _looks(signature: StructureSignature, path: str) -> str:
    """The types and the most frequent shapes of the values of a field, as a text."""
    field = signature.fields[path]
    kinds = sorted({str(kind) for kinds in field.kinds for kind in kinds})
    shapes = sorted(field.masks, key=lambda shape: (-field.masks[shape], shape))[:SHAPES_SAID]
    return " ".join([*kinds, *shapes])
