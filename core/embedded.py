"""Data that a page carries beside its text: JSON-LD, the state of its scripts, meta elements, microdata and RDFa.

Every scalar found gets a path of names, the same on every page of a template: list positions vanish, and a path in
JSON-LD starts at the type of the object ("Recipe/author/name").
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import Any, NamedTuple

from core.tree import Node, Tree, squeeze, text_of

MAX_SCALARS = 5_000
MAX_DEPTH = 14
ASSIGNMENT = re.compile(r"(?:window\.|self\.|var\s+|let\s+|const\s+)?([A-Za-z_$][\w$.]{2,60})\s*=\s*(?=[{\[])")
MAX_ASSIGNMENTS = 8
MIN_STATE = 80
LINE_END = re.compile(r"\n|(?i:</p>|</li>|<br\s*/?>)")
MARKUP = re.compile(r"<[^<>]*>")
FURNITURE = frozenset({"isPartOf", "mainEntityOfPage", "potentialAction", "sameAs", "breadcrumb", "height", "width"})
DYNAMIC_KEY = re.compile(r"\d")
PROPERTIES = {"meta": "content", "a": "href", "link": "href", "img": "src", "time": "datetime", "data": "value"}


class Datum(NamedTuple):
    """One scalar: the element that holds it, the JSON pointer inside (None: not JSON), its path and its text."""

    node: Node
    pointer: str | None
    path: str
    text: str
    take: str = ""
    start: int = 0
    end: int | None = None


class Block(NamedTuple):
    """One JSON value inside an element, and the character of the element's text at which it starts."""

    node: Node
    name: str
    value: Any
    offset: int = 0


def linked_blocks(tree: Tree) -> Iterator[Block]:
    """The JSON-LD of a page."""
    for node in _scripts(tree):
        value = load(node.children[0].text) if "ld+json" in node.attrs.get("type", "").lower() else None
        if value is not None:
            yield Block(node, "jsonld", value)


def state_blocks(tree: Tree) -> Iterator[Block]:
    """All other JSON values of the scripts of a page, by their variable or id."""
    return (block for node in _scripts(tree) for block in _state(node))


def _scripts(tree: Tree) -> list[Node]:
    return [node for node in tree.tagged("script") if node.children]


def _state(node: Node) -> Iterator[Block]:
    text = node.children[0].text
    kind = node.attrs.get("type", "").lower()
    if "json" in kind and "ld+json" not in kind:
        value = load(text)
        if value is not None and len(text) >= MIN_STATE:
            yield Block(node, node.attrs.get("id") or "json", value)
    elif not kind or "javascript" in kind or kind == "module":
        yield from _assignments(node, text)


def _assignments(node: Node, text: str) -> Iterator[Block]:
    position = count = 0
    while count < MAX_ASSIGNMENTS:
        found = ASSIGNMENT.search(text, position)
        if not found:
            return
        count += 1
        value = load(text[found.end() :]) if len(text) - found.end() >= MIN_STATE else None
        if value:
            yield Block(node, found[1], value, found.end())
            position = found.end() + MIN_STATE
        else:
            position = found.end()


def load(text: str) -> Any:
    """The JSON or JavaScript value at the start of a text; None when there is none."""
    cleaned = text.strip().removeprefix("<!--").removeprefix("//<![CDATA[").strip()
    try:
        return json.loads(cleaned, strict=False)
    except (ValueError, RecursionError):
        return _lenient(cleaned)


def _lenient(text: str) -> Any:
    import chompjs

    try:
        return chompjs.parse_js_object(text)
    except (ValueError, RecursionError):
        return None


