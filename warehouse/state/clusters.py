"""Clusters in the state: written where they changed, read where they changed since.

What is kept of all clusters together lies in parts. The part REVISION counts writings: who writes over another one's
is refused.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from core.errors import Conflict, UnknownName
from core.model.cluster import ClusterAct, ClusterFacts, ClusterReading, ClusterWriting, KeptCluster, KeptClusters
from warehouse.state.database import IDS_A_STATEMENT, Database, add, upsert
from warehouse.state.metadata import cluster_acts, cluster_parts, cluster_readings, clusters

REVISION = "revision"
SAMPLE = "sample"
# what these parts hold is looked at, and no clustering needs it
SHOWN = ("map", "audit", "families")
NO_CLUSTER = "There is no cluster {}."
LIST_THEM = "See those there are: python -m jobs clusters"


class SqlClusterStore:
    """ClusterStore on the state database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def since(self, revision: int) -> KeptClusters:
        rows = select(clusters.c.cluster_id, clusters.c.data, clusters.c.sample).where(clusters.c.revision > revision)
        parts = select(cluster_parts.c.name, cluster_parts.c.data).where(
            cluster_parts.c.revision > revision, cluster_parts.c.shown.is_(False), cluster_parts.c.name != REVISION
        )
        with self._database.read() as connection:
            last = _revision(connection)
            if last <= revision:
                return KeptClusters(last, {}, {})
            found = connection.execute(rows.order_by(clusters.c.founded, clusters.c.cluster_id)).all()
            named = connection.execute(parts).all()
        kept = {row.cluster_id: _joined(row.data, row.sample) for row in found}
        return KeptClusters(last, kept, {row.name: row.data for row in named})

    def write(self, writing: ClusterWriting) -> int:
        revision = writing.revision + 1
        with self._database.write(receipt=True) as connection:
            _count(connection, writing.revision)
            for name, data in writing.parts.items():
                upsert(connection, cluster_parts, _part(name, revision, data))
            for kept in writing.clusters:
                _keep(connection, kept, revision)
            if readings := [_reading(each) for each in writing.readings]:
                add(connection, cluster_readings, *readings)
            if acts := [row for act in writing.acts for row in _told(act)]:
                add(connection, cluster_acts, *acts)
        return revision

    def facts(self, cluster_ids: Collection[str] | None = None, limit: int = 500) -> list[ClusterFacts]:
        query = select(clusters.c.facts).order_by(clusters.c.records.desc(), clusters.c.founded, clusters.c.cluster_id)
        if cluster_ids is None:
            queries = [query.where(clusters.c.state == "open").limit(limit)]
        else:
            held = query.where(clusters.c.state != "forgotten")
            queries = [held.where(clusters.c.cluster_id.in_(some)) for some in _piles(cluster_ids)]
        with self._database.read() as connection:
            found = [each for one in queries for each in connection.execute(one).scalars()]
        return [ClusterFacts.model_validate(each) for each in found]

    def kept(self, cluster_id: str) -> KeptCluster:
        with self._database.read() as connection:
            row = connection.execute(select(clusters).where(clusters.c.cluster_id == cluster_id)).first()
        if row is None or row.state == "forgotten":
            raise UnknownName(NO_CLUSTER.format(cluster_id), LIST_THEM)
        return KeptCluster(ClusterFacts.model_validate(row.facts), _joined(row.data, row.sample), row.signature or {})

    def part(self, name: str) -> Mapping[str, Any]:
        query = select(cluster_parts.c.data).where(cluster_parts.c.name == name)
        with self._database.read() as connection:
            return connection.execute(query).scalar() or {}


