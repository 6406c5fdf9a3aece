"""What ports answer: plain tuples."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from core.model.blueprint import Blueprint
from core.model.operation import Task


class ExtractionEntry(NamedTuple):
    """That a document has been read by an extractor, how many records it gave, and where it led."""

    document_id: str
    extractor_id: str
    records: int
    next_url: str | None
    detail_urls: tuple[str, ...]
    error: str
    at: datetime


class TemplateGroup(NamedTuple):
    """Documents of one template, by their positions, and the blueprint that was learned from them."""

    blueprint: Blueprint
    members: tuple[int, ...]


class Report(NamedTuple):
    """A claimed task as it is now, and what its run is to count."""

    task: Task
    counts: Mapping[str, int] = {}


class TableInfo(NamedTuple):
    """A table a person can query: its SQL name, columns with their SQL types, rows, and when it last changed."""

    name: str
    columns: tuple[tuple[str, str], ...]
    rows: int
    changed_at: datetime | None


class QueryResult(NamedTuple):
    """Columns and rows of a query; `truncated` when there were more rows than the cap."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    truncated: bool
    seconds: float


class Question(NamedTuple):
    """A query with a name, and what it tells."""

    name: str
    sentence: str
    sql: str


class Chore(NamedTuple):
    """A piece of housekeeping, and how many things it is about."""

    what: str
    found: int


class Damage(NamedTuple):
    """Something that does not hold what was written: what it is, what is wrong, and what a person can do.

    `mended` says what was done about it; it is empty where nothing was.
    """

    what: str
    wrong: str
    advice: str = ""
    mended: str = ""

    @property
    def hides(self) -> bool:
        """Whether the rest cannot be looked at before it is mended: a table that cannot be read says nothing."""
        return not self.mended and not self.what.startswith("objects/")

    @property
    def sentence(self) -> str:
        """Both as one text."""
        return f"{self.what}: {self.wrong}; {self.mended or 'not mended'}."
