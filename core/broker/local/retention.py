"""Forgets old messages of the SQLite file."""

from datetime import UTC, datetime

from core.broker.local.file import LogFile
from core.events import Stream

_OLD = """
    stream = :stream AND subject = :subject AND seq <= :upto AND at < :before
    AND seq < (SELECT max(seq) FROM messages WHERE stream = :stream AND subject = :subject)
"""


class LocalRetention:
    """Retention on the SQLite file. The room is used for new messages; the file does not shrink."""

    def __init__(self, file: LogFile) -> None:
        self._file = file

    def prune(self, stream: Stream, subject: str, before: datetime, upto: int, *, dry_run: bool) -> int:
        moment = before.astimezone(UTC).isoformat()
        values = {"stream": stream.value, "subject": subject, "upto": upto, "before": moment}
        with self._file.write() as connection:
            count = int(connection.execute(f"SELECT count(*) FROM messages WHERE {_OLD}", values).fetchone()[0])
            if count and not dry_run:
                connection.execute(f"DELETE FROM messages WHERE {_OLD}", values)
        return count
