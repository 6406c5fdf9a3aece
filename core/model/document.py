"""A document after parsing, in one of four shapes: a tree (HTML, XML), a JSON value, sheets of cells, or text."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from core.model.blueprint import DocumentKind

LABELS = "labels"
"""The end of the name of a sheet that holds labels and values, not a table."""


class Sheet(NamedTuple):
    """One grid of cells, all of them text as shown; rows may differ in length."""

    name: str
    rows: list[list[str]]


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """`root` is what core/parse made of the bytes whose hash is `content_hash`.

    html and xml: a `core.dom.tree.Tree`. json: the value. table: `Sheet`s. pdf: `Sheet`s, one a table,
    named by page and place: "3.1"; "3.labels" holds
    what the page says in lines of labels and values.
    text: a str.
    """

    kind: DocumentKind
    url: str
    content_hash: str
    root: Any
    encoding: str = "utf-8"
    warnings: tuple[str, ...] = ()
