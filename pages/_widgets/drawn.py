"""Documents that are no pages as pages: sheets as tables, JSON and XML as lines, each value at a place of its own."""

from collections.abc import Callable, Iterator
from html import escape as quoted
from typing import Any, NamedTuple

from core.dom.embedded import escape, shown
from core.dom.tree import TEXT, Tree, squeeze
from core.model import ParsedDocument
from core.model.document import Sheet

# rows of a sheet, lines of a text and levels of a value that a browser draws without a wait; what is looked at is among
# them
DRAWN_ROWS = 1_000
DRAWN_LINES = 5_000
DRAWN_LEVELS = 100
STYLE = """<style>
body { font: 14px/1.5 system-ui, sans-serif; } table { border-collapse: collapse; margin-bottom: 1em; }
td { border: 1px solid #ccc; padding: 2px 6px; white-space: nowrap; } p { margin: 0; } b { color: #567; }
pre { white-space: pre-wrap; }
</style>"""


class DrawnPlace(NamedTuple):
    """Where a value was drawn: the XPath of an element, and from where to where in its text, or all of it."""

    path: str
    start: int | None = None
    end: int | None = None


class Drawn(NamedTuple):
    """A document as a page, where the values of its locators stand on it, and whether that is all of it."""

    html: str
    places: dict[str, DrawnPlace]
    whole: bool = True

    def place_of(self, locator: str) -> DrawnPlace | None:
        """Where the value at a locator was drawn; None for what is beyond the part of a long document."""
        kind, _, span = locator.partition(":")
        if kind != "text":
            return self.places.get(locator)
        start, _, end = span.partition("-")
        return DrawnPlace("/html/body/pre", int(start), int(end))


class DrawnLine(NamedTuple):
    """One line: how deep it stands, its name, its value, and the locators of the value."""

    depth: int
    name: str
    value: str
    locators: tuple[str, ...]


def drawn(document: ParsedDocument, locator: str = "") -> Drawn:
    """A document that is no HTML as a page; of a long one the part around a locator, or the beginning."""
    return _DRAW[document.kind](document.root, locator)


def _sheets(sheets: list[Sheet], locator: str) -> Drawn:
    body: list[str] = []
    places: dict[str, DrawnPlace] = {}
    for number, sheet in enumerate(sheets, 1):
        first = _first_row(sheet, locator)
        rows = sheet.rows[first : first + DRAWN_ROWS]
        cells = ("".join(f"<td>{quoted(squeeze(cell))}</td>" for cell in row) for row in rows)
        table = "".join(f"<tr>{row}</tr>" for row in cells)
        body.append(f"<h4>{quoted(sheet.name)}</h4><table><tbody>{table}</tbody></table>")
        for row, column in ((r, c) for r, cells in enumerate(rows, 1) for c in range(1, len(cells) + 1)):
            path = f"/html/body/table[{number}]/tbody/tr[{row}]/td[{column}]"
            places[f"cell:{sheet.name}!R{first + row}C{column}"] = DrawnPlace(path)
    return _page("".join(body), places, whole=all(len(sheet.rows) <= DRAWN_ROWS for sheet in sheets))


def _first_row(sheet: Sheet, locator: str) -> int:
    """From which row on a sheet is drawn, so that a cell is on it."""
    name, _, cell = locator.removeprefix("cell:").rpartition("!R")
    row = int(cell.partition("C")[0]) if cell and name == sheet.name else 0
    return max(0, row - DRAWN_ROWS // 2) if row > DRAWN_ROWS else 0


def _lines(lines: Iterator[DrawnLine], locator: str) -> Drawn:
    found = list(lines)
    at = next((number for number, line in enumerate(found) if locator in line.locators), 0)
    first = max(0, at - DRAWN_LINES // 2) if at >= DRAWN_LINES else 0
    body: list[str] = []
    places: dict[str, DrawnPlace] = {}
    for number, line in enumerate(found[first : first + DRAWN_LINES], 1):
        value = f"<span>{quoted(line.value)}</span>" if line.value else ""
        body.append(f"<p style='margin-left:{line.depth}em'><b>{quoted(line.name)}</b> {value}</p>")
        places |= dict.fromkeys(line.locators, DrawnPlace(f"/html/body/p[{number}]/span"))
    return _page("".join(body), places, whole=len(found) <= DRAWN_LINES)


def _text(text: str, locator: str) -> Drawn:
    return _page(f"<pre>{quoted(text)}</pre>", {})


def _page(body: str, places: dict[str, DrawnPlace], *, whole: bool = True) -> Drawn:
    nothing = "<p>There is no table in this document.</p>"
    return Drawn(f"<!doctype html><html><head>{STYLE}</head><body>{body or nothing}</body></html>", places, whole)


def _json_lines(value: Any, name: str = "", pointer: str = "", depth: int = 0) -> Iterator[DrawnLine]:
    if not isinstance(value, dict | list) or depth > DRAWN_LEVELS:
        text = "…" if isinstance(value, dict | list) else shown(value)
        yield DrawnLine(depth, name, text, (f"json:{pointer}",))
        return
    if name:
        yield DrawnLine(depth, name, "", ())
    below = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in below:
        yield from _json_lines(item, str(key), f"{pointer}/{escape(str(key))}", depth + 1)


def _xml_lines(tree: Tree) -> Iterator[DrawnLine]:
    for node in tree.nodes:
        if node.tag == TEXT:
            continue
        path, depth = f"xpath:{node.path}", sum(1 for _ in node.ancestors())
        texts = [child for child in node.children if child.tag == TEXT and child.text.strip()]
        locators = (path, *(f"xpath:{child.path}" for child in texts))
        yield DrawnLine(depth, node.tag, " ".join(squeeze(child.text) for child in texts), locators)
        for name, value in node.attrs.items():
            yield DrawnLine(depth + 1, f"@{name}", squeeze(value), (f"{path}/@{name}",))


_DRAW: dict[str, Callable[[Any, str], Drawn]] = {
    "table": _sheets,
    "pdf": _sheets,
    "json": lambda root, locator: _lines(_json_lines(root), locator),
    "xml": lambda root, locator: _lines(_xml_lines(root), locator),
    "text": _text,
}
