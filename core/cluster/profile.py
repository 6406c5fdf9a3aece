"""Which groups and fields the documents of a cluster have, and how often."""

from collections.abc import Collection, Mapping
from math import fsum
from typing import Any

from core.cluster.paths import ROOT

# nodes that a profile counts: more are keys that users made up, which differ from document to document
MOST_PROFILED = 1_000


class FieldProfile:
    """Counters of the nodes of documents. They add up, and stay bounded: the rarest are forgotten first."""

    __slots__ = ("counts", "mass")

    def __init__(self) -> None:
        self.counts: dict[str, int] = {ROOT: 0}
        # sum of all counts but that of the root
        self.mass = 0

    @property
    def documents(self) -> int:
        """How many documents were counted."""
        return self.counts[ROOT]

    def add(self, nodes: Collection[str]) -> None:
        """One more document."""
        counts = self.counts
        counts[ROOT] += 1
        for node in nodes:
            counts[node] = counts.get(node, 0) + 1
        self.mass += len(nodes)
        if len(counts) > 2 * MOST_PROFILED:
            self._forget()

    def merge(self, other: "FieldProfile") -> None:
        """Add what another profile has counted."""
        for node, times in other.counts.items():
            self.counts[node] = self.counts.get(node, 0) + times
        self.mass += other.mass
        if len(self.counts) > 2 * MOST_PROFILED:
            self._forget()

    def _forget(self) -> None:
        """Keep the most frequent; a group is at least as frequent as what stands in it, and comes first by its name."""
        order = sorted(self.counts, key=lambda node: (-self.counts[node], len(node), node))
        self.counts = {node: self.counts[node] for node in order[:MOST_PROFILED]}
        self.mass = sum(self.counts.values()) - self.documents

    def likeness_to(self, nodes: Collection[str]) -> float:
        """The soft Jaccard index of a document with the mean document of the profile, 0..1."""
        counts = self.counts
        shared = sum(counts.get(node, 0) for node in nodes)
        return shared / (self.mass + len(nodes) * counts[ROOT] - shared)

    def likeness(self, other: "FieldProfile") -> float:
        """The soft Jaccard index of the mean documents of two profiles, 0..1."""
        few, many = sorted((self, other), key=lambda each: len(each.counts))
        mine, theirs = few.documents, many.documents
        shared = fsum(
            min(times / mine, many.counts.get(node, 0) / theirs) for node, times in few.counts.items() if node != ROOT
        )
        both = few.mass / mine + many.mass / theirs - shared
        return shared / both if both else 1.0

    def stored(self) -> dict[str, int]:
        """As JSON data."""
        return dict(self.counts)

    @classmethod
    def of_stored(cls, data: Mapping[str, Any]) -> "FieldProfile":
        """The profile that was stored."""
        made = cls()
        made.counts = {ROOT: 0, **data}
        made.mass = sum(made.counts.values()) - made.documents
        return made