class SqlClusterLog:
    """ClusterLog on the state database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def taken(self, event_ids: Collection[str]) -> set[str]:
        found = set[str]()
        with self._database.read() as connection:
            for ids in _piles(event_ids):
                some = cluster_readings.c.event_id.in_(ids)
                found.update(connection.execute(select(cluster_readings.c.event_id).where(some)).scalars())
        return found

    def of_documents(self, document_ids: Collection[str]) -> list[ClusterReading]:
        order = cluster_readings.c.at.desc(), cluster_readings.c.event_id, cluster_readings.c.cluster_id
        found = list[ClusterReading]()
        with self._database.read() as connection:
            for ids in _piles(document_ids):
                query = select(cluster_readings).where(cluster_readings.c.document_id.in_(ids)).order_by(*order)
                found += [_noun(row) for row in connection.execute(query).all()]
        return found

    def acts(self, cluster_id: str = "", limit: int = 200) -> list[ClusterAct]:
        query = select(cluster_acts.c.number, cluster_acts.c.act).order_by(cluster_acts.c.number.desc())
        query = query.where(cluster_acts.c.cluster_id == cluster_id) if cluster_id else query.limit(2 * limit)
        with self._database.read() as connection:
            found = {row.number: row.act for row in connection.execute(query).all()}
        return [ClusterAct.model_validate(act) for act in list(found.values())[:limit]]


def _piles(ids: Collection[str]) -> Iterator[list[str]]:
    """As many ids as one statement is given."""
    listed = list(ids)
    for start in range(0, len(listed), IDS_A_STATEMENT):
        yield listed[start : start + IDS_A_STATEMENT]


def _revision(connection: Connection) -> int:
    query = select(cluster_parts.c.revision).where(cluster_parts.c.name == REVISION)
    return int(connection.execute(query).scalar() or 0)


def _count(connection: Connection, last: int) -> None:
    """Write the next revision over the last one.

    Raises:
        Conflict: somebody else wrote meanwhile.
    """
    ours = (cluster_parts.c.name == REVISION, cluster_parts.c.revision == last)
    done = connection.execute(update(cluster_parts).where(*ours).values(revision=last + 1)).rowcount
    if not done and (last or not add(connection, cluster_parts, _part(REVISION, 1, {}))):
        raise Conflict("The clusters were changed by another process meanwhile.", "Try again.")


def _part(name: str, revision: int, data: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": name, "revision": revision, "shown": name in SHOWN, "data": dict(data)}


def _keep(connection: Connection, kept: KeptCluster, revision: int) -> None:
    facts = kept.facts
    row = {
        "cluster_id": facts.cluster_id,
        "revision": revision,
        "state": facts.state,
        "records": facts.records,
        "founded": (kept.data or {}).get("founded", 0),
        "facts": facts.model_dump(mode="json"),
        "data": kept.data and {name: part for name, part in kept.data.items() if name != SAMPLE},
    }
    if kept.data is None or SAMPLE in kept.data:
        row[SAMPLE] = kept.data and kept.data[SAMPLE]
    if kept.data is None or kept.signature is not None:
        row["signature"] = kept.signature
    upsert(connection, clusters, row)
    if kept.data is None:
        connection.execute(delete(cluster_acts).where(cluster_acts.c.cluster_id == facts.cluster_id))


def _joined(data: dict[str, Any] | None, sample: Any) -> dict[str, Any] | None:
    """The data of a cluster with its sample, which has a column of its own: it is large, and seldom changes."""
    return data if data is None or sample is None else {**data, SAMPLE: sample}


def _told(act: ClusterAct) -> Iterator[dict[str, Any]]:
    """An act for each cluster that it concerns."""
    for cluster_id in dict.fromkeys((act.cluster_id, *act.into)):
        yield {
            "number": act.number,
            "cluster_id": cluster_id,
            "at": act.at,
            "act": act.model_dump(mode="json"),
        }


def _reading(reading: ClusterReading) -> dict[str, Any]:
    row = reading._asdict()
    return row | {"table_name": row.pop("table")}


def _noun(row: Row[Any]) -> ClusterReading:
    return ClusterReading(row.event_id, row.cluster_id, row.document_id, row.table_name, row.records, row.at)
