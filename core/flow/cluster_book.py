"""The clusters as one process knows them: brought up to date, records put in, and what is to be written of it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, NamedTuple

from core.cluster import ClusterEvent, Clusters
from core.cluster.changes import ClusterChanges
from core.cluster.contents import ClusterContents
from core.cluster.template_cluster import TemplateCluster, sampled_fields
from core.errors import UnknownName
from core.events import RowsExtracted
from core.flow.cluster_facts import cluster_facts, kept_contents
from core.flow.cluster_records import chosen_records
from core.model.cluster import (
    ClusterAct,
    ClusterActKind,
    ClusterFacts,
    ClusterMember,
    ClusterReading,
    ClusterWriting,
    KeptCluster,
)
from core.ports import ClusterStore
from core.signature import DocumentFields

# clusters whose contents are held between two writings: those that documents come to
CONTENTS_HELD = 100
# the part of what is kept that holds counters, and the beginning of the names of those with the background
COUNTERS, BACKGROUND = "counters", "background:"
# who acts where no person does
PIPELINE = "the pipeline"


class Told(NamedTuple):
    """By whom and when what happens is told."""

    by: str
    at: datetime


class ClusterBook:
    """What one process knows. Whoever fails half-way throws it away and opens another one."""

    def __init__(self, store: ClusterStore) -> None:
        self.clusters = Clusters()
        # clusters that were changed since they were settled last
        self.unsettled: set[str] = set()
        self._store = store
        self._revision = 0
        self._tables: Counter[str] = Counter()
        self._acts = 0
        self._settled = 0
        self._written: dict[str, Any] = {}
        self._contents: dict[str, ClusterContents] = {}
        self._counted: set[str] = set()
        # documents and the clusters that these have records in, as far as they are at hand just now
        self._origins: set[tuple[str, str]] = set()
        self._readings: list[ClusterReading] = []
        self._told: list[ClusterAct] = []
        self._parts: dict[str, Mapping[str, Any]] = {}

    def refresh(self) -> None:
        """Take over what other processes wrote."""
        kept = self._store.since(self._revision)
        if kept.revision == self._revision:
            return
        first, self._revision = not self._revision, kept.revision
        counters = kept.parts.get(COUNTERS, {})
        self._tables, self._acts = Counter(counters.get("tables")), counters.get("acts", self._acts)
        self._settled = counters.get("settled", self._settled)
        self._written = dict(counters)
        background = {
            int(name.removeprefix(BACKGROUND)): {str(node): int(times) for node, times in counts.items()}
            for name, counts in kept.parts.items()
            if name.startswith(BACKGROUND)
        }
        documents = counters.get("documents", self.clusters.documents)
        self.clusters.restore(ClusterChanges(documents, kept.clusters, background))
        for cluster_id in kept.clusters:
            self._contents.pop(cluster_id, None)
        if first and self._settled < documents:
            self.unsettled.update(cluster.cluster_id for cluster in self.clusters)

    # ---- records ------------------------------------------------------------------------------------------------
    def remember(self, readings: Iterable[ClusterReading]) -> None:
        """Documents of which some records were taken in before: they count once in a cluster."""
        self._origins.update((reading.document_id, self.clusters.current(reading.cluster_id)) for reading in readings)

    def take(self, rows: RowsExtracted) -> None:
        """Put some records of a reading into clusters."""
        chosen = chosen_records(rows, self._tables[rows.subject])
        members = {member: fields for member, fields in chosen.items() if fields}
        self._tables[rows.subject] += len(members)
        put = [self._put(member, fields, rows) for member, fields in members.items()]
        where = Counter(self.clusters.settled(cluster, fields) for cluster, fields in put)
        for cluster_id, records in where.items() or {"": 0}.items():
            reading = (rows.event_id, cluster_id, rows.document_id, rows.subject, records, rows.at)
            self._readings.append(ClusterReading(*reading))
            self._count(rows.document_id, cluster_id)
        if where:
            self._noted(where.most_common(1)[0][0]).left_out += len(rows.rows) - len(chosen)

    def _count(self, document_id: str, cluster_id: str) -> None:
        if cluster_id and (document_id, cluster_id) not in self._origins:
            self._origins.add((document_id, cluster_id))
            self._noted(cluster_id).origins += 1

    def _put(self, member: ClusterMember, fields: DocumentFields, rows: RowsExtracted) -> tuple[str, DocumentFields]:
        cluster_id = self.clusters.assign(member.text, fields, rows.source_id)
        self.unsettled.add(cluster_id)
        events = self.clusters.take_events()
        self.follow(events, Told(PIPELINE, rows.at))
        parts = [part for event in events if event.what == "split" for part in event.into]
        if not any(member.text in self.clusters[part].sample.names for part in parts):
            self._add(cluster_id, fields, member.table, rows)
        return cluster_id, fields

    def _add(self, cluster_id: str, fields: DocumentFields, table: str, rows: RowsExtracted) -> None:
        contents = self.contents(cluster_id)
        if contents.add(fields, table, rows.source_id):
            self._counted.add(cluster_id)
        contents.last_at = max(rows.at, contents.last_at or rows.at)
        if contents.history.documents == 1:
            mark = self.clusters[cluster_id].mark
            why = f"A record is another kind, {mark.sentence}." if mark else f"A record of {table} was like no other."
            self.tell("founded", cluster_id, Told(PIPELINE, rows.at), why=why)

    # ---- what happens to clusters -------------------------------------------------------------------------------
    def follow(self, events: Iterable[ClusterEvent], told: Told, same: Sequence[tuple[str, str]] = ()) -> None:
        """Clusters were merged or split: so are their contents; and it is told."""
        for event in events:
            if event.what == "merged":
                self.contents(event.into[0], change=True).merge(self.contents(event.cluster, change=True))
            else:
                for part in event.into:
                    self._part(self.clusters[part], told.at)
            self.tell(event.what, event.cluster, told, event.into, event.reason, same)

    def _part(self, part: TemplateCluster, at: datetime) -> None:
        """What a part of a cluster holds: its sampled records, as far as these are kept."""
        self._contents[part.cluster_id] = ClusterContents()
        contents = self.contents(part.cluster_id, change=True)
        contents.last_at = at
        members = {ClusterMember.of_text(name).document_id for name in part.sample.names}
        contents.origins = len(members)
        self._origins.update((document_id, part.cluster_id) for document_id in members)
        for name, document in zip(part.sample.names, part.sample.documents, strict=True):
            table = ClusterMember.of_text(name).table
            contents.add(sampled_fields(document), table, part.site)

    def tell(
        self,
        kind: ClusterActKind,
        cluster_id: str,
        told: Told,
        into: tuple[str, ...] = (),
        why: str = "",
        same: Sequence[tuple[str, str]] = (),
    ) -> None:
        """Something happened to a cluster."""
        self._acts += 1
        act = ClusterAct(
            number=self._acts,
            kind=kind,
            cluster_id=cluster_id,
            into=into,
            at=told.at,
            by=told.by,
            why=why,
            after=self.clusters.documents,
            same=tuple(same),
        )
        self._told.append(act)

    def contents(self, cluster_id: str, *, change: bool = False) -> ClusterContents:
        """What is in a cluster; with `change`, it is written anew."""
        if change:
            self.clusters.touch(cluster_id)
            self._counted.add(cluster_id)
        if cluster_id not in self._contents:
            self._contents[cluster_id] = ClusterContents()
            with suppress(UnknownName):
                self._contents[cluster_id] = kept_contents(self._store.kept(cluster_id))
        return self._contents[cluster_id]

    def audited(self, cluster_id: str, *, changed: bool) -> None:
        """An audit was made."""
        self._noted(cluster_id).history.audited(changed=changed)

    def _noted(self, cluster_id: str) -> ClusterContents:
        """What is in a cluster, to be changed in what its signature does not tell, which is large and stays written."""
        self.clusters.touch(cluster_id)
        return self.contents(cluster_id)

    def show(self, part: str, data: Mapping[str, Any]) -> None:
        """Keep something that is shown of all clusters."""
        self._parts[part] = data

    def settle(self) -> None:
        """Look once more at the clusters that changed: when records stop coming."""
        among, self.unsettled = self.unsettled, set()
        self.clusters.settle(among)
        self._settled = self.clusters.documents

    # ---- writing ------------------------------------------------------------------------------------------------
    def write(self) -> None:
        """Keep what changed.

        Raises:
            Conflict: another process wrote meanwhile.
        """
        changes = self.clusters.take_changes()
        clusters = tuple(self._kept(cluster_id, data) for cluster_id, data in changes.clusters.items())
        parts = {f"{BACKGROUND}{number}": dict(counts) for number, counts in changes.background.items()}
        writing = ClusterWriting(
            self._revision,
            clusters,
            self._parts | parts | {COUNTERS: self._counters()},
            tuple(self._readings),
            tuple(self._told),
        )
        if len(writing.parts) > 1 or clusters or self._readings or self._told or self._counters() != self._written:
            self._revision = self._store.write(writing)
        self._written = self._counters()
        self._readings, self._told, self._parts, self._counted = [], [], {}, set()
        self._origins.clear()
        for cluster_id in list(self._contents)[:-CONTENTS_HELD]:
            del self._contents[cluster_id]

    def _counters(self) -> dict[str, Any]:
        return {
            "documents": self.clusters.documents,
            "settled": self._settled,
            "acts": self._acts,
            "tables": dict(self._tables),
        }

    def _kept(self, cluster_id: str, data: Mapping[str, Any] | None) -> KeptCluster:
        if data is None:
            self._contents.pop(cluster_id, None)
            return KeptCluster(ClusterFacts(cluster_id=cluster_id, state="forgotten"), None, None)
        contents = self.contents(cluster_id)
        signature = contents.signature.stored() if cluster_id in self._counted else None
        return KeptCluster(cluster_facts(cluster_id, self.clusters[cluster_id], contents), data, signature)
