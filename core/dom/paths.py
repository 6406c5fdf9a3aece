"""Every place of a tree where a value can stand, under the keys by which selectors find it again.

A leaf is one text node, one attribute, or the whole text of an element that mixes text with inline elements. Its
path key is the way down to it: steps of tag and class tokens (digits and state words dropped, so that `row-17` and
`row-18` are the same), cells by their column in the grid of the table. A view holds the leaves of one document or of
one record.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

from core.dom.table_grid import CELLS, Grid, spanned
from core.dom.tree import INLINE, TEXT, UNSEEN, Head, Node, Tree, squeeze

# steps of the path to a text of a page: each more tells places apart and breaks with one more wrapper
DOCUMENT_STEPS = 4
# steps with open classes that are kept compiled: those of the keys of some hundred blueprints
OPEN_STEPS_CACHED = 2_000
# steps up from an element: below the depth that the parser allows, so that a hostile page costs no more
DEEPEST_PATH = 400
MAIN_HEADINGS = ("h1", "h2")
WIDE_CELL = ":wide"
# nodes of an element that are looked at to see whether it is a text with markup: sentences have fewer
FEWEST_NODES_OF_A_TEXT, MOST_NODES_OF_A_TEXT = 3, 200
VALUE_ATTRIBUTES_BY_TAG = {
    "a": ("href", "title"),
    "area": ("href",),
    "img": ("src", "data-src", "alt"),
    "source": ("src", "srcset"),
    "audio": ("src",),
    "video": ("src",),
    "iframe": ("src",),
    "time": ("datetime",),
    "data": ("value",),
    "abbr": ("title",),
    "enclosure": ("url",),
    "button": ("data-url", "data-href"),
}
INLINE_LABEL = re.compile(r"^([^\W\d_][^:：\n]{0,40}?)\s*[:：]\s*(?=\S)")
OPENED_ADDRESS = re.compile(
    r"[\"']((?:https?://|/|\.\.?/|\?)[^\s\"'<>]+|[\w./-]+\.(?:html?|php|aspx?|jsp|pdf)[^\s\"'<>]*)[\"']"
)
SETTINGS = ("{", "[", "#", "<", "")
# characters of a `data-` attribute that is a value: longer ones are settings of scripts
LONGEST_DATUM = 200
ANY_CLASS = r"\.[^.>/]+"
DIGITS_AND_BLANKS = re.compile(r"[\d ]")
BULLETS = "▢□☐■●•○◦▪▫·✓✔✅▶►➤→*–—- "


class Leaf(NamedTuple):
    """One place and its text. `kind` is "text", "element" or "@name"; `start` is where the value begins in `text`."""

    tree: Tree
    order: int
    kind: str
    text: str
    path_key: str
    start: int = 0

    @property
    def node(self) -> Node:
        """The text node, or the element."""
        return self.tree.node(self.order)

    def locator(self) -> str:
        """The XPath of the text node, attribute or element."""
        path = self.tree.path(self.order)
        return f"xpath:{path}/{self.kind}" if self.kind.startswith("@") else f"xpath:{path}"

    @property
    def keeper(self) -> int:
        """The order of the element the value belongs to."""
        return self.tree.parents[self.order] if self.kind == "text" else self.order

    @property
    def owner(self) -> Node:
        """The element the value belongs to."""
        return self.tree.node(self.keeper)


def step(node: Node) -> str:
    """Tag and class tokens of an element, as in CSS: `div.price.now`."""
    return node.head.step


@lru_cache(maxsize=OPEN_STEPS_CACHED)
def _loose(key: str) -> re.Pattern[str]:
    """A path key with loose steps as a pattern of such."""
    way, slash, kind = key.rpartition("/")
    return re.compile(">".join(loose_step(name) for name in way.split(">")) + re.escape(slash + kind))


def loose_step(name: str) -> str:
    """A step as a pattern of steps; one that ends with a star may have more classes than it says."""
    if not name.endswith("*"):
        return re.escape(name)
    tag, *classes = name[:-1].split(".")
    return (
        re.escape(tag) + "".join(rf"(?:{ANY_CLASS})*\.{re.escape(token)}" for token in classes) + rf"(?:{ANY_CLASS})*"
    )


class View:
    """The leaves of a document or a record in document order, and the indexes that selectors look them up in."""

    def __init__(self, leaves: list[Leaf], others: dict[str, list[Leaf]]) -> None:
        self.leaves = leaves
        self._others = others

    @cached_property
    def texts(self) -> list[Leaf]:
        """The leaves that are text nodes."""
        return [leaf for leaf in self.leaves if leaf.kind == "text"]

    @cached_property
    def by_key(self) -> dict[str, list[Leaf]]:
        """Leaves by path key; columns of tables also by the text of their header."""
        found: dict[str, list[Leaf]] = defaultdict(list)
        for leaf in self.leaves:
            found[leaf.path_key].append(leaf)
        for key, leaves in self._others.items():
            found[key].extend(leaves)
        return dict(found)

    def at(self, key: str) -> list[Leaf]:
        """The leaves of one key, in document order; a step `li.tag*` may have more classes than said."""
        if "*" in key:
            pattern = _loose(key)
            return [leaf for leaf in self.leaves if pattern.fullmatch(leaf.path_key)]
        return self.by_key.get(key, [])

    @cached_property
    def positions(self) -> dict[str, list[int]]:
        """For each text, at which positions of `texts` it stands."""
        found: dict[str, list[int]] = defaultdict(list)
        for index, leaf in enumerate(self.texts):
            found[leaf.text].append(index)
        return dict(found)

    @cached_property
    def inline(self) -> dict[str, list[Leaf]]:
        """Values that stand behind their label in one text ("Pages: 320"), by label."""
        found: dict[str, list[Leaf]] = defaultdict(list)
        for leaf in self.leaves:
            if not leaf.kind.startswith("@") and (said := labelled(leaf)):
                found[said[0]].append(said[1])
        return dict(found)

    def behind(self, label: str) -> list[Leaf]:
        """Values that stand behind a label and a colon in one text."""
        return self.inline.get(label, [])

    def paragraph(self, text: Leaf) -> Leaf | None:
        """The whole text of the largest paragraph that begins with a text."""
        return self.elements.get(text.order)

    def path_key_of(self, text: Leaf) -> str:
        """The path key of a text."""
        return text.path_key

    @cached_property
    def elements(self) -> dict[int, Leaf]:
        """Whole-text leaves by the order of their first text node."""
        found: dict[int, Leaf] = {}
        for leaf in self.leaves:
            if leaf.kind == "element":
                first = next(visible_texts(leaf.tree, leaf.order), None)
                if first is not None:
                    found.setdefault(first, leaf)
        return found


def labelled(leaf: Leaf) -> tuple[str, Leaf] | None:
    """The label a text begins with, and the value behind it ("Pages: 320"); None for other texts."""
    found = INLINE_LABEL.match(leaf.text[leaf.start :])
    return (found[1], leaf._replace(start=leaf.start + found.end())) if found else None


def visible_texts(tree: Tree, top: int) -> Iterator[int]:
    """The orders of the texts under a node that a reader sees."""
    place, end = top, tree.ends[top]
    while place < end:
        tag = tree.heads[place].tag
        if tag == TEXT:
            yield place
        place = tree.ends[place] if tag in UNSEEN else place + 1


def document_view(tree: Tree) -> "PageView":
    """All leaves of the visible body of a document; path keys keep their last four steps.

    Leaves are also found by the way down from the nearest id ("#price>span[1]/text"), by itemprop, as the heading of
    the page ("h1/text"), and by their absolute XPath.
    """
    return PageView(_collected(tree, tree.body, (), None), tree)


class PageView(View):
    """The leaves of a whole document, with their further keys."""

    def __init__(self, leaves: list[Leaf], tree: Tree) -> None:
        super().__init__(leaves, {})
        self._tree = tree

    @cached_property
    def by_key(self) -> dict[str, list[Leaf]]:
        """Leaves by all their keys."""
        found: dict[str, list[Leaf]] = defaultdict(list)
        for leaf in self.leaves:
            found[leaf.path_key].append(leaf)
        paths = _IdPaths(self._tree)
        for leaf in self.leaves:
            suffix = _suffix(leaf)
            for key in (paths.of(leaf.keeper) + suffix, *_names(leaf, suffix)):
                if key != leaf.path_key:
                    found[key].append(leaf)
        return dict(found)


def anchor(head: Head) -> str:
    """An id that path keys begin at, as "#price"; "" for none, or one with digits: those are often counted."""
    name = head.get("id")
    return "#" + name if name and not DIGITS_AND_BLANKS.search(name) else ""


def property_of(head: Head) -> str:
    """The property that an element says it is."""
    return head.get("itemprop") or head.get("property") or ""


def _names(leaf: Leaf, suffix: str) -> list[str]:
    """The keys of a leaf by the property that its element says it is, or as a heading."""
    head = leaf.tree.heads[leaf.keeper]
    name = property_of(head)
    heads = head.tag in MAIN_HEADINGS and leaf.kind != "@href"
    return [f"[itemprop={name}]{suffix}"] * bool(name) + [head.tag + suffix] * heads


class _IdPaths:
    """The paths down to elements, from the nearest id; shared between the elements below it."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._paths: dict[int, str] = {}

    def of(self, order: int) -> str:
        pending: list[int] = []
        while order not in self._paths and len(pending) < DEEPEST_PATH:
            pending.append(order)
            if not order:
                break
            order = self._tree.parents[order]
        way = self._paths.get(order, "")
        for item in reversed(pending):
            way = self._paths[item] = self._below(way, item)
        return way

    def _below(self, way: str, order: int) -> str:
        head = self._tree.heads[order]
        return anchor(head) or (f"{way}>{head.tag}[{self._tree.ordinal(order)}]" if way else head.tag)


