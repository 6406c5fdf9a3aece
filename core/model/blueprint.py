"""What the engine learned: pure data that says which tables a page template holds and where each field stands."""

from typing import Literal

from pydantic import Field as Default

from core.model.base import Frozen

BLUEPRINT_VERSION = 1

DocumentKind = Literal["html", "xml", "json", "table", "pdf", "text"]

LINK_WORDS = {
    "rel": "by the link that says it is the next",
    "text": "by the link “{0}”",
    "number": "by the link with the number after that of the page",
}

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
    """Takes one part out of a longer text: the match of `pattern` (its first group when it has one) or the
    `date`-th date (-1: the last); with a `side`, what stands before or after that instead. With a `split`, the
    `part`-th piece (-1: the last) between these delimiters, empty pieces and delimiters within a date not counted.
    """

    pattern: str = ""
    date: int = 0
    side: Literal["", "before", "after"] = ""
    split: str = ""
    part: int = 0


class Selector(Frozen):
    """One way to reach a value; core/extract/selectors.py is the reference.

    What `path` and `label` mean depends on `kind`:

    trail     `path` is a trail of core/dom/paths.py; `nth` picks one of several (0: all, -1: the last)
    label     the `step`-th text after the `nth` text that reads `label`; `take` "element" widens it to its paragraph,
              "list" to the texts of the same trail that follow
    before    the text before the `nth` text that reads `label`
    inline    what follows `label` and a colon within one text
    section   all texts of trail `path` between the heading that reads `label` and the next heading
    above     the last text of document trail `path` that stands before the record
    jsonld, state, meta, microdata   a path of core/dom/embedded.py
    json      a path of keys in a JSON document, "/" between keys ("~1" for one in a key), relative to the record;
              "#" is the key that leads to the record
    element   a path of element names in an XML document, relative to the record (core/extract/xml_records.py)
    column    the cell of the `nth` column whose header reads `label`; without a label of the `nth` column

    The `cuts` are applied one after the other to what was found.
    """

    kind: str
    path: str = ""
    label: str = ""
    nth: int = 1
    step: int = 1
    take: str = "text"
    cuts: tuple[Cut, ...] = ()


class Guard(Frozen):
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
    guard: Guard | None = None


class Scope(Frozen):
    """How the records of a table are found in a document.

    document  the whole document is one record
    rows      elements whose trail from the root ends with `path`, inside the element of id `inside` if given;
              an element counts when it holds at least `minimum` of the trails of `require`
    flat      as rows, but `path` leads to the first element of each record, which goes on up to the next; with a
              `head` only those elements begin a record whose first text stands at that way from them. A sibling of a
              step in `until` ends the record before it and belongs to none: a heading over several. With a `head`, an
              element with nothing behind it is a record only if it may stand `alone`
    items     the values at JSON path `path`, or the elements at XML path `path`; a list stands for its items, "*" for
              all values of an object; the first `minimum` are left out
    lines     the rows of the sheets named `path` (of any, when empty) below the header row with the labels `require`;
              without labels those below the `minimum`-th row

    The elements of rows and flat may also stand at the paths of `others`.
    """

    kind: Literal["document", "rows", "flat", "items", "lines"] = "document"
    path: str = ""
    others: tuple[str, ...] = ()
    inside: str = ""
    head: str = ""
    alone: bool = False
    until: tuple[str, ...] = ()
    require: tuple[str, ...] = ()
    minimum: int = 0

    @property
    def names_siblings(self) -> bool:
        """Whether places in a record begin with the step to the sibling, also where there is but one."""
        return self.kind == "flat" and (self.alone or not self.head)


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


class Pagination(Frozen):
    """How to get from one page of a list to the next.

    link      by the address that `selector` finds on the page
    pattern   by the address of the page with another number: `pattern` is a query parameter ("?page={}") or the end
              of the path ("/page/{}"). The numbers go up by `step` from `first`, the number of the page that was
              learned from, also of one without a number
    """

    kind: Literal["link", "pattern"]
    selector: Selector | None = None
    pattern: str = ""
    first: int = Default(1, ge=0)
    step: int = Default(1, ge=1)

    @property
    def words(self) -> str:
        """How it goes on, for a person."""
        if self.selector is None:
            return f"by the number in the address, {self.pattern.replace('{}', '…')}, up by {self.step}"
        return LINK_WORDS.get(self.selector.kind, "by the address that “{0}” holds").format(
            self.selector.label or self.selector.path
        )


class DetailLink(Frozen):
    """Which field of which table leads to the page of one record.

    `key` is the field of that table whose value the page repeats in its field `page_key`; both empty when none does.
    """

    table: str
    field: str
    key: str = ""
    page_key: str = ""


class Blueprint(Frozen):
    """Everything learned about one page template. `tables` are ordered, the main one first.

    `left_out` counts the tables that were seen and for which there was no room.
    """

    version: int = BLUEPRINT_VERSION
    kind: DocumentKind
    tables: tuple[RecordSet, ...]
    pagination: Pagination | None = None
    details: DetailLink | None = None
    learned_from: tuple[str, ...] = ()
    left_out: int = 0

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
