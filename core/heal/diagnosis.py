"""What changed on a page, in words: compares the outlines of an archived and of a fresh page, and where the texts
stand that both of them show."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from statistics import median
from typing import NamedTuple

from core.dom.page_index import PageIndex
from core.dom.table_grid import Grid
from core.dom.tree import TEXT, Node, tokens
from core.heal.contents import renamed
from core.heal.wording import became, pairs_of, short
from core.model import ParsedDocument

# What a diagnosis says decides nothing, it tells a person where to look: these numbers weigh a sentence that is missing
# against one too many. tests/unit/heal/test_portal_redesign.py names the changes that must be said.
# class names that a page needs for a share of them to mean anything
FEWEST_CLASSES = 5
# the share of class names, labels or texts that changed when the change is the page's, not one text's
MUCH = 0.3
# a page with less than this share of its letters is empty: a script draws it now, or it is an error page
ALMOST_EMPTY = 0.2
# levels that the middle text went up or down: one is a wrapper round a single block
LEVELS_MOVED = 2
# elements of one tag that are rows, and not single ones
FEWEST_LISTED = 3
NAMING_TAGS = frozenset({"th", "dt", "label", "strong", "b", "legend"})
# letters of the longest label: what is longer and ends with a colon is a sentence
LONGEST_LABEL = 40
# class names and labels of an outline: it is stored with each repair, and like pages are found by it
MOST_OUTLINE_WORDS = 300
ROW_WORDS = {"tr": "table rows", "li": "list items", "article": "articles", "section": "sections", "dl": "definitions"}


@dataclass(frozen=True)
class PageOutline:
    """What a page is built of: class names, labels, rows by kind, how deep its texts stand, how much it says."""

    classes: frozenset[str]
    labels: tuple[str, ...]
    rows: Counter[str]
    depth: float
    length: int
    embedded: bool


class Stand(NamedTuple):
    """Where a text stands: in which element, under which class names, at which label or other text before it."""

    tag: str
    classes: tuple[str, ...]
    label: str


Move = tuple[Stand, Stand]


def outline(document: ParsedDocument) -> tuple[str, ...]:
    """What an HTML page is built of, in few words: its class names and labels, in order; by it like pages are found."""
    if document.kind != "html":
        return ()
    found = _outline(document)
    return (*sorted(f".{name}" for name in found.classes), *sorted(found.labels))[:MOST_OUTLINE_WORDS]


def _outline(document: ParsedDocument) -> PageOutline:
    index = PageIndex(document)
    nodes = [node for nodes in index.elements.values() for node in nodes]
    texts = index.view.texts
    return PageOutline(
        classes=frozenset(token for node in nodes for token in tokens(node.attrs.get("class", ""))),
        labels=tuple(dict.fromkeys(leaf.text.rstrip(": ") for leaf in texts if _is_label(leaf.owner, leaf.text))),
        rows=Counter(node.tag for node in nodes if node.tag in ROW_WORDS),
        depth=median([sum(above.tag != TEXT for above in leaf.node.ancestors()) for leaf in texts] or [0]),
        length=sum(len(leaf.text) for leaf in texts),
        embedded=bool(index.embedded.jsonld or index.embedded.microdata),
    )


def _is_label(owner: Node, text: str) -> bool:
    named = owner.tag in NAMING_TAGS or text.endswith(":")
    return named and len(text) <= LONGEST_LABEL and text[:1].isalpha() and not any(c.isdigit() for c in text)


def changes(before: ParsedDocument, after: ParsedDocument) -> list[str]:
    """The kinds of change between two versions of a page, each as a short clause; none when the outline is the same."""
    if before.kind != after.kind:
        return [f"the address gives a {after.kind} document in place of {before.kind}"]
    if before.kind != "html":
        return renamed(before, after)
    was, now, moves = _outline(before), _outline(after), _moves(before, after)
    found = (
        _emptied(was, now),
        _renamed(was, now, moves),
        _rebuilt(was, now) or _retagged(moves),
        _relabelled(was, now, moves),
        _reordered(was, now),
        _nested(was, now),
        _unmarked(was, now),
    )
    return [clause for clause in found if clause]


def _moves(before: ParsedDocument, after: ParsedDocument) -> list[Move]:
    """Where the texts stand that each page says once, then and now."""
    was, now = _stands(before), _stands(after)
    return [(stand, now[text]) for text, stand in was.items() if text in now]


def _stands(document: ParsedDocument) -> dict[str, Stand]:
    index = PageIndex(document)
    texts = index.view.texts
    counts = Counter(leaf.text for leaf in texts)
    preceding = ["", *(leaf.text.rstrip(": ") for leaf in texts)]
    return {
        leaf.text: Stand(leaf.owner.tag, _nearest_classes(leaf.owner), _header(leaf.owner, index.grid) or before)
        for leaf, before in zip(texts, preceding, strict=False)
        if counts[leaf.text] == 1
    }


def _header(owner: Node, grid: Grid) -> str:
    """The header over the cell that an element stands in."""
    cell = next((node for node in (owner, *owner.ancestors()) if node.order in grid.columns), None)
    if cell is None or cell.parent is None or cell.tag == "th":
        return ""
    return grid.header_of(cell.parent.order).get(grid.columns[cell.order], "")


def _nearest_classes(owner: Node) -> tuple[str, ...]:
    """The class names of the element, or of the one round it."""
    near = (owner, *islice(owner.ancestors(), 1))
    return next((found for node in near if (found := tokens(node.attrs.get("class", "")))), ())


def _emptied(was: PageOutline, now: PageOutline) -> str:
    if now.length >= ALMOST_EMPTY * was.length:
        return ""
    return f"the page says almost nothing ({now.length} characters, before {was.length}): a script may draw it now"


def _renamed(was: PageOutline, now: PageOutline, moves: Sequence[Move]) -> str:
    lost, new = was.classes - now.classes, now.classes - was.classes
    told = Counter((a, b) for old, fresh in moves for a, b in zip(old.classes, fresh.classes, strict=False))
    pairs = pairs_of(Counter({(a, b): count for (a, b), count in told.items() if a in lost and b in new}))
    said = became("class", pairs)
    if len(was.classes) < FEWEST_CLASSES or len(lost) < MUCH * len(was.classes):
        return said
    share = f"{len(lost)} of {len(was.classes)} class names are gone"
    return f"{share}: {said}" if said else share


def _retagged(moves: Sequence[Move]) -> str:
    """The element most of the texts stand in, when it is another one than before."""
    retagged = Counter((old.tag, fresh.tag) for old, fresh in moves if old.tag != fresh.tag)
    if retagged.total() < max(FEWEST_LISTED, MUCH * len(moves)):
        return ""
    return became("element", pairs_of(retagged))


def _rebuilt(was: PageOutline, now: PageOutline) -> str:
    gone = [tag for tag, count in was.rows.items() if count >= FEWEST_LISTED and not now.rows[tag]]
    new = [tag for tag, count in now.rows.items() if count >= FEWEST_LISTED and not was.rows[tag]]
    if not gone:
        return ""
    instead = f" in favour of {ROW_WORDS[new[0]]}" if new else ""
    return f"{ROW_WORDS[gone[0]]} were given up{instead}"


def _nested(was: PageOutline, now: PageOutline) -> str:
    levels = now.depth - was.depth
    if abs(levels) < LEVELS_MOVED:
        return ""
    return f"texts stand {abs(levels):.0f} levels {'deeper' if levels > 0 else 'higher'}"


def _relabelled(was: PageOutline, now: PageOutline, moves: Sequence[Move]) -> str:
    gone = [label for label in was.labels if label not in now.labels]
    new = [label for label in now.labels if label not in was.labels]
    reworded = Counter((old.label, fresh.label) for old, fresh in moves if old.label in gone and fresh.label in new)
    if reworded.total() > 1:
        return became("label", pairs_of(reworded))
    if len(gone) == 1 and not new:
        return f"label “{short(gone[0])}” is gone"
    if not gone or len(gone) < MUCH * len(was.labels):
        return ""
    instead = f", “{short(new[0])}” is new" if new else ""
    return f"labels are worded otherwise: “{short(gone[0])}” is gone{instead}"


def _reordered(was: PageOutline, now: PageOutline) -> str:
    before = [label for label in was.labels if label in now.labels]
    after = [label for label in now.labels if label in was.labels]
    first = next(((new, old) for new, old in zip(after, before, strict=True) if new != old), None)
    return f"“{short(first[0])}” stands before “{short(first[1])}” now" if first else ""


def _unmarked(was: PageOutline, now: PageOutline) -> str:
    return "the embedded data for search engines is gone" if was.embedded and not now.embedded else ""
