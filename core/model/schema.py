"""Schemas that grow out of documents: what is proposed, and what a person approved."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, StringConstraints

from core.model.base import Frozen, stable_id

ColumnType = Literal[
    "string",
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
    "enum",
    "text",
]

# tables and columns may have any name but none
SchemaName = Annotated[str, StringConstraints(min_length=1)]

# what becomes of a row that does not fit its table: the table grows, the row or only the value is put aside, or
# nothing is taken in until a person decides
ContractMode = Literal["evolve", "freeze", "discard_row", "discard_value"]


class SchemaField(Frozen):
    """One column: its name and type, what its values look like, and which labels of sources it takes.

    `unit` is the currency of money (ISO 4217) or the unit of a quantity, "" where documents differ or none is said.
    `required`: no document lacks it. `many`: a row may have several values; a child table has a row for each instead.
    `aliases` are the labels of the sources that it takes, as these write them. `enum` is the closed set of
    values, `range` the least and the greatest number, `pattern` a regular expression that all values fit.
    `filled` is the share of documents that have a value, `lost` that of the documents with a value which the type
    could not take, both 0..1.
    """

    name: SchemaName
    type: ColumnType
    unit: str = ""
    required: bool = False
    many: bool = False
    aliases: tuple[str, ...] = ()
    enum: tuple[str, ...] = ()
    range: tuple[float, float] | None = None
    pattern: str = ""
    description: str = ""
    examples: tuple[str, ...] = ()
    filled: float = 0.0
    lost: float = 0.0


class SchemaTable(Frozen):
    """One table: its name, the fields that tell its rows apart (none: nothing does), and its fields.

    A child table has several rows a document, and the name of its `parent`.
    """

    name: SchemaName
    key: tuple[str, ...] = ()
    fields: tuple[SchemaField, ...] = ()
    parent: str = ""


class SchemaQuality(Frozen):
    """How well a proposal fits the documents that it was made from; shares are 0..1.

    `filled`: cells with a value; `typed`: documents' values that their types take, in the mean of the fields;
    `joined`: fields that take labels of several sites; `key_holds`: how likely the key of the main table is to hold
    over more rows of the same kind.
    """

    filled: float
    typed: float
    joined: float
    key_holds: float


class SchemaProposal(Frozen):
    """Tables that documents would fit, the main one first, for a person to look at.

    `documents` is how many were seen, `sites` are theirs, and `origin` says what the proposal was made from.
    """

    tables: tuple[SchemaTable, ...]
    documents: int
    sites: tuple[str, ...] = ()
    quality: SchemaQuality
    origin: str = ""

    @property
    def id(self) -> str:
        """The same for the same proposal, wherever it was made."""
        return stable_id(self.model_dump_json())


class SchemaVersion(Frozen):
    """Tables that a person approved: from which proposal, by whom, when and why, and how they take rows."""

    number: int
    tables: tuple[SchemaTable, ...]
    proposal: str
    approved_by: str
    approved_at: AwareDatetime
    reason: str = ""
    mode: ContractMode = "evolve"