def _suffix(leaf: Leaf) -> str:
    if leaf.kind == "element":
        return "/all"
    number = leaf.tree.ordinal(leaf.order) if leaf.kind == "text" else 1
    return f"/text{number}" if number > 1 else "/" + leaf.kind


def record_view(tree: Tree, nodes: Sequence[int], grid: Grid, *, flat: bool = False) -> View:
    """The leaves of one record: of one element, or of the consecutive siblings that make it up.

    Trails of a `flat` record begin with the step to the sibling, also where there is but one.
    """
    is_single = len(nodes) == 1 and not flat
    if is_single and nodes[0] in grid.cells:
        return _row_view(tree, nodes[0], grid)
    leaves: list[Leaf] = []
    inside = is_single and tree.heads[nodes[0]].tag != TEXT
    others: dict[str, list[Leaf]] = defaultdict(list)
    for node in (node for node in nodes if tree.heads[node].tag not in UNSEEN):
        leaves.extend(_collected(tree, node, () if inside else (outer_step(tree.heads[node]),), grid))
    _add_first(others, "", leaves, nodes[0])
    for leaf in asides(tree, nodes):
        others[leaf.path_key].append(leaf)
    for leaf in leaves:
        name = tree.heads[leaf.keeper].get("itemprop")
        if name:
            others[f"[itemprop={name}]/{leaf.kind}"].append(leaf)
    if not is_single:
        _add_headed(others, tree, nodes[0], grid)
    return View(leaves, dict(others))


