"""The audit of all clusters, and their map: made in a process of its own, kept, and shown by everybody else."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from core.cluster import Clusters
from core.cluster.audit import LEAST_GROUP, AuditProposal, ClusterAudit, audit_points, audited
from core.cluster.plane import SampledPoint, pca_plane, vectors_of
from core.flow.cluster_book import COUNTERS, ClusterBook
from core.flow.clusterer import Clusterer
from core.model.cluster import AuditReport, ClusterMember, MapPoint
from core.ports import Clock, ClusterStore

# the parts of what is kept that hold the map and the report
MAP, AUDIT = "map", "audit"
# clusters whose calm is counted: those that a person sees
MOST_COUNTED = 500
# records from which on there is anything to compare: of fewer nobody makes two groups
LEAST_AUDITED = 2 * LEAST_GROUP


@dataclass(frozen=True)
class Auditor:
    """Makes audits, and knows when the next one is due. `calm` are the audits in a row that a stable cluster has."""

    clusterer: Clusterer
    store: ClusterStore
    clock: Clock
    seconds: float
    calm: int

    def report(self) -> AuditReport:
        """What the last audit found."""
        return AuditReport.model_validate(self.store.part(AUDIT))

    def ask(self) -> None:
        """Have an audit made as soon as whoever runs the loop sees it."""
        asked = self.report().model_copy(update={"asked_at": self.clock.now()})
        self.clusterer.change(lambda book: book.show(AUDIT, asked.model_dump(mode="json")))

    def is_due(self) -> bool:
        """Whether one was asked for, or it is time for one: records came, or some clusters have too few calm audits."""
        report, counters = self.report(), self.store.part(COUNTERS)
        if report.asked_at:
            return True
        late = report.at is None or self.clock.now() >= report.at + timedelta(seconds=self.seconds)
        quiet = counters.get("documents", 0) == counters.get("settled")
        enough = counters.get("documents", 0) >= LEAST_AUDITED
        return late and quiet and enough and (not report.calm or counters.get("documents") != report.documents)

    def audit(self) -> AuditReport:
        """Compare, draw, and keep both. It takes seconds and imports what takes as long."""
        found = self.clusterer.whole()
        points = audit_points(found)
        vectors = vectors_of(points)
        # of a record that is like no other there is nothing to say but where it is
        several = [number for number, point in enumerate(points) if found[point.cluster].documents > 1]
        audit = audited([points[number] for number in several], vectors[several])
        drawn = _drawn(points, pca_plane(vectors))
        changed = {cluster for each in audit.proposals if _is_change(each, found) for cluster in each.clusters}
        return self.clusterer.change(lambda book: self._noted(book, audit, drawn, changed))

    def _noted(self, book: ClusterBook, audit: ClusterAudit, drawn: dict[str, Any], changed: set[str]) -> AuditReport:
        several = [facts for facts in self.store.facts(limit=MOST_COUNTED) if facts.records > 1]
        calm = [self._counted(book, facts.cluster_id, changed) for facts in several]
        report = AuditReport(
            at=self.clock.now(),
            documents=book.clusters.documents,
            looked_at=audit.documents,
            agreement=audit.agreement,
            calm=all(calm),
            proposals=tuple((each.what, each.clusters, each.reason) for each in audit.proposals),
        )
        book.show(MAP, drawn)
        book.show(AUDIT, report.model_dump(mode="json"))
        return report

    def _counted(self, book: ClusterBook, cluster_id: str, changed: set[str]) -> bool:
        """Count the audit for a cluster, as far as it matters; whether it has had as many calm ones as it needs."""
        history, told = book.contents(cluster_id).history, cluster_id in changed
        if history.calm_audits < self.calm or told:
            book.audited(cluster_id, changed=told)
        # the same records are told apart in the same way once more: only new ones, or a person, can change that
        return history.calm_audits >= self.calm or told

    def points(self) -> list[MapPoint]:
        """The map, as it was drawn last."""
        found = self.store.part(MAP).get("points", ())
        return [MapPoint(ClusterMember.of_text(member), cluster, x, y) for member, cluster, x, y in found]


def _is_change(proposal: AuditProposal, found: Clusters) -> bool:
    """Whether a proposal says that clusters are not what they seem: those of two sites may be one kind all the same."""
    sites = [found[cluster].site for cluster in proposal.clusters]
    return proposal.what == "split" or len(set(sites)) < len(sites) or "" in sites


def _drawn(points: Iterable[SampledPoint], plane: Any) -> dict[str, Any]:
    """The map as JSON data; four digits are more than a screen has."""
    return {
        "points": [
            [point.document, point.cluster, round(float(x), 4), round(float(y), 4)]
            for point, (x, y) in zip(points, plane, strict=True)
        ]
    }
