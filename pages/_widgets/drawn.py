"""Documents that are no pages as pages: sheets as tables, JSON and XML as lines, each value at a place of its own."""

from collections.abc import Callable, Iterator
from html import escape as quoted
from typing import Any, NamedTuple

from core.embedded import escape, shown
from core.model import ParsedDocument
from core.model.document import Sheet
from core.tree import TEXT, Tree, squeeze

MOST_ROWS = 1_000
MOST_LINES = 5_000
STYLE = """<style>
body { font: 14px/1.5 system-ui, sans-serif; } table { border-collapse: collapse; margin-bottom: 1em; }
td { border: 1px solid #ccc; padding: 2px 6px; white-space: nowrap; } p { margin: 0; } b { color: #567; }
pre { white-space: pre-wrap; }
</style>"""


class Place(NamedTuple):
    """Where a value was drawn: the XPath of an element, and from where to where in its text, or all of it."""

    path: str
    start: int | None = None
    end: int | None = None


class Drawn(NamedTuple):
    """A document as a page, and where the values of its locators stand on it."""

    html: str
    places: dict[str, Place]

    def place_of(self, locator: str) -> Place | None:
        """Where the value at a locator was drawn; None for what is beyond the beginning of a long document."""
        kind, _, span = locator.partition(":")
        if kind != "text":
            return self.places.get(locator)
        start, _, end = span.partition("-")
        return Place("/html/body/pre", int(start), int(end))


class Line(NamedTuple):
    """One line: how deep it stands, its name, its value, and the locators of the value."""

    depth: int
    name: str
    value: str
    locators: tuple[str, ...]


def drawn(document: ParsedDocument) -> Drawn:
    """A document that is no HTML as a page; of a long one the beginning."""
    return _DRAW[document.kind](document.root)


def _sheets(sheets: list[Sheet]) -> Drawn:
    body: list[str] = []
    places: dict[str, Place] = {}
    for number, sheet in enumerate(sheets, 1):
        rows = sheet.rows[:MOST_ROWS]
        cells = ("".join(f"<td>{quoted(squeeze(cell))}</td>" for cell in row) for row in rows)
        table = "".join(f"<tr>{row}</tr>" for row in cells)
        body.append(f"<h4>{quoted(sheet.name)}</h4><table><tbody>{table}</tbody></table>")
        for row, column in ((r, c) for r, cells in enumerate(rows, 1) for c in range(1, len(cells) + 1)):
            path = f"/html/body/table[{number}]/tbody/tr[{row}]/td[{column}]"
            places[f"cell:{sheet.name}!R{row}C{column}"] = Place(path)
    return _page("".join(body), places)


def _lines(lines: Iterator[Line]) -> Drawn:
    body: list[str] = []
    places: dict[str, Place] = {}
    for number, line in zip(range(1, MOST_LINES + 1), lines, strict=False):
        value = f"<span>{quoted(line.value)}</span>" if line.value else ""
        body.append(f"<p style='margin-left:{line.depth}em'><b>{quoted(line.name)}</b> {value}</p>")
        places |= dict.fromkeys(line.locators, Place(f"/html/body/p[{number}]/span"))
    return _page("".join(body), places)


def _text(text: str) -> Drawn:
    return _page(f"<pre>{quoted(text)}</pre>", {})


def _page(body: str, places: dict[str, Place]) -> Drawn:
    return Drawn(f"<!doctype html><html><head>{STYLE}</head><body>{body}</body></html>", places)


def _json_lines(value: Any, name: str = "", pointer: str = "", depth: int = 0) -> Iterator[Line]:
    if not isinstance(value, dict | list):
        yield Line(depth, name, shown(value), (f"json:{pointer}",))
        return
    if name:
        yield Line(depth, name, "", ())
    below = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in below:
        yield from _json_lines(item, str(key), f"{pointer}/{escape(str(key))}", depth + 1)


def _xml_lines(tree: Tree) -> Iterator[Line]:
    for node in tree.nodes:
        if node.tag == TEXT:
            continue
        path, depth = f"xpath:{node.path}", sum(1 for _ in node.ancestors())
        texts = [child for child in node.children if child.tag == TEXT and child.text.strip()]
        locators = (path, *(f"xpath:{child.path}" for child in texts))
        yield Line(depth, node.tag, " ".join(squeeze(child.text) for child in texts), locators)
        for name, value in node.attrs.items():
            yield Line(depth + 1, f"@{name}", squeeze(value), (f"{path}/@{name}",))


_DRAW: dict[str, Callable[[Any], Drawn]] = {
    "table": _sheets,
    "pdf": _sheets,
    "json": lambda root: _lines(_json_lines(root)),
    "xml": lambda root: _lines(_xml_lines(root)),
    "text": _text,
}
