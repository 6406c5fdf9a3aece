"""Read-only SQL over bronze, extracted, history, silver and state, on DuckDB."""

import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from threading import Lock, Timer
from typing import TYPE_CHECKING, Any, NamedTuple

from core.errors import BadInput, BadQuery
from core.ports import QueryResult, Question
from core.settings import Settings
from warehouse.questions import questions
from warehouse.silver import IcebergTables
from warehouse.state import State

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from warehouse.analytics import Analytics
    from warehouse.views import Views

# a process that was killed leaves its folder
_ABANDONED_SECONDS = 7 * 86_400.0

# documents that come back, and versions of extractors, change what is current without a commit to the lake
_COUNT_SECONDS = 30.0

_FORMATS = {
    ".csv": "FORMAT csv, HEADER",
    ".json": "FORMAT json, ARRAY true",
    ".parquet": "FORMAT parquet, COMPRESSION zstd",
}


class _Count(NamedTuple):
    """The rows of a table at a time, and the metadata of the lake that they were counted in."""

    location: str | None
    at: float
    rows: int


class DuckDBQuery:
    """QueryEngine over a lake and a state. The engine starts with the first query, in about half a second."""

    def __init__(self, settings: Settings, lake: IcebergTables, state: State) -> None:
        self._settings = settings
        self._lake = lake
        self._state = state
        self._lock = Lock()
        self._counts: dict[str, _Count] = {}

    def run(self, sql: str, parameters: Sequence[Any] = (), *, limit: int | None = None) -> QueryResult:
        cap = self._settings.query_rows if limit is None else limit
        began = time.perf_counter()
        with self._cursor(sql) as cursor:
            cursor.execute(_capped(sql, cap + 1), _usable(parameters))
            columns = cursor.description or []
            rows = cursor.fetchmany(cap + 1)
        return QueryResult(
            columns=tuple(column[0] for column in columns),
            types=tuple(str(column[1]) for column in columns),
            rows=rows[:cap],
            truncated=len(rows) > cap,
            seconds=time.perf_counter() - began,
        )

    def questions(self) -> Sequence[Question]:
        return questions()

    def counts(self, tables: Sequence[str]) -> dict[str, int]:
        locations, now = self._lake.catalog.locations(), time.monotonic()
        for table in tables:
            count = self._counts.get(table)
            if count is None or count.location != locations.get(table) or count.at < now - _COUNT_SECONDS:
                self._counts[table] = _Count(locations.get(table), now, self._count(table))
        return {table: self._counts[table].rows for table in tables}

    def _count(self, table: str) -> int:
        namespace, _, name = table.partition(".")
        return int(self.run(f'SELECT count(*) FROM {namespace}."{name}"').rows[0][0])

    def export(self, sql: str, path: str, *, columns: Sequence[str] = ()) -> int:
        """Write all rows, first beside and then in place, so that a failed export leaves no half file.

        Raises:
            BadInput: the file name ends with something else, or its folder does not exist or may not be written.
        """
        target = Path(path)
        if target.suffix.lower() not in _FORMATS:
            raise BadInput(f"{target.name} is no kind of file we write.", f"End it with {', '.join(_FORMATS)}.")
        if not target.parent.is_dir() or target.is_dir():
            raise BadInput(f"{target} is no place for a file.", "Name a file in a folder that exists.")
        Path(self._staging.name).mkdir(exist_ok=True)
        with self._cursor(sql) as cursor, tempfile.TemporaryDirectory(dir=self._staging.name) as folder:
            staged = Path(folder) / target.name
            query = f"COPY (\n{_only(columns, _statement(sql))}\n) TO $path ({_FORMATS[target.suffix.lower()]})"
            written = cursor.execute(query, {"path": str(staged)}).fetchone()
            _move(staged, target)
        return int(written[0]) if written else 0

    @contextmanager
    def _cursor(self, sql: str) -> Iterator["DuckDBPyConnection"]:
        """A connection that sees what the query names, for as long as a query may take."""
        import duckdb

        with self._lock:
            views = self._views
        cursor = self._analytics.cursor()
        timer = Timer(self._settings.query_seconds, cursor.interrupt)
        try:
            views.bring_up_to_date(sql)
            timer.start()
            yield cursor
        except duckdb.InterruptException:
            seconds = self._settings.query_seconds
            advice = "Ask for less, or raise SDP_QUERY_SECONDS."
            raise BadQuery(f"The query took longer than {seconds:g} seconds.", advice) from None
        except duckdb.Error as error:
            raise _bad_query(error, views.names()) from None
        finally:
            timer.cancel()
            cursor.close()

    @cached_property
    def _staging(self) -> "tempfile.TemporaryDirectory[str]":
        # beside the data, so that a finished export is moved in one step; it goes with the process
        folder = self._settings.data_dir.absolute() / "exports"
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.iterdir():
            if left.stat().st_mtime < time.time() - _ABANDONED_SECONDS:
                shutil.rmtree(left, ignore_errors=True)
        return tempfile.TemporaryDirectory(dir=folder)

    @cached_property
    def _analytics(self) -> "Analytics":
        from warehouse.analytics import Analytics, folders_of

        return Analytics([*folders_of(self._lake.catalog.warehouse), self._staging.name])

    @cached_property
    def _views(self) -> "Views":
        from warehouse.views import Views

        return Views(self._analytics, self._lake.catalog, self._state.database)


