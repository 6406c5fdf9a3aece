"""Records and values in XML documents, by paths of element names.

A step is a name, with a condition on an attribute where it needs one: `link[rel=alternate]`, `link[!rel]`. The last
step may be an attribute: `enclosure/@url`.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from core.dom.tree import TEXT, Node, Tree, squeeze, text_of, xpath
from core.dom.xml_names import FEEDS, name_of
from core.extract.data_records import Finds, FoundRecord, Key
from core.extract.selectors import Match, nth_of, sliced
from core.model.blueprint import RecordSet
from core.model.document import ParsedDocument
from core.model.selector import Selector, XmlSelector
from core.text.urls import absolute

# paths that are kept split: those of the fields of some hundred blueprints
PATHS_CACHED = 4_000
XML_STEP = re.compile(r"([^\[\]]+)(?:\[(!?)([^=\]]+)=?([^\]]*)\])?$")


class Step(NamedTuple):
    """One step of a path: a name, and the attribute that must have a value, or must not be there."""

    name: str
    without: bool = False
    attribute: str = ""
    value: str = ""

    def fits(self, node: Node) -> bool:
        """Whether an element is meant by the step."""
        if name_of(node) != self.name:
            return False
        if self.without:
            return self.attribute not in node.attrs
        return not self.attribute or node.attrs.get(self.attribute, "").lower() == self.value


@lru_cache(maxsize=PATHS_CACHED)
def steps(path: str) -> tuple[Step, ...]:
    """The steps of a path; none for the element itself."""
    found = [XML_STEP.match(part) for part in path.split("/")] if path else []
    return tuple(Step(m[1], bool(m[2]), m[3] or "", m[4] or "") for m in found if m)


def xml_finds(document: ParsedDocument) -> Finds:
    """How the records of a table are found in an XML document."""
    tree: Tree = document.root

    def finds(table: RecordSet) -> list[FoundRecord]:
        found = elements_below([tree.root], steps(table.scope.path_text))
        return [_found(node) for node in sorted(found, key=lambda node: node.order)]

    return finds


def xml_next(document: ParsedDocument) -> str | None:
    """The absolute address of the next page of a feed (RFC 5005); None on the last page."""
    if document.kind != "xml":
        return None
    tree: Tree = document.root
    ways = [steps(path) for path in ("link[rel=next]", "channel/atom:link[rel=next]")]
    found = next(
        (node.attrs["href"] for way in ways for node in elements_below([tree.root], way) if node.attrs.get("href")),
        None,
    )
    return absolute(document.url, found.strip()) if found else None


def elements_below(nodes: list[Node], path: tuple[Step, ...]) -> list[Node]:
    """The elements that a path leads to from some elements."""
    for step in path:
        nodes = [child for node in nodes for child in node.children if child.tag != TEXT and step.fits(child)]
    return nodes


def text_in(node: Node) -> str:
    """The text of an element that holds nothing else, or all text in it."""
    return squeeze(node.children[0].text) if _is_leaf(node) else text_of(node)


def _is_leaf(node: Node) -> bool:
    return len(node.children) == 1 and node.children[0].tag == TEXT


def _found(node: Node) -> FoundRecord:
    key: Key = (*(above.order for above in reversed(list(node.ancestors()))), node.order)
    return FoundRecord(key, lambda selector: matches_in(selector, node), base_of(node))


def base_of(node: Node) -> str:
    """What an element of a feed says about the base of addresses in it (XML Base); empty when nothing does."""
    around = [node, *node.ancestors()]
    if around[-1].tag not in FEEDS:
        return ""
    base = ""
    for place in reversed(around):
        base = absolute(base, place.attrs.get("base", "").strip())
    return base


def matches_in(selector: Selector, record: Node) -> list[Match]:
    """What a selector finds in a record, in document order."""
    found = nth_of(list(_values(selector.path, record)), selector.nth) if isinstance(selector, XmlSelector) else []
    return sliced(found, selector.slices)


def _values(path: str, record: Node) -> Iterator[Match]:
    way, _, attribute = path.rpartition("@") if "@" in path.rpartition("/")[2] else (path, "", "")
    for node in elements_below([record], steps(way.rstrip("/"))):
        match = _of_attribute(node, attribute) if attribute else _of_text(node)
        if match.raw:
            yield match


def _of_attribute(node: Node, name: str) -> Match:
    text = squeeze(node.attrs.get(name, ""))
    return Match(text, 0, len(text), lambda: f"xpath:{xpath(node)}/@{name}", node.order)


def _of_text(node: Node) -> Match:
    text = text_in(node)
    only = node.children[0] if _is_leaf(node) else node
    return Match(text, 0, len(text), lambda: f"xpath:{xpath(only)}", node.order)
