"""The records of a page: which elements, or runs of sibling nodes, make up each of them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from core.extract.index import PageIndex
from core.model.blueprint import Scope
from core.places import View, record_view
from core.tree import INLINE, TEXT, Node

BLANK_LINE = "br+br"


class Span(NamedTuple):
    """One record: its nodes (one element, or consecutive siblings) and the view of the places in it."""

    nodes: tuple[Node, ...]
    view: View


def spans(scope: Scope, index: PageIndex) -> list[Span]:
    """All records of a scope in document order."""
    return [span for nodes in runs(scope, index) if fits(span := spanned(nodes, index), scope, index)]


def spanned(nodes: tuple[Node, ...], index: PageIndex) -> Span:
    """Some nodes with all that stands in them."""
    return Span(nodes, record_view(index.tree, [node.order for node in nodes], index.grid))


def runs(scope: Scope, index: PageIndex) -> list[tuple[Node, ...]]:
    """The nodes of what may be records of a scope."""
    heads = elements_at(scope.path, scope.inside, index)
    return runs_from(heads) if scope.kind == "flat" else [(head,) for head in heads]


def elements_at(path: str, inside: str, index: PageIndex) -> list[Node]:
    """The elements whose trail ends with `path`, in document order; only those below the element of id `inside`.

    A path that ends with "br+br" finds the empty lines between texts.
    """
    wanted = path.removesuffix(BLANK_LINE) + "br" if path.endswith(BLANK_LINE) else path
    if "[" in wanted:  # a class like "[&>p]:mt-1" hides where the last step begins
        found = [node for trail, nodes in index.elements.items() if _ends(trail, wanted) for node in nodes]
    else:
        found = [index.tree.node(order) for order in index.led_to(wanted.split(">"))]
    if path.endswith(BLANK_LINE):
        found = blank_lines(found)
    found.sort(key=lambda node: node.order)
    if inside:
        top = index.ids.get(inside)
        return [node for node in found if top is not None and top.order <= node.order < top.end]
    return found


def blank_lines(breaks: list[Node]) -> list[Node]:
    """The line breaks that follow another at once: what reads as an empty line."""
    parents = {id(node.parent): node.parent for node in breaks if node.parent is not None}
    return [
        second
        for parent in parents.values()
        for first, second in pairwise(parent.children)
        if first.tag == "br" and second.tag == "br"
    ]


def _ends(trail: str, path: str) -> bool:
    """Whether a trail ends with a path; `li.*` as its last step stands for any class."""
    if path.endswith(".*"):
        above, _, last = trail.rpartition(">")
        trail, path = f"{above}>{last.partition('.')[0]}", path[:-2]
    return trail == path or trail.endswith(">" + path)


def runs_from(heads: list[Node]) -> list[tuple[Node, ...]]:
    """Each head with the siblings after it, up to the next head of the same parent.

    Where heads are inline, as the links of lines between breaks, a record starts with the line its head stands on.
    """
    by_parent: dict[int, list[Node]] = defaultdict(list)
    for head in heads:
        by_parent[head.parent.order if head.parent is not None else -1].append(head)
    return [run for group in by_parent.values() for run in _runs(group)]


def _runs(heads: list[Node]) -> Iterator[tuple[Node, ...]]:
    parent = heads[0].parent
    if parent is None:
        return
    place = {node.order: position for position, node in enumerate(parent.children)}
    starts = sorted({_line_start(parent.children, place[head.order]) for head in heads})
    for start, end in zip(starts, [*starts[1:], len(parent.children)], strict=True):
        yield tuple(parent.children[start:end])


def _line_start(siblings: list[Node], position: int) -> int:
    if siblings[position].tag not in INLINE:
        return position
    while position and (siblings[position - 1].tag == TEXT or siblings[position - 1].tag in INLINE):
        position -= 1
    return position


def fits(span: Span, scope: Scope, index: PageIndex) -> bool:
    """Whether a span holds enough of the places that make it a record, and is not a header row."""
    if is_header(span.nodes, index):
        return False
    trails = span.view.trails
    return sum(1 for trail in scope.require if trail in trails) >= scope.minimum


def is_header(nodes: Sequence[Node], index: PageIndex) -> bool:
    """Whether nodes are a row of a table with header cells only."""
    return len(nodes) == 1 and index.grid.is_header(nodes[0].order)
