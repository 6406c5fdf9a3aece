"""Data that a page carries beside its text: JSON-LD, the state of its scripts, meta elements, microdata and RDFa.

Every scalar found gets a path of names, the same on every page of a template: list positions vanish, and a path in
JSON-LD starts at the type of the object ("Recipe/author/name").
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import accumulate
from typing import Any, NamedTuple

from core.dom.tree import Head, Tree, squeeze
from core.text.surrogates import HALF, without_halves

# values and levels of one JSON in a page that are looked at: the state of scripts may hold hundred thousands, and
# what a page shows stands near the top
MOST_SCALARS = 5_000
DEEPEST_JSON = 14
ASSIGNMENT = re.compile(r"(?:window\.|self\.|var\s+|let\s+|const\s+)?([A-Za-z_$][\w$.]{2,60})\s*=\s*(?=[{\[])")
# variables of one script that may hold data
MOST_ASSIGNMENTS = 8
# levels of lists and graphs around the typed things of JSON-LD, and things of one list
TYPED_LEVELS, TYPED_ITEMS = 3, 200
# characters up to which a key with a figure is a name ("h1", "tel2"); longer ones are numbers of things
LONGEST_NAMED_KEY = 4
# characters of JSON in a script from which it can be more than a setting
SHORTEST_STATE = 80
LINE_END = re.compile(r"\n|(?i:</p>|</li>|<br\s*/?>)")
MARKUP_PIECE = re.compile(r"<[^<>]*>")
NO_CONTENT_KEYS = frozenset(
    {"isPartOf", "mainEntityOfPage", "potentialAction", "sameAs", "breadcrumb", "height", "width"}
)
DYNAMIC_KEY = re.compile(r"\d")
VALUE_ATTRIBUTES = {"meta": "content", "a": "href", "link": "href", "img": "src", "time": "datetime", "data": "value"}


class Datum(NamedTuple):
    """One scalar: the element that holds it, the JSON pointer inside (None: not JSON), its path and its text."""

    tree: Tree
    order: int
    pointer: str | None
    path: str
    text: str
    kind: str = ""
    start: int = 0
    end: int | None = None

    def locator(self) -> str:
        """The XPath of the element, and where in its text or attributes the scalar stands."""
        path = f"xpath:{self.tree.path(self.order)}"
        if self.pointer is not None:
            return f"{path}#json:{self.pointer}"
        return f"{path}/{self.kind}" if self.kind.startswith("@") else path


class Block(NamedTuple):
    """One JSON value inside an element, and the character of the element's text at which it starts."""

    tree: Tree
    order: int
    name: str
    value: Any
    offset: int = 0

    def datum(self, pointer: str, path: str, text: str, start: int = 0, end: int | None = None) -> Datum:
        """One scalar of the value."""
        return Datum(self.tree, self.order, pointer, path, text, "", start, end)


class WantedPaths:
    """The paths that somebody reads: nothing else is made of the data of a page. None: all of it."""

    def __init__(self, paths: Iterable[str] | None = None) -> None:
        self._ways: set[str] | None = None
        if paths is not None:
            self._ways = {way for path in paths for way in accumulate(path.split("/"), "{}/{}".format)}
        self.names = None if self._ways is None else {way for way in self._ways if "/" not in way}

    def __contains__(self, way: str) -> bool:
        return self._ways is None or way in self._ways

    def is_named_in(self, text: str) -> bool:
        """Whether a script may say something that is wanted."""
        return self.names is None or any(name in text for name in self.names)


ALL_PATHS = WantedPaths()


def linked_blocks(tree: Tree) -> Iterator[Block]:
    """The JSON-LD of a page."""
    for order, head, text in _scripts(tree):
        value = load(text) if "ld+json" in head.attrs.get("type", "").lower() else None
        if value is not None:
            yield Block(tree, order, "jsonld", value)


def state_blocks(tree: Tree, wanted: WantedPaths = ALL_PATHS) -> Iterator[Block]:
    """All other JSON values of the scripts of a page, by their variable or id."""
    for order, head, text in _scripts(tree):
        kind = head.attrs.get("type", "").lower()
        if "json" in kind and "ld+json" not in kind:
            yield from _whole(Block(tree, order, head.attrs.get("id") or "json", None), text, wanted)
        elif (not kind or "javascript" in kind or kind == "module") and wanted.is_named_in(text):
            yield from (Block(tree, order, name, value, start) for name, value, start in _assignments(text))


