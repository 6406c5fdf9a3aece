"""From a piece of evidence back to the raw text it stands for."""

import json

from core.dom.embedded import at_pointer, load, shown
from core.dom.tree import TEXT, Tree, follow, squeeze, text_of
from core.errors import BadInput
from core.model.document import ParsedDocument
from core.model.extraction import Evidence


def resolve(evidence: Evidence, document: ParsedDocument) -> str:
    """The text at a locator, cut to the span of the evidence.

    Raises:
        BadInput: the document holds no such place.
    """
    kind, _, place = evidence.locator.partition(":")
    try:
        text = _LOCATOR_READERS[kind](place, document)
    except (KeyError, IndexError, ValueError, TypeError):
        raise BadInput(f"There is nothing at {evidence.locator} in this document.", "Is it another version?") from None
    return text[evidence.start : evidence.end]


def _xpath(place: str, document: ParsedDocument) -> str:
    path, _, pointer = place.partition("#json:")
    tree: Tree = document.root
    path, _, attribute = path.partition("/@")
    node = follow(tree, path)
    if node is None:
        raise KeyError(path)
    if pointer or place.endswith("#json:"):
        offset, slash, rest = (
            pointer.removeprefix("@").partition("/") if pointer.startswith("@") else ("0", "/", pointer[1:])
        )
        return shown(at_pointer(load(node.children[0].text[int(offset) :]), slash + rest))
    if attribute:
        return squeeze(node.attrs[attribute])
    return squeeze(node.text) if node.tag == TEXT else text_of(node)


def _json(place: str, document: ParsedDocument) -> str:
    """The value at a JSON pointer; a "#" behind the pointer asks for the key itself, as relative pointers do."""
    try:
        value = at_pointer(document.root, place)
    except (KeyError, IndexError, ValueError, TypeError):
        if not place.endswith("#"):
            raise
        at_pointer(document.root, place[:-1])
        return shown(place[:-1].rpartition("/")[2].replace("~1", "/").replace("~0", "~"))
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else shown(value)


def _cell(place: str, document: ParsedDocument) -> str:
    sheet_name, _, cell = place.rpartition("!")
    row, column = (int(part) for part in cell.removeprefix("R").split("C"))
    sheet = next(sheet for sheet in document.root if sheet.name == sheet_name)
    text: str = sheet.rows[row - 1][column - 1]
    return squeeze(text)


def _text(place: str, document: ParsedDocument) -> str:
    """The characters of a text from one position to another."""
    start, _, end = place.partition("-")
    if not 0 <= int(start) <= int(end) <= len(document.root):
        raise IndexError(place)
    return squeeze(document.root[int(start) : int(end)])


_LOCATOR_READERS = {"xpath": _xpath, "json": _json, "cell": _cell, "text": _text}
