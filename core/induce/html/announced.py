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
# characters of what a header says: longer ones are sentences about the column
LONGEST_HEADER_NAME = 40
# records whose cells are asked for their name: they are alike, and each costs a look at all elements around a text
RECORDS_ASKED = 20
# share of the records that must agree on a name, or on a number of cells: the rest are rows of notes and adverts
SAME_NAME_SHARE = 0.8
# cells from which a row is a grid: two are a label and its value
FEWEST_CELLS = 3
# share of the cells of a header that must say something: columns of marks and buttons have no name
NAMED_CELLS = 0.6


def announced(selector: Selector, spans: Sequence[Span], index: PageIndex, above: Mapping[int, str]) -> str:
    """What nearly all cells that a selector reads are called, by themselves or by the header `above` them.

    "" for nothing, or for a whole record.
    """
    if not isinstance(selector, PathSelector) or selector.path_key.startswith("//"):
        return ""
    said: Counter[str] = Counter()
    for span in spans[:RECORDS_ASKED]:
        found = matches(selector, Context(index, span.view, span.start))
        if found:
            own = _own_name(index.tree, found[0].at, span.start, found[0].text)
            said[own or (above and above.get(_cell_of(index.tree, found[0].at, span.start))) or ""] += 1
    label, count = said.most_common(1)[0] if said else ("", 0)
    return label if count >= SAME_NAME_SHARE * said.total() else ""


def header_above(spans: Sequence[Span], tree: Tree) -> dict[int, str]:
    """The names in the row before the first record, by the number of the cell; empty where there is no such row.

    That row has as many cells as the records, and what stands in them are names: short, different, without figures.
    """
    cells = Counter(len(_child_elements(tree, span.start)) for span in spans if len(span.orders) == 1)
    width, count = cells.most_common(1)[0] if cells else (0, 0)
    if width < FEWEST_CELLS or count < SAME_NAME_SHARE * len(spans):
        return {}
    row = _row_before(tree, spans[0].start)
    found = [tree.text(cell) for cell in _child_elements(tree, row)] if row else []
    names = [text for text in found if text]
    right = len(found) == width and len(names) >= NAMED_CELLS * width and len(set(names)) == len(names)
    return dict(enumerate(found)) if right and all(map(_is_header, names)) else {}


def _is_header(text: str) -> bool:
    return len(text) <= LONGEST_HEADER_NAME and any(map(str.isalpha, text)) and sum(map(str.isdigit, text)) < 2


def _row_before(tree: Tree, order: int) -> int:
    """The element before a record, or before or within what stands before the list; 0 for none."""
    while order > tree.body:
        parent = tree.parents[order]
        earlier = [place for place in _child_elements(tree, parent) if place < order]
        if earlier:
            inside = _child_elements(tree, earlier[-1])
            return inside[0] if len(inside) == 1 else earlier[-1]
        order = parent
    return 0


def _child_elements(tree: Tree, order: int) -> list[int]:
    return [place for place in tree.children(order) if place not in tree.texts]


def _cell_of(tree: Tree, order: int, record: int) -> int:
    """The number of the element below a record in which a text stands."""
    return next((n for n, cell in enumerate(_child_elements(tree, record)) if cell <= order < tree.ends[cell]), -1)


def _own_name(tree: Tree, order: int, record: int, text: str) -> str:
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
    return 2 <= len(name) <= LONGEST_HEADER_NAME and name != text and name[0].isalpha()
