"""Requests and their answers in the SQLite file."""

import json
import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from core.broker.answers import answered, opened
from core.broker.local.file import LogFile
from core.errors import PipelineError, RetryLater

LOG = logging.getLogger(__name__)
# seconds between two looks: of who asked, and of who might be asked and finds nothing
ANSWER_PAUSE = 0.01
IDLE_PAUSE = 0.1
# seconds that a request is kept after its end, for an answer that comes late
KEPT_SECONDS = 60.0

_TAKE = """
    UPDATE requests SET taken = 1 WHERE request_id = (
        SELECT request_id FROM requests WHERE subject = ? AND taken = 0 AND expires_at > ? LIMIT 1
    ) RETURNING request_id, question
"""


class LocalRequests:
    """Requests on the SQLite file: both sides look into it again and again."""

    def __init__(self, file: LogFile) -> None:
        self._file = file

    def ask(self, subject: str, question: Mapping[str, Any], seconds: float) -> dict[str, Any]:
        request_id, end = uuid4().hex, time.monotonic() + seconds
        row = (request_id, subject, json.dumps(question), time.time() + seconds, 0, None)
        with self._file.write(durable=False) as connection:
            connection.execute("INSERT INTO requests VALUES (?, ?, ?, ?, ?, ?)", row)
        try:
            while (answer := self._answer(request_id)) is None:
                if time.monotonic() > end:
                    raise RetryLater(f"Nobody answered {subject} in {seconds:g} seconds.", "Start a worker.", after=1)
                time.sleep(ANSWER_PAUSE)
        finally:
            self._forget(request_id)
        return opened(answer)

    def serve(self, subject: str, answer: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[[], None]:
        stop = threading.Event()
        thread = threading.Thread(target=self._serve, args=(subject, answer, stop), daemon=True)
        thread.start()
        return stop.set

    def _serve(self, subject: str, answer: Callable[..., dict[str, Any]], stop: threading.Event) -> None:
        while not stop.is_set():
            try:
                if not self._answer_one(subject, answer):
                    stop.wait(IDLE_PAUSE)
            except PipelineError as error:
                LOG.warning("requests cannot be answered: %s", error)
                stop.wait(1.0)
            except sqlite3.ProgrammingError:  # the file was closed
                return

    def _answer_one(self, subject: str, answer: Callable[..., dict[str, Any]]) -> bool:
        if not self._any(subject):
            return False
        with self._file.write(durable=False) as connection:
            taken = connection.execute(_TAKE, [subject, time.time()]).fetchone()
        if taken is None:
            return False
        text = answered(answer, taken[1])
        with self._file.write(durable=False) as connection:
            connection.execute("UPDATE requests SET answer = ? WHERE request_id = ?", [text, taken[0]])
        return True

    def _any(self, subject: str) -> bool:
        with self._file.read() as connection:
            query = "SELECT 1 FROM requests WHERE subject = ? AND taken = 0 AND expires_at > ?"
            return connection.execute(query, [subject, time.time()]).fetchone() is not None

    def _answer(self, request_id: str) -> str | None:
        with self._file.read() as connection:
            row = connection.execute("SELECT answer FROM requests WHERE request_id = ?", [request_id]).fetchone()
        return row[0] if row else None

    def _forget(self, request_id: str) -> None:
        with self._file.write(durable=False) as connection:
            connection.execute(
                "DELETE FROM requests WHERE request_id = ? OR expires_at < ?", [request_id, time.time() - KEPT_SECONDS]
            )
