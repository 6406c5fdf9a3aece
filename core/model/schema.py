"""Schemas that grow out of documents: what is proposed, and what a person approved."""

from enum import StrEnum
from typing import Annotated, Literal, NamedTuple

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


class SiteLabel(NamedTuple):
    """A label of a site: the same label of another site may mean something else.

    In the lake a site is an extracted table, and a label is one of its columns.
    """

    site: str
    label: str


class TextPiece(NamedTuple):
    """A part of a text: what stands at a position (from 0) between separators, or from the position on (`rest`)."""

    separator: str
    position: int
    rest: bool = False


class SchemaField(Frozen):
    """One column: its name and type, what its values look like, and which labels of sources it takes.

    `unit` is the currency of money (ISO 4217) or the unit of a quantity, "" where documents differ or none is said.
    `required`: no document lacks it. `many`: a row may have several values; a child table has a row for each instead.
    `aliases` are the labels of the sources that it takes, as these write them, and `sources` the same with the site of
    each: the first one that says something, or with `joined` all of them, one behind the other. `piece` takes a part of
    their texts alone. `enum` is the closed set of values, `range` the least and the greatest number, `pattern` a
    regular expression that all values fit.
    `filled` is the share of documents that have a value, `lost` that of the documents with a value which the type
    could not take, both 0..1.
    """

    name: SchemaName
    type: ColumnType
    unit: str = ""
    required: bool = False
    many: bool = False
    aliases: tuple[str, ...] = ()
    sources: tuple[SiteLabel, ...] = ()
    joined: bool = False
    piece: TextPiece | None = None
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

    `documents` is how many were seen, `sites` are theirs, and `origin` says what the proposal was made from. `unseen`
    is the number of labels for which there was no room.
    """

    tables: tuple[SchemaTable, ...]
    documents: int
    sites: tuple[str, ...] = ()
    quality: SchemaQuality
    origin: str = ""
    unseen: int = 0

    @property
    def id(self) -> str:
        """The same for the same proposal, wherever it was made."""
        return stable_id(self.model_dump_json())


DriftKind = Literal["new", "lost", "renamed", "retyped", "reunited", "split", "merged"]


class LabelDrift(Frozen):
    """What became of labels of a site since a version was approved, and by what that was told.

    `before` are the labels, the type or the unit as they were, `now` as they are; `field` is the column of the schema
    that it is about, "" where there is none yet. Of labels that were merged into one, each is told by itself.
    """

    kind: DriftKind
    site: str
    before: tuple[str, ...] = ()
    now: tuple[str, ...] = ()
    field: str = ""
    reason: str = ""


class ReviewState(StrEnum):
    """What has become of a proposal."""

    WAITING = "waiting"
    PAUSED = "paused"
    APPROVED = "approved"
    REJECTED = "rejected"


ReviewKind = Literal["proposed", "edited", "paused", "resumed", "approved", "rejected"]


class ReviewAct(Frozen):
    """What a person did with a proposal: when, who, and why."""

    kind: ReviewKind
    at: AwareDatetime
    by: str
    why: str = ""


class SchemaReview(Frozen):
    """A proposal in front of a person.

    `schema_name` is the table that it is for, `base` the number of the version that it was made against (0: there is
    none). `tables` are those of the proposal with what a person changed. `drifts` is what became of the sources since
    that version. `acts` is its history, oldest first.
    """

    review_id: str
    schema_name: SchemaName
    base: int
    state: ReviewState
    proposal: SchemaProposal
    tables: tuple[SchemaTable, ...]
    drifts: tuple[LabelDrift, ...] = ()
    acts: tuple[ReviewAct, ...]

    @property
    def main(self) -> SchemaTable:
        """The table that is filled."""
        return self.tables[0]


class VersionState(StrEnum):
    """A version is filled, then shown until another one is: rows of one version alone are seen at a time."""

    FILLING = "filling"
    ACTIVE = "active"
    RETIRED = "retired"


class SchemaVersion(Frozen):
    """A table that a person approved: from which review, by whom, when and why, and how it takes rows.

    `columns` are the names under which the fields are stored: a field whose type changed is stored under another one,
    so that the rows of each version stay as they are.
    """

    schema_name: SchemaName
    number: int
    table: SchemaTable
    columns: dict[str, str]
    review_id: str
    approved_by: str
    approved_at: AwareDatetime
    reason: str = ""
    mode: ContractMode = "evolve"
    state: VersionState = VersionState.FILLING

    @property
    def label(self) -> str:
        """The name under which the first whole state of the version is kept: `silver.<name>@v2` in SQL."""
        return f"v{self.number}"

    @property
    def lake_table(self) -> str:
        """The table of the lake that holds the rows of all versions."""
        return f"silver.{self.schema_name}"

    @property
    def sources(self) -> tuple[str, ...]:
        """The extracted tables that it is filled from."""
        return tuple(dict.fromkeys(label.site for field in self.table.fields for label in field.sources))
