"""What is watched over runs, and incidents, in the state."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, select

from core.errors import UnknownName
from core.model.incident import Incident, IncidentState, Watched
from warehouse.state.database import IDS_A_STATEMENT, Database, upsert
from warehouse.state.metadata import incidents as kept
from warehouse.state.metadata import watched as baselines


class SqlIncidentStore:
    """IncidentStore on the state database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def watched(self, tables: Collection[str]) -> list[Watched]:
        names, found = list(tables), list[Any]()
        with self._database.read() as connection:
            for start in range(0, len(names), IDS_A_STATEMENT):
                some = baselines.c.table_name.in_(names[start : start + IDS_A_STATEMENT])
                found += connection.execute(select(baselines.c.watched).where(some)).scalars().all()
        return [Watched.model_validate(one) for one in found]

    def save(self, watched: Sequence[Watched] = (), incidents: Sequence[Incident] = ()) -> None:
        with self._database.write(receipt=True) as connection:
            for one in watched:
                row = {"table_name": one.table, "kind": one.kind, "watched": one.model_dump(mode="json")}
                upsert(connection, baselines, row)
            for incident in incidents:
                values = {
                    "incident_id": incident.incident_id,
                    "state": incident.state.value,
                    "at": incident.begun_at,
                    "untold": sum(not notice.is_done for notice in incident.notices),
                    "incident": incident.model_dump(mode="json"),
                }
                upsert(connection, kept, values)

    def incident(self, incident_id: str) -> Incident:
        found = self._find(kept.c.incident_id == incident_id, limit=1)
        if not found:
            raise UnknownName(f"There is no incident {incident_id}.", "See those there are: python -m jobs alerts")
        return found[0]

    def incidents(self, states: Collection[IncidentState] = (), limit: int = 50) -> list[Incident]:
        conditions = [kept.c.state.in_([state.value for state in states])] if states else []
        return self._find(*conditions, limit=limit)

    def untold(self, limit: int) -> list[Incident]:
        return self._find(kept.c.untold > 0, limit=limit, newest=False)

    def _find(self, *conditions: ColumnElement[bool], limit: int, newest: bool = True) -> list[Incident]:
        order = kept.c.at.desc() if newest else kept.c.at
        query = select(kept.c.incident).where(*conditions).order_by(order, kept.c.incident_id).limit(limit)
        with self._database.read() as connection:
            return [Incident.model_validate(one) for one in connection.execute(query).scalars()]
