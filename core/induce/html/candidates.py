"""Every selector that could be a field of a page template, with what it reads on each of the learn pages."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Literal

from core.dom.embedded import Datum
from core.dom.page_index import PageIndex
from core.dom.paths import Leaf
from core.dom.tree import Node, squeeze
from core.extract.selectors import Context, Match, matches
from core.induce.html.labels import label_quality
from core.model.selector import (
    BeforeSelector,
    EmbeddedSelector,
    InlineSelector,
    LabelSelector,
    PathSelector,
    SectionSelector,
    Selector,
)

MIN_SHARE = 0.3
CONSTANT_SHARE = 0.9
MAX_LABEL = 60
GOOD_LABEL = 1.6
SURE_LABEL = 2.2

FIGURES = re.compile(r"\d.*\s|\s.*\d")
ITEMS = frozenset({"li", "dd", "p", "span", "div", "td"})

ReadTexts = tuple[str, ...]


@dataclass
class Candidate:
    """A selector, what it reads on each page, at which nodes, and how good its label is (labels only)."""

    selector: Selector
    readings: list[ReadTexts]
    nodes: list[tuple[int, ...]]
    quality: float = 0.0

    @property
    def support(self) -> float:
        """On which share of the pages it reads something."""
        return sum(1 for reading in self.readings if reading) / len(self.readings)

    @property
    def varies(self) -> bool:
        """Whether it reads different things on different pages."""
        return len({reading for reading in self.readings if reading}) > 1

    @property
    def texts(self) -> list[str]:
        """All it reads, page by page."""
        return [text for reading in self.readings for text in reading]


def candidates(pages: Sequence[PageIndex]) -> list[Candidate]:
    """All selectors that read something on enough pages, without what the template itself says on every page."""
    contexts = [Context(page, page.view, 0) for page in pages]
    boilerplate = _boilerplate(pages)
    found = []
    for selector in dict.fromkeys(page_selectors(pages)):
        candidate = read_with(selector, contexts)
        if candidate.support >= _floor(len(pages)) and _is_content(candidate, boilerplate, pages):
            found.append(candidate)
    return found


def _floor(pages: int) -> float:
    return max(2, math.ceil(MIN_SHARE * pages)) / pages if pages > 1 else 1.0


def read_with(selector: Selector, contexts: Sequence[Context]) -> Candidate:
    """What a selector reads at each of the contexts."""
    found = [[match for match in matches(selector, context) if match.raw] for context in contexts]
    readings = [tuple(match.raw for match in each) for each in found]
    nodes = [tuple(match.at for match in each) for each in found]
    return Candidate(selector, readings, nodes, _quality(selector, contexts, found))


def _quality(selector: Selector, contexts: Sequence[Context], found: list[list[Match]]) -> float:
    if not isinstance(selector, LabelSelector):
        return 0.0
    scores = []
    for context, each in zip(contexts, found, strict=True):
        at = context.view.positions.get(selector.label, [])
        if each and len(at) >= selector.occurrence:
            position = at[selector.occurrence - 1]
            scores.append(label_quality(context.view.texts[position], context.view.texts[position + selector.offset]))
    return (fmean(scores) if scores else -4.0) - 0.8 * (selector.offset - 1) - 0.15 * (selector.occurrence - 1)


def _boilerplate(pages: Sequence[PageIndex]) -> set[tuple[str, str]]:
    """(key, text) pairs that stand on nearly every page: never the text alone, a value may be common."""
    counts: Counter[tuple[str, str]] = Counter()
    for page in pages:
        counts.update({(leaf.path_key, leaf.text) for leaf in page.view.leaves})
    least = max(2, math.ceil(CONSTANT_SHARE * len(pages)))
    return {pair for pair, count in counts.items() if count >= least}


def _is_content(candidate: Candidate, boilerplate: set[tuple[str, str]], pages: Sequence[PageIndex]) -> bool:
    selector = candidate.selector
    if isinstance(selector, EmbeddedSelector):
        return candidate.varies or len(pages) == 1 or selector.kind in ("jsonld", "microdata")
    is_label = isinstance(selector, LabelSelector)
    if (is_label and candidate.quality < -1.5) or _say_nothing(candidate.texts):
        return False
    if isinstance(selector, PathSelector) and _in_title(candidate, pages):
        return True
    if len(pages) > 1 and not candidate.varies:
        at_label = isinstance(selector, LabelSelector) and selector.offset == 1
        sure = at_label and candidate.quality >= SURE_LABEL
        said = sure or isinstance(selector, InlineSelector) or _is_fact(candidate, boilerplate, pages)
        return said and not candidate.texts[0].endswith(":")
    return not _mostly_boilerplate(candidate, boilerplate, pages)


def _say_nothing(texts: Sequence[str]) -> bool:
    """Whether most of the texts announce another one, or are signs between others."""
    return 2 * sum(text.endswith((":", "：")) or not any(map(str.isalnum, text)) for text in texts) > len(texts)


def _in_title(candidate: Candidate, pages: Sequence[PageIndex]) -> bool:
    """Whether it stands in the main heading: that belongs to the page even when the learn pages share it."""
    number, nodes = next((n, nodes) for n, nodes in enumerate(candidate.nodes) if nodes)
    node = pages[number].tree.nodes[nodes[0]]
    return any(above.tag == "h1" for above in [node, *node.ancestors()][:4])


def _is_fact(candidate: Candidate, boilerplate: set[tuple[str, str]], pages: Sequence[PageIndex]) -> bool:
    """Whether it is one of several items of which others differ from page to page, and has a figure in it.

    The pages at hand may share such a value by chance: all are of one make, or one year.
    """
    selector = candidate.selector
    if not isinstance(selector, PathSelector) or selector.nth != 1 or not FIGURES.search(candidate.texts[0]):
        return False
    number, nodes = next((n, nodes) for n, nodes in enumerate(candidate.nodes) if nodes)
    page = pages[number]
    item = page.tree.nodes[nodes[0]].parent
    if item is None or item.parent is None or item.tag not in ITEMS:
        return False
    beside = [child for child in item.parent.elements() if child.tag == item.tag and child is not item]
    return any(_differs(node, page, boilerplate) for node in beside)


def _differs(item: Node, page: PageIndex, boilerplate: set[tuple[str, str]]) -> bool:
    texts = [node for node in page.tree.nodes[item.order : item.end] if node.order in page.text_keys]
    return any((page.text_keys[node.order], squeeze(node.text)) not in boilerplate for node in texts if node.text)


def _mostly_boilerplate(candidate: Candidate, boilerplate: set[tuple[str, str]], pages: Sequence[PageIndex]) -> bool:
    if not boilerplate or isinstance(candidate.selector, InlineSelector):
        return False
    first = [
        (page.text_keys.get(nodes[0], ""), reading[0])
        for page, nodes, reading in zip(pages, candidate.nodes, candidate.readings, strict=True)
        if reading
    ]
    return sum(pair in boilerplate for pair in first) > 0.5 * len(first)


def page_selectors(pages: Sequence[PageIndex]) -> Iterator[Selector]:
    """Every selector that may find a value on the pages, some more than once."""
    yield from _embedded(pages)
    yield from _labelled(pages)
    yield from _trails(pages)
    yield from _sections(pages)


def _embedded(pages: Sequence[PageIndex]) -> Iterator[Selector]:
    kinds: tuple[Literal["jsonld", "microdata", "meta"], ...] = ("jsonld", "microdata", "meta")
    for kind in kinds:
        sizes = _sizes([getattr(page.embedded, kind) for page in pages])
        for path, largest in sizes.items():
            if largest > 1 or "//" in path:
                yield EmbeddedSelector(kind=kind, path=path, nth=0)
            if "//" not in path:
                yield EmbeddedSelector(kind=kind, path=path)
            if 1 < largest <= 4 and kind == "jsonld":
                yield EmbeddedSelector(kind=kind, path=path, nth=-1)
    seen = [_visible(page) for page in pages]
    for path, largest in _sizes([page.embedded.state for page in pages]).items():
        shown = [
            any(datum.text in texts for datum in page.embedded.state.get(path, ()))
            for page, texts in zip(pages, seen, strict=True)
        ]
        if any(shown):
            yield EmbeddedSelector(kind="state", path=path, nth=0 if largest > 1 else 1)


def _visible(page: PageIndex) -> set[str]:
    return {leaf.text for leaf in page.view.leaves if len(leaf.text) > 3} | {
        datum.text for data in page.embedded.meta.values() for datum in data
    }


def _sizes(found: Sequence[dict[str, list[Datum]]]) -> dict[str, int]:
    sizes: dict[str, int] = {}
    for data in found:
        for path, items in data.items():
            sizes[path] = max(sizes.get(path, 0), len(items))
    return sizes


def _labelled(pages: Sequence[PageIndex]) -> Iterator[Selector]:
    counts: Counter[str] = Counter()
    inline: Counter[str] = Counter()
    for page in pages:
        counts.update(text for text in page.view.positions if len(text) <= MAX_LABEL and any(c.isalpha() for c in text))
        inline.update(page.view.inline.keys())
    least = _floor(len(pages)) * len(pages)
    for label, count in counts.items():
        if count >= least and (len(pages) > 1 or _is_label(label, pages[0])):
            yield from _label_selectors(label, pages)
    for label, count in inline.items():
        if count >= least:
            yield InlineSelector(label=label)


def _is_label(text: str, page: PageIndex) -> bool:
    position = page.view.positions[text][0]
    if position + 1 >= len(page.view.texts):
        return False
    return label_quality(page.view.texts[position], page.view.texts[position + 1]) >= GOOD_LABEL


def _label_selectors(label: str, pages: Sequence[PageIndex]) -> Iterator[Selector]:
    occurrences = max(len(page.view.positions.get(label, ())) for page in pages)
    for nth in range(1, min(occurrences, 3) + 1):
        for step in (1, 2, 3) if len(pages) > 1 and nth == 1 else (1, 2):
            yield LabelSelector(label=label, occurrence=nth, offset=step)
        yield LabelSelector(label=label, occurrence=nth, extent="paragraph")
        yield LabelSelector(label=label, occurrence=nth, extent="list")
    yield BeforeSelector(label=label)


def _trails(pages: Sequence[PageIndex]) -> Iterator[Selector]:
    sizes: dict[str, list[int]] = defaultdict(list)
    for page in pages:
        for key, leaves in page.view.by_key.items():
            sizes[key].append(len(leaves))
    for key, counts in sizes.items():
        if len(pages) == 1 and key.startswith(("html", "body[")):
            continue
        if max(counts) > 1:
            yield PathSelector(path_key=key, nth=0)
        if fmean(counts) < 6:
            yield PathSelector(path_key=key)


def _sections(pages: Sequence[PageIndex]) -> Iterator[Selector]:
    found: dict[tuple[str, str], None] = {}
    for page in pages:
        heading: Leaf | None = None
        for leaf in page.view.leaves:
            if leaf.kind == "text" and leaf.owner.tag in ("h1", "h2", "h3", "h4", "h5", "dt"):
                heading = leaf
            elif heading is not None and _in_list(leaf):
                found.setdefault((heading.text, leaf.path_key))
    for label, key in found:
        yield SectionSelector(heading=label, path_key=key)


def _in_list(leaf: Leaf) -> bool:
    owner = leaf.owner
    listed = owner.tag in ("li", "p") or (owner.parent is not None and owner.parent.tag == "li")
    return listed and not leaf.kind.startswith("@")
