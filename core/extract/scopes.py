"""The records of a page: which elements, or runs of sibling nodes, make up each of them."""

from collections.abc import Iterable
from typing import NamedTuple

from core.extract.index import PageIndex
from core.model.blueprint import Scope
from core.places import View, record_view
from core.tree import Node


class Span(NamedTuple):
    """One record: its nodes (one element, or consecutive siblings) and the view of the places in it."""

    nodes: tuple[Node, ...]
    view: View


def spans(scope: Scope, index: PageIndex) -> list[Span]:
    """All records of a scope in document order."""
    heads = elements_at(scope.path, scope.inside, index)
    runs: Iterable[tuple[Node, ...]] = runs_from(heads) if scope.kind == "flat" else ((head,) for head in heads)
    found = [Span(nodes, record_view(nodes, index.grid)) for nodes in runs]
    return [span for span in found if fits(span, scope, index)]


def elements_at(path: str, inside: str, index: PageIndex) -> list[Node]:
    """The elements whose trail ends with `path`, in document order; only those below the element of id `inside`."""
    found = [node for trail, nodes in index.elements.items() if _ends(trail, path) for node in nodes]
    found.sort(key=lambda node: node.order)
    if inside:
        top = index.ids.get(inside)
        return [node for node in found if top is not None and top.order <= node.order < top.end]
    return found


def _ends(trail: str, path: str) -> bool:
    """Whether a trail ends with a path; `li.*` as its last step stands for any class."""
    if path.endswith(".*"):
        above, _, last = trail.rpartition(">")
        trail, path = f"{above}>{last.partition('.')[0]}", path[:-2]
    return trail == path or trail.endswith(">" + path)


def runs_from(heads: list[Node]) -> list[tuple[Node, ...]]:
    """Each head with the siblings after it, up to the next head of the same parent."""
    orders = {head.order for head in heads}
    return [_run(head, orders) for head in heads]


def _run(head: Node, heads: set[int]) -> tuple[Node, ...]:
    siblings = head.parent.children if head.parent is not None else [head]
    start = siblings.index(head)
    end = start + 1
    while end < len(siblings) and siblings[end].order not in heads:
        end += 1
    return tuple(siblings[start:end])


def fits(span: Span, scope: Scope, index: PageIndex) -> bool:
    """Whether a span holds enough of the places that make it a record, and is not a header row."""
    if len(span.nodes) == 1 and index.grid.is_header(span.nodes[0]):
        return False
    trails = span.view.trails
    return sum(1 for trail in scope.require if trail in trails) >= scope.minimum
