"""What changed in documents that are no pages, in words: which columns, keys or elements go by another name now."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from itertools import islice
from typing import Any, NamedTuple

from core.dom.tree import TEXT, Tree, squeeze
from core.dom.xml_names import name_of
from core.extract.json_records import EACH
from core.extract.sheet_records import tables_in
from core.heal.wording import became, pairs_of, short
from core.induce.data.shapes import is_map
from core.model import ParsedDocument
from core.model.document import Sheet

# texts of either version that are compared, and levels of JSON that are entered: bounds for a diagnosis in some seconds
MOST_TEXTS = 50_000
DEEPEST_VALUE = 100


class NamedText(NamedTuple):
    """One text of a document, and the name of what says it: a column, the keys that lead to it, an element."""

    name: str
    text: str


def renamed(before: ParsedDocument, after: ParsedDocument) -> list[str]:
    """What two versions of a document of one kind name otherwise, each as a short clause."""
    if before.kind not in _KINDS:
        return []
    word, read = _KINDS[before.kind]
    was, now = ([*islice(read(document.root), MOST_TEXTS)] for document in (before, after))
    names, others = (dict.fromkeys(said.name for said in side if said.name) for side in (was, now))
    gone, new = ([name for name in one if name not in other] for one, other in ((names, others), (others, names)))
    if not gone and not new:
        return []
    known = {said.text: said.name for said in _said_once(now)}
    moves = Counter((said.name, known[said.text]) for said in _said_once(was) if said.text in known)
    renames = {pair: count for pair, count in moves.items() if pair[0] not in others and pair[1] not in names}
    told = became(word, pairs_of(Counter(renames)))
    return [clause for clause in (_count_names(word, gone, new, names), told) if clause]


def _said_once(said: list[NamedText]) -> list[NamedText]:
    counts = Counter(each.text for each in said)
    return [each for each in said if counts[each.text] == 1]


def _count_names(word: str, gone: list[str], new: list[str], names: Collection[str]) -> str:
    if not gone:
        return f"{len(new)} {word}{'s are' if len(new) > 1 else ' is'} new: “{short(new[0])}”"
    instead = f", “{short(new[0])}” is new" if new else ""
    return f"{len(gone)} of {len(names)} {word}s {'are' if len(gone) > 1 else 'is'} gone: “{short(gone[0])}”{instead}"


def _cell_texts(sheets: list[Sheet]) -> Iterator[NamedText]:
    for sheet, grid in tables_in(sheets):
        for row in grid.rows:
            for label, text in zip(grid.labels, sheet.rows[row - 1], strict=False):
                yield NamedText(label, squeeze(text))


def _value_texts(root: Any, keys: tuple[str, ...] = (), depth: int = 0) -> Iterator[NamedText]:
    if depth > DEEPEST_VALUE:
        return
    if isinstance(root, dict):
        is_data = is_map(root)
        for key, value in root.items():
            yield from _value_texts(value, (*keys, EACH if is_data else str(key)), depth + 1)
    elif isinstance(root, list):
        for value in root:
            yield from _value_texts(value, keys, depth + 1)
    else:
        yield NamedText("/".join(keys), str(root))


def _element_texts(tree: Tree) -> Iterator[NamedText]:
    for node in tree.nodes:
        if node.tag == TEXT and node.parent is not None:
            yield NamedText(name_of(node.parent), squeeze(node.text))


_KINDS: dict[str, tuple[str, Callable[[Any], Iterator[NamedText]]]] = {
    "table": ("column", _cell_texts),
    "pdf": ("column", _cell_texts),
    "json": ("key", _value_texts),
    "xml": ("element", _element_texts),
}
