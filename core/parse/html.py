"""HTML to our tree, by lexbor: it builds the tree a browser builds, so XPaths found here hold there.

Lexbor writes its tree down again as well-formed text, and our nodes are made from that: one call and one split cost a
fraction of asking for each node. What the text cannot say (an attribute named `a<b`) is asked for node by node.
"""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from core.dom.gc_pause import gc_paused
from core.dom.tree import TEXT_HEAD, Head, Tree, TreeBuilder
from core.errors import TooLarge
from core.parse.limits import DEFAULTS, Limits

# characters, and words, of a tag from which on it is refused: parsers compare each attribute with all others
MAX_TAG = 100_000
MAX_ATTRIBUTES = 10_000
# levels that elements may be nested: no page comes near, and a tree builder walks up them for each tag
MAX_NESTING = 20_000
# tags that are left open before they are counted at all, and how many copies (open inline elements × tags) the tree
# builder may have to make of them: pages forget to close an element here and there, bombs grow a hundredfold so
MANY_OPEN = 1_000
MAX_COPIES = 2_000_000
FORMATTING = re.compile(r"<(/?)(a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)\b", re.I)
NESTING = re.compile(r"<(/?)(div|span|table|ul|ol|li|p|b|i|font|a|section|blockquote|em|strong|small|big)\b", re.I)
QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
ATTRIBUTE = re.compile(r' (=?[^\s=]*)="([^"]*)"')
VOID = frozenset(
    "area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr".split()
)
RAW = frozenset("script style xmp iframe noembed noframes".split())
ENTITIES = {"&nbsp;": "\xa0", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&amp;": "&"}


def read_html(text: str, limits: Limits = DEFAULTS) -> Tree:
    """The tree of an HTML page.

    Raises:
        TooLarge: elements are nested deeper than any page is, one of them holds thousands of attributes, or there are
            more of them than the limits allow.
    """
    refuse_absurd(text)
    limits.check("elements", "The page", text.count("<") - text.count("</"))
    root = LexborHTMLParser(text).root
    assert root is not None
    try:
        return _Builder(root.html or "").built()
    except _Unclear:
        return convert(root)


def refuse_absurd(text: str) -> None:
    """Refuse what would take a tree builder minutes, before it starts.

    Raises:
        TooLarge: a giant tag, nesting of absurd depth, or so many inline elements left open that the tree builder would
            copy them into every block that follows (HTML Standard, 13.2.4.3).
    """
    refuse_giant_tags(text)
    tags, closing = text.count("<"), text.count("</")
    if tags - 2 * closing > MANY_OPEN and _open_inline(text) * tags > MAX_COPIES:
        raise TooLarge(
            "Thousands of inline elements of the page are never closed.", "It is not a page to extract from."
        )
    if tags > MAX_NESTING:
        _refuse_depth(text)


def refuse_giant_tags(text: str) -> None:
    """Refuse tags of tens of thousands of attributes: parsers compare each with all others. A long value is fine.

    Raises:
        TooLarge: there is one.
    """
    parts = text.split("<") if _has_long_stretch(text) else ()
    long = (part for part in parts if len(part) > MAX_TAG and not part.startswith("!--"))
    if any(len(QUOTED.sub("", part).partition(">")[0].split()) > MAX_ATTRIBUTES for part in long):
        raise TooLarge("The page holds an element with absurdly many attributes.", "It is not a page to extract from.")


def _has_long_stretch(text: str) -> bool:
    """Whether tags may stand so far apart that one between them is giant: one of these windows then holds none."""
    window = MAX_TAG // 2
    return any(text.find("<", start, start + window) < 0 for start in range(0, len(text) - window, window))


def _open_inline(text: str) -> int:
    """How many inline elements are opened more often than closed."""
    return sum(-1 if found[1] else 1 for found in FORMATTING.finditer(text))


def _refuse_depth(text: str) -> None:
    depth = deepest = 0
    for found in NESTING.finditer(text):
        depth = max(0, depth - 1) if found[1] else depth + 1
        deepest = max(deepest, depth)
    if deepest > MAX_NESTING:
        raise TooLarge("The elements of the page are nested absurdly deep.", "It is not a page to extract from.")


class _Unclear(Exception):
    """The text does not say what the tree is."""


OPEN, CLOSE, EMPTY, CLOSED, REMARK = range(5)
REMARKED = (REMARK, Head(""))


class _Written(Head):
    """An opening tag as lexbor writes it, read when somebody asks for its attributes."""

    __slots__ = ("_rest",)

    def __init__(self, tag: str, rest: str) -> None:
        super().__init__(tag)
        self._rest = rest

    @property
    def attrs(self) -> dict[str, str]:
        """The attributes by name."""
        if self._attrs is None:
            self._attrs = _attributes_in(self._rest) if self._rest else {}
        return self._attrs

    def get(self, name: str) -> str | None:
        """One attribute; no value holds the quotes that stand around it."""
        start = self._rest.find(f' {name}="')
        if start < 0:
            return None
        start += len(name) + 3
        return plain(self._rest[start : self._rest.index('"', start)])

    def mentions(self, word: str) -> bool:
        """Whether attributes may name or say a word."""
        return word in self._rest


class _Builder:
    """Makes the tree of one page from the text that lexbor writes of its own.

    The text is cut at every "<", so that a piece is a tag and the text behind it. Tags that read the same share their
    head.
    """

    def __init__(self, html: str) -> None:
        self.pieces = iter(html.split("<")[1:])
        self.tree = Tree()
        self.heads: dict[str, tuple[int, Head]] = {}

    def built(self) -> Tree:
        """The tree.

        Raises:
            _Unclear: a name holds "<", so that pieces do not begin with tags.
        """
        try:
            with gc_paused():
                self._build()
        except (StopIteration, IndexError):
            raise _Unclear from None
        if not self.tree.heads or 0 in self.tree.ends:
            raise _Unclear
        self.tree.written = "\n".join(self.heads)
        self.tree.different = [head for _, head in self.heads.values() if head.orders]
        return self.tree

    def _build(self) -> None:  # noqa: C901 - one loop: a call for each piece would take as long as the rest
        tree, known = self.tree, self.heads
        heads, parents, ends, said = tree.heads, tree.parents, tree.ends, tree.texts
        counts: list[int] = []
        inside, texts = 0, 0
        for piece in self.pieces:
            name, end, text = piece.partition(">")
            kind, head = known.get(name) or self._head(name, end)
            if kind == CLOSE:
                if heads[inside].tag != head.tag or ends[inside]:
                    raise _Unclear
                ends[inside] = len(heads)
                inside, texts = parents[inside], counts.pop()
            elif kind == REMARK:
                text = self._behind_remark(piece)
            else:
                order = len(heads)
                head.orders.append(order)
                heads.append(head)
                parents.append(inside)
                if kind == OPEN:
                    ends.append(0)
                    counts.append(texts)
                    inside, texts = order, 0
                else:
                    ends.append(order + 1)
                    if kind == CLOSED:
                        text = self._behind(order, text)
            if text:
                texts += 1
                if not text.isspace() and not (text := plain(text) if "&" in text else text).isspace():
                    order = len(heads)
                    heads.append(TEXT_HEAD)
                    parents.append(inside)
                    ends.append(order + 1)
                    said[order] = text
                    if texts > 1:
                        tree.numbers[order] = texts

    def _head(self, name: str, end: str) -> tuple[int, Head]:
        if name.startswith("!"):
            return REMARKED
        tag, blank, rest = name.partition(" ")
        if not tag or not end or tag.startswith("?"):
            raise _Unclear
        found = self.heads[name] = (_kind(tag), _Written(tag.removeprefix("/"), blank + rest))
        return found

    def _behind_remark(self, piece: str) -> str:
        """The text behind the end of a comment; behind a doctype there is none."""
        if not piece.startswith("!--"):
            return ""
        while "-->" not in piece:
            piece = next(self.pieces)
        return piece.partition("-->")[2]

    def _behind(self, order: int, text: str) -> str:
        """Read what is not markup of the page, as in a script or a template; the text behind its end."""
        tag = self.tree.heads[order].tag
        if tag == "template":
            return self._behind_template()
        end = f"/{tag}>"
        parts = [text]
        while not (piece := next(self.pieces)).startswith(end):
            parts.append(piece)
        if len(parts) > 1 and self._is_drawing(order):
            raise _Unclear  # in drawings such elements hold markup
        inside = "<".join(parts)
        if inside and not inside.isspace():
            self._content(order, inside)
        return piece[len(end) :]

    def _content(self, order: int, text: str) -> None:
        tree = self.tree
        tree.texts[order + 1] = text
        tree.heads.append(TEXT_HEAD)
        tree.parents.append(order)
        tree.ends.append(order + 2)
        tree.ends[order] = order + 2

    def _is_drawing(self, order: int) -> bool:
        while order:
            order = self.tree.parents[order]
            if self.tree.heads[order].tag in ("svg", "math"):
                return True
        return False

    def _behind_template(self) -> str:
        depth, text = 1, ""
        while depth:
            name, _, text = next(self.pieces).partition(">")
            depth += (name.partition(" ")[0] == "template") - (name == "/template")
        return text


def _kind(tag: str) -> int:
    if tag.startswith("/"):
        return CLOSE
    if tag in RAW or tag == "template":
        return CLOSED
    return EMPTY if tag in VOID else OPEN


def _attributes_in(text: str) -> dict[str, str]:
    found = dict(ATTRIBUTE.findall(text))
    return {name: plain(value) for name, value in found.items()} if "&" in text else found


def plain(text: str) -> str:
    """A text without the few entities that lexbor writes."""
    if "&" in text:
        for entity, character in ENTITIES.items():
            text = text.replace(entity, character)
    return text


def convert(root: LexborNode) -> Tree:
    """The tree of a page whose nodes are asked for one by one."""
    builder = TreeBuilder()
    pending: list[LexborNode | None] = [root]
    while pending:
        source = pending.pop()
        if source is None:
            builder.end()
        elif source.is_text_node:
            builder.text(source.text_content)
        elif source.is_element_node:
            builder.start(Head(source.tag or "unknown", {k: v or "" for k, v in source.attributes.items()}))
            pending += [None, *reversed(list(source.iter(include_text=True)))]
    return builder.tree
