"""Clusters: kinds of records that came together by themselves, for a person to name, merge, split, and propose."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.cluster import FamilySuggestion, confirmed_lines, families_of, suggestions
from core.cluster.criterion import HAS, LACKS, Criterion
from core.cluster.families import same_fields
from core.cluster.stability import StabilityThresholds
from core.errors import BadInput
from core.events import Event
from core.flow.cluster_book import ClusterBook, Told
from core.flow.cluster_facts import kept_contents
from core.flow.clusterer import Clusterer
from core.model.cluster import AuditReport, ClusterAct, ClusterFacts, ClusterReading, MapPoint
from core.model.schema import SchemaReview
from core.pipeline.cluster_audit import Auditor
from core.pipeline.cluster_views import ClusterDetail, ClusterView, cluster_view, detail_of, distinct_labels, label_of
from core.pipeline.schemas import Schemas
from core.ports import Clock, ClusterLog, ClusterStore
from core.settings import Settings

# clusters that are listed and compared, those with the most records: nobody looks through more
MOST_LISTED = 500
# letters of a name that a person gives
LONGEST_CLUSTER_NAME = 80
# clusters that suggestions are looked for among: signatures of some dozens of values a field are read for it
MOST_COMPARED = 200
# seconds without new records after which clusters are settled
QUIET_SECONDS = 3.0


@dataclass(frozen=True)
class Clustering:
    """Clusters of extracted records."""

    _clusterer: Clusterer
    _store: ClusterStore
    _log: ClusterLog
    _schemas: Schemas
    _auditor: Auditor
    _clock: Clock
    _settings: Settings

    # ---- taking in ----------------------------------------------------------------------------------------------
    def take(self, events: Sequence[Event]) -> None:
        """Rows were extracted: put some of them into clusters."""
        self._clusterer.take(events)

    def is_free(self) -> bool:
        """Whether records could be taken in at once, since nobody else is writing."""
        return self._clusterer.is_free

    def settle(self, *, at_once: bool = False) -> None:
        """Look once more whether clusters are one, when records stop coming."""
        self._clusterer.settle(0.0 if at_once else QUIET_SECONDS)

    # ---- looking ------------------------------------------------------------------------------------------------
    def all(self) -> list[ClusterView]:
        """The clusters that take records, those with the most first."""
        found = self._store.facts(limit=MOST_LISTED)
        thresholds, schemas, labels = self.thresholds(), self._schemas_of_tables(), distinct_labels(found)
        return [cluster_view(each, labels[each.cluster_id], thresholds, schemas) for each in found]

    def ready(self) -> list[ClusterView]:
        """The stable clusters of which no table is proposed yet."""
        return [view for view in self.all() if view.stability.stable and not view.schema]

    def one(self, cluster_id: str) -> ClusterDetail:
        """Everything about a cluster, also about one that was merged or split.

        Raises:
            UnknownName: there is none of that id.
        """
        kept, listed = self._store.kept(cluster_id), self._store.facts(limit=MOST_LISTED)
        label = distinct_labels(listed).get(cluster_id) or label_of(kept.facts)
        view = cluster_view(kept.facts, label, self.thresholds(), self._schemas_of_tables())
        return detail_of(view, kept, listed, self._log.acts(cluster_id))

    def of_document(self, document_id: str) -> list[ClusterReading]:
        """Where the records of a document are now, the newest reading first."""
        found = [reading for reading in self._log.of_documents([document_id]) if reading.cluster_id]
        return [reading._replace(cluster_id=self.current(reading.cluster_id).cluster_id) for reading in found]

    def current(self, cluster_id: str) -> ClusterFacts:
        """The cluster that an id stands for, after what was merged since."""
        facts = self._store.kept(cluster_id).facts
        return self.current(facts.into[0]) if facts.state == "merged" else facts

    def history(self) -> list[ClusterAct]:
        """What happened to all clusters, newest first."""
        return self._log.acts()

    def thresholds(self) -> StabilityThresholds:
        """What must hold for a cluster to be stable."""
        settings = self._settings
        return StabilityThresholds(
            documents=settings.stable_records,
            novelty=settings.stable_novelty,
            calm_documents=settings.stable_calm_records,
            calm_audits=settings.stable_calm_audits,
        )

    def _schemas_of_tables(self) -> dict[str, str]:
        """The tables that are proposed or approved, by the extracted tables that they are filled from."""
        proposed = {
            label.site: review.schema_name
            for review in self._schemas.reviews()
            for field in review.main.fields
            for label in field.sources
        }
        return proposed | {table: one.schema_name for one in self._schemas.versions() for table in one.sources}

    # ---- what a person does -------------------------------------------------------------------------------------
    def name(self, cluster_id: str, name: str, by: str) -> None:
        """Call a cluster by a name; "" takes it away.

        Raises:
            BadInput: the name is too long, or the cluster takes no records any more.
        """
        called = " ".join(name.split())
        if len(called) > LONGEST_CLUSTER_NAME:
            raise BadInput(f"A name has at most {LONGEST_CLUSTER_NAME} letters.", "Take a shorter one.")
        self._open(cluster_id)

        def change(book: ClusterBook) -> None:
            book.contents(cluster_id, change=True).name = called
            book.tell("named", cluster_id, self._told(by), why=f"It is called “{called}”." if called else "No name.")

        self._clusterer.change(change)

    def merge(self, one: str, other: str, by: str, why: str = "") -> str:
        """Two clusters hold one kind of record; the answer is the id that stays, which is the older one.

        Raises:
            UnknownName: there is no such cluster.
            BadInput: they are one already, or one of them was split.
        """
        left, right = (self._store.kept(each) for each in (one, other))
        same = same_fields(kept_contents(left).signature, kept_contents(right).signature)
        reason = why or f"{label_of(left.facts)} and {label_of(right.facts)} are of one kind."

        def change(book: ClusterBook) -> str:
            stays = book.clusters.merge(one, other, reason)
            book.follow(book.clusters.take_events(), self._told(by), [(pair.left, pair.right) for pair in same])
            return stays

        return self._clusterer.change(change)

    def split(self, cluster_id: str, criterion: Criterion, by: str, why: str = "") -> list[str]:
        """A cluster holds several kinds, told apart by what its records say in a field; the answer is their ids.

        Raises:
            UnknownName: there is no such cluster.
            BadInput: it was split already, or all its records are of one kind by this field.
        """

        def change(book: ClusterBook) -> list[str]:
            parts = book.clusters.split(cluster_id, criterion, why or f"“{criterion.field}” tells kinds apart.")
            book.follow(book.clusters.take_events(), self._told(by))
            return parts

        return self._clusterer.change(change)

    def propose(self, cluster_ids: Sequence[str], name: str, by: str, why: str = "") -> SchemaReview:
        """A typed table for the rows of the extracted tables that records of clusters are in.

        Raises:
            BadInput: no cluster is named, or what is named cannot be a table.
            UnknownName: there is no such cluster.
        """
        found = [self._open(cluster_id) for cluster_id in cluster_ids]
        tables = sorted({table for facts in found for table in facts.tables})
        if not tables:
            raise BadInput("There is no cluster to propose a table of.", "Name one or some.")
        said = ", ".join(map(label_of, found))
        return self._schemas.propose(tables, name or label_of(found[0]), by, why or f"of the clusters {said}")

    def _open(self, cluster_id: str) -> ClusterFacts:
        """A cluster that takes records."""
        facts = self._store.kept(cluster_id).facts
        if facts.state != "open":
            raise BadInput(f"The cluster {cluster_id} was {facts.state}.", f"Take {', '.join(facts.into)}.")
        return facts

    def _told(self, by: str) -> Told:
        return Told(by, self._clock.now())

    # ---- the audit and the map ----------------------------------------------------------------------------------
    def audit(self) -> AuditReport:
        """Compare all clusters with what HDBSCAN makes of them, and draw their map.

        It takes seconds, and so does the import of what it needs: for a process of its own.
        """
        return self._auditor.audit()

    def ask_for_audit(self) -> None:
        """Have an audit made by whoever runs the loop, as soon as they see it."""
        self._auditor.ask()

    def is_audit_due(self) -> bool:
        """Whether it is time for an audit, or one was asked for."""
        return self._auditor.is_due()

    def report(self) -> AuditReport:
        """What the last audit found."""
        return self._auditor.report()

    def map(self) -> list[MapPoint]:
        """Records as points, each with the cluster that it is in now, as they were drawn at the last audit."""
        points = self._auditor.points()
        known = {facts.cluster_id: facts for facts in self._store.facts({point.cluster_id for point in points})}
        now = {name: self.current(name).cluster_id if facts.into else name for name, facts in known.items()}
        return [point._replace(cluster_id=now[point.cluster_id]) for point in points if point.cluster_id in now]

    # ---- the same kind on several sites -------------------------------------------------------------------------
    def suggestions(self) -> list[FamilySuggestion]:
        """Pairs of clusters of several sources that may hold one kind of thing, the most likely first.

        Takes a second or some where there are many.
        """
        found = [each for each in self._store.facts(limit=MOST_COMPARED) if each.records > 1]
        signatures = {each.cluster_id: kept_contents(self._store.kept(each.cluster_id)).signature for each in found}
        homes = {each.cluster_id: next(iter(each.sources), "") for each in found if len(each.sources) == 1}
        return suggestions(signatures, homes)

    def families(self, suggested: Sequence[FamilySuggestion]) -> list[list[str]]:
        """The clusters of suggestions in groups that may be of one kind."""
        return families_of({each for pair in suggested for each in (pair.left, pair.right)}, suggested)

    def confirmed(self) -> str:
        """What persons said by merging clusters: JSON lines of fields that are the same, which matching can use."""
        pairs = dict.fromkeys(pair for act in self._log.acts(limit=10_000) for pair in act.same)
        return confirmed_lines(pairs)


def criterion_of(field: str, by: str) -> Criterion:
    """By what a cluster is split, as a person says it.

    Raises:
        BadInput: no field is named, or it is not said whether its text or its presence counts.
    """
    if not field or by not in ("text", "presence"):
        raise BadInput("It is not said by what to split.", f"Name a field, and “text” or “presence” ({HAS}, {LACKS}).")
    return Criterion(field, "text" if by == "text" else "presence")
