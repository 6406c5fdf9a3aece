"""The process that answers queries, one at a time, until the process that asks is gone.

It is started with an empty environment and knows no address and no password: what a query names of the state comes to
it as rows. It may be killed at any time, for instance when a query takes too long.
"""

import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import Any, BinaryIO

import duckdb
import pyarrow as pa

from core.errors import BadQuery
from warehouse.names import quoted
from warehouse.query.analytics import Analytics
from warehouse.query.formulas import without_formulas
from warehouse.query.frames import Copy, Define, NoFrame, ReadFrame, Setup, Write, receive, send
from warehouse.query.read_only import Statement, reading_statement

# DuckDB counts what its operators keep; strings in work, the rows of an answer and memory that lies idle come on top
_COUNTED = 0.6
# levels of a parsed statement: each of a thousand, the most that the engine takes, has a few
_DEEPEST = 5_000
# rows that become Python values before they are sent
_ROWS_SENT = 200

_WRITTEN_AS = {
    ".csv": "FORMAT csv, HEADER",
    ".json": "FORMAT json, ARRAY true",
    ".parquet": "FORMAT parquet, COMPRESSION zstd",
}


class _TooLarge(Exception):
    """An answer has more bytes than it may have."""


def main() -> None:
    """Answer what comes in on standard input, on what was standard output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.setrecursionlimit(_DEEPEST)
    answers = os.fdopen(os.dup(1), "wb")
    # nothing that a library prints may get between the frames
    os.dup2(2, 1)
    asked: SimpleQueue[Any] = SimpleQueue()
    Thread(target=_listen, args=(sys.stdin.buffer, asked), daemon=True).start()
    setup: Setup = asked.get()
    analytics = Analytics(setup.folders, setup.extensions, int(setup.memory * _COUNTED))
    # what the engine loads with its first query is there before anybody waits for it
    _begun(analytics, "SELECT 1")[0].close()
    _limit(setup.memory)
    send(answers, ("ready", analytics.reads_iceberg))
    while True:
        _answer(analytics, asked.get(), answers)


def _listen(questions: BinaryIO, asked: "SimpleQueue[Any]") -> None:
    """Hand over what is asked, also while a query runs: without somebody who asks, there is nothing more to do."""
    with suppress(NoFrame, OSError):
        while True:
            asked.put(receive(questions))
    os._exit(0)


def _limit(memory: int) -> None:
    """Let the process take so much memory beside what its start took, and go first when the machine is out."""
    if os.name == "nt":
        return
    import resource

    with suppress(OSError, ValueError):
        taken = int(_status("VmSize").split()[0]) * 1024
        resource.setrlimit(resource.RLIMIT_AS, (taken + memory, taken + memory))
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:  # noqa: PTH123  # no path of ours
        file.write("1000")


def _status(name: str) -> str:
    with open("/proc/self/status") as file:  # noqa: PTH123  # no path of ours
        return next(line.partition(":")[2] for line in file if line.startswith(name))


def _answer(analytics: Analytics, message: Any, answers: BinaryIO) -> None:
    """Do what was asked, and say how it went; whatever goes wrong is said too."""
    try:
        send(answers, _done(analytics, message, answers))
    except BadQuery as error:
        send(answers, ("refused", error.message, error.advice))
    except (MemoryError, duckdb.OutOfMemoryException, pa.ArrowMemoryError):
        send(answers, ("memory",))
    except _TooLarge:
        send(answers, ("large",))
    except (duckdb.Error, pa.ArrowException, RuntimeError, ValueError, OverflowError) as error:
        send(answers, ("failed", str(error)))


def _done(analytics: Analytics, message: Any, answers: BinaryIO) -> tuple[Any, ...]:
    """What is said last about a message, when it went well."""
    match message:
        case ReadFrame():
            return _read(analytics, message, answers)
        case Write():
            return "written", _write(analytics, message)
        case Define(statement):
            analytics.cursor().execute(statement)
        case Copy(table, rows):
            analytics.copy(table, pa.ipc.open_stream(rows).read_all())
    return ("done",)


def _begun(analytics: Analytics, sql: str) -> tuple[duckdb.DuckDBPyConnection, Statement]:
    """A connection that can write nothing, and the statement that may be run on it."""
    cursor = analytics.cursor()
    cursor.execute("BEGIN TRANSACTION READ ONLY")
    return cursor, reading_statement(cursor, sql)


def _read(analytics: Analytics, asked: ReadFrame, answers: BinaryIO) -> tuple[Any, ...]:
    cursor, statement = _begun(analytics, asked.sql)
    try:
        cursor.execute(statement.capped(asked.rows), list(asked.parameters))
        columns = cursor.description or []
        size = 0
        while rows := cursor.fetchmany(_ROWS_SENT):
            size += send(answers, ("rows", rows))
            if size > asked.size:
                raise _TooLarge
        return "columns", [str(column[0]) for column in columns], [str(column[1]) for column in columns]
    finally:
        cursor.close()


def _only(columns: Sequence[str], text: str) -> str:
    return f"SELECT {', '.join(map(quoted, columns))} FROM (\n{text}\n)" if columns else text


def _write(analytics: Analytics, asked: Write) -> int:
    cursor, statement = _begun(analytics, asked.sql)
    try:
        if statement.explain:
            raise BadQuery("A plan is no table.", "Leave EXPLAIN out.")
        text, ending = _only(asked.columns, statement.text), os.path.splitext(asked.path)[1].lower()  # noqa: PTH122  # only the ending
        if ending == ".csv":
            cursor.execute(f"DESCRIBE FROM (\n{text}\n)")
            text = without_formulas(text, [(name, kind) for name, kind, *_ in cursor.fetchall()])
        written = cursor.execute(f"COPY (\n{text}\n) TO $path ({_WRITTEN_AS[ending]})", {"path": asked.path}).fetchone()
        return int(written[0]) if written else 0
    finally:
        cursor.close()