def _scripts(tree: Tree) -> Iterator[tuple[int, Head, str]]:
    for order in tree.tagged("script"):
        text = tree.texts.get(order + 1, "") if tree.ends[order] > order + 1 else ""
        if text:
            yield order, tree.heads[order], text


def _whole(block: Block, text: str, wanted: WantedPaths) -> Iterator[Block]:
    value = load(text) if block.name in wanted and len(text) >= SHORTEST_STATE else None
    if value is not None:
        yield block._replace(value=value)


def _assignments(text: str) -> Iterator[tuple[str, Any, int]]:
    """The names that a script assigns JSON to, the values, and where they start."""
    position = count = 0
    while count < MOST_ASSIGNMENTS:
        found = ASSIGNMENT.search(text, position)
        if not found:
            return
        count += 1
        value = load(text[found.end() :]) if len(text) - found.end() >= SHORTEST_STATE else None
        if value:
            yield found[1], value, found.end()
            position = found.end() + SHORTEST_STATE
        else:
            position = found.end()


def load(text: str) -> Any:
    """The JSON or JavaScript value at the start of a text; None when there is none."""
    cleaned = text.strip().removeprefix("<!--").removeprefix("//<![CDATA[").strip()
    try:
        value = json.loads(cleaned, strict=False)
    except (ValueError, RecursionError):
        value = _lenient(cleaned)
    return without_halves(value) if HALF.search(cleaned) else value


def _lenient(text: str) -> Any:
    import chompjs

    try:
        return chompjs.parse_js_object(text)
    except (ValueError, RecursionError):
        return None


class Embedded:
    """The data of one page by path: `jsonld`, `state`, `meta` and `microdata` are dicts from path to Datum lists.

    Of JSON only what is `wanted`.
    """

    def __init__(self, tree: Tree, wanted: WantedPaths = ALL_PATHS) -> None:
        self._tree = tree
        self._wanted = wanted

    @cached_property
    def jsonld(self) -> dict[str, list[Datum]]:
        """The data of JSON-LD."""
        return _group(datum for block in linked_blocks(self._tree) for datum in _linked(block, self._wanted))

    @cached_property
    def state(self) -> dict[str, list[Datum]]:
        """The data that scripts hold or are given."""
        found = (block for block in state_blocks(self._tree, self._wanted) if block.name in self._wanted)
        return _group(datum for b in found for datum in _scalars(b, b.value, _start(b), b.name, self._wanted))

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


def _linked(block: Block, wanted: WantedPaths) -> Iterator[Datum]:
    nodes = dict(_typed(block.value, "", 0))
    ids = {value["@id"]: (pointer, value) for pointer, value in nodes.items() if isinstance(value.get("@id"), str)}
    for pointer, value in nodes.items():
        for key, child in value.items():
            path = f"{_type(value)}/{key}"
            if key.startswith("@") or key in NO_CONTENT_KEYS or path not in wanted:
                continue
            at, found = _target(child, ids) or (f"{pointer}/{escape(key)}", child)
            yield from _scalars(block, found, at, path, wanted)
            if isinstance(found, list) and any(isinstance(item, dict) for item in found):
                yield from _told(block, found, at, path + "//text")
            elif isinstance(found, str) and len(LINE_END.findall(found.strip())) > 0:
                yield from _lines(block, found, at, path + "//lines")


def _told(block: Block, items: list[Any], pointer: str, path: str) -> Iterator[Datum]:
    """What a list of things says in reading order: the name and text of each, then its parts."""
    stack: list[tuple[Any, str]] = [(item, f"{pointer}/{index}") for index, item in reversed(list(enumerate(items)))]
    while stack:
        item, at = stack.pop()
        if isinstance(item, str) and shown(item):
            yield block.datum(at, path, shown(item))
        elif isinstance(item, dict):
            for key in _spoken(item):
                yield block.datum(f"{at}/{key}", path, shown(item[key]))
            parts = item.get("itemListElement")
            if isinstance(parts, list):
                stack.extend((part, f"{at}/itemListElement/{n}") for n, part in reversed(list(enumerate(parts))))


def _spoken(item: dict[str, Any]) -> list[str]:
    """Which of name and text a reader is told: both, unless the text only goes on where the name stops."""
    name, text = (shown(item[key]) if isinstance(item.get(key), str) else "" for key in ("name", "text"))
    keys = ["name"] if name and not text.startswith(name.rstrip(".… ")) else []
    return [*keys, "text"] if text else keys


