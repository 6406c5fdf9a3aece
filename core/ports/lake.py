"""The lake: tables that are filled exactly once, changed and asked."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from core.events import Column
from core.model import ColumnChange
from core.model.results import Chore, Damage, QueryResult, Question, TableInfo


class Landed(Protocol):
    """Which messages are in a table of the lake, so that one published twice under two numbers is written once."""

    def known(self, table: str, message_ids: Sequence[str]) -> set[str]:
        """Those of the ids that are in the table."""

    def record(self, table: str, log: str, number: int, message_ids: Sequence[str]) -> None:
        """They are in the table, and so is every message of that log up to the number."""

    def noted(self, table: str, log: str) -> int:
        """The number up to which messages of that log have been recorded; 0 when none has."""

    def tables(self) -> list[str]:
        """The tables that something landed in."""

    def all(self, table: str) -> set[str]:
        """The ids of all messages that are in the table."""

    def forget(self, table: str, message_ids: Collection[str]) -> None:
        """They are not in the table any more: when they are told of again, they are written again."""

    def missing(self, since: datetime, until: datetime) -> list[str]:
        """Ids of the documents that were fetched in between and are not in the table of documents."""


class Integrity(Protocol):
    """Whether the data are what was written: the files of the lake, and the raw bytes."""

    def check(self, *, full: bool, mend: bool) -> list[Damage]:
        """What is damaged; with `mend`, what cannot be read is left out, so that it can be filled in again."""

    def recent(self) -> list[tuple[datetime, Damage]]:
        """What was found in the last days, newest first."""

    def note(self, *damages: Damage) -> None:
        """Remember what was found."""


class Upkeep(Protocol):
    """Housekeeping of one store."""

    def tidy(self, before: datetime, *, dry_run: bool) -> list[Chore]:
        """Do what there is to do about things older than `before`, or only tell; what it was."""


class TableStore(Protocol):
    """Iceberg tables. Exactly once: a batch carries the number of its last message as a watermark."""

    def watermark(self, table: str, log: str = "") -> int:
        """The highest number of that log that is in the table; 0 for a table that does not exist."""

    def append(
        self,
        table: str,
        columns: Sequence[Column],
        rows: Sequence[Mapping[str, Any]],
        watermark: int,
        *,
        log: str = "",
        after: int | None = None,
        note: Mapping[str, str] | None = None,
    ) -> bool:
        """Create or widen the table as needed and commit the rows with the watermark, in one snapshot.

        `note` goes into the summary of the snapshot. False, and nothing is written, when the table's watermark for
        the log is not below ours, or is not `after`, where the batch begins: somebody else wrote a part of it.
        """

    def keep_quick(self, table: str) -> None:
        """Merge what many commits have left behind, when it is enough; to be called between commits."""

    def tables(self) -> list[TableInfo]: ...

    def held(self, table: str, columns: Sequence[str]) -> set[tuple[Any, ...]]:
        """The different values of some columns over all rows; none of a table that is not there. Reads all of it."""


class TableEvolution(Protocol):
    """How tables change their columns, and go back. Readers see every row under the present names."""

    def evolve(self, table: str, changes: Sequence[ColumnChange]) -> int:
        """Make the changes in one commit; the id of the new schema. Raises UnknownName, BadInput or Conflict."""

    def tag(self, table: str, label: str) -> None:
        """Keep the present state under a name: `table@label` in SQL. Raises Conflict when the name is taken."""

    def tags(self, table: str) -> list[str]: ...

    def roll_back(self, table: str, label: str) -> None:
        """Make a tagged state the present one."""

    def forget(self, table: str, column: str, value: int | str, *, dry_run: bool = False) -> int:
        """Delete the rows with a value in a column, or only count them; tagged states keep them.

        0 when somebody else changes the table at this moment.
        """


class QueryEngine(Protocol):
    """Read-only SQL over bronze, extracted, silver and state."""

    def run(self, sql: str, parameters: Sequence[Any] = (), *, limit: int | None = None) -> QueryResult:
        """Run one SELECT. Raises BadQuery with the engine's own words, or when it takes too long."""

    def questions(self) -> Sequence[Question]:
        """The queries that have a name."""

    def counts(self, tables: Sequence[str]) -> dict[str, int]:
        """How many rows a query of each table shows; not older than half a minute, or than its last commit."""

    def export(self, sql: str, path: str, *, columns: Sequence[str] = ()) -> int:
        """Write all rows to a .csv, .parquet or .json file, all columns or only those named; the number of rows."""