class Embedded:
    """The data of one page by path: `jsonld`, `state`, `meta` and `microdata` are dicts from path to Datum lists."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree

    @cached_property
    def jsonld(self) -> dict[str, list[Datum]]:
        """The data of JSON-LD."""
        return _group(datum for block in linked_blocks(self._tree) for datum in _linked(block))

    @cached_property
    def state(self) -> dict[str, list[Datum]]:
        """The data that scripts hold or are given."""
        found = state_blocks(self._tree)
        return _group(datum for b in found for datum in _scalars(b.node, b.value, _start(b), b.name))

    @cached_property
    def meta(self) -> dict[str, list[Datum]]:
        """The title, the meta elements and the canonical address."""
        return _group(_meta(self._tree))

    @cached_property
    def microdata(self) -> dict[str, list[Datum]]:
        """Elements that say which property they are."""
        return _group(_microdata(self._tree))


def _start(block: Block) -> str:
    return f"@{block.offset}" if block.offset else ""


def _group(data: Iterator[Datum]) -> dict[str, list[Datum]]:
    found: dict[str, list[Datum]] = defaultdict(list)
    for datum in data:
        found[datum.path].append(datum)
    return found


def _linked(block: Block) -> Iterator[Datum]:
    nodes = dict(_typed(block.value, "", 0))
    ids = {value["@id"]: (pointer, value) for pointer, value in nodes.items() if isinstance(value.get("@id"), str)}
    for pointer, value in nodes.items():
        for key, child in value.items():
            path = f"{_type(value)}/{key}"
            if key.startswith("@") or key in FURNITURE:
                continue
            at, found = _target(child, ids) or (f"{pointer}/{escape(key)}", child)
            yield from _scalars(block.node, found, at, path)
            if isinstance(found, list) and any(isinstance(item, dict) for item in found):
                yield from _told(block.node, found, at, path + "//text")
            elif isinstance(found, str) and len(LINE_END.findall(found.strip())) > 0:
                yield from _lines(block.node, found, at, path + "//lines")


def _told(node: Node, items: list[Any], pointer: str, path: str) -> Iterator[Datum]:
    """What a list of things says in reading order: the name and text of each, then its parts."""
    stack: list[tuple[Any, str]] = [(item, f"{pointer}/{index}") for index, item in reversed(list(enumerate(items)))]
    while stack:
        item, at = stack.pop()
        if isinstance(item, str) and shown(item):
            yield Datum(node, at, path, shown(item))
        elif isinstance(item, dict):
            for key in _spoken(item):
                yield Datum(node, f"{at}/{key}", path, shown(item[key]))
            parts = item.get("itemListElement")
            if isinstance(parts, list):
                stack.extend((part, f"{at}/itemListElement/{n}") for n, part in reversed(list(enumerate(parts))))


def _spoken(item: dict[str, Any]) -> list[str]:
    """Which of name and text a reader is told: both, unless the text only goes on where the name stops."""
    name, text = (shown(item[key]) if isinstance(item.get(key), str) else "" for key in ("name", "text"))
    keys = ["name"] if name and not text.startswith(name.rstrip(".… ")) else []
    return [*keys, "text"] if text else keys


def _lines(node: Node, text: str, pointer: str, path: str) -> Iterator[Datum]:
    whole = shown(text)
    position = 0
    for line in LINE_END.split(text):
        part = squeeze(line)
        if any(c.isalnum() for c in MARKUP.sub("", part)):
            start = whole.index(part, position)
            position = start + len(part)
            yield Datum(node, pointer, path, whole, "", start, position)


def _target(child: Any, ids: dict[str, tuple[str, Any]]) -> tuple[str, Any] | None:
    if isinstance(child, dict) and "name" not in child and isinstance(child.get("@id"), str):
        return ids.get(child["@id"])
    return None


def _type(value: dict[str, Any]) -> str:
    kind = value.get("@type", "Thing")
    name = kind[0] if isinstance(kind, list) and kind else kind
    return str(name).rpartition("/")[2] or "Thing"


def _typed(value: Any, pointer: str, depth: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects at the top of a JSON-LD block: the root, the items of a list, the items of @graph."""
    if isinstance(value, list) and depth < 3:
        for index, item in enumerate(value[:200]):
            yield from _typed(item, f"{pointer}/{index}", depth + 1)
    elif isinstance(value, dict):
        yield pointer, value
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            if isinstance(value.get(key), list | dict) and depth < 3:
                yield from _typed(value[key], f"{pointer}/{key}", depth + 1)


