"""The names that pages give the columns of lists that are no tables: in attributes of the cells, or in a row above."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from core.dom.page_index import PageIndex
from core.dom.tree import Tree, squeeze
from core.extract.scopes import Span
from core.extract.selectors import Context, matches
from core.model.selector import PathSelector, Selector

NAMING = re.compile(
    r"aria-label|data-(?:col|column|th|title|label|head|header|heading|caption|field|name|description)"
    r"(?:-?(?:name|title|label))?"
)
LONGEST = 40
LOOKED_AT = 20
AGREEMENT = 0.8
LEAST_CELLS = 3
NAMED = 0.6


def announced(selector: Selector, spans: Sequence[Span], index: PageIndex, above: Mapping[int, str]) -> str:
    """What nearly all cells that a selector reads are called, by themselves or by the header `above` them.

    "" for nothing, or for a whole record.
    """
    if not isinstance(selector, PathSelector) or selector.path_key.startswith("//"):
        return ""
    said: Counter[str] = Counter()
    for span in spans[:LOOKED_AT]:
        found = matches(selector, Context(index, span.view, span.start))
        if found:
            own = _said_of(index.tree, found[0].at, span.start, found[0].text)
            said[own or (above and above.get(_cell_of(index.tree, found[0].at, span.start))) or ""] += 1
    label, count = said.most_common(1)[0] if said else ("", 0)
    return label if count >= AGREEMENT * said.total() else ""


def header_above(spans: Sequence[Span], tree: Tree) -> dict[int, str]:
    """The names in the row before the first record, by the number of the cell; empty where there is no such row.

    That row has as many cells as the records, and what stands in them are names: short, different, without figures.
    """
    cells = Counter(len(_elements(tree, span.start)) for span in spans if len(span.orders) == 1)
    width, count = cells.most_common(1)[0] if cells else (0, 0)
    if width < LEAST_CELLS or count < AGREEMENT * len(spans):
        return {}
    row = _before(tree, spans[0].start)
    found = [tree.text(cell) for cell in _elements(tree, row)] if row else []
    names = [text for text in found if text]
    right = len(found) == width and len(names) >= NAMED * width and len(set(names)) == len(names)
    return dict(enumerate(found)) if right and all(map(_is_header, names)) else {}


def _is_header(text: str) -> bool:
    return len(text) <= LONGEST and any(map(str.isalpha, text)) and sum(map(str.isdigit, text)) < 2


def _before(tree: Tree, order: int) -> int:
    """The element before a record, or before or within what stands before the list; 0 for none."""
    while order > tree.body:
        parent = tree.parents[order]
        earlier = [place for place in _elements(tree, parent) if place < order]
        if earlier:
            inside = _elements(tree, earlier[-1])
            return inside[0] if len(inside) == 1 else earlier[-1]
        order = parent
    return 0


def _elements(tree: Tree, order: int) -> list[int]:
    return [place for place in tree.children(order) if place not in tree.texts]


def _cell_of(tree: Tree, order: int, record: int) -> int:
    """The number of the element below a record in which a text stands."""
    return next((n for n, cell in enumerate(_elements(tree, record)) if cell <= order < tree.ends[cell]), -1)


def _said_of(tree: Tree, order: int, record: int, text: str) -> str:
    """The naming attribute of the innermost element around a text and within its record."""
    while order > record:
        attrs = {} if order in tree.texts else tree.heads[order].attrs
        names = (squeeze(value) for name, value in attrs.items() if NAMING.fullmatch(name))
        found = next((name for name in names if _is_name(name, text)), "")
        if found:
            return found
        order = tree.parents[order]
    return ""


def _is_name(name: str, text: str) -> bool:
    return 2 <= len(name) <= LONGEST and name != text and name[0].isalpha()
