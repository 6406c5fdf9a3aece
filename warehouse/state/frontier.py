"""The frontier of each source whose runs are bounded: its known addresses and their visits, in the state."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select, update

from core.model import FetchRequest, Tally, Visit, stable_id
from core.model.frontier import FIRST_REST_SECONDS, rest_after
from warehouse.state.database import IDS_A_STATEMENT, Database, add
from warehouse.state.metadata import frontier

_THERE = frontier.c.gone.is_(False)
# what of a request is kept
_KEPT = ("source_id", "url", "template", "parent_id", "page", "earlier")
_REQUEST = tuple(frontier.c[name] for name in _KEPT)
_VISITED = (
    update(frontier)
    .where(frontier.c.address_id == bindparam("the_address"))
    .values({name: bindparam(name) for name in ("visited_at", "rest_seconds", "rested_at", "gone")})
)


class SqlFrontier:
    """Frontier on the state database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def see(self, requests: Sequence[FetchRequest], at: datetime) -> set[str]:
        rows = [_row(request, at, place) for place, request in enumerate(requests)]
        if not rows:
            return set()
        with self._database.write() as connection:
            add(connection, frontier, *rows)
            known = _known(connection, [row["address_id"] for row in rows])
            back = [row.address_id for row in known if row.gone]
            for some in _chunks(back):
                connection.execute(update(frontier).where(frontier.c.address_id.in_(some)).values(gone=False))
        return {row.url for row in known if row.visited_at is None}

    def note(self, source_id: str, visits: Mapping[str, Visit], at: datetime) -> None:
        results = {_id(source_id, url): visit for url, visit in visits.items()}
        with self._database.write() as connection:
            rows = _known(connection, list(results))
            if rows:
                connection.execute(_VISITED, [_visited(row, results[row.address_id], at) for row in rows])

    def pick(self, source_id: str, limit: int, *, rested: datetime | None = None) -> list[FetchRequest]:
        of_source = select(*_REQUEST).where(frontier.c.source_id == source_id, _THERE)
        unread = of_source.where(frontier.c.visited_at.is_(None)).order_by(frontier.c.seen_at, frontier.c.place)
        with self._database.read() as connection:
            found = list(connection.execute(unread.limit(limit)))
            if rested is not None and len(found) < limit:
                before = of_source.where(frontier.c.visited_at < rested)
                before = before.order_by(frontier.c.rested_at, frontier.c.address_id)
                found += connection.execute(before.limit(limit - len(found)))
        return [FetchRequest(**row._mapping, recalled=True) for row in found]

    def tally(self, source_id: str) -> Tally:
        counts = select(func.count(), func.count(frontier.c.visited_at)).select_from(frontier)
        with self._database.read() as connection:
            known, visited = connection.execute(counts.where(frontier.c.source_id == source_id, _THERE)).one()
        return Tally(known, known - visited)

    def exceeds(self, source_id: str, number: int) -> bool:
        beyond = select(frontier.c.address_id).where(frontier.c.source_id == source_id, _THERE).offset(number).limit(1)
        with self._database.read() as connection:
            return connection.execute(beyond).first() is not None


def _id(source_id: str, url: str) -> str:
    return stable_id("address", source_id, url)


def _row(request: FetchRequest, at: datetime, place: int) -> dict[str, Any]:
    return {
        "address_id": _id(request.source_id, request.url),
        **{name: getattr(request, name) for name in _KEPT},
        "seen_at": at,
        "place": place,
        "visited_at": None,
        "rest_seconds": FIRST_REST_SECONDS,
        "rested_at": None,
        "gone": False,
    }


def _visited(row: Row[Any], visit: Visit, at: datetime) -> dict[str, Any]:
    rest = rest_after(row.rest_seconds, visit)
    return {
        "the_address": row.address_id,
        "visited_at": at,
        "rest_seconds": rest,
        "rested_at": at + timedelta(seconds=rest),
        "gone": visit is Visit.GONE,
    }


def _known(connection: Connection, ids: Sequence[str]) -> list[Row[Any]]:
    return [
        row
        for some in _chunks(ids)
        for row in connection.execute(select(frontier).where(frontier.c.address_id.in_(some)))
    ]


def _chunks(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + IDS_A_STATEMENT] for start in range(0, len(ids), IDS_A_STATEMENT))
