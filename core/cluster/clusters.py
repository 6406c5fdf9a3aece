"""The leader: one document after the other goes to the cluster that it is most like, or founds one."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Literal

from core.cluster.background import Background
from core.cluster.criterion import KindMark
from core.cluster.events import ClusterEvent
from core.cluster.evidence import joining, merging
from core.cluster.index import FieldIndex
from core.cluster.parting import parting_of
from core.cluster.paths import ROOT, nodes_of
from core.cluster.remembered import Remembered
from core.cluster.template_cluster import (
    MOST_PARTS,
    TemplateCluster,
    founding_id,
    part_id,
    sampled_fields,
)
from core.signature import DocumentFields

# soft Jaccard index from which on two are of one kind without further proof. From .4 to .55 saved documents of many
# kinds are told apart equally well; at .6 optional fields make kinds of their own
SURE_LIKENESS = 0.45
# clusters of a single document that are kept: a stream of documents that are all different must not fill the memory
LONE_KEPT = 5_000
# shapes of documents (sets of fields, with their site) whose cluster is remembered
SHAPES_REMEMBERED = 20_000
# nats that must speak for two clusters being one: a merge stays for good, so the proof must be strong (Kass and Raftery,
# "Bayes factors", 1995: 3)
LEAST_PROOF = 3.0
# one in so many documents of a cluster must have a node by which others look for it
SEARCHED_BY = 4
# one in so many documents of a cluster must have a node, else new documents do not find the cluster by it
FOUND_BY = 50
# clusters that are compared in full with a document, of those that share something with it
COMPARED = 3


class Clusters:
    """All clusters of a collection. What documents belong to changes by nothing but `events`.

    An id is made of what founded the cluster: its fields and its site, or the part of another cluster that it is. So
    it does not depend on a counter, and a cluster that was forgotten comes back under its id.
    """

    def __init__(self) -> None:
        self.documents = 0
        self.events: list[ClusterEvent] = []
        self._clusters: dict[str, TemplateCluster] = {}
        self._merged: dict[str, str] = {}
        self._shapes = Remembered(SHAPES_REMEMBERED)
        self._lone = Remembered(LONE_KEPT)
        self._index = FieldIndex()
        self._background = Background()

    def __len__(self) -> int:
        return len(self._clusters)

    def __iter__(self) -> Iterator[TemplateCluster]:
        return iter(self._clusters.values())

    def __getitem__(self, cluster_id: str) -> TemplateCluster:
        return self._clusters[self._current(cluster_id)]

    def assign(self, document: str, fields: DocumentFields, site: str = "") -> str:
        """Put a document, by its id, where it belongs; the answer is the id of its cluster."""
        nodes = nodes_of(fields)
        self.documents += 1
        path = self._path(self._found(nodes, fields, site), fields)
        for cluster in path:
            cluster.add(document, fields, nodes)
        self._grown(path[-1])
        return self.settled(path[0].cluster_id, fields)

    def settled(self, cluster_id: str, fields: DocumentFields) -> str:
        """Where a document that was assigned to a cluster is now, after what was merged and split since."""
        here = self._current(cluster_id)
        while here in self._clusters and (part := self._clusters[here].part_of(fields)) is not None:
            here = self._current(part)
        return here

    def settle(self) -> None:
        """Look once more whether clusters are one, the smallest first: when documents stop coming."""
        for cluster in sorted(self._clusters.values(), key=lambda each: (each.documents, each.age)):
            if cluster.cluster_id in self._clusters:
                self._merge_alike(cluster)

    def take_events(self) -> list[ClusterEvent]:
        """What happened since they were taken last."""
        taken, self.events = self.events, []
        return taken

    def _current(self, cluster_id: str) -> str:
        while cluster_id in self._merged:
            cluster_id = self._merged[cluster_id]
        return cluster_id

    def _path(self, cluster_id: str, fields: DocumentFields) -> list[TemplateCluster]:
        """A cluster, and the parts of parts of it down to the one that a document belongs to."""
        path = [self[cluster_id]]
        while part := path[-1].part_of(fields) or self._new_part(path[-1], fields):
            path.append(self[part])
        return path

    def _new_part(self, cluster: TemplateCluster, fields: DocumentFields) -> str | None:
        criterion = cluster.parted_by
        if criterion is None or len(cluster.parts) >= MOST_PARTS:
            return None
        return self._part(cluster, KindMark(criterion, criterion.kind_of_document(fields))).cluster_id

    def _part(self, cluster: TemplateCluster, mark: KindMark) -> TemplateCluster:
        made = TemplateCluster(part_id(cluster.cluster_id, mark), cluster.site, self.documents, mark)
        cluster.parts[mark.kind] = made.cluster_id
        self._clusters[made.cluster_id] = made
        return made

    def _found(self, nodes: Collection[str], fields: DocumentFields, site: str) -> str:
        """The cluster that a document belongs to, founded if need be."""
        shape = founding_id(fields, site)
        known = self._shapes.get(shape)
        if known is not None and self._current(known) in self._clusters:
            return self._current(known)
        self._background.add(nodes)
        found = self._most_alike(nodes, site) or self._founded(self._current(shape), site)
        self._index.post(found, nodes)
        self._shapes.put(shape, found)
        return found

    def _founded(self, cluster_id: str, site: str) -> str:
        if cluster_id not in self._clusters:
            self._clusters[cluster_id] = TemplateCluster(cluster_id, site, self.documents)
            if forgotten := self._lone.put(cluster_id):
                self._index.withdraw(forgotten)
                del self._clusters[forgotten]
        return cluster_id

    def _most_alike(self, nodes: Collection[str], site: str) -> str | None:
        """The cluster whose documents are so much like this one that it belongs to them."""
        near = [each for each in map(self.__getitem__, self._index.candidates(nodes)) if each.admits(site)]
        alike = sorted(((each.profile.likeness_to(nodes), each.cluster_id) for each in near), reverse=True)[:COMPARED]
        if alike and alike[0][0] >= SURE_LIKENESS:
            return alike[0][1]
        counts = {each: self._clusters[each].profile.counts for _, each in alike}
        proofs = [(joining(nodes, counts[each], self._background), each) for each in counts]
        return max(proofs)[1] if proofs and max(proofs)[0] > 0 else None

    def _grown(self, cluster: TemplateCluster) -> None:
        """Look at a cluster anew each time that it has doubled: the larger it is, the less one document changes."""
        size = cluster.documents
        if size == 1 or size & (size - 1):
            return
        self._lone.drop(cluster.cluster_id)
        counts = cluster.profile.counts
        posted = self._index.posted(cluster.cluster_id)
        self._index.withdraw(cluster.cluster_id, [node for node in posted if counts.get(node, 0) * FOUND_BY < size])
        if not self._merge_alike(cluster):
            self._split(cluster)

    def _merge_alike(self, cluster: TemplateCluster) -> bool:
        """Merge a cluster with the one that it turns out to be, if there is one."""
        counts = cluster.profile.counts
        nodes = [node for node, times in counts.items() if node != ROOT and times * SEARCHED_BY >= cluster.documents]
        near = [self._like_part(self[each], cluster) for each in self._index.candidates(nodes)]
        proofs = [
            (merging(counts, other.profile.counts, self._background), other.age, other)
            for other in near
            if other is not None and self._may_be_one(cluster, other)
        ]
        for proof, _, other in sorted(proofs, key=lambda found: (-found[0], found[1])):
            likeness = cluster.profile.likeness(other.profile)
            if proof > LEAST_PROOF or likeness >= SURE_LIKENESS:
                self._merge(cluster, other, f"Their fields are alike ({likeness:.2f}, proof {proof:.1f}).")
                return True
        return False

    def _like_part(self, other: TemplateCluster, cluster: TemplateCluster) -> TemplateCluster | None:
        """The part of another cluster that a cluster would belong to; None where its documents are of several."""
        while other.parted_by:
            kind = cluster.kind_by(other.parted_by)
            if kind not in other.parts:
                return None
            other = self[other.parts[kind]]
        return other

    @staticmethod
    def _may_be_one(one: TemplateCluster, other: TemplateCluster) -> bool:
        if one is other or one.parted_by or other.parted_by or not one.admits(other.site):
            return False
        return one.bears(other.mark) and other.bears(one.mark)

    def _merge(self, one: TemplateCluster, other: TemplateCluster, reason: str) -> None:
        stays, gone = sorted((one, other), key=lambda each: each.age)
        stays.absorb(gone)
        posted = list(self._index.posted(gone.cluster_id))
        self._index.withdraw(gone.cluster_id)
        if posted:
            self._index.post(stays.cluster_id, posted)
        for each in (stays, gone):
            self._lone.drop(each.cluster_id)
        del self._clusters[gone.cluster_id]
        self._merged[gone.cluster_id] = stays.cluster_id
        self._tell("merged", gone, (stays.cluster_id,), reason)

    def _split(self, cluster: TemplateCluster) -> None:
        """Part a cluster by what its sampled documents say, if that tells kinds apart; the parts begin with these."""
        documents, names = cluster.sample.documents, cluster.sample.names
        parting = parting_of(documents)
        if parting is None:
            return
        cluster.parted_by = parting.criterion
        parts = [self._part(cluster, KindMark(parting.criterion, kind)) for kind in parting.parts]
        for part, positions in zip(parts, parting.parts.values(), strict=True):
            for position in positions:
                fields = sampled_fields(documents[position])
                part.add(names[position], fields, nodes_of(fields))
        what = "What documents say in" if parting.criterion.by == "text" else "Whether documents have"
        said = f"{what} “{parting.criterion.field}” foretells which other fields they have ({parting.gain:.1f})."
        self._tell("split", cluster, tuple(part.cluster_id for part in parts), said)
        for part in parts:
            self._split(part)

    def _tell(
        self, what: Literal["merged", "split"], cluster: TemplateCluster, into: tuple[str, ...], why: str
    ) -> None:
        self.events.append(ClusterEvent(what, cluster.cluster_id, into, self.documents, why))

    def stored(self) -> dict[str, Any]:
        """As JSON data: all that is needed to go on."""
        return {
            "documents": self.documents,
            "events": self.events,
            "clusters": [cluster.stored() for cluster in self._clusters.values()],
            "merged": dict(self._merged),
            "shapes": self._shapes.stored(),
            "lone": self._lone.stored(),
            "index": self._index.stored(),
            "background": self._background.stored(),
        }

    @classmethod
    def of_stored(cls, data: Mapping[str, Any]) -> "Clusters":
        """The clusters that were stored."""
        made = cls()
        made.documents = data["documents"]
        made.events = [ClusterEvent(what, gone, tuple(into), *rest) for what, gone, into, *rest in data["events"]]
        made._clusters = {each["id"]: TemplateCluster.of_stored(each) for each in data["clusters"]}
        made._merged = dict(data["merged"])
        made._shapes = Remembered(SHAPES_REMEMBERED, data["shapes"])
        made._lone = Remembered(LONE_KEPT, data["lone"])
        made._index = FieldIndex.of_stored(data["index"])
        made._background = Background.of_stored(data["background"])
        return made
