"""Clusters as they are kept and shown: what one holds, where its records are from, and what was done with it."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from pydantic import AwareDatetime

from core.model.base import Frozen


class ClusterMember(NamedTuple):
    """A record that was put into a cluster: its document, its number there, and the extracted table that it is in."""

    document_id: str
    record: int
    table: str

    @property
    def text(self) -> str:
        """The id that clusters know it by."""
        return f"{self.document_id}:{self.record}:{self.table}"

    @classmethod
    def of_text(cls, text: str) -> "ClusterMember":
        """The record of an id."""
        document_id, record, table = text.split(":", 2)
        return cls(document_id, int(record), table)


class ClusterReading(NamedTuple):
    """How many records of a reading (a table of a document, by one extractor version) are in a cluster.

    `cluster_id` is "" for a reading without records.
    """

    event_id: str
    cluster_id: str
    document_id: str
    table: str
    records: int
    at: AwareDatetime


ClusterState = Literal["open", "merged", "parted", "forgotten"]
ClusterActKind = Literal["founded", "merged", "split", "named"]


class ClusterAct(Frozen):
    """What happened to a cluster: when, by whom, and why.

    `into` is where its records are since then, `after` how many had been assigned by then, and `same` the fields of
    two merged clusters that a person said to be the same by that, as pairs: what matching may learn from.
    """

    number: int
    kind: ClusterActKind
    cluster_id: str
    into: tuple[str, ...] = ()
    at: AwareDatetime
    by: str
    why: str = ""
    after: int
    same: tuple[tuple[str, str], ...] = ()


class ClusterFacts(Frozen):
    """What lists say of a cluster, without the documents and values that are kept of it.

    `state`: only an open one takes records; `into` says where those of another went: to the cluster that it was merged
    into, or to its parts. `kind_of` is what the records of a part say in the field that parts them.
    `tables` and `sources` count records, `documents` those that they are of; `left_out` are those of its tables that
    were not looked at. `history` is that of its fields, as JSON data.
    """

    cluster_id: str
    state: ClusterState
    name: str = ""
    records: int = 0
    documents: int = 0
    into: tuple[str, ...] = ()
    kind_of: str = ""
    tables: Mapping[str, int] = {}
    sources: Mapping[str, int] = {}
    left_out: int = 0
    last_at: AwareDatetime | None = None
    history: Mapping[str, Any] = {}


class MapPoint(NamedTuple):
    """A record on the map of all clusters: like records are near each other."""

    member: ClusterMember
    cluster_id: str
    x: float
    y: float


class AuditReport(Frozen):
    """What the last audit of the clusters found, and whether another one is asked for.

    `documents` is how many records had been assigned by then, `looked_at` how many of them were compared, `agreement`
    how well HDBSCAN agrees (1: it tells the same apart). `proposals` are clusters to merge or split, with the reason.
    """

    at: AwareDatetime | None = None
    asked_at: AwareDatetime | None = None
    documents: int = 0
    looked_at: int = 0
    agreement: float = 1.0
    calm: bool = False
    proposals: tuple[tuple[str, tuple[str, ...], str], ...] = ()


class KeptCluster(NamedTuple):
    """A cluster as it is written: its facts, how documents find it, and what its fields hold, both as JSON data.

    Where `data` is None it was forgotten; where it holds no sample, or `signature` is None, those of before stay.
    """

    facts: ClusterFacts
    data: Mapping[str, Any] | None
    signature: Mapping[str, Any] | None


class KeptClusters(NamedTuple):
    """What was written since a revision: the clusters by their ids, as JSON data (None: forgotten), and named parts.

    What belongs to all clusters is kept in parts.
    """

    revision: int
    clusters: Mapping[str, Mapping[str, Any] | None]
    parts: Mapping[str, Mapping[str, Any]]


class ClusterWriting(NamedTuple):
    """What is written in one step, over what was there at a revision."""

    revision: int
    clusters: tuple[KeptCluster, ...] = ()
    parts: Mapping[str, Mapping[str, Any]] = {}
    readings: tuple[ClusterReading, ...] = ()
    acts: tuple[ClusterAct, ...] = ()
