"""How the records of a table are found in a document: one class for each kind of document, and of layout."""

from typing import Annotated, Literal

from pydantic import Discriminator
from pydantic import Field as Default

from core.model.selector import Tagged


class AnyScope(Tagged):
    """What all scopes have."""

    @property
    def path_text(self) -> str:
        """Where it looks: a path, or the name of a sheet; "" for the whole document."""
        return ""


class DocumentScope(AnyScope):
    """The whole document is one record."""

    kind: Literal["document"] = "document"


class ElementScope(AnyScope):
    """Records that are, or begin with, elements of a page: what the two kinds of them have.

    Attributes:
        element_path: the end of the path from the root to the elements: steps of tag and classes, such as
            `ul.all>li.card`; `li.*` as the last step stands for any class, `br+br` for an empty line.
        other_paths: the ends of further paths that lead to such elements.
        inside_id: the id of the element within which they stand; "" for anywhere.
        required_keys: path keys of what a record of this kind holds.
        at_least: how many of the `required_keys` a record must hold.
    """

    element_path: str
    other_paths: tuple[str, ...] = ()
    inside_id: str = ""
    required_keys: tuple[str, ...] = ()
    at_least: int = Default(0, ge=0)

    @property
    def path_text(self) -> str:
        return self.element_path

    @property
    def names_siblings(self) -> bool:
        """Whether path keys in a record begin with the step to the sibling, also where there is but one."""
        return False


class RowsScope(ElementScope):
    """Each element is a record."""

    kind: Literal["rows"] = "rows"


class SiblingsScope(ElementScope):
    """Each element begins a record, which goes on with its siblings up to the next such element.

    Attributes:
        opening: only elements begin a record whose first text stands at this path from them; "" for all.
        alone: whether an element with nothing behind it is a record too; asked only where there is an `opening`.
        until: steps of siblings that end the record before them and belong to none, as a heading over several does.
    """

    kind: Literal["siblings"] = "siblings"
    opening: str = ""
    alone: bool = False
    until: tuple[str, ...] = ()

    @property
    def names_siblings(self) -> bool:
        return self.alone or not self.opening


class ItemsScope(AnyScope):
    """The values at a path of a JSON document; a list stands for its items.

    Attributes:
        path: keys with "/" between them; "*" stands for all values of an object.
        skip: how many of the first values are left out, as the header of a grid is.
    """

    kind: Literal["items"] = "items"
    path: str
    skip: int = Default(0, ge=0)

    @property
    def path_text(self) -> str:
        return self.path


class ElementsScope(AnyScope):
    """The elements at a path of an XML document.

    Attributes:
        path: names of elements with "/" between them (core/extract/xml_records.py); "" for the root.
    """

    kind: Literal["elements"] = "elements"
    path: str

    @property
    def path_text(self) -> str:
        return self.path


class SheetRowsScope(AnyScope):
    """The rows below a header row, in sheets or in the tables of a PDF.

    Attributes:
        sheet: the name of the sheet that is looked at first; "" for any.
        headers: the texts of the header row; without any, the table is known by the place of its header row.
        header_row: the number of the last header row, from 1; that of the row above the table where it has none.
    """

    kind: Literal["sheet_rows"] = "sheet_rows"
    sheet: str = ""
    headers: tuple[str, ...] = ()
    header_row: int = 0

    @property
    def path_text(self) -> str:
        return self.sheet


class TextBlocksScope(AnyScope):
    """The blocks of a plain text that are written in lines of "Label: value".

    Attributes:
        labels: the labels of a block.
        at_least: how many of them a block must hold.
    """

    kind: Literal["text_blocks"] = "text_blocks"
    labels: tuple[str, ...]
    at_least: int = Default(1, ge=1)


Scope = Annotated[
    DocumentScope | RowsScope | SiblingsScope | ItemsScope | ElementsScope | SheetRowsScope | TextBlocksScope,
    Discriminator("kind"),
]
