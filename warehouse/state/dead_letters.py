"""Messages that a group gave up on, in the state."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select

from core.errors import UnknownName
from core.events import DeadLetter, Message, Stream
from warehouse.state.database import Database, add
from warehouse.state.metadata import dead_letters


class SqlDeadLetters:
    """DeadLetters on the state database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, letter: DeadLetter) -> bool:
        with self._database.write(receipt=True) as connection:
            return add(connection, dead_letters, _row(letter)) > 0

    def get(self, letter_id: str) -> DeadLetter:
        with self._database.read() as connection:
            row = connection.execute(select(dead_letters).where(dead_letters.c.letter_id == letter_id)).first()
        if row is None:
            raise UnknownName(f"There is no dead letter {letter_id}.", "List them to see their ids.")
        return _letter(row)

    def find(self, stream: Stream | None = None, limit: int = 100) -> list[DeadLetter]:
        query = select(dead_letters).order_by(dead_letters.c.at.desc(), dead_letters.c.letter_id).limit(limit)
        if stream is not None:
            query = query.where(dead_letters.c.stream == stream.value)
        with self._database.read() as connection:
            return [_letter(row) for row in connection.execute(query)]

    def remove(self, letter_id: str) -> None:
        with self._database.write() as connection:
            connection.execute(delete(dead_letters).where(dead_letters.c.letter_id == letter_id))


def _row(letter: DeadLetter) -> dict[str, Any]:
    message = letter.message._asdict() | {"at": letter.message.at.isoformat()}
    return {
        "letter_id": letter.letter_id,
        "stream": letter.message.stream.value,
        "group_name": letter.group,
        "attempts": letter.attempts,
        "error": letter.error,
        "at": letter.at,
        "message": message,
    }


def _letter(row: Row[Any]) -> DeadLetter:
    kept = dict(row.message)
    message = Message(**kept | {"stream": Stream(kept["stream"]), "at": datetime.fromisoformat(kept["at"])})
    return DeadLetter(row.letter_id, message, row.group_name, row.attempts, row.error, row.at)
