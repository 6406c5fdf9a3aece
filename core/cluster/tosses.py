"""A table of documents and nodes, and how well it is told as one kind or as several: as core/cluster/evidence.py."""

from collections.abc import Sequence
from math import lgamma
from typing import TYPE_CHECKING

from core.cluster.evidence import PRIOR_DOCUMENTS
from core.cluster.paths import ROOT, group_of, nodes_of

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

    Table = NDArray[float64]

# share of the documents of a part that must have a field which is its own, and of those of another that may have it too
OWN_SHARE, FOREIGN_SHARE = 0.5, 0.05


class Tosses:
    """One row a document, one column a node; and what each outcome of the tosses of a node is worth."""

    def __init__(self, documents: Sequence[Sequence[str]]) -> None:
        """Args: documents: the fields of each."""
        import numpy

        rows = [nodes_of(fields) for fields in documents]
        self._order = {ROOT: 0} | {
            node: i for i, node in enumerate(sorted({node for nodes in rows for node in nodes}), 1)
        }
        self._there = numpy.zeros((len(rows), len(self._order)))
        self._there[:, 0] = 1
        for i, nodes in enumerate(rows):
            self._there[i, [self._order[node] for node in nodes]] = 1
        self._group = numpy.array([self._order[group_of(node)] for node in self._order])
        times = self._there.sum(axis=0)
        rates = (times + 0.5) / (times[self._group] + 1.0)
        self._worths = [_rising(PRIOR_DOCUMENTS * share, len(rows)) for share in (rates, 1 - rates, rates * 0 + 1)]
        self.together = self._worth(times[None, :])

    def gain(self, parts: Sequence[Sequence[int]]) -> float:
        """By how many nats the documents are told better if each part is a kind of its own."""
        import numpy

        member = numpy.zeros((len(parts), len(self._there)))
        for i, part in enumerate(parts):
            member[i, list(part)] = 1
        # the prior over partitions, as in core/cluster/evidence.py: many small parts must explain more than few large
        prior = sum(lgamma(len(part)) for part in parts) - lgamma(len(self._there))
        return self._worth(member @ self._there) - self.together + prior

    def exclusive(self, fields: Sequence[str]) -> list[str]:
        """The fields that stand against another: those with them have a field of their own, and those without too."""
        columns = [self._order[field] for field in fields]
        with_it = self._there[:, columns].T @ self._there
        without = self._there.sum(axis=0)[None, :] - with_it
        shares = [part / part[:, :1].clip(1) for part in (with_it, without)]
        own = [((a >= OWN_SHARE) & (b <= FOREIGN_SHARE)).any(axis=1) for a, b in (shares, shares[::-1])]
        return [field for field, both in zip(fields, own[0] & own[1], strict=True) if both]

    def _worth(self, times: "Table") -> float:
        import numpy

        there, room = times.astype(int), times[:, self._group].astype(int)
        column = numpy.arange(times.shape[1])[None, :]
        has, lacks, whole = self._worths
        worth = has[there, column] + lacks[room - there, column] - whole[room, column]
        return float(worth[:, 1:].sum())


def _rising(start: "Table", most: int) -> "Table":
    """Log-gamma of n + start less that of start, for n from 0 to `most`: one row each n, one column each start."""
    import numpy

    steps = numpy.log(numpy.arange(most)[:, None] + start[None, :])
    return numpy.vstack([numpy.zeros((1, len(start))), numpy.cumsum(steps, axis=0)])
