"""Which clusters there are, and where the documents of one are now, after what was merged and split."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from core.cluster.criterion import Criterion, KindMark
from core.cluster.events import ClusterEvent
from core.cluster.paths import nodes_of
from core.cluster.template_cluster import MOST_PARTS, TemplateCluster, part_id, sampled_fields
from core.signature import DocumentFields


class Memberships:
    """The clusters by their ids, the ids that went into others, and the events of both; an id is never used anew."""

    def __init__(self) -> None:
        self.clusters: dict[str, TemplateCluster] = {}
        self.events: list[ClusterEvent] = []
        # documents that were assigned so far: what an event and the age of a cluster are told by
        self.documents = 0
        # clusters that changed since they were kept
        self.changed: set[str] = set()
        self._merged: dict[str, str] = {}

    def current(self, cluster_id: str) -> str:
        """The id of the cluster that an id stands for now."""
        while cluster_id in self._merged:
            cluster_id = self._merged[cluster_id]
        return cluster_id

    def get(self, cluster_id: str) -> TemplateCluster | None:
        """The cluster that an id stands for now; None if there is none, or it was forgotten."""
        return self.clusters.get(self.current(cluster_id))

    def settled(self, cluster_id: str, fields: DocumentFields) -> str:
        """Where a document with these fields is that was assigned to a cluster."""
        here = self.current(cluster_id)
        while here in self.clusters and (part := self.clusters[here].part_of(fields)) is not None:
            here = self.current(part)
        return here

    def path(self, cluster_id: str, fields: DocumentFields) -> list[TemplateCluster]:
        """A cluster, and the parts of parts of it down to the one for a document, which is made if need be."""
        path = [self.clusters[self.current(cluster_id)]]
        while part := path[-1].part_of(fields) or self._new_part(path[-1], fields):
            path.append(self.clusters[self.current(part)])
        self.changed.update(cluster.cluster_id for cluster in path)
        return path

    def _new_part(self, cluster: TemplateCluster, fields: DocumentFields) -> str | None:
        criterion = cluster.parted_by
        if criterion is None or len(cluster.parts) >= MOST_PARTS:
            return None
        return self._part(cluster, KindMark(criterion, criterion.kind_of_document(fields))).cluster_id

    def _part(self, cluster: TemplateCluster, mark: KindMark) -> TemplateCluster:
        made = TemplateCluster(part_id(cluster.cluster_id, mark), cluster.site, self.documents, mark)
        cluster.parts[mark.kind] = made.cluster_id
        self.clusters[made.cluster_id] = made
        self.changed.add(made.cluster_id)
        return made

    def found(self, cluster_id: str, site: str) -> None:
        """Begin a cluster."""
        self.clusters[cluster_id] = TemplateCluster(cluster_id, site, self.documents)
        self.changed.add(cluster_id)

    def forget(self, cluster_id: str) -> None:
        """Keep a cluster no longer; it comes back under its id when its documents do."""
        del self.clusters[cluster_id]
        self.changed.add(cluster_id)

    def merge(
        self, one: TemplateCluster, other: TemplateCluster, reason: str, *, by_person: bool = False
    ) -> tuple[str, str]:
        """Make two clusters one; the answer is the id that stays, which is the older, and the one that goes."""
        stays, gone = sorted((one, other), key=lambda each: each.age)
        stays.absorb(gone, by_person=by_person)
        del self.clusters[gone.cluster_id]
        self._merged[gone.cluster_id] = stays.cluster_id
        self.changed |= {stays.cluster_id, gone.cluster_id}
        self._tell("merged", gone, (stays.cluster_id,), reason)
        return stays.cluster_id, gone.cluster_id

    def split(
        self, cluster: TemplateCluster, criterion: Criterion, kinds: Iterable[str], reason: str
    ) -> list[TemplateCluster]:
        """Part a cluster by a criterion; the parts, one a kind, begin with the sampled documents."""
        cluster.parted_by = criterion
        self.changed.add(cluster.cluster_id)
        parts = {kind: self._part(cluster, KindMark(criterion, kind)) for kind in kinds}
        for name, document in zip(cluster.sample.names, cluster.sample.documents, strict=True):
            fields = sampled_fields(document)
            parts[criterion.kind_of_sampled(document)].add(name, fields, nodes_of(fields))
        self._tell("split", cluster, tuple(part.cluster_id for part in parts.values()), reason)
        return list(parts.values())

    def _tell(
        self, what: Literal["merged", "split"], cluster: TemplateCluster, into: tuple[str, ...], why: str
    ) -> None:
        self.events.append(ClusterEvent(what, cluster.cluster_id, into, self.documents, why))

    def take_changes(self, cluster_id: str) -> dict[str, Any] | None:
        """A cluster, or where it went, as JSON data; None when it was forgotten."""
        if cluster_id in self._merged:
            return {"id": cluster_id, "into": self._merged[cluster_id]}
        return self.clusters[cluster_id].take_changes() if cluster_id in self.clusters else None

    def restore(self, cluster_id: str, data: Mapping[str, Any] | None) -> None:
        """Take over a cluster that was kept, or that it was merged or forgotten."""
        self.clusters.pop(cluster_id, None)
        if data is not None and "into" in data:
            self._merged[cluster_id] = data["into"]
        elif data is not None:
            self.clusters[cluster_id] = TemplateCluster.of_stored(data)
