"""What was read out of a document, and how each value can be found again in the raw bytes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

Verdict = Literal["kept", "moved", "removed", "abstained"]


class Evidence(NamedTuple):
    """Where a value stands: a locator in the document, and the span of characters in what it locates.

    The locator is one string: `xpath:/html/body/…/text()[1]`, `xpath:…/@href`, `xpath:…#json:/a/0/b` (JSON
    inside an element), `json:/a/0/b`, `cell:SHEET!R2C3` (rows and columns from 1; the sheets of a PDF
    are named by page and table), `text:START-END` (characters from 0).
    core/evidence/resolve.py resolves it in the raw document and gives back the raw text.
    """

    locator: str
    start: int | None = None
    end: int | None = None


class FieldValue(NamedTuple):
    """One cell: the typed value, the text as the document shows it, how sure we are, and where it stands.

    For a list field `value`, `raw` and `evidence` are lists of equal length. Typed values are JSON-able:
    dates are ISO strings, decimals are strings, money is {"amount", "currency"}, quantity {"amount", "unit"}.
    """

    value: Any
    raw: Any
    confidence: float
    evidence: Any


@dataclass(frozen=True, slots=True)
class Record:
    """One row of one table. `parent` is the index of the parent record in the parent table, for child tables."""

    table: str
    index: int
    fields: dict[str, FieldValue]
    parent: int | None = None


@dataclass(frozen=True, slots=True)
class Extraction:
    """All records of one document, in the order of the document; `next_url` and `detail_urls` lead on.

    `second` is what a second reader found in a record, by its table and index: of the fields that it knows a way to.
    """

    content_hash: str
    url: str
    records: list[Record]
    next_url: str | None = None
    detail_urls: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    second: Mapping[tuple[str, int], Mapping[str, FieldValue]] = field(default_factory=dict)

    def of(self, table: str) -> list[Record]:
        """The records of one table, in their order."""
        return [record for record in self.records if record.table == table]


@dataclass(frozen=True, slots=True)
class HealReport:
    """The verdict over a blueprint on fresh pages, and per `table.field`; `reasons` says why, in plain words."""

    verdict: Literal["healthy", "healed", "partial", "abstained"]
    fields: dict[str, Verdict]
    reasons: dict[str, str] = field(default_factory=dict)
