"""Clusters: what is kept of them, and the memory of what was taken into them."""

from collections.abc import Collection, Mapping
from typing import Any, Protocol

from core.model.cluster import ClusterAct, ClusterFacts, ClusterReading, ClusterWriting, KeptCluster, KeptClusters


class ClusterStore(Protocol):
    """The clusters, of which a process takes over what others wrote since it looked last."""

    def since(self, revision: int) -> KeptClusters:
        """What was written after a revision, the oldest clusters first; all from 0 on. Parts that are shown are not in
        it.
        """

    def write(self, writing: ClusterWriting) -> int:
        """Keep all of it or nothing; the new revision.

        A forgotten cluster goes with its acts. Raises Conflict when the revision is not the last one any more.
        """

    def facts(self, cluster_ids: Collection[str] | None = None, limit: int = 500) -> list[ClusterFacts]:
        """Those of some clusters, or of the open ones with the most records; ids that are not there are left out."""

    def kept(self, cluster_id: str) -> KeptCluster: ...

    def part(self, name: str) -> Mapping[str, Any]:
        """A part that is shown; empty where there is none."""


class ClusterLog(Protocol):
    """What was taken into clusters, and what happened to these."""

    def taken(self, event_ids: Collection[str]) -> set[str]:
        """Those that were taken in."""

    def of_documents(self, document_ids: Collection[str]) -> list[ClusterReading]:
        """Where the records of documents went, by the ids under which clusters were known then, newest first."""

    def acts(self, cluster_id: str = "", limit: int = 200) -> list[ClusterAct]:
        """What happened to a cluster, or to all, newest first; merges and splits are told of all that they concern."""
