"""One light tree for HTML and XML: what induction, extraction and evidence work on.

Text is a node of its own, as in a browser, so that every value has an XPath that the browser and lxml find too.
The nodes stand in document order in parallel lists; the subtree of a node is the slice from its `order` to its `end`.
A `Node` is made when somebody asks for it: who reads a few values of a page never meets most of its nodes.
Nothing recurses.
"""

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache

TEXT = "#text"
UNSEEN_BLANKS = re.compile("[\u200b\ufeff]")
UNSEEN = frozenset({"script", "style", "noscript", "template", "svg", "iframe", "head", "object", "math", "canvas"})
INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img input ins kbd label mark nobr q s samp small "
    "span strike strong sub sup time tt u var wbr".split()
)
# class names of a step: sites that style by dozens of short classes change the rest at every build
MOST_CLASSES = 3
# class attributes whose step is remembered: more than any site writes, so that a page costs each but once
STEPS_CACHED = 20_000
SIDE_ATTRIBUTE = re.compile(
    r"onclick|data-(?!(v|bs|aos|ga|gtm|track|tracking|analytics|event|test|testid|qa|cy|react|reactid|ng|toggle|target|"
    r"dismiss|placement|controller|action|index|idx|position|row|column|col|key|order|sort|src|srcset|lazy)(-|$))[\w-]+"
)
STATE_WORDS = frozenset("odd even first last active selected current alt alternate hidden visible open closed".split())


def squeeze(text: str) -> str:
    """`text` with every run of white space as one blank, and none at the ends."""
    if not text.isascii() and ("\u200b" in text or "\ufeff" in text):
        text = UNSEEN_BLANKS.sub(" ", text)
    return " ".join(text.split())


@lru_cache(maxsize=STEPS_CACHED)
def tokens(names: str) -> tuple[str, ...]:
    """The stable class tokens of a class attribute: without digits and without words that name a state."""
    kept = {
        token for token in names.split() if not any(c.isdigit() for c in token) and token.lower() not in STATE_WORDS
    }
    return tuple(sorted(kept)[:MOST_CLASSES])


@lru_cache(maxsize=STEPS_CACHED)
def _step(tag: str, names: str) -> str:
    return ".".join((tag, *tokens(names))) if names else tag


class Head:
    """What an opening tag says; elements whose tags read the same may share one. `orders` are their places."""

    __slots__ = ("_attrs", "_step", "orders", "space", "tag")

    def __init__(self, tag: str, attrs: dict[str, str] | None = None, space: str = "") -> None:
        self.tag = tag
        self.space = space
        self.orders: list[int] = []
        self._attrs = attrs
        self._step = ""

    @property
    def attrs(self) -> dict[str, str]:
        """The attributes by name."""
        if self._attrs is None:
            self._attrs = {}
        return self._attrs

    def get(self, name: str) -> str | None:
        """One attribute, without reading the others; None where there is none of that name."""
        return self.attrs.get(name)

    def mentions(self, word: str) -> bool:
        """Whether attributes may name or say a word: a cheap test before they are read."""
        return word in self.attrs or any(word in value for value in self.attrs.values())

    @property
    def step(self) -> str:
        """Tag and class tokens, as in CSS: `div.price.now`."""
        if not self._step:
            self._step = _step(self.tag, self.get("class") or "")
        return self._step


TEXT_HEAD = Head(TEXT)


