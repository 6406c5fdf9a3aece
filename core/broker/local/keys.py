"""Keys and values in the SQLite file."""

from core.broker.local.file import LogFile
from core.errors import Conflict
from core.events import KeyEntry

_SET = """
    INSERT INTO keys VALUES (?, ?, ?, ?)
    ON CONFLICT (bucket, key) DO UPDATE SET revision = excluded.revision, value = excluded.value
"""


class LocalKeys:
    """KeyValue on the SQLite file. Revisions grow over all keys, so that one that was deleted never comes back."""

    def __init__(self, file: LogFile) -> None:
        self._file = file

    def get(self, bucket: str, key: str) -> KeyEntry | None:
        with self._file.read() as connection:
            row = connection.execute(
                "SELECT value, revision FROM keys WHERE bucket = ? AND key = ?", [bucket, key]
            ).fetchone()
        return KeyEntry(*row) if row else None

    def put(self, bucket: str, key: str, value: bytes, *, revision: int | None = None) -> int:
        with self._file.write() as connection:
            row = connection.execute("SELECT revision FROM keys WHERE bucket = ? AND key = ?", [bucket, key]).fetchone()
            present = row[0] if row else 0
            if revision is not None and revision != present:
                raise Conflict(f"{bucket}/{key} is at revision {present}, not {revision}.", "Read it again.")
            new = connection.execute("UPDATE log SET revision = revision + 1 RETURNING revision").fetchone()[0]
            connection.execute(_SET, [bucket, key, new, value])
            return int(new)

    def delete(self, bucket: str, key: str) -> None:
        with self._file.write() as connection:
            connection.execute("DELETE FROM keys WHERE bucket = ? AND key = ?", [bucket, key])

    def keys(self, bucket: str) -> list[str]:
        with self._file.read() as connection:
            rows = connection.execute("SELECT key FROM keys WHERE bucket = ? ORDER BY key", [bucket])
            return [key for (key,) in rows]
