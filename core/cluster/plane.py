"""Documents as points: vectors of what their fields are called, and a place in a picture for each."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from core.cluster.clusters import Clusters
from core.cluster.hashed_grams import HashedGrams, lengths_of_one
from core.errors import PartMissing

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

    from core.ports import Embedder

# neighbours that UMAP keeps together, as its authors set it; fewer where there are fewer documents
UMAP_NEIGHBOURS = 15


class SampledPoint(NamedTuple):
    """A sampled document by its id, with its cluster and its fields."""

    document: str
    cluster: str
    fields: tuple[str, ...]


def sampled_points(clusters: Clusters) -> list[SampledPoint]:
    """The sampled documents of all clusters; a cluster that was split is shown by its parts."""
    return [
        SampledPoint(name, cluster.cluster_id, document.fields)
        for cluster in sorted(clusters, key=lambda each: each.age)
        if not cluster.parted_by
        for name, document in zip(cluster.sample.names, cluster.sample.documents, strict=True)
    ]


def vectors_of(points: Sequence[SampledPoint], embedder: "Embedder | None" = None) -> "NDArray[float64]":
    """One row a document: the sum of the vectors of its fields, rare fields counting more."""
    import numpy

    player = embedder or HashedGrams()
    times = Counter(field for point in points for field in point.fields)
    order = {field: row for row, field in enumerate(sorted(times))}
    embedded = player.embed(list(order))
    rarity = numpy.array([1 + numpy.log(len(points) / times[field]) for field in order])
    weighed = embedded * rarity[:, None] if order else embedded
    rows = numpy.zeros((len(points), player.dimensions))
    for row, point in zip(rows, points, strict=True):
        row += weighed[[order[field] for field in point.fields]].sum(axis=0)
    return lengths_of_one(rows)


def pca_plane(vectors: "NDArray[float64]") -> "NDArray[float64]":
    """Two coordinates a row: where the rows differ most (PCA). It is quick, and always the same."""
    import numpy

    plane = numpy.zeros((len(vectors), 2))
    if len(vectors) > 1:
        left, spread, right = numpy.linalg.svd(vectors - vectors.mean(axis=0), full_matrices=False)
        # the sign of an axis is arbitrary: its largest loading points up
        signs = numpy.sign(right[numpy.arange(len(right)), numpy.abs(right).argmax(axis=1)])
        found = (left * spread * numpy.where(signs == 0, 1, signs))[:, :2]
        plane[:, : found.shape[1]] = found
    return plane


def umap_plane(vectors: "NDArray[float64]", seed: int = 0) -> "NDArray[float64]":
    """Two coordinates a row that keep neighbours together (UMAP), the same for the same seed.

    It takes a minute for ten thousand rows, and more to import: for a worker process only.

    Raises:
        PartMissing: the package is not installed.
    """
    import numpy

    if len(vectors) <= 3:
        return pca_plane(vectors)
    try:
        from umap import UMAP
    except ImportError:
        raise PartMissing("The map needs UMAP.", "Install it: pip install umap-learn") from None
    neighbours = min(UMAP_NEIGHBOURS, len(vectors) - 1)
    made = UMAP(n_neighbors=neighbours, random_state=seed, n_jobs=1, init="pca", metric="cosine")
    return numpy.asarray(made.fit_transform(vectors), dtype=float)
