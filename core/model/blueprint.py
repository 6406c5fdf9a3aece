"""What the engine learned: pure data that says which tables a page template holds and where each field stands."""

from typing import Literal

from pydantic import Field as Default

from core.model.base import Frozen

BLUEPRINT_VERSION = 1

DocumentKind = Literal["html", "xml", "json", "table", "pdf", "text"]

FieldType = Literal[
    "string",
    "text",
    "integer",
    "decimal",
    "money",
    "percent",
    "quantity",
    "date",
    "datetime",
    "duration",
    "boolean",
    "url",
    "email",
    "phone",
    "identifier",
    "json",
]


class Cut(Frozen):
    """Takes one part out of a longer text: the match of `pattern`, its first group when it has one."""

    pattern: str


class Selector(Frozen):
    """One way to reach a value. Which attributes count depends on `kind`; core/extract.py is the reference.

    `take` says what is read where the selector lands: `text` (one text node), `element` (all text below)
    or `@name` (an attribute).
    """

    kind: str
    path: str = ""
    label: str = ""
    nth: int = 1
    step: int = 1
    take: str = "text"
    cut: Cut | None = None


class Field(Frozen):
    """One column: its name, type, and the ordered selectors; the first that yields a value wins.

    `label` is the page's own word for it; `locale` says how numbers and dates of this column are written
    (see core/induce/typing); `pinned` fields were set by a person and survive re-learning.
    """

    name: str
    type: FieldType
    selectors: tuple[Selector, ...]
    many: bool = False
    label: str = ""
    locale: str = ""
    examples: tuple[str, ...] = ()
    confidence: float = Default(0.5, ge=0, le=1)
    fill: float = Default(1.0, ge=0, le=1)
    pinned: bool = False


class Scope(Frozen):
    """How the records of a table are found in a document. `kind` "document" means one record a document."""

    kind: str = "document"
    path: str = ""
    head: str = ""
    parent: str = ""


class RecordSet(Frozen):
    """One table of a template: its scope, its fields, and for a child table the name of its parent table."""

    name: str
    scope: Scope
    fields: tuple[Field, ...]
    parent: str | None = None
    confidence: float = Default(0.5, ge=0, le=1)


class Pagination(Frozen):
    """How to get from one page of a list to the next: the selector of the address, or a cursor or a pattern."""

    kind: Literal["link", "pattern", "cursor"]
    selector: Selector | None = None
    pattern: str = ""


class DetailLink(Frozen):
    """Which field of which table leads to the page of one record."""

    table: str
    field: str


class Blueprint(Frozen):
    """Everything learned about one page template. `tables` are ordered, the main one first."""

    version: int = BLUEPRINT_VERSION
    kind: DocumentKind
    tables: tuple[RecordSet, ...]
    pagination: Pagination | None = None
    details: DetailLink | None = None
    learned_from: tuple[str, ...] = ()

    def table(self, name: str) -> RecordSet | None:
        return next((table for table in self.tables if table.name == name), None)
