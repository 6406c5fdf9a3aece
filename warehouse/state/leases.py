"""Rights that only one may hold at a time, in the state."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, select, update

from core.model import Lease
from core.ports import Clock
from warehouse.state.database import Database, add
from warehouse.state.metadata import leases
from warehouse.state.queue import LONGEST_LEASE_SECONDS
from warehouse.state.rows import noun_of, row_of

# over by every clock: the next holder's may be behind that of the last
_OVER = datetime.fromtimestamp(0, UTC)


class SqlLeases:
    """Leases on the state database. A lease that was given back stays as a row, so that tokens only grow."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def acquire(self, name: str, owner: str, seconds: float) -> Lease | None:
        with self._database.write() as connection:
            now = self._clock.now()
            until = now + timedelta(seconds=seconds)
            first = Lease(name=name, owner=owner, token=1, until=until)
            if add(connection, leases, row_of(first)):
                return first
            held = _current(connection, name, lock=True)
            if held is None or (
                held.owner != owner and now < held.until <= now + timedelta(seconds=LONGEST_LEASE_SECONDS)
            ):
                return None
            token = held.token if held.owner == owner else held.token + 1
            ours = Lease(name=name, owner=owner, token=token, until=until)
            connection.execute(update(leases).where(leases.c.name == name).values(row_of(ours)))
            return ours

    def release(self, lease: Lease) -> None:
        ours = (leases.c.name == lease.name, leases.c.owner == lease.owner, leases.c.token == lease.token)
        with self._database.write() as connection:
            connection.execute(update(leases).where(*ours).values(until=_OVER))

    def current(self, name: str) -> Lease | None:
        with self._database.read() as connection:
            return _current(connection, name)


def _current(connection: Connection, name: str, *, lock: bool = False) -> Lease | None:
    query = select(leases).where(leases.c.name == name)
    row = connection.execute(query.with_for_update() if lock else query).first()
    return None if row is None else noun_of(Lease, row)
