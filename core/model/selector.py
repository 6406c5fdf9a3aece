"""How a value is found in a record: one class for each kind of place, and the parts that are sliced out of a text."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, SerializerFunctionWrapHandler, model_serializer
from pydantic import Field as Default

from core.model.base import Frozen

SliceSide = Literal["match", "before", "after"]


class Tagged(Frozen):
    """A noun of a union that its `kind` tells apart from the others; it is written with its kind also where nothing
    else differs from the defaults.
    """

    kind: str

    @model_serializer(mode="wrap")
    def _with_kind(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {"kind": self.kind, **handler(self)}


class PatternSlice(Tagged):
    """The first match of a regular expression.

    Attributes:
        pattern: the expression; where it has a group, that is the match.
        side: what is taken: the match, or what stands before or after it.
    """

    kind: Literal["pattern"] = "pattern"
    pattern: str = Default(min_length=1)
    side: SliceSide = "match"


class DateSlice(Tagged):
    """A date within a text.

    Attributes:
        date: which of the dates, from 1; -1 is the last.
        side: what is taken: the date, or what stands before or after it.
    """

    kind: Literal["date"] = "date"
    date: int
    side: SliceSide = "match"


class PieceSlice(Tagged):
    """One of the pieces between delimiters; empty pieces, and delimiters within a date, are not counted.

    Attributes:
        delimiter: what stands between the pieces.
        piece: which of them, from 1; -1 is the last.
    """

    kind: Literal["piece"] = "piece"
    delimiter: str = Default(min_length=1)
    piece: int


Slice = Annotated[PatternSlice | DateSlice | PieceSlice, Discriminator("kind")]


class AnySelector(Tagged):
    """What all selectors have. core/extract shows what each of them finds.

    Attributes:
        slices: what is taken out of the text that was found, one after the other.
    """

    slices: tuple[Slice, ...] = ()

    @property
    def path_text(self) -> str:
        """The path or path key that it follows, whatever it is a path of; "" for one that only looks for a label."""
        return ""

    @property
    def label_text(self) -> str:
        """The text of the document that it looks for: a label, heading or header; "" for one that follows a path."""
        return ""

    @property
    def reads_many(self) -> bool:
        """Whether it reads all that it finds, and not one of several."""
        return False


class _Nth(AnySelector):
    """A selector that may find several values.

    Attributes:
        nth: which of them is read, from 1; -1 is the last, 0 means all.
    """

    nth: int = 1

    @property
    def reads_many(self) -> bool:
        return self.nth == 0


class PathSelector(_Nth):
    """What stands at a path key of the page or of the record.

    Attributes:
        path_key: a path key of core/dom/paths.py, such as `td:2>b/text` or `h3>a/@href`.
    """

    kind: Literal["path"] = "path"
    path_key: str

    @property
    def path_text(self) -> str:
        return self.path_key


class LabelSelector(AnySelector):
    """What stands behind a label: a further text of the page, or the value beside it in a sheet of labels.

    Attributes:
        label: the whole text of the label.
        occurrence: which of the texts that read so, from 1.
        offset: how many texts further the value stands.
        extent: how far the value goes: that text, its whole paragraph, or as a list the texts of the same path that
            follow it.
    """

    kind: Literal["label"] = "label"
    label: str
    occurrence: int = Default(1, ge=1)
    offset: int = Default(1, ge=1)
    extent: Literal["text", "paragraph", "list"] = "text"

    @property
    def label_text(self) -> str:
        return self.label

    @property
    def reads_many(self) -> bool:
        return self.extent == "list"


class BeforeSelector(AnySelector):
    """The text before a label.

    Attributes:
        label: the whole text of the label.
        occurrence: which of the texts that read so, from 1.
    """

    kind: Literal["before"] = "before"
    label: str
    occurrence: int = Default(1, ge=1)

    @property
    def label_text(self) -> str:
        return self.label


class InlineSelector(_Nth):
    """What follows a label and a colon within one text, or in one line of a plain text.

    Attributes:
        label: what stands before the colon.
    """

    kind: Literal["inline"] = "inline"
    label: str

    @property
    def label_text(self) -> str:
        return self.label


class SectionSelector(AnySelector):
    """All texts of one path between a heading and the next heading of its level.

    Attributes:
        heading: the whole text of the heading.
        path_key: the path key of the texts.
    """

    kind: Literal["section"] = "section"
    heading: str
    path_key: str

    @property
    def path_text(self) -> str:
        return self.path_key

    @property
    def label_text(self) -> str:
        return self.heading

    @property
    def reads_many(self) -> bool:
        return True


class AboveSelector(AnySelector):
    """The last text of one path that stands before the record, as a heading over several records does.

    Attributes:
        path_key: the path key of the text in the page.
    """

    kind: Literal["above"] = "above"
    path_key: str

    @property
    def path_text(self) -> str:
        return self.path_key


class EmbeddedSelector(_Nth):
    """What stands in data that a page carries for machines; the kind says in which.

    Attributes:
        kind: JSON-LD, the state of a script, meta elements, or microdata.
        path: a path of core/dom/embedded.py.
    """

    kind: Literal["jsonld", "state", "meta", "microdata"]
    path: str

    @property
    def path_text(self) -> str:
        return self.path


class JsonSelector(_Nth):
    """The value at a path of keys in a JSON document.

    Attributes:
        path: keys with "/" between them ("~1" for one in a key), relative to the record.
    """

    kind: Literal["json"] = "json"
    path: str

    @property
    def path_text(self) -> str:
        return self.path


class JsonKeySelector(AnySelector):
    """The key that leads to the record, where records are the values of a JSON object."""

    kind: Literal["json_key"] = "json_key"


class XmlSelector(_Nth):
    """What stands in the elements, or in an attribute, at a path of an XML document.

    Attributes:
        path: names of elements with "/" between them, relative to the record (core/extract/xml_records.py).
    """

    kind: Literal["xml"] = "xml"
    path: str

    @property
    def path_text(self) -> str:
        return self.path


class ColumnSelector(AnySelector):
    """The cell of a column that is known by its header.

    Attributes:
        header: the whole text of the header.
        occurrence: which of the columns that are called so, from 1.
    """

    kind: Literal["column"] = "column"
    header: str
    occurrence: int = Default(1, ge=1)

    @property
    def label_text(self) -> str:
        return self.header


class ColumnNumberSelector(AnySelector):
    """The cell of a column that has no header.

    Attributes:
        number: the number of the column, from 1.
    """

    kind: Literal["column_number"] = "column_number"
    number: int = Default(ge=1)


Selector = Annotated[
    PathSelector
    | LabelSelector
    | BeforeSelector
    | InlineSelector
    | SectionSelector
    | AboveSelector
    | EmbeddedSelector
    | JsonSelector
    | JsonKeySelector
    | XmlSelector
    | ColumnSelector
    | ColumnNumberSelector,
    Discriminator("kind"),
]