def _add_headed(others: dict[str, list[Leaf]], tree: Tree, row: int, grid: Grid) -> None:
    """The places in the cells of a row, the first one of the record, by the text of their header."""
    header = grid.header_of(row) if row in grid.cells else {}
    for column, cell in grid.cells.get(row, ()):
        if title := header.get(column):
            prefix = cell_step(column)
            own = _collected(tree, cell, (prefix,), grid)
            _add_first(others, f"[{title}]", own, cell)
            for leaf in own:
                others[f"[{title}]" + leaf.path_key[len(prefix) :]].append(leaf)


def outer_step(head: Head) -> str:
    """The step to one of the siblings that make up a record."""
    return "~text" if head.tag == TEXT else "~" + head.step


def _row_view(tree: Tree, row: int, grid: Grid) -> View:
    leaves: list[Leaf] = []
    others: dict[str, list[Leaf]] = defaultdict(list)
    for column, cell in grid.cells[row]:
        prefix = cell_step(column)
        own = _collected(tree, cell, (prefix,), grid)
        leaves.extend(own)
        _add_first(others, prefix, own, cell)
    _add_headed(others, tree, row, grid)
    for leaf in asides(tree, (row,)):
        others[leaf.path_key].append(leaf)
    return View(leaves, dict(others))


def cell_step(column: int) -> str:
    """The step to the cell of a column, counted from 0."""
    return f"td:{column + 1}"


def _add_first(others: dict[str, list[Leaf]], prefix: str, leaves: list[Leaf], top: int) -> None:
    """The first text, the first link and the whole text below a place: they hold where rows differ in detail."""
    texts = [leaf for leaf in leaves if leaf.kind == "text"]
    links = [leaf for leaf in leaves if leaf.kind == "@href"]
    if texts:
        others[prefix + "//text"].append(texts[0])
    if links:
        others[prefix + "//@href"].append(links[0])
    if len(texts) > 1:
        others[prefix + "//all"].append(whole_text(texts[0].tree, top, prefix + "//all"))
    elif texts:
        others[prefix + "//all"].append(texts[0])


def _collected(tree: Tree, top: int, way: tuple[str, ...], grid: Grid | None) -> list[Leaf]:
    """The leaves under a node in document order, with their path keys; those of a page (no grid) keep four steps."""
    leaves: list[Leaf] = []
    ends, texts = tree.ends, tree.texts
    stack: list[tuple[int, tuple[str, ...], str]] = [(top, way, ">".join(way) + "/text" if top in texts else "")]
    while stack:
        node, way, name = stack.pop()
        if node in texts:
            leaves.append(Leaf(tree, node, "text", squeeze(texts[node]), name))
            continue
        prefix = ">".join(way)
        leaves.extend(own_leaves(tree, node, prefix))
        if ends[node] > node + 1:
            stack.extend(reversed(list(_below(tree, node, way, prefix, grid))))
    return leaves