def _lines(block: Block, text: str, pointer: str, path: str) -> Iterator[Datum]:
    whole = shown(text)
    position = 0
    for line in LINE_END.split(text):
        part = squeeze(line)
        if any(c.isalnum() for c in MARKUP_PIECE.sub("", part)):
            start = whole.index(part, position)
            position = start + len(part)
            yield block.datum(pointer, path, whole, start, position)


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
    if isinstance(value, list) and depth < TYPED_LEVELS:
        for index, item in enumerate(value[:TYPED_ITEMS]):
            yield from _typed(item, f"{pointer}/{index}", depth + 1)
    elif isinstance(value, dict):
        yield pointer, value
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            if isinstance(value.get(key), list | dict) and depth < TYPED_LEVELS:
                yield from _typed(value[key], f"{pointer}/{key}", depth + 1)


def _scalars(block: Block, value: Any, pointer: str, path: str, wanted: WantedPaths) -> Iterator[Datum]:
    stack: list[tuple[Any, str, str, int]] = [(value, pointer, path, 0)]
    budget = MOST_SCALARS
    while stack and budget > 0:
        item, at, way, depth = stack.pop()
        if isinstance(item, dict) and depth < DEEPEST_JSON:
            pairs = [
                (child, f"{at}/{escape(key)}", f"{way}/{_name(key)}", depth + 1)
                for key, child in item.items()
                if not key.startswith("@") and key not in NO_CONTENT_KEYS and f"{way}/{_name(key)}" in wanted
            ]
            stack.extend(reversed(pairs))
        elif isinstance(item, list) and depth < DEEPEST_JSON:
            stack.extend((child, f"{at}/{index}", way, depth + 1) for index, child in reversed(list(enumerate(item))))
        elif item is not None and not isinstance(item, dict | list):
            budget -= 1
            text = shown(item)
            if text:
                yield block.datum(at, way, text)


def _name(key: str) -> str:
    return "*" if DYNAMIC_KEY.search(key) and len(key) > LONGEST_NAMED_KEY else key


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
    for order in tree.tagged("title", "meta", "link"):
        attrs, tag = tree.heads[order].attrs, tree.heads[order].tag
        if tag == "title" and tree.heads[tree.parents[order]].tag == "head":
            yield Datum(tree, order, None, "title", tree.text(order), "element")
        elif tag == "meta" and attrs.get("content"):
            name = attrs.get("property") or attrs.get("name") or attrs.get("itemprop")
            if name:
                yield Datum(tree, order, None, name, squeeze(attrs["content"]), "@content")
        elif tag == "link" and attrs.get("rel") == "canonical" and attrs.get("href"):
            yield Datum(tree, order, None, "canonical", squeeze(attrs["href"]), "@href")


def _microdata(tree: Tree) -> Iterator[Datum]:
    """The properties that elements say they are: microdata (`itemprop`) and RDFa (`property` below a `typeof`)."""
    for order in sorted({*tree.holding("itemprop"), *tree.holding("property")}):
        head = tree.heads[order]
        above = [tree.heads[place].attrs for place in tree.above(order)]
        names = _properties(head.attrs, above)
        if names and "itemscope" not in head.attrs and "typeof" not in head.attrs:
            kind = _property_place(head)
            text = tree.text(order) if kind == "element" else squeeze(head.attrs[kind])
            if text:
                prefix = _item_type(above)
                for name in names:
                    yield Datum(tree, order, None, prefix + name, text, kind if kind == "element" else "@" + kind)


def _properties(attrs: dict[str, str], above: list[dict[str, str]]) -> list[str]:
    """The names of the properties an element holds; RDFa's without their prefix."""
    names = attrs.get("itemprop", "").split()
    if names or "property" not in attrs or not any("typeof" in around for around in above):
        return names
    return [re.split(r"[:/#]", name)[-1] for name in attrs["property"].split()]


def _property_place(head: Head) -> str:
    if head.attrs.get("content"):
        return "content"
    kind = VALUE_ATTRIBUTES.get(head.tag, "element")
    return kind if kind != "element" and head.attrs.get(kind) else "element"


def _item_type(above: list[dict[str, str]]) -> str:
    for attrs in above:
        if "itemscope" in attrs or "typeof" in attrs:
            kind = re.split(r"[/#:]", (attrs.get("itemtype") or attrs.get("typeof", "")).rstrip("/"))[-1]
            return f"{kind}/" if kind else ""
    return ""