class Node:
    """An element, or a text node (tag "#text")."""

    __slots__ = ("_children", "_parent", "end", "head", "order", "tag", "text", "tree")

    def __init__(self, tree: "Tree", order: int) -> None:
        self.tree = tree
        self.order = order
        self.end = tree.ends[order]
        self.head = tree.heads[order]
        self.tag = self.head.tag
        self.text = tree.texts.get(order, "")
        self._children: list[Node] | None = None
        self._parent: Node | None = None

    def __repr__(self) -> str:
        return f"<{xpath(self)}>"

    @property
    def attrs(self) -> dict[str, str]:
        """The attributes of an element."""
        return self.head.attrs

    @property
    def space(self) -> str:
        """The namespace of an XML element."""
        return self.head.space

    @property
    def parent(self) -> "Node | None":
        """The element around; None for the root."""
        if self._parent is None and self.order:
            self._parent = self.tree.node(self.tree.parents[self.order])
        return self._parent

    @property
    def children(self) -> "list[Node]":
        """Elements and texts directly below."""
        if self._children is None:
            self._children = [self.tree.node(order) for order in self.tree.children(self.order)]
        return self._children

    @property
    def ordinal(self) -> int:
        """The number of the node among the siblings of its tag, from 1, as XPath counts; blank texts count."""
        return self.tree.ordinal(self.order)

    @property
    def path(self) -> str:
        """The absolute XPath of the node."""
        return self.tree.path(self.order)

    def ancestors(self) -> "Iterator[Node]":
        """The parent, its parent, and so on up to the root."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    def elements(self) -> "list[Node]":
        """The children that are elements."""
        return [child for child in self.children if child.tag != TEXT]


class Tree:
    """All nodes of a document in document order, from 0, as parallel lists; `root` is the first.

    `heads` are the opening tags, `parents` and `ends` the orders of the parent and behind the last node below. `texts`
    are those of the text nodes by their order, and `numbers` their ordinals where they are not the first. `written` are
    the different opening tags in one text, where the tree was made from such.
    """

    def __init__(self) -> None:
        self.heads: list[Head] = []
        self.parents: list[int] = []
        self.ends: list[int] = []
        self.texts: dict[int, str] = {}
        self.numbers: dict[int, int] = {}
        self._made: dict[int, Node] = {}
        self._ordinals: dict[int, int] = {}
        self._paths: dict[int, str] = {}
        self._holding: dict[str, list[int]] = {}
        self._steps: dict[str, list[Head]] = {}
        self.written = ""

    def __len__(self) -> int:
        return len(self.heads)

    def node(self, order: int) -> Node:
        """The node at a place of the document order, always the same object."""
        found = self._made.get(order)
        if found is None:
            found = self._made[order] = Node(self, order)
        return found

    @property
    def root(self) -> Node:
        """The first node."""
        return self.node(0)

    @cached_property
    def body(self) -> int:
        """The order of the visible part of a page; the root where there is none."""
        return next(iter(self.tagged("body")), 0)

    @cached_property
    def nodes(self) -> list[Node]:
        """All nodes."""
        return [self.node(order) for order in range(len(self.heads))]

    @cached_property
    def base(self) -> str:
        """The address that the page says its links are relative to."""
        found = (self.heads[order].attrs.get("href", "") for order in self.tagged("base"))
        return next(filter(None, found), "").strip()

    @cached_property
    def tags(self) -> dict[str, list[Head]]:
        """The different opening tags by the name of the element."""
        found: dict[str, list[Head]] = {}
        for head in self.different:
            found.setdefault(head.tag, []).append(head)
        return found

    @cached_property
    def different(self) -> list[Head]:
        """The different opening tags, in document order."""
        return [head for order, head in enumerate(self.heads) if head.orders and head.orders[0] == order]

    def stepped(self, step: str) -> list[Head]:
        """The different opening tags of a step."""
        found = self._steps.get(step)
        if found is None:
            tags = (tag for tag in self.tags if step.startswith(tag))
            found = [head for tag in tags for head in self.tags[tag] if head.step == step]
            self._steps[step] = found
        return found

    def places(self, heads: list[Head]) -> list[int]:
        """The orders of the elements of these opening tags, in document order."""
        if len(heads) == 1:
            return heads[0].orders
        return sorted(order for head in heads for order in head.orders)

    def tagged(self, *tags: str) -> list[int]:
        """The orders of the elements of some tags, in document order."""
        return self.places([head for tag in tags for head in self.tags.get(tag, ())])

    def holding(self, name: str) -> list[int]:
        """The orders of the elements that hold an attribute, in document order."""
        if name not in self._holding:
            heads = [head for head in self.different if head.get(name) is not None] if self.may_say(name) else []
            self._holding[name] = self.places(heads)
        return self._holding[name]

    def may_say(self, *words: str) -> bool:
        """Whether opening tags may hold one of some words: a cheap test before each is asked."""
        return not self.written or any(word in self.written for word in words)

    @cached_property
    def asides(self) -> list[str]:
        """The names of the attributes in which pages keep data beside what they show."""
        if not self.may_say("data-", "onclick"):
            return []
        heads = [head for head in self.different if head.mentions("data-") or head.mentions("onclick")]
        return sorted({name for head in heads for name in head.attrs if SIDE_ATTRIBUTE.fullmatch(name)})

    def mentioning(self, *words: str) -> list[int]:
        """The orders of the elements of which an attribute mentions one of some words, in document order."""
        if not self.may_say(*words):
            return []
        heads = [head for head in self.different if any(head.mentions(word) for word in words)]
        return self.places(heads)

    def children(self, order: int) -> list[int]:
        """The orders of the elements and texts directly below a node."""
        ends, end, found = self.ends, self.ends[order], []
        place = order + 1
        while place < end:
            found.append(place)
            place = ends[place]
        return found

    def above(self, order: int) -> Iterator[int]:
        """The orders of the parent of a node, its parent, and so on up to the root."""
        while order:
            order = self.parents[order]
            yield order

    def below(self, node: Node) -> list[Node]:
        """The node and everything under it, in document order."""
        return self.nodes[node.order : node.end]

    def find(self, tag: str) -> Node | None:
        """The first element of that tag."""
        return next(map(self.node, self.tagged(tag)), None)

    def ordinal(self, order: int) -> int:
        """The number of a node among the siblings of its tag, from 1, as XPath counts; blank texts count."""
        if order in self.texts:
            return self.numbers.get(order, 1)
        if order not in self._ordinals:
            counts: dict[str, int] = {}
            for place in self.children(self.parents[order]) if order else [0]:
                tag = self.heads[place].tag
                counts[tag] = self._ordinals[place] = counts.get(tag, 0) + 1
        return self._ordinals[order]

    def path(self, order: int) -> str:
        """The absolute XPath of a node: `/html/body/div[2]/p[1]/text()[1]`; elements of a namespace by position."""
        pending = []
        while order not in self._paths:
            pending.append(order)
            if not order:
                break
            order = self.parents[order]
        for place in reversed(pending):
            above = self._paths[self.parents[place]] if place else ""
            self._paths[place] = f"{above}/{self._way(place)}"
        return self._paths[pending[0] if pending else order]

    def _way(self, order: int) -> str:
        head = self.heads[order]
        if order in self.texts:
            return f"text()[{self.ordinal(order)}]"
        if not order:
            return "*" if head.space else head.tag
        if head.space:
            siblings = [place for place in self.children(self.parents[order]) if place not in self.texts]
            return f"*[{siblings.index(order) + 1}]"
        return f"{head.tag}[{self.ordinal(order)}]" if head.tag not in ("body", "head") else head.tag

    def text(self, order: int) -> str:
        """All text under a node as a reader sees it: blocks and line breaks part words, inline elements do not."""
        heads, ends, texts = self.heads, self.ends, self.texts
        pieces: list[str] = []
        blocks: list[int] = []
        place, end = order, ends[order]
        while place < end:
            while blocks and place >= blocks[-1]:
                blocks.pop()
                pieces.append(" ")
            tag = heads[place].tag
            if tag == TEXT:
                pieces.append(texts[place])
            elif tag in UNSEEN:
                place = ends[place]
                continue
            elif tag not in INLINE:
                pieces.append(" ")
                blocks.append(ends[place])
            place += 1
        return squeeze("".join(pieces))


class TreeBuilder:
    """Makes a tree from what opens, closes and is said between, in document order."""

    def __init__(self) -> None:
        self.tree = Tree()
        self._open: list[int] = []
        self._counts: list[int] = []

    def start(self, head: Head) -> None:
        """An element opens."""
        self.tree.parents.append(self._open[-1] if self._open else 0)
        head.orders.append(len(self.tree.heads))
        self._open.append(len(self.tree.heads))
        self._counts.append(0)
        self.tree.heads.append(head)
        self.tree.ends.append(0)

    def end(self) -> None:
        """The element that opened last closes."""
        self.tree.ends[self._open.pop()] = len(self.tree.heads)
        self._counts.pop()

    def text(self, text: str | None) -> None:
        """A text; a blank one is counted only."""
        if not text:
            return
        self._counts[-1] += 1
        if text.isspace():
            return
        tree, order = self.tree, len(self.tree.heads)
        tree.heads.append(TEXT_HEAD)
        tree.parents.append(self._open[-1])
        tree.ends.append(order + 1)
        tree.texts[order] = text
        if self._counts[-1] > 1:
            tree.numbers[order] = self._counts[-1]


def text_of(node: Node) -> str:
    """All text under a node as a reader sees it: blocks and line breaks part words, inline elements do not."""
    return node.tree.text(node.order)


def xpath(node: Node) -> str:
    """The absolute XPath of a node: `/html/body/div[2]/p[1]/text()[1]`; elements of a namespace by position."""
    return node.path


XPATH_STEP = re.compile(r"(text\(\)|\*|[^/\[\]]+)(?:\[(\d+)\])?$")


def follow(tree: Tree, path: str) -> Node | None:
    """The node at an XPath that `xpath` wrote; None when there is no such node."""
    node = tree.root
    for step in path.strip("/").split("/")[1:]:
        found = XPATH_STEP.match(step)
        below = _child(node, found[1], int(found[2] or 1)) if found else None
        if below is None:
            return None
        node = below
    return node


def _child(node: Node, name: str, position: int) -> Node | None:
    if name == "*":
        elements = node.elements()
        return elements[position - 1] if 0 < position <= len(elements) else None
    tag = TEXT if name == "text()" else name
    return next((child for child in node.children if child.tag == tag and child.ordinal == position), None)