def _scalars(node: Node, value: Any, pointer: str, path: str) -> Iterator[Datum]:
    stack: list[tuple[Any, str, str, int]] = [(value, pointer, path, 0)]
    budget = MAX_SCALARS
    while stack and budget > 0:
        item, at, way, depth = stack.pop()
        if isinstance(item, dict) and depth < MAX_DEPTH:
            pairs = [
                (child, f"{at}/{escape(key)}", f"{way}/{_name(key)}", depth + 1)
                for key, child in item.items()
                if not key.startswith("@") and key not in FURNITURE
            ]
            stack.extend(reversed(pairs))
        elif isinstance(item, list) and depth < MAX_DEPTH:
            stack.extend((child, f"{at}/{index}", way, depth + 1) for index, child in reversed(list(enumerate(item))))
        elif item is not None and not isinstance(item, dict | list):
            budget -= 1
            text = shown(item)
            if text:
                yield Datum(node, at, way, text)


def _name(key: str) -> str:
    return "*" if DYNAMIC_KEY.search(key) and len(key) > 4 else key


def escape(key: str) -> str:
    """A key as a step of a JSON pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")


def shown(value: Any) -> str:
    """A JSON scalar as text, white space squeezed."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return squeeze(str(value))


def at_pointer(value: Any, pointer: str) -> Any:
    """The value at a JSON pointer; raises KeyError, IndexError or ValueError when there is none."""
    for raw in pointer.split("/")[1:]:
        key = raw.replace("~1", "/").replace("~0", "~")
        value = value[int(key)] if isinstance(value, list) else value[key]
    return value


def _meta(tree: Tree) -> Iterator[Datum]:
    for node in tree.tagged("title", "meta", "link"):
        if node.tag == "title" and node.parent is not None and node.parent.tag == "head":
            yield Datum(node, None, "title", text_of(node), "element")
        elif node.tag == "meta" and node.attrs.get("content"):
            name = node.attrs.get("property") or node.attrs.get("name") or node.attrs.get("itemprop")
            if name:
                yield Datum(node, None, name, squeeze(node.attrs["content"]), "@content")
        elif node.tag == "link" and node.attrs.get("rel") == "canonical" and node.attrs.get("href"):
            yield Datum(node, None, "canonical", squeeze(node.attrs["href"]), "@href")


def _microdata(tree: Tree) -> Iterator[Datum]:
    """The properties that elements say they are: microdata (`itemprop`) and RDFa (`property` below a `typeof`)."""
    holding = {*tree.holding("itemprop"), *tree.holding("property")}
    for node in map(tree.node, sorted(holding)):
        names = _properties(node)
        if names and "itemscope" not in node.attrs and "typeof" not in node.attrs:
            take = _property_place(node)
            text = text_of(node) if take == "element" else squeeze(node.attrs[take])
            if text:
                prefix = _item_type(node)
                for name in names:
                    yield Datum(node, None, prefix + name, text, take if take == "element" else "@" + take)


def _properties(node: Node) -> list[str]:
    """The names of the properties an element holds; RDFa's without their prefix."""
    names = node.attrs.get("itemprop", "").split()
    if names or "property" not in node.attrs or not any("typeof" in above.attrs for above in node.ancestors()):
        return names
    return [re.split(r"[:/#]", name)[-1] for name in node.attrs["property"].split()]


def _property_place(node: Node) -> str:
    if node.attrs.get("content"):
        return "content"
    take = PROPERTIES.get(node.tag, "element")
    return take if take != "element" and node.attrs.get(take) else "element"


def _item_type(node: Node) -> str:
    for above in node.ancestors():
        if "itemscope" in above.attrs or "typeof" in above.attrs:
            kind = re.split(r"[/#:]", (above.attrs.get("itemtype") or above.attrs.get("typeof", "")).rstrip("/"))[-1]
            return f"{kind}/" if kind else ""
    return ""
