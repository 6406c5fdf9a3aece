"""What changed on a page, in words: compares the outline of an archived and of a fresh page."""

import re
from collections import Counter
from dataclasses import dataclass
from statistics import median

from core.extract.index import PageIndex
from core.model import ParsedDocument
from core.tree import TEXT, Node, tokens

FEWEST_CLASSES = 5
MUCH = 0.3
EMPTY = 0.2
LEVELS = 2
FEWEST_ROWS = 3
LABEL_TAGS = frozenset({"th", "dt", "label", "strong", "b", "legend"})
LONGEST_LABEL = 40
MOST_WORDS = 300
ROW_WORDS = {"tr": "table rows", "li": "list items", "article": "articles", "section": "sections", "dl": "definitions"}


@dataclass(frozen=True)
class Outline:
    """What a page is built of: class names, labels, rows by kind, how deep its texts stand, how much it says."""

    classes: frozenset[str]
    labels: frozenset[str]
    rows: Counter[str]
    depth: float
    length: int
    embedded: bool


def outline(document: ParsedDocument) -> tuple[str, ...]:
    """What an HTML page is built of, in few words: its class names and labels, in order; by it like pages are found."""
    if document.kind != "html":
        return ()
    found = _outline(document)
    return (*sorted(f".{name}" for name in found.classes), *sorted(found.labels))[:MOST_WORDS]


def _outline(document: ParsedDocument) -> Outline:
    index = PageIndex(document)
    nodes = [node for nodes in index.elements.values() for node in nodes]
    texts = index.view.texts
    return Outline(
        classes=frozenset(token for node in nodes for token in tokens(node.attrs.get("class", ""))),
        labels=frozenset(leaf.text.rstrip(": ") for leaf in texts if _is_label(leaf.owner, leaf.text)),
        rows=Counter(node.tag for node in nodes if node.tag in ROW_WORDS),
        depth=median([_depth(leaf.node) for leaf in texts] or [0]),
        length=sum(len(leaf.text) for leaf in texts),
        embedded=bool(index.embedded.jsonld or index.embedded.microdata),
    )


def _is_label(owner: Node, text: str) -> bool:
    named = owner.tag in LABEL_TAGS or text.endswith(":")
    return named and len(text) <= LONGEST_LABEL and text[:1].isalpha() and not any(c.isdigit() for c in text)


def _depth(node: Node) -> int:
    return sum(1 for above in node.ancestors() if above.tag != TEXT)


def changes(before: ParsedDocument, after: ParsedDocument) -> list[str]:
    """The kinds of change between two versions of a page, each as a short clause; none when the outline is the same."""
    if before.kind != after.kind:
        return [f"the address gives a {after.kind} document in place of {before.kind}"]
    if before.kind != "html":
        return []
    was, now = _outline(before), _outline(after)
    found = (_emptied(was, now), _renamed(was, now), _rebuilt(was, now), _nested(was, now), _relabelled(was, now))
    return [clause for clause in (*found, _unmarked(was, now)) if clause]


def _emptied(was: Outline, now: Outline) -> str:
    if now.length >= EMPTY * was.length:
        return ""
    return f"the page says almost nothing ({now.length} characters, before {was.length}): a script may draw it now"


def _renamed(was: Outline, now: Outline) -> str:
    lost = was.classes - now.classes
    if len(was.classes) < FEWEST_CLASSES or len(lost) < MUCH * len(was.classes):
        return ""
    return f"{len(lost)} of {len(was.classes)} class names are gone"


def _rebuilt(was: Outline, now: Outline) -> str:
    gone = [tag for tag, count in was.rows.items() if count >= FEWEST_ROWS and not now.rows[tag]]
    new = [tag for tag, count in now.rows.items() if count >= FEWEST_ROWS and not was.rows[tag]]
    if not gone:
        return ""
    instead = f" in favour of {ROW_WORDS[new[0]]}" if new else ""
    return f"{ROW_WORDS[gone[0]]} were given up{instead}"


def _nested(was: Outline, now: Outline) -> str:
    levels = now.depth - was.depth
    if abs(levels) < LEVELS:
        return ""
    return f"texts stand {abs(levels):.0f} levels {'deeper' if levels > 0 else 'higher'}"


def _relabelled(was: Outline, now: Outline) -> str:
    gone, new = sorted(was.labels - now.labels), sorted(now.labels - was.labels)
    if not gone or not new or len(gone) < MUCH * len(was.labels):
        return ""
    return f"labels are worded otherwise (“{_short(gone[0])}” is gone, “{_short(new[0])}” is new)"


def _short(text: str) -> str:
    return re.sub(r"\s+", " ", text)[:LONGEST_LABEL]


def _unmarked(was: Outline, now: Outline) -> str:
    return "the embedded data for search engines is gone" if was.embedded and not now.embedded else ""
