"""Learns the tables of XML documents: repeated elements as records, leaves and attributes as fields; feeds by name."""

from collections import Counter
from collections.abc import Iterable, Sequence

from core.dom.tree import INLINE, TEXT, Node
from core.dom.xml_names import name_of
from core.errors import NothingExtracted
from core.extract.xml_records import text_in
from core.induce.data.candidate_tables import candidates_of, ordered
from core.induce.data.feeds import feed_tables
from core.induce.data.key_names import key_name
from core.induce.data.record_sets import details_of, tables_from
from core.induce.data.shapes import Shape
from core.model.blueprint import Blueprint, RecordSet
from core.model.document import ParsedDocument
from core.model.pagination import DetailLink

# levels of elements: records nest some levels deep, hostile files without end
DEEPEST_ELEMENT = 40
# share of the entries of a feed that must have a link before it is followed: feeds mix notes without one among articles
LINKED_ENTRIES = 0.5
NamePath = tuple[str, ...]


def induce_xml(documents: Sequence[ParsedDocument]) -> Blueprint:
    """The blueprint of XML documents of one kind.

    Raises:
        NothingExtracted: their elements hold neither text nor attributes.
    """
    roots = [document.root.root for document in documents]
    shape = element_shape(roots)
    tables = feed_tables(roots, shape)
    details = DetailLink(table=tables[0].name, field="link") if _entries_link(tables) else None
    left_out = 0
    if not tables:
        candidates = ordered(candidates_of(shape), len(documents))
        tables = tables_from(candidates, "xml", key_name(roots[0].tag))
        details = details_of(tables[0], candidates[0].shape.seen) if tables else None
        left_out = len(candidates) - len(tables)
    if not tables:
        raise NothingExtracted("The XML holds no value.", "Check that it came whole.")
    return Blueprint(
        kind="xml",
        tables=tuple(tables),
        details=details,
        learned_from=tuple(document.content_hash for document in documents),
        left_out=left_out,
    )


def _entries_link(tables: Sequence[RecordSet]) -> bool:
    return bool(tables) and any(field.name == "link" and field.fill > LINKED_ENTRIES for field in tables[0].fields)


def element_shape(roots: Sequence[Node]) -> Shape:
    """What stands where in the documents; elements that repeat anywhere are lists everywhere."""
    repeated = _repeated(roots)
    shape = Shape()
    for root in roots:
        _count_element(shape, root, (), repeated)
    return shape


def _repeated(roots: Iterable[Node]) -> set[NamePath]:
    """The paths at which some element has several children of one name."""
    found: set[NamePath] = set()
    stack: list[tuple[Node, NamePath]] = [(root, ()) for root in roots]
    while stack:
        node, path = stack.pop()
        if len(path) >= DEEPEST_ELEMENT or is_prose(node):
            continue
        names = Counter(name_of(child) for child in node.elements())
        found.update((*path, name) for name, count in names.items() if count > 1)
        stack.extend((child, (*path, name_of(child))) for child in node.elements())
    return found


def is_prose(node: Node) -> bool:
    """Whether an element holds text with inline markup, to be read as one text."""
    texts = any(child.tag == TEXT for child in node.children)
    return texts and any(child.tag in INLINE or child.tag in ("p", "div", "P") for child in node.elements())


def _count_element(shape: Shape, node: Node, path: NamePath, repeated: set[NamePath]) -> None:
    """Count an element, its text, its attributes and, as long as it is no prose, its children."""
    shape.seen += 1
    below = [] if is_prose(node) or len(path) >= DEEPEST_ELEMENT else node.elements()
    shape.objects += bool(node.attrs or below)
    text = "" if below and not any(child.tag == TEXT for child in node.children) else text_in(node)
    if text:
        shape.scalars.append(text)
    for name, value in node.attrs.items():
        shape.keys.setdefault(f"@{name}", Shape()).add(value)
    for name, children in _grouped(below).items():
        _count_children(shape.keys.setdefault(name, Shape()), children, (*path, name), repeated)


def _count_children(shape: Shape, nodes: list[Node], path: NamePath, repeated: set[NamePath]) -> None:
    if path in repeated:
        shape.seen += 1
        shape.lists += 1
        shape.items = shape.items or Shape()
        shape = shape.items
    for node in nodes:
        _count_element(shape, node, path, repeated)


def _grouped(nodes: Iterable[Node]) -> dict[str, list[Node]]:
    found: dict[str, list[Node]] = {}
    for node in nodes:
        found.setdefault(name_of(node), []).append(node)
    return found
