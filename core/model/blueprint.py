"""What the engine learned: pure data that says which tables a page template holds and where each field stands."""

from typing import Any, Final, Literal, Self

from pydantic import Field as Default
from pydantic import SerializerFunctionWrapHandler, model_serializer, model_validator

from core.model.base import Frozen
from core.model.pagination import DetailLink, Pagination
from core.model.scope import (
    AnyScope,
    DocumentScope,
    ElementsScope,
    ItemsScope,
    RowsScope,
    Scope,
    SheetRowsScope,
    SiblingsScope,
    TextBlocksScope,
)
from core.model.selector import (
    AboveSelector,
    AnySelector,
    BeforeSelector,
    ColumnNumberSelector,
    ColumnSelector,
    EmbeddedSelector,
    InlineSelector,
    JsonKeySelector,
    JsonSelector,
    LabelSelector,
    PathSelector,
    SectionSelector,
    Selector,
    XmlSelector,
)

# the form in which blueprints are stored; core/blueprint/migrate.py reads the forms before it
BLUEPRINT_VERSION: Final = 2

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


class ValueGuard(Frozen):
    """What the values of a column are known to look like: shapes of core/values/shapes.py (none: any) and lengths."""

    shapes: tuple[str, ...] = ()
    shortest: int = 0
    longest: int = 0


class Field(Frozen):
    """One column: its name, type, and the ordered selectors; the first that yields a value wins.

    `former` are the selectors of layouts before this one: where a page still has an old layout they are used last, and
    what they find counts only when it passes the `guard`.

    `label` is the page's own word for it; `locale` says how numbers and dates of this column are written
    (see core/values); `pinned` fields were set by a person and survive re-learning; a `doubt` is what a person should
    know before trusting it.
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
    doubt: str = ""
    pinned: bool = False
    former: tuple[Selector, ...] = ()
    guard: ValueGuard | None = None


class RecordSet(Frozen):
    """One table of a template: its scope, its fields, and for a child table the name of its parent table.

    `former` are the scopes of layouts before this one, latest first: what they find with the former selectors of the
    fields counts too where it stands beside the records of `scope`. `left_out` counts the columns that were seen and
    for which there was no room.
    """

    name: str
    scope: Scope
    fields: tuple[Field, ...]
    parent: str | None = None
    confidence: float = Default(0.5, ge=0, le=1)
    former: tuple[Scope, ...] = ()
    left_out: int = 0


_SHEETS = (SheetRowsScope, LabelSelector, ColumnSelector, ColumnNumberSelector)
_PLACES: dict[DocumentKind, tuple[type[AnyScope | AnySelector], ...]] = {
    "html": (
        RowsScope,
        SiblingsScope,
        PathSelector,
        LabelSelector,
        BeforeSelector,
        InlineSelector,
        SectionSelector,
        AboveSelector,
        EmbeddedSelector,
    ),
    "xml": (ElementsScope, XmlSelector),
    "json": (ItemsScope, JsonSelector, JsonKeySelector),
    "table": _SHEETS,
    "pdf": _SHEETS,
    "text": (TextBlocksScope, InlineSelector),
}


class Blueprint(Frozen):
    """Everything learned about one page template. `tables` are ordered, the main one first.

    `left_out` counts the tables that were seen and for which there was no room.
    """

    version: Literal[2] = BLUEPRINT_VERSION
    kind: DocumentKind
    tables: tuple[RecordSet, ...]
    pagination: Pagination | None = None
    details: DetailLink | None = None
    learned_from: tuple[str, ...] = ()
    left_out: int = 0

    @model_validator(mode="after")
    def _is_of_one_kind(self) -> Self:
        """Readers of a kind of document know the scopes and selectors of that kind only."""
        for table in self.tables:
            selectors = (selector for field in table.fields for selector in (*field.selectors, *field.former))
            for part in (table.scope, *table.former, *selectors):
                if not isinstance(part, (DocumentScope, *_PLACES[self.kind])):
                    raise ValueError(f"“{part.kind}” is no scope or selector of {self.kind} documents")
        return self

    @model_serializer(mode="wrap")
    def _with_version(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Written with its version in any case: what has none is of the first."""
        return {"version": self.version, **handler(self)}

    @property
    def omissions(self) -> list[str]:
        """What was seen and not taken, a sentence each."""
        tables = [f"{self.left_out} more tables were seen and are not read."] if self.left_out else []
        return tables + [
            f"{table.left_out} more columns of “{table.name}” were seen and are not read; teach those that you need."
            for table in self.tables
            if table.left_out
        ]

    def table(self, name: str) -> RecordSet | None:
        return next((table for table in self.tables if table.name == name), None)
