"""The leader: one document after the other goes to the cluster that it is most like, or founds one."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from core.cluster.background import Background
from core.cluster.changes import ClusterChanges
from core.cluster.criterion import Criterion
from core.cluster.events import ClusterEvent
from core.cluster.evidence import joining, merging
from core.cluster.index import FieldIndex
from core.cluster.memberships import Memberships
from core.cluster.parting import parting_of
from core.cluster.paths import ROOT, nodes_of
from core.cluster.remembered import Remembered
from core.cluster.template_cluster import MOST_PARTS, TemplateCluster, founding_id
from core.errors import BadInput, UnknownName
from core.signature import DocumentFields

# soft Jaccard index from which on two are of one kind without further proof. From .4 to .55 saved documents of many
# kinds are told apart equally well; at .6 optional fields make kinds of their own
SURE_LIKENESS = 0.45
# clusters of a single document that are kept: a stream of documents that are all different must not fill the memory
LONE_KEPT = 5_000
# shapes of documents (sets of fields, with their site) whose cluster is remembered
SHAPES_REMEMBERED = 20_000
# nats that must speak for two clusters being one: a merge stays for good, so the proof must be strong, which is 3 by
# Kass and Raftery ("Bayes factors", 1995)
LEAST_PROOF = 3.0
# one in so many documents of a cluster must have a node by which others look for it
SEARCHED_BY = 4
# one in so many documents of a cluster must have a node, else new documents do not find the cluster by it
FOUND_BY = 50
# clusters that are compared in full with a document, of those that share something with it
COMPARED = 3


class Clusters:
    """All clusters of a collection. What documents belong to changes by nothing but events.

    An id is made of what founded the cluster: its fields and its site, or the part of another cluster that it is. So
    it does not depend on a counter, and a cluster that was forgotten comes back under its id.
    """

    def __init__(self) -> None:
        self._members = Memberships()
        self._shapes = Remembered(SHAPES_REMEMBERED)
        self._lone = Remembered(LONE_KEPT)
        self._index = FieldIndex()
        self._background = Background()

    def __len__(self) -> int:
        return len(self._members.clusters)

    def __iter__(self) -> Iterator[TemplateCluster]:
        return iter(self._members.clusters.values())

    def __getitem__(self, cluster_id: str) -> TemplateCluster:
        """The cluster that an id stands for now.

        Raises:
            UnknownName: there is none of that id, or its only document came too long ago.
        """
        found = self._members.get(cluster_id)
        if found is None:
            raise UnknownName(f"There is no cluster {cluster_id}.", "List the clusters to see which there are.")
        return found

    @property
    def documents(self) -> int:
        """How many documents were assigned."""
        return self._members.documents

    @property
    def events(self) -> list[ClusterEvent]:
        """What happened since the events were taken last."""
        return list(self._members.events)

    def take_events(self) -> list[ClusterEvent]:
        """What happened since they were taken last; they are told once."""
        taken, self._members.events = self._members.events, []
        return taken

    def assign(self, document: str, fields: DocumentFields, site: str = "") -> str:
        """Put a document, by its id, where it belongs; the answer is the id of its cluster."""
        nodes = nodes_of(fields)
        self._members.documents += 1
        path = self._members.path(self._found(nodes, fields, site), fields)
        for cluster in path:
            cluster.add(document, fields, nodes)
        self._grown(path[-1])
        return self.settled(path[0].cluster_id, fields)

    def current(self, cluster_id: str) -> str:
        """The id of the cluster that an id stands for, after what was merged since."""
        return self._members.current(cluster_id)

    def settled(self, cluster_id: str, fields: DocumentFields) -> str:
        """Where a document that was assigned to a cluster is now, after what was merged and split since."""
        return self._members.settled(cluster_id, fields)

    def settle(self, among: Collection[str] | None = None) -> None:
        """Look once more whether clusters are one, the smallest first: when documents stop coming.

        Args:
            among: the clusters that changed since they were settled last; all if None.
        """
        some = [*self] if among is None else list(filter(None, map(self._members.clusters.get, among)))
        for cluster in sorted(some, key=lambda each: (each.documents, each.age)):
            if cluster.cluster_id in self._members.clusters:
                self._merge_alike(cluster)

    def merge(self, one: str, other: str, reason: str) -> str:
        """Make two clusters one because a person says so; the answer is the id that stays.

        Raises:
            UnknownName: there is no such cluster.
            BadInput: they are one already, or one of them was split.
        """
        first, second = self[one], self[other]
        if first is second:
            raise BadInput("These are the same cluster.", "Choose two.")
        if first.parted_by or second.parted_by:
            raise BadInput("A cluster that was split cannot be merged.", "Merge its parts.")
        return self._merge(first, second, reason, by_person=True)

    def split(self, cluster: str, criterion: Criterion, reason: str) -> list[str]:
        """Part a cluster because a person says so; the answer is the ids of the parts.

        Raises:
            UnknownName: there is no such cluster.
            BadInput: it was split already, or all its documents are of one kind by this criterion.
        """
        whole = self[cluster]
        kinds = sorted({criterion.kind_of_sampled(document) for document in whole.sample.documents})
        if whole.parted_by or not 1 < len(kinds) <= MOST_PARTS:
            raise BadInput(f"“{criterion.field}” does not part this cluster.", "Choose a field that differs in it.")
        return [part.cluster_id for part in self._members.split(whole, criterion, kinds, reason)]

    def _found(self, nodes: Collection[str], fields: DocumentFields, site: str) -> str:
        """The cluster that a document belongs to, founded if need be."""
        shape = founding_id(fields, site)
        known = self._members.get(self._shapes.get(shape) or shape)
        if known is not None:
            return known.cluster_id
        self._background.add(nodes)
        found = self._most_alike(nodes, site) or self._founded(self._members.current(shape), site)
        self._index.post(found, nodes)
        self._shapes.put(shape, found)
        return found

    def _founded(self, cluster_id: str, site: str) -> str:
        self._members.found(cluster_id, site)
        self._is_lone(cluster_id)
        return cluster_id

    def _is_lone(self, cluster_id: str) -> None:
        """A cluster of a single document: of too many of these the oldest is forgotten."""
        if forgotten := self._lone.put(cluster_id):
            self._index.withdraw(forgotten)
            self._members.forget(forgotten)

    def _most_alike(self, nodes: Collection[str], site: str) -> str | None:
        """The cluster whose documents are so much like this one that it belongs to them."""
        near = [each for each in map(self.__getitem__, self._index.candidates(nodes)) if each.admits(site)]
        faces = {each.cluster_id: each.face(nodes) for each in near}
        alike = sorted(((face.likeness_to(nodes), each) for each, face in faces.items()), reverse=True)[:COMPARED]
        if alike and alike[0][0] >= SURE_LIKENESS:
            return alike[0][1]
        counts = {each: faces[each].counts for _, each in alike}
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
        parts = [self._like_part(self[each], cluster) for each in self._index.candidates(nodes)]
        near = [each for each in parts if each is not None and self._may_be_one(cluster, each)]
        sides = {each.cluster_id: each.face_like(cluster.profile) for each in near}
        alike = sorted(((cluster.profile.likeness(side), each) for each, side in sides.items()), reverse=True)
        proofs = [
            (merging(counts, sides[each].counts, self._background), likeness, each)
            for likeness, each in alike[:COMPARED]
        ]
        for proof, likeness, other in sorted(proofs, reverse=True):
            if proof > LEAST_PROOF or likeness >= SURE_LIKENESS:
                self._merge(cluster, self[other], f"Their fields are alike ({likeness:.2f}, proof {proof:.1f}).")
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

    def _merge(self, one: TemplateCluster, other: TemplateCluster, reason: str, *, by_person: bool = False) -> str:
        stays, gone = self._members.merge(one, other, reason, by_person=by_person)
        posted = list(self._index.posted(gone))
        self._index.withdraw(gone)
        if posted:
            self._index.post(stays, posted)
        for each in (stays, gone):
            self._lone.drop(each)
        return stays

    def _split(self, cluster: TemplateCluster) -> None:
        """Part a cluster by what tells the kinds of its documents apart, if it has several."""
        parting = None if cluster.faces else parting_of(cluster.sample.documents)
        if parting is None:
            return
        what = "What documents say in" if parting.criterion.by == "text" else "Whether documents have"
        said = f"{what} “{parting.criterion.field}” foretells which other fields they have ({parting.gain:.1f})."
        for part in self._members.split(cluster, parting.criterion, parting.parts, said):
            self._split(part)

    def touch(self, cluster_id: str) -> None:
        """Let a cluster be among those that changed."""
        self._members.changed.add(cluster_id)

    def take_changes(self) -> ClusterChanges:
        """All that changed since changes were taken last: what is to be kept, to go on after a restart."""
        changed, self._members.changed = self._members.changed, set()
        shapes: dict[str, list[str]] = {cluster: [] for cluster in changed}
        for shape, cluster in self._shapes:
            if cluster in shapes:
                shapes[cluster].append(shape)
        kept = {cluster: self._kept(cluster, shapes[cluster]) for cluster in sorted(changed)}
        return ClusterChanges(self.documents, kept, self._background.take_changes())

    def _kept(self, cluster: str, shapes: list[str]) -> dict[str, Any] | None:
        """A cluster with what documents find it by; None when it was forgotten."""
        data = self._members.take_changes(cluster)
        return None if data is None else data | {"shapes": shapes, "nodes": sorted(self._index.posted(cluster))}

    def restore(self, changes: ClusterChanges) -> None:
        """Take over changes that were kept, one's own or another's, in the order in which clusters were founded."""
        self._members.documents = changes.documents
        self._background.restore(changes.background)
        for cluster, data in changes.clusters.items():
            self._members.restore(cluster, data)
            self._index.withdraw(cluster)
            self._lone.drop(cluster)
            if data is not None:
                self._findable(cluster, data)

    def _findable(self, cluster: str, data: Mapping[str, Any]) -> None:
        """Let a cluster that was kept be found as before."""
        for shape in data["shapes"]:
            self._shapes.put(shape, cluster)
        if data["nodes"]:
            self._index.post(cluster, data["nodes"])
        kept = self._members.clusters.get(cluster)
        if kept is not None and kept.documents == 1 and kept.mark is None:
            self._is_lone(cluster)