def _below(
    tree: Tree, node: int, way: tuple[str, ...], prefix: str, grid: Grid | None
) -> Iterator[tuple[int, tuple[str, ...], str]]:
    """The children of an element with their paths; texts with their path keys."""
    count = 0
    for child in tree.children(node):
        head = tree.heads[child]
        if head.tag == TEXT:
            count += 1
            yield child, (), f"{prefix}/text" if count == 1 else f"{prefix}/text{count}"
        elif head.tag not in UNSEEN:
            if grid is None:
                yield child, (*way, page_step(head))[-DOCUMENT_STEPS:], ""
            else:
                yield child, (*way, record_step(head, child, grid)), ""


def page_step(head: Head) -> str:
    """The step to an element in the path keys of a page."""
    return head.step + WIDE_CELL if head.tag in CELLS and spanned(head, "colspan") > 1 else head.step


def record_step(head: Head, order: int, grid: Grid) -> str:
    """The step to an element in the path keys of a record."""
    return cell_step(grid.columns[order]) if order in grid.columns else head.step


def own_leaves(tree: Tree, node: int, way: str) -> Iterator[Leaf]:
    """The attributes of an element that are values, and its whole text where it mixes texts."""
    head = tree.heads[node]
    for name in VALUE_ATTRIBUTES_BY_TAG.get(head.tag, ()):
        if value := attribute(head, name):
            yield Leaf(tree, node, "@" + name, value, f"{way}/@{name}")
    if value := content(head):
        yield Leaf(tree, node, "@content", value, f"{way}/@content")
    if mixes_text(tree, node):
        yield whole_text(tree, node, f"{way}/all")


def asides(tree: Tree, nodes: Sequence[int]) -> Iterator[Leaf]:
    """What a record keeps in attributes that say nothing to a reader, the first of each name."""
    return filter(None, (aside(tree, nodes, name) for name in tree.asides))


def aside(tree: Tree, nodes: Sequence[int], name: str) -> Leaf | None:
    """The first attribute of a name in some nodes that holds a datum: data-…, or an address that a click opens."""
    holders, heads = tree.holding(name), tree.heads
    for node in nodes:
        inside = holders[bisect_left(holders, node) : bisect_left(holders, tree.ends[node])]
        order = next((order for order in inside if _datum(heads[order], name)), -1)
        if order >= 0:
            return Leaf(tree, order, "@" + name, _datum(heads[order], name), f"//@{name}")
    return None


def _datum(head: Head, name: str) -> str:
    value = squeeze(head.get(name) or "")
    if name == "onclick":
        return value if OPENED_ADDRESS.search(value) else ""
    is_setting = value[:1] in SETTINGS or value.lower() in ("true", "false") or len(value) > LONGEST_DATUM
    return "" if is_setting else value


def attribute(head: Head, name: str) -> str:
    """An attribute that is a value of its element, not an instruction; else ""."""
    value = squeeze(head.get(name) or "")
    return "" if value.startswith(("#", "javascript:", "data:")) else value


def content(head: Head) -> str:
    """What an element says its property is worth, beside its text."""
    if head.tag == "meta" or head.get("itemprop") is None:
        return ""
    return squeeze(head.get("content") or "")


def whole_text(tree: Tree, node: int, path_key: str) -> Leaf:
    """All text of an element; the value begins behind its bullet or check box."""
    text = tree.text(node)
    start = next((position for position, c in enumerate(text) if c not in BULLETS), 0)
    return Leaf(tree, node, "element", text, path_key, start)


def mixes_text(tree: Tree, node: int) -> bool:
    """Whether an element is one paragraph of several pieces: inline elements and texts only, more than one text."""
    heads, ends = tree.heads, tree.ends
    place, end = node + 1, ends[node]
    if end - node < FEWEST_NODES_OF_A_TEXT:
        return False
    if ends[place] == end and heads[place].tag not in INLINE:
        return False
    texts, budget = 0, MOST_NODES_OF_A_TEXT
    while place < end:
        tag = heads[place].tag
        budget -= 1
        if tag in UNSEEN:
            place = ends[place]
            continue
        if tag == TEXT:
            texts += 1
        elif tag not in INLINE and tag != "br":
            return False
        if budget < 0:
            return False
        place += 1
    return texts > 1
