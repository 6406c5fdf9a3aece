"""Read-only SQL over bronze, extracted, history, silver and state, on DuckDB."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from core.errors import BadQuery, Damaged, PartMissing
from core.ports import QueryResult, Question
from core.settings import Settings
from warehouse.lake.blame import damage_of
from warehouse.lake.tables import IcebergTables
from warehouse.names import quoted
from warehouse.query.exports import Exports, checked
from warehouse.query.named_queries import questions
from warehouse.query.pool import QueryPool
from warehouse.query.process import EngineFailed, QueryProcess
from warehouse.stores import StateStores

if TYPE_CHECKING:
    from warehouse.lake.catalogs import LakeCatalog
    from warehouse.query.views import Views

# documents that come back, and versions of extractors, change what is current without a commit to the lake
_COUNT_SECONDS = 30.0
# tables in one query: far fewer than a statement may be deep
_COUNTED_TOGETHER = 50
# tables that the advice about an unknown name tells: those that are nearly called so, or else any
_CLOSE_NAMES, _OTHER_NAMES = 3, 12

# avro first, because iceberg needs it
_EXTENSIONS = ("avro", "iceberg")
# how the engine begins to say that bytes are not what they should be
_UNREADABLE = ("IO Error", "Invalid Input Error", "Invalid Error", "INTERNAL Error", "FATAL Error")


class _Count(NamedTuple):
    """The rows of a table at a time, and the metadata of the lake that they were counted in."""

    location: str | None
    at: float
    rows: int


class DuckDBQuery:
    """QueryEngine over a lake and a state. Its processes start with the first query, in about a second."""

    def __init__(
        self, settings: Settings, lake: IcebergTables, state: StateStores, extensions: Sequence[str] = _EXTENSIONS
    ) -> None:
        self._settings = settings
        self._lake = lake
        self._database = state.database
        self._exports = Exports(settings.folder.exports)
        # nothing of this object: its processes end with it
        start = partial(_started, lake.catalog.warehouse, self._exports, extensions, settings.query_memory_bytes)
        self._pool = QueryPool(start)
        self._counts: dict[str, _Count] = {}

    def run(self, sql: str, parameters: Sequence[Any] = (), *, limit: int | None = None) -> QueryResult:
        cap = self._settings.query_rows if limit is None else limit
        began = time.perf_counter()
        usable = _usable(sql, parameters)
        with self._engine(sql) as engine:
            found = engine.read(sql, usable, cap + 1, self._settings.query_seconds)
        return QueryResult(
            columns=found.columns,
            types=found.types,
            rows=found.rows[:cap],
            truncated=len(found.rows) > cap,
            seconds=time.perf_counter() - began,
        )

    def questions(self) -> Sequence[Question]:
        return questions()

    def counts(self, tables: Sequence[str]) -> dict[str, int]:
        locations, now = self._lake.catalog.locations(), time.monotonic()
        known = {table: self._counts.get(table) for table in tables}
        old = [
            table
            for table, count in known.items()
            if count is None or count.location != locations.get(table) or count.at < now - _COUNT_SECONDS
        ]
        for begin in range(0, len(old), _COUNTED_TOGETHER):
            for table, rows in self._counted(old[begin : begin + _COUNTED_TOGETHER]):
                self._counts[table] = _Count(locations.get(table), now, rows)
        return {table: self._counts[table].rows for table in tables}

    def _counted(self, tables: Sequence[str]) -> list[tuple[str, int]]:
        """The rows of each table, asked for in one query."""
        split = [(table, *table.split(".", 1)) for table in tables]
        each = [f"SELECT {quoted(full, chr(39))}, count(*) FROM {space}.{quoted(name)}" for full, space, name in split]
        return [(str(name), int(rows)) for name, rows in self.run(" UNION ALL ".join(each), limit=len(each)).rows]

    def export(self, sql: str, path: str, *, columns: Sequence[str] = ()) -> int:
        target = checked(Path(path))
        _usable(sql, columns)
        with self._engine(sql) as engine, self._exports.staged(target) as staged:
            return engine.write(sql, str(staged), self._settings.query_seconds, columns)

    @contextmanager
    def _engine(self, sql: str) -> Iterator[QueryProcess]:
        """An engine for one query, which sees what the query names."""
        with self._pool.borrowed(self._settings.query_seconds) as engine:
            try:
                self._views.bring_up_to_date(engine, sql)
                yield engine
            except EngineFailed as error:
                if damaged := _damage(str(error), self._lake.catalog, sql):
                    raise damaged from error
                raise _bad_query(str(error), self._views.names()) from None

    @cached_property
    def _views(self) -> "Views":
        # Arrow, which they need, is loaded with the first query
        from warehouse.query.views import Views

        return Views(self._lake.catalog, self._database)


def _started(lake: str, exports: Exports, extensions: Sequence[str], memory: int) -> QueryProcess:
    return QueryProcess([*_folders_of(lake), exports.folder], extensions, memory)


def _folders_of(url: str) -> list[str]:
    """How the engine may spell the folder of a lake.

    Raises:
        PartMissing: the lake is not in local files.
    """
    if "://" in url and not url.startswith("file://"):
        raise PartMissing(f"Queries cannot read {url} yet.", "Keep the lake in local files.")
    path = url.removeprefix("file://")
    return [path, f"file://{path}", str(Path(path).resolve())]


def _usable(sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
    """The parameters, where they and the query are texts that an engine can take."""
    try:
        for text in (sql, *(value for value in parameters if isinstance(value, str))):
            text.encode()
    except UnicodeEncodeError as error:
        raise BadQuery(f"This is no text: {error.reason}.", "Correct it and run the query again.") from None
    return list(parameters)


def _damage(said: str, catalog: "LakeCatalog", sql: str) -> Damaged | None:
    """Whether a file of the lake is to blame, where the engine says that it cannot read something."""
    if not said.startswith(_UNREADABLE):
        return None
    from warehouse.query.views import named

    return damage_of(catalog, named(catalog.locations(), sql))


def _bad_query(said: str, names: list[str]) -> BadQuery:
    """The engine's words, without its insides; of an unknown table the likely one."""
    sentence = said.split("\n")[0]
    if "does not exist" not in sentence or "Table" not in sentence:
        return BadQuery(said.partition("\n\nStack Trace:")[0].strip(), "Correct the query and run it again.")
    asked = sentence.removeprefix("Catalog Error: Table with name ").split(" ")[0]
    close = [name for name in names if get_close_matches(asked.lower(), [name.partition(".")[2]], 1)]
    advice = (
        f"Did you mean {' or '.join(close[:_CLOSE_NAMES])}?"
        if close
        else f"There are {', '.join(names[:_OTHER_NAMES])}."
    )
    return BadQuery(f"There is no table {asked}.", advice)