def _move(staged: Path, target: Path) -> None:
    try:
        shutil.move(staged, target)
    except OSError as error:
        raise BadInput(f"{target} could not be written: {error.strerror}.", "Choose another place.") from error


def _statement(sql: str) -> str:
    """The one reading statement of a text, without the semicolon.

    Raises:
        BadQuery: it is none, several, or one that writes.
    """
    import duckdb

    try:
        encoded = sql.encode()
        found = duckdb.extract_statements(sql)
    except (duckdb.Error, UnicodeEncodeError) as error:
        raise BadQuery(_sentence(error), "Check the SQL.") from None
    kinds = [statement.type.name for statement in found]
    if kinds not in (["SELECT"], ["EXPLAIN"]):
        raise BadQuery("Only one reading statement can be run here.", "Begin with SELECT, WITH, FROM or DESCRIBE.")
    tokens = [(start, kind) for start, kind in duckdb.tokenize(sql) if kind != duckdb.token_type.comment]
    ends = [start for start, _ in tokens if encoded[start : start + 1] == b";"]
    return encoded[: ends[0] if ends else None].decode()


def _capped(sql: str, rows: int) -> str:
    """The statement, never bringing more rows than that into memory."""
    statement = _statement(sql)
    if statement.lstrip().lower().startswith("explain"):
        return statement
    return f"SELECT * FROM (\n{statement}\n) LIMIT {rows}"


def _only(columns: Sequence[str], statement: str) -> str:
    """The statement with these of its columns; with all of them when none is named."""
    from warehouse.analytics import quoted

    return f"SELECT {', '.join(map(quoted, columns))} FROM (\n{statement}\n)" if columns else statement


def _usable(parameters: Sequence[Any]) -> list[Any]:
    try:
        for text in (value for value in parameters if isinstance(value, str)):
            text.encode()
    except UnicodeEncodeError as error:
        raise BadQuery(f"A parameter is no text: {error.reason}.", "Correct it and run the query again.") from None
    return list(parameters)


def _sentence(error: Exception) -> str:
    return str(error).split("\n")[0]


def _bad_query(error: Exception, names: list[str]) -> BadQuery:
    sentence = _sentence(error)
    if "does not exist" not in sentence or "Table" not in sentence:
        return BadQuery(str(error).strip(), "Correct the query and run it again.")
    asked = sentence.removeprefix("Catalog Error: Table with name ").split(" ")[0]
    close = [name for name in names if get_close_matches(asked.lower(), [name.partition(".")[2]], 1)]
    advice = f"Did you mean {' or '.join(close[:3])}?" if close else f"There are {', '.join(names[:12])}."
    return BadQuery(f"There is no table {asked}.", advice)
