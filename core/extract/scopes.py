"""The records of a page: which elements, or runs of sibling nodes, make up each of them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from core.dom.page_index import PageIndex
from core.dom.paths import View
from core.dom.table_grid import CELLS
from core.dom.tree import INLINE, TEXT, UNSEEN, Node, Tree
from core.model.scope import AnyScope, ElementScope, SiblingsScope

BLANK_LINE = "br+br"
NodeRange = tuple[int, ...]


class Span(NamedTuple):
    """One record: the orders of its nodes (one element, or consecutive siblings) and the view of the places in it."""

    tree: Tree
    orders: NodeRange
    view: View

    @property
    def start(self) -> int:
        """Where the record begins in the document order."""
        return self.orders[0]

    @property
    def end(self) -> int:
        """Behind the last node of the record."""
        return self.tree.ends[self.orders[-1]]

    @property
    def first(self) -> Node:
        """The first of its nodes."""
        return self.tree.node(self.orders[0])


def spans(scope: AnyScope, index: PageIndex) -> list[Span]:
    """All records of a scope in document order; none of one that finds no elements of a page."""
    if not isinstance(scope, ElementScope):
        return []
    flat = scope.names_siblings
    return [
        span for run in node_ranges(scope, index) if is_record(span := span_of(run, index, flat=flat), scope, index)
    ]


def span_of(run: NodeRange, index: PageIndex, *, flat: bool) -> Span:
    """Some nodes with all that stands in them; `flat` ones are siblings, be it a single one."""
    return Span(index.tree, run, index.record(run, flat=flat))


def node_ranges(scope: ElementScope, index: PageIndex) -> list[NodeRange]:
    """The nodes of what may be records of a scope."""
    heads = heads_of(scope, index)
    if isinstance(scope, SiblingsScope):
        return ranges_from(heads, index.tree, scope.until)
    return [(head,) for head in heads]


def heads_of(scope: ElementScope, index: PageIndex) -> list[int]:
    """The elements that may be records of a scope, or begin them."""
    heads = elements_at(scope.element_path, scope.inside_id, index)
    if scope.other_paths:
        others = (elements_at(path, scope.inside_id, index) for path in scope.other_paths)
        heads = sorted({*heads, *(order for orders in others for order in orders)})
    if isinstance(scope, SiblingsScope) and scope.opening:
        heads = [order for order in heads if opening(index.tree, order) == scope.opening]
    return heads


def elements_at(path: str, inside: str, index: PageIndex) -> list[int]:
    """The elements whose path ends with `path`, in document order; only those below the element of id `inside`.

    A path that ends with "br+br" finds the empty lines between texts.
    """
    wanted = path.removesuffix(BLANK_LINE) + "br" if path.endswith(BLANK_LINE) else path
    if "[" in wanted:  # a class like "[&>p]:mt-1" hides where the last step begins
        found = [node.order for whole, nodes in index.elements.items() if _ends(whole, wanted) for node in nodes]
    else:
        found = index.led_to(wanted.split(">"))
    if path.endswith(BLANK_LINE):
        found = blank_lines(found, index.tree)
    if inside:
        top = index.ids.get(inside)
        return sorted(order for order in found if top is not None and top <= order < index.tree.ends[top])
    return sorted(found)


def opening(tree: Tree, order: int) -> str:
    """The way from an element to its first text, such as `td:2>b`; cells are counted. Empty where it has no text."""
    place, end, ways = order + 1, tree.ends[order], {order: ""}
    while place < end:
        head = tree.heads[place]
        if place in tree.texts and tree.texts[place].strip():
            return ways[tree.parents[place]]
        if head.tag in UNSEEN:
            place = tree.ends[place]
            continue
        if place not in tree.texts:
            name = f"td:{tree.ordinal(place)}" if head.tag in CELLS else head.step
            ways[place] = f"{ways[tree.parents[place]]}>{name}".lstrip(">")
        place += 1
    return ""


def blank_lines(breaks: Sequence[int], tree: Tree) -> list[int]:
    """The line breaks that follow another, or a block, at once: what reads as an empty line."""
    return [
        second
        for parent in dict.fromkeys(tree.parents[order] for order in breaks)
        for first, second in pairwise(tree.children(parent))
        if tree.heads[second].tag == "br" and (tag := tree.heads[first].tag) != TEXT and tag not in INLINE
    ]


def _ends(whole: str, path: str) -> bool:
    """Whether the path of an element ends with a path; `li.*` as its last step stands for any class."""
    if path.endswith(".*"):
        above, _, last = whole.rpartition(">")
        whole, path = f"{above}>{last.partition('.')[0]}", path[:-2]
    return whole == path or whole.endswith(">" + path)


def ranges_from(heads: Sequence[int], tree: Tree, until: Sequence[str] = ()) -> list[NodeRange]:
    """Each head with the siblings after it, up to the next head of the same parent, or to a sibling of a step `until`.

    Where heads are inline, as the links of lines between breaks, a record starts with the line its head stands on.
    """
    by_parent: dict[int, list[int]] = defaultdict(list)
    for head in heads:
        if head:
            by_parent[tree.parents[head]].append(head)
    found = (run for parent, group in by_parent.items() for run in _ranges(group, tree.children(parent), tree))
    return [_ended(run, tree, until) for run in found] if until else list(found)


def _ended(run: NodeRange, tree: Tree, until: Sequence[str]) -> NodeRange:
    """A run without what begins with a sibling behind its head that belongs to the next."""
    end = next((place for place, order in enumerate(run) if place and tree.heads[order].step in until), len(run))
    return run[:end]


def _ranges(heads: list[int], siblings: list[int], tree: Tree) -> Iterator[NodeRange]:
    place = {order: position for position, order in enumerate(siblings)}
    starts = sorted({_line_start(siblings, place[head], tree) for head in heads})
    for start, end in zip(starts, [*starts[1:], len(siblings)], strict=True):
        yield tuple(siblings[start:end])


def _line_start(siblings: list[int], position: int, tree: Tree) -> int:
    if tree.heads[siblings[position]].tag not in INLINE:
        return position
    while position and (tag := tree.heads[siblings[position - 1]].tag) and (tag == TEXT or tag in INLINE):
        position -= 1
    return position


def is_record(span: Span, scope: ElementScope, index: PageIndex) -> bool:
    """Whether a span holds enough of the places that make it a record, and is not a header row."""
    if is_header(span.orders, index):
        return False
    held = span.view.by_key
    return sum(1 for key in scope.required_keys if key in held) >= scope.at_least


def is_header(run: NodeRange, index: PageIndex) -> bool:
    """Whether nodes are a row of a table with header cells only."""
    return len(run) == 1 and index.grid.is_header(run[0])
