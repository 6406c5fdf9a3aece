"""A document after parsing, in one of four shapes: a tree (HTML, XML), a JSON value, a grid of cells, or text."""

from dataclasses import dataclass
from typing import Any

from core.model.blueprint import DocumentKind


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """`root` is the tree, value, grid or text that core/parse made of the bytes whose hash is `content_hash`."""

    kind: DocumentKind
    url: str
    content_hash: str
    root: Any
    encoding: str = "utf-8"
    warnings: tuple[str, ...] = ()
