"""Every place of a tree where a value can stand, under the keys by which selectors find it again.

A leaf is one text node, one attribute, or the whole text of an element that mixes text with inline elements. Its
trail is the way down to it: steps of tag and class tokens (digits and state words dropped, so that `row-17` and
`row-18` are the same), cells by their column in the grid of the table. A view holds the leaves of one document or of
one record.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

from core.tree import INLINE, TEXT, UNSEEN, Node, Tree, squeeze, text_of

DOCUMENT_STEPS = 4
ATTRIBUTES = {
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
CELLS = ("td", "th")
ANY_CLASS = r"\.[^.>/]+"
BULLETS = frozenset("▢□☐■●•○◦▪▫·✓✔✅▶►➤→*–—- ")


class Leaf(NamedTuple):
    """One place and its text. `take` is "text", "element" or "@name"; `start` is where the value begins in `text`."""

    node: Node
    take: str
    text: str
    trail: str
    start: int = 0

    @property
    def owner(self) -> Node:
        """The element the value belongs to."""
        return self.node.parent if self.take == "text" and self.node.parent is not None else self.node


def step(node: Node) -> str:
    """Tag and class tokens of an element, as in CSS: `div.price.now`."""
    return node.head.step


@lru_cache(maxsize=2_000)
def _loose(key: str) -> re.Pattern[str]:
    """A trail with loose steps as a pattern of trails."""
    way, slash, take = key.rpartition("/")
    return re.compile(">".join(_loose_step(name) for name in way.split(">")) + re.escape(slash + take))


def _loose_step(name: str) -> str:
    if not name.endswith("*"):
        return re.escape(name)
    tag, *classes = name[:-1].split(".")
    return (
        re.escape(tag) + "".join(rf"(?:{ANY_CLASS})*\.{re.escape(token)}" for token in classes) + rf"(?:{ANY_CLASS})*"
    )


class Grid:
    """The logical cells of the tables of a tree: which cells cover a row, spanning ones included, and in which column.

    `cells` maps the order of a row to its (column, cell) pairs; `headers` the order of a table to its header texts.
    """

    def __init__(self, tree: Tree) -> None:
        self.cells: dict[int, list[tuple[int, Node]]] = {}
        self.columns: dict[int, int] = {}
        self.headers: dict[int, dict[int, str]] = {}
        self.tables: dict[int, int] = {}
        for node in tree.nodes:
            if node.tag == "table":
                self._lay_out(node)

    def _lay_out(self, table: Node) -> None:
        rows = _rows(table)
        covered: dict[int, tuple[int, Node]] = {}
        for row in rows:
            self.tables[row.order] = table.order
            self.cells[row.order] = self._row(row, covered)
        self.headers[table.order] = self._header(rows)

    def _row(self, row: Node, covered: dict[int, tuple[int, Node]]) -> list[tuple[int, Node]]:
        placed: list[tuple[int, Node]] = []
        column = 0
        for cell in [child for child in row.children if child.tag in CELLS]:
            while covered.get(column, (0, None))[0] > 0:
                column += 1
            self.columns[cell.order] = column
            width, height = _span(cell, "colspan"), _span(cell, "rowspan")
            placed.append((column, cell))
            for offset in range(width):
                covered[column + offset] = (height, cell)
            column += width
        own = {cell.order for _, cell in placed}
        for position, (left, cell) in list(covered.items()):
            if left > 0 and cell.order not in own and self.columns[cell.order] == position:
                placed.append((position, cell))
            covered[position] = (left - 1, cell)
        return sorted(placed, key=lambda pair: pair[0])

    def _header(self, rows: list[Node]) -> dict[int, str]:
        for row in rows[:4]:
            cells = self.cells[row.order]
            heading = all(cell.tag == "th" for _, cell in cells) or (
                row.parent is not None and row.parent.tag == "thead"
            )
            if len(cells) > 1 and heading:
                return {column: text_of(cell) for column, cell in cells}
        return {}

    def header_of(self, row: Node) -> dict[int, str]:
        """The header texts by column of the table a row belongs to."""
        return self.headers.get(self.tables.get(row.order, -1), {})

    def is_header(self, row: Node) -> bool:
        """Whether a row holds header cells only."""
        cells = self.cells.get(row.order, [])
        return bool(cells) and all(cell.tag == "th" for _, cell in cells)


def _rows(table: Node) -> list[Node]:
    found = []
    for child in table.elements():
        if child.tag == "tr":
            found.append(child)
        elif child.tag in ("thead", "tbody", "tfoot"):
            found.extend(row for row in child.elements() if row.tag == "tr")
    return found


def _span(cell: Node, name: str) -> int:
    value = cell.attrs.get(name, "1").strip()
    return max(1, min(int(value), 200)) if value.isascii() and value.isdigit() else 1


class View:
    """The leaves of a document or a record in document order, and the indexes that selectors look them up in."""

    def __init__(self, leaves: list[Leaf], others: dict[str, list[Leaf]]) -> None:
        self.leaves = leaves
        self._others = others

    @cached_property
    def texts(self) -> list[Leaf]:
        """The leaves that are text nodes."""
        return [leaf for leaf in self.leaves if leaf.take == "text"]

    @cached_property
    def trails(self) -> dict[str, list[Leaf]]:
        """Leaves by trail; columns of tables also by the text of their header."""
        found: dict[str, list[Leaf]] = defaultdict(list)
        for leaf in self.leaves:
            found[leaf.trail].append(leaf)
        for key, leaves in self._others.items():
            found[key].extend(leaves)
        return dict(found)

    def at(self, key: str) -> list[Leaf]:
        """The leaves of one trail or other key, in document order; a step `li.tag*` may have more classes than said."""
        if "*" in key:
            pattern = _loose(key)
            return [leaf for leaf in self.leaves if pattern.fullmatch(leaf.trail)]
        return self.trails.get(key, [])

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
            label = INLINE_LABEL.match(leaf.text[leaf.start :]) if not leaf.take.startswith("@") else None
            if label:
                found[label[1]].append(leaf._replace(start=leaf.start + label.end()))
        return dict(found)

    @cached_property
    def elements(self) -> dict[int, Leaf]:
        """Whole-text leaves by the order of their first text node."""
        found: dict[int, Leaf] = {}
        for leaf in self.leaves:
            if leaf.take == "element":
                first = next((n for n in _walk(leaf.node) if n.tag == TEXT), None)
                if first is not None:
                    found.setdefault(first.order, leaf)
        return found


def _walk(node: Node) -> "Iterable[Node]":
    stack = [node]
    while stack:
        top = stack.pop()
        if top.tag in UNSEEN:
            continue
        yield top
        stack.extend(reversed(top.children))


def document_view(tree: Tree, grid: Grid) -> View:
    """All leaves of the visible body of a document; trails keep their last four steps.

    Leaves are also found by the way down from the nearest id ("#price>span[1]/text"), by itemprop, as the heading of
    the page ("h1/text"), and by their absolute XPath.
    """
    return PageView(_view([tree.find("body") or tree.root], grid, keep=DOCUMENT_STEPS, cells=False).leaves, tree)


class PageView(View):
    """The leaves of a whole document, with their further keys."""

    def __init__(self, leaves: list[Leaf], tree: Tree) -> None:
        super().__init__(leaves, {})
        self._tree = tree

    def at(self, key: str) -> list[Leaf]:
        """The leaves of one key; ways are followed, not looked up, since a reader needs few of them."""
        if key.startswith("#"):
            return self._below(key)
        found = self._by_trail.get(key, [])
        named = self._by_name.get(key)
        if named or not found:
            found = [*found, *(named or self._below(key))]
        return found

    @cached_property
    def trails(self) -> dict[str, list[Leaf]]:
        """Leaves by all their keys."""
        found = defaultdict(list, {key: [*leaves] for key, leaves in self._by_trail.items()})
        ways = _Ways()
        for leaf in self.leaves:
            for key in (ways.of(leaf.owner) + _suffix(leaf), *_names(leaf)):
                found[key].append(leaf)
        return dict(found)

    @cached_property
    def _by_trail(self) -> dict[str, list[Leaf]]:
        found: dict[str, list[Leaf]] = defaultdict(list)
        for leaf in self.leaves:
            found[leaf.trail].append(leaf)
        return found

    @cached_property
    def _by_name(self) -> dict[str, list[Leaf]]:
        found: dict[str, list[Leaf]] = defaultdict(list)
        for leaf in self.leaves:
            for name in _names(leaf):
                found[name].append(leaf)
        return found

    @cached_property
    def _by_owner(self) -> dict[int, list[Leaf]]:
        found: dict[int, list[Leaf]] = defaultdict(list)
        for leaf in self.leaves:
            found[leaf.owner.order].append(leaf)
        return found

    @cached_property
    def _by_id(self) -> dict[str, list[Node]]:
        found: dict[str, list[Node]] = defaultdict(list)
        for node in self._tree.nodes:
            if "id" in node.attrs and (name := _anchor(node)):
                found[name].append(node)
        return found

    def _below(self, key: str) -> list[Leaf]:
        way, _, suffix = key.rpartition("/")
        start, *steps = way.split(">")
        nodes = self._by_id.get(start, []) if start.startswith("#") else self._top(start)
        for step in steps:
            nodes = [child for node in nodes if (child := _child(node, step))]
        return [leaf for node in nodes for leaf in self._by_owner.get(node.order, ()) if _suffix(leaf)[1:] == suffix]

    def _top(self, tag: str) -> list[Node]:
        root = self._tree.root
        return [root] if root.tag == tag and not _anchor(root) else []


def _child(node: Node, step: str) -> Node | None:
    """The child at a step like "span[2]" that has no way of its own."""
    tag, _, rest = step.partition("[")
    number = rest.rstrip("]")
    same = [child for child in node.children if child.tag == tag]
    found = same[int(number) - 1] if number.isdecimal() and 0 < int(number) <= len(same) else None
    return found if found is not None and not _anchor(found) else None


def _anchor(node: Node) -> str:
    """An id that ways begin at, as "#price"; "" for none, or one with digits: those are often counted."""
    name = node.attrs.get("id", "")
    return "#" + name if name and not any(c.isdigit() for c in name) and " " not in name else ""


def _names(leaf: Leaf) -> list[str]:
    """The keys of a leaf by the property that its element says it is, or as a heading."""
    owner = leaf.owner
    name = owner.attrs.get("itemprop") or owner.attrs.get("property")
    heads = owner.tag in ("h1", "h2") and leaf.take != "@href"
    if not name and not heads:
        return []
    suffix = _suffix(leaf)
    return [f"[itemprop={name}]{suffix}"] * bool(name) + [owner.tag + suffix] * heads


class _Ways:
    """The ways down to elements, from the nearest id; shared between the elements below it."""

    def __init__(self) -> None:
        self._ways: dict[int, str] = {}

    def of(self, node: Node) -> str:
        pending: list[Node] = []
        top: Node | None = node
        while top is not None and top.order not in self._ways and len(pending) < 400:
            pending.append(top)
            top = top.parent
        way = self._ways[top.order] if top is not None and top.order in self._ways else ""
        for item in reversed(pending):
            way = self._below(way, item)
            self._ways[item.order] = way
        return way

    @staticmethod
    def _below(way: str, node: Node) -> str:
        anchor = _anchor(node)
        if anchor:
            return anchor
        return f"{way}>{node.tag}[{node.ordinal}]" if way else node.tag


def _suffix(leaf: Leaf) -> str:
    return "/" + (
        f"text{leaf.node.ordinal}"
        if leaf.take == "text" and leaf.node.ordinal > 1
        else "all"
        if leaf.take == "element"
        else leaf.take
    )


def record_view(nodes: Sequence[Node], grid: Grid) -> View:
    """The leaves of one record: of one element, or of the consecutive siblings that make it up."""
    if len(nodes) == 1 and nodes[0].order in grid.cells:
        return _row_view(nodes[0], grid)
    return _view(nodes, grid, keep=None, cells=True)


def _view(nodes: Sequence[Node], grid: Grid, *, keep: int | None, cells: bool) -> View:
    leaves: list[Leaf] = []
    inside = len(nodes) == 1 and nodes[0].tag != TEXT
    others: dict[str, list[Leaf]] = defaultdict(list)
    for node in nodes:
        trail: tuple[str, ...] = () if inside else ("~" + (step(node) if node.tag != TEXT else "text"),)
        _collect(node, trail, leaves, grid, keep, cells)
    if cells:
        _add_first(others, "", leaves, nodes[0])
        _add_properties(others, leaves)
    return View(leaves, dict(others))


def _add_properties(others: dict[str, list[Leaf]], leaves: list[Leaf]) -> None:
    for leaf in leaves:
        name = leaf.owner.attrs.get("itemprop")
        if name:
            others[f"[itemprop={name}]/{leaf.take}"].append(leaf)


def _row_view(row: Node, grid: Grid) -> View:
    leaves: list[Leaf] = []
    others: dict[str, list[Leaf]] = defaultdict(list)
    header = grid.header_of(row)
    for column, cell in grid.cells[row.order]:
        prefix = f"td:{column + 1}"
        own: list[Leaf] = []
        _collect(cell, (prefix,), own, grid, None, True)
        leaves.extend(own)
        names = [prefix, f"[{header[column]}]"] if header.get(column) else [prefix]
        for name in names:
            _add_first(others, name, own, cell)
            if name != prefix:
                for leaf in own:
                    others[name + leaf.trail[len(prefix) :]].append(leaf)
    return View(leaves, dict(others))


def _add_first(others: dict[str, list[Leaf]], prefix: str, leaves: list[Leaf], top: Node) -> None:
    """The first text, the first link and the whole text below a place: they hold where rows differ in detail."""
    texts = [leaf for leaf in leaves if leaf.take == "text"]
    links = [leaf for leaf in leaves if leaf.take == "@href"]
    if texts:
        others[prefix + "//text"].append(texts[0])
    if links:
        others[prefix + "//@href"].append(links[0])
    if len(texts) > 1:
        others[prefix + "//all"].append(whole(top, prefix + "//all"))
    elif texts:
        others[prefix + "//all"].append(texts[0])


def _collect(top: Node, trail: tuple[str, ...], leaves: list[Leaf], grid: Grid, keep: int | None, cells: bool) -> None:
    if top.tag == TEXT:
        leaves.append(Leaf(top, "text", squeeze(top.text), ">".join(trail) + "/text"))
        return
    stack: list[tuple[Node, tuple[str, ...], str]] = [(top, trail, "")]
    while stack:
        node, way, name = stack.pop()
        if node.tag == TEXT:
            leaves.append(Leaf(node, "text", squeeze(node.text), name))
            continue
        prefix = ">".join(way)
        if node.tag in ATTRIBUTES or node.attrs or len(node.children) > 1 or _wraps(node):
            _own_leaves(node, prefix, leaves)
        stack.extend(reversed(list(_below(node, way, prefix, grid, keep, cells))))


def _wraps(node: Node) -> bool:
    return bool(node.children) and node.children[0].tag in INLINE


def _below(
    node: Node, way: tuple[str, ...], prefix: str, grid: Grid, keep: int | None, cells: bool
) -> Iterator[tuple[Node, tuple[str, ...], str]]:
    """The children of an element with their ways; texts with their trails."""
    count = 0
    for child in node.children:
        if child.tag == TEXT:
            count += 1
            yield child, (), f"{prefix}/text" if count == 1 else f"{prefix}/text{count}"
        elif child.tag not in UNSEEN:
            name = _cell_step(child, grid) if cells and child.order in grid.columns else step(child)
            if not cells and child.tag in CELLS and _span(child, "colspan") > 1:
                name += ":wide"
            down = (*way, name)
            yield child, down[-keep:] if keep else down, ""


def _cell_step(cell: Node, grid: Grid) -> str:
    return f"td:{grid.columns[cell.order] + 1}"


def _own_leaves(node: Node, way: str, leaves: list[Leaf]) -> None:
    for name in ATTRIBUTES.get(node.tag, ()):
        value = squeeze(node.attrs.get(name, ""))
        if value and not value.startswith(("#", "javascript:", "data:")):
            leaves.append(Leaf(node, "@" + name, value, f"{way}/@{name}"))
    if node.attrs.get("content") and node.tag != "meta" and "itemprop" in node.attrs:
        leaves.append(Leaf(node, "@content", squeeze(node.attrs["content"]), f"{way}/@content"))
    if mixes_text(node):
        leaves.append(whole(node, f"{way}/all"))


def whole(node: Node, trail: str) -> Leaf:
    """All text of an element; the value begins behind its bullet or check box."""
    text = text_of(node)
    start = next((position for position, c in enumerate(text) if c not in BULLETS), 0)
    return Leaf(node, "element", text, trail, start)


def mixes_text(node: Node) -> bool:
    """Whether an element is one paragraph of several pieces: inline elements and texts only, more than one text."""
    if len(node.children) < 2 and not (node.children and node.children[0].tag in INLINE):
        return False
    texts = 0
    budget = 200
    stack = list(node.children)
    while stack:
        child = stack.pop()
        budget -= 1
        if child.tag == TEXT:
            texts += 1
        elif child.tag in INLINE or child.tag == "br":
            stack.extend(child.children)
        elif child.tag not in UNSEEN:
            return False
        if budget < 0:
            return False
    return texts > 1
