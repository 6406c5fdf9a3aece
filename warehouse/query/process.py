"""A process that answers queries, as the process that asks sees it. It is killed when it takes more than it may."""

import os
import subprocess
import sys
import weakref
from collections.abc import Sequence
from pathlib import Path
from threading import Event, Timer
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, cast

from core.errors import BadQuery, PartMissing
from warehouse.query.frames import Copy, Define, NoFrame, Ping, ReadFrame, Setup, Write, receive_cells, send

if TYPE_CHECKING:
    import pyarrow as pa

# packages are looked for where this process finds them, and not in the folder that a person happens to be in
_START = "import sys; sys.path[:] = sys.argv[1:]; from warehouse.query.worker import main; main()"
# the rest may hold passwords, and a query has no use for it
_ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_ALL", "SYSTEMROOT", "LD_LIBRARY_PATH")
# what loads libraries, or shows tables of ours, takes a second or two; on a machine that is busy, more
_PATIENCE = 120.0
# an answer lies in both processes at once
_ANSWER_SHARE = 4
# what a frame says beside its cells
_FRAME_EXTRA = 65_536
# after such an error the engine refuses everything
_BROKEN = ("INTERNAL Error", "FATAL Error")


class QueryRows(NamedTuple):
    """The answer to a query."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: list[tuple[Any, ...]]


class EngineFailed(Exception):
    """The engine's own words about a statement that it could not run."""


class QueryProcess:
    """One engine in one process, for one query at a time.

    `shown` is what the views of this engine show: the metadata of each table when it was last defined.
    """

    def __init__(self, folders: Sequence[str], extensions: Sequence[str], memory: int) -> None:
        self.shown: dict[str, str] = {}
        self._memory = memory
        self._process = _started()
        # both are pipes
        self._questions = cast("BinaryIO", self._process.stdin)
        self._answers = cast("BinaryIO", self._process.stdout)
        # a process whose engine nobody holds any more has nothing to do
        self._end = weakref.finalize(self, _end, self._process)
        ready = self._ask(Setup(folders, extensions, memory), _PATIENCE, "start")
        self.reads_iceberg = bool(ready[1])

    @property
    def alive(self) -> bool:
        """Whether it has not been killed."""
        return self._process.poll() is None

    def answers(self) -> bool:
        """Whether it can be asked once more: the system may have killed it, to have its memory."""
        try:
            return bool(self._ask(Ping(), _PATIENCE, "ping"))
        except BadQuery:
            return False

    def end(self) -> None:
        """Kill the process; nothing that it holds is worth keeping."""
        self._end()

    def define(self, statement: str) -> None:
        """Make a view."""
        self._ask(Define(statement), _PATIENCE, "define")

    def copy(self, name: str, rows: "pa.Table") -> None:
        """Make a table of these rows, or replace it."""
        import pyarrow as pa

        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, rows.schema) as stream:
            stream.write_table(rows)
        self._ask(Copy(name, sink.getvalue().to_pybytes()), _PATIENCE, "copy")

    def read(self, sql: str, parameters: Sequence[Any], rows: int, seconds: float) -> QueryRows:
        """Run one reading statement.

        Raises:
            BadQuery: it may not be run, or took more time or memory than a query may take.
            EngineFailed: the engine refuses it.
        """
        found: list[tuple[Any, ...]] = []
        answer = self._ask(ReadFrame(sql, parameters, rows, self._memory // _ANSWER_SHARE), seconds, "query", found)
        return QueryRows(tuple(answer[1]), tuple(answer[2]), found)

    def write(self, sql: str, path: str, seconds: float, columns: Sequence[str] = ()) -> int:
        """Write the rows of a reading statement to a new file in one of the folders; how many there are.

        Raises:
            BadQuery: it may not be run, or took more time or memory than a query may take.
            EngineFailed: the engine refuses it.
        """
        return int(self._ask(Write(sql, path, columns), seconds, "query")[1])

    def _ask(self, message: object, seconds: float, what: str, rows: list[tuple[Any, ...]] | None = None) -> Any:
        """Say something and wait for the answer, at most so long: then the process is killed."""
        late = Event()
        timer = Timer(seconds, _kill_late, (self._process, late))
        timer.daemon = True
        timer.start()
        try:
            send(self._questions, message)
            return self._answer(rows if rows is not None else [])
        except (BadQuery, EngineFailed):
            raise
        except (NoFrame, OSError) as error:
            self.end()
            if late.is_set():
                raise _too_long(seconds) from None
            if what == "start":
                raise PartMissing("The process for queries did not start.", "Install the packages anew.") from error
            raise self._too_much() from None
        except BaseException:
            # such as Ctrl-C: what is under way is not waited for
            self.end()
            raise
        finally:
            timer.cancel()

    def _answer(self, rows: list[tuple[Any, ...]]) -> Any:
        while True:
            answer = receive_cells(self._answers, self._memory + _FRAME_EXTRA)
            match answer[0]:
                case "rows":
                    rows.extend(answer[1])
                case "refused":
                    raise BadQuery(answer[1], answer[2])
                case "failed":
                    if answer[1].startswith(_BROKEN):
                        self.end()
                    raise EngineFailed(answer[1])
                case "memory":
                    # how much of it can be had again is not known
                    self.end()
                    raise self._too_much()
                case "large":
                    megabytes = self._memory // _ANSWER_SHARE // 1_000_000
                    raise BadQuery(
                        f"The answer is larger than {megabytes} MB.",
                        "Ask for fewer rows or columns, write it to a file, or raise SDP_QUERY_MEMORY_BYTES.",
                    )
                case _:
                    return answer

    def _too_much(self) -> BadQuery:
        return BadQuery(
            f"The query needs more memory than the {self._memory // 1_000_000} MB it may take.",
            "Ask for less, or raise SDP_QUERY_MEMORY_BYTES.",
        )


def _too_long(seconds: float) -> BadQuery:
    return BadQuery(f"The query took longer than {seconds:g} seconds.", "Ask for less, or raise SDP_QUERY_SECONDS.")


def _started() -> "subprocess.Popen[bytes]":
    root = Path(__file__).resolve().parents[2]
    kept = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    # each arena of the allocator takes address space that nothing uses
    return subprocess.Popen(
        [sys.executable, "-I", "-c", _START, str(root), *filter(None, sys.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=root.anchor,
        env=kept | {"MALLOC_ARENA_MAX": "2"},
    )


def _kill_late(process: "subprocess.Popen[bytes]", late: Event) -> None:
    late.set()
    process.kill()


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except OSError:
                # what was not sent any more
                continue
