"""The names that pages give their columns in attributes of the cells, for narrow screens and screen readers."""

import re
from collections import Counter
from collections.abc import Sequence

from core.extract.index import PageIndex
from core.extract.scopes import Span
from core.extract.selectors import Place, spots
from core.model.blueprint import Selector
from core.tree import Tree, squeeze

NAMING = re.compile(
    r"aria-label|data-(?:col|column|th|title|label|head|header|heading|caption|field|name|description)"
    r"(?:-?(?:name|title|label))?"
)
LONGEST = 40
LOOKED_AT = 20
AGREEMENT = 0.8


def announced(selector: Selector, spans: Sequence[Span], index: PageIndex) -> str:
    """What nearly all cells that a selector reads say of themselves; "" for nothing, or for a whole record."""
    if selector.kind != "trail" or selector.path.startswith("//"):
        return ""
    said: Counter[str] = Counter()
    for span in spans[:LOOKED_AT]:
        found = spots(selector, Place(index, span.view, span.start))
        if found:
            said[_said_of(index.tree, found[0].at, span.start, found[0].text)] += 1
    label, count = said.most_common(1)[0] if said else ("", 0)
    return label if count >= AGREEMENT * said.total() else ""


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
