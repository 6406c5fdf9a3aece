"""Tables: what the lake holds, how one asks it, how its tables change, and whether it is what was written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.errors import Conflict
from core.flow.lake_rows import lake_table
from core.flow.lake_writer import LakeWriter
from core.flow.recovery import Recovery
from core.flow.upkeep import LATE
from core.model import ColumnChange, ExtractorState
from core.pipeline.joined_query import Joinable, joined_sql
from core.ports import (
    Damage,
    ExtractorStore,
    Integrity,
    QueryEngine,
    QueryResult,
    Question,
    SchemaStore,
    TableEvolution,
    TableInfo,
    TableStore,
)

SILVER = "silver."


@dataclass(frozen=True)
class Tables:
    """The tables that people ask, under the names that SQL, workbench and REST share."""

    _lake: TableStore
    _evolution: TableEvolution
    _query: QueryEngine
    _extractors: ExtractorStore
    _writer: LakeWriter
    _integrity: Integrity
    _recovery: Recovery
    _schemas: SchemaStore

    # ---- what is there ------------------------------------------------------------------------------------------
    def all(self) -> list[TableInfo]:
        """All tables by name, with the columns and the number of rows that a query shows now."""
        found = self._lake.tables()
        counts = self._query.counts([table.name for table in found])
        return [self._as_shown(table)._replace(rows=counts[table.name]) for table in found]

    def _as_shown(self, table: TableInfo) -> TableInfo:
        """A table with the columns of the version that is shown: it holds those of all versions."""
        if not table.name.startswith(SILVER):
            return table
        described = self._query.run(f"DESCRIBE {table.name}").rows
        return table._replace(columns=tuple((str(row[0]), str(row[1])) for row in described))

    def names_of(self, source_id: str) -> list[str]:
        """The tables of a source, in the order of its blueprints."""
        versions = [
            version for version in self._extractors.versions(source_id) if version.state is ExtractorState.ACTIVE
        ]
        return [
            lake_table(source_id, version.template, table.name, position == 0)
            for version in sorted(versions, key=lambda version: (version.template != "main", version.template))
            for position, table in enumerate(version.blueprint.tables)
        ]

    # ---- asking -------------------------------------------------------------------------------------------------
    def query(self, sql: str, parameters: Sequence[Any] = (), *, limit: int | None = None) -> QueryResult:
        """Run one SELECT.

        Raises:
            BadQuery: in the engine's own words, or because it takes too long.
        """
        return self._query.run(sql, parameters, limit=limit)

    def questions(self) -> Sequence[Question]:
        """The queries that have a name."""
        return self._query.questions()

    def export(self, sql: str, path: str, *, columns: Sequence[str] = ()) -> int:
        """Write all rows of a query to a .csv, .parquet or .json file; their number."""
        return self._query.export(sql, path, columns=columns)

    def joined_sql(self, source_id: str) -> str:
        """The query for the list of a source beside the pages behind its records; "" where it has none."""
        main, detail = (self._extractors.active(source_id, template) for template in ("main", "detail"))
        link = main.blueprint.details if main is not None else None
        if main is None or detail is None or link is None or link.table != main.blueprint.tables[0].name:
            return ""
        names = [
            lake_table(source_id, version.template, version.blueprint.tables[0].name, True)
            for version in (main, detail)
        ]
        lake = {
            table.name: Joinable(table.name, [column for column, _ in table.columns]) for table in self._lake.tables()
        }
        return joined_sql(link, lake[names[0]], lake[names[1]]) if set(names) <= lake.keys() else ""

    # ---- changing -----------------------------------------------------------------------------------------------
    def columns(self, table: str) -> tuple[tuple[str, str], ...]:
        """The names of a table's columns, each with its type; none of a table that is not there."""
        return next((tuple(found.columns) for found in self._lake.tables() if found.name == table), ())

    def evolve(self, table: str, changes: Sequence[ColumnChange]) -> None:
        """Make the changes in one commit; rows that were made before find their columns.

        Raises:
            UnknownName: there is no such table or column.
            BadInput: a change that would lose values.
            Conflict: somebody else changed the table first, or it is an approved one.
        """
        self._require_free(table)
        self._evolution.evolve(table, changes)

    def tag(self, table: str, label: str) -> None:
        """Keep the present state under a name: `table@label` in SQL.

        Raises:
            Conflict: the name is taken.
        """
        self._evolution.tag(table, label)

    def tags(self, table: str) -> list[str]:
        """The names of the states that were kept."""
        return self._evolution.tags(table)

    def roll_back(self, table: str, label: str) -> None:
        """Make a tagged state the present one.

        Raises:
            Conflict: the table is an approved one.
        """
        self._require_free(table)
        self._evolution.roll_back(table, label)

    def _require_free(self, table: str) -> None:
        """Of an approved table each version says where its columns are: it changes by its next version alone."""
        if table.startswith(SILVER) and self._schemas.versions(table.removeprefix(SILVER)):
            said = f"{table} is an approved table: it changes by its next version."
            raise Conflict(said, "Propose one, or make an earlier version the next, under Schemas.")

    # ---- integrity ----------------------------------------------------------------------------------------------
    def check(self, *, full: bool = False, mend: bool = False) -> list[Damage]:
        """What the lake and the raw bytes do not hold any more; with `mend`, what can be is read and written again."""
        found = self._integrity.check(full=full, mend=mend)
        if mend or not any(damage.hides for damage in found):
            found += self._recovery.check(mend=mend)
        if mend and found:
            self._integrity.note(*found)
            self._writer.flush()
        return found

    def fill_in(self, *, log_is_gone: bool) -> list[Damage]:
        """Tell again of what the lake does not hold; of a log that is gone also what was on its way."""
        found = self._recovery.check(mend=True, late=timedelta(0) if log_is_gone else LATE)
        self._integrity.note(*found)
        return found

    def comparison(self) -> list[str]:
        """What is known to have landed against what is there, in sentences."""
        return self._recovery.comparison()

    def damages(self) -> list[tuple[datetime, Damage]]:
        """What was found damaged in the last days, newest first."""
        return self._integrity.recent()
