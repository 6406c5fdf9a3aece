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

# share of the pages on which a selector or label must be found, two pages at least: fields that most things lack are
# still fields; lower makes labels of the texts of single pages (so in the prototype that reached .945 on 22 sites of
# SWDE)
FIELD_SHARE = 0.3
# share of the pages from which the same text at the same place belongs to the template: at less (the prototype had
# .8) values that most pages share by chance are lost
CONSTANT_SHARE = 0.9
# characters of a label: longer ones are sentences
LONGEST_PAGE_LABEL = 60
# label qualities (core/induce/html/labels.py), from which a label names a field also where one page alone is known,
# and where all pages say the same behind it: a colon, or a label's markup and nearness, reach the first; the second
# takes two such signs
GOOD_LABEL, SURE_LABEL = 1.6, 2.2
# below this quality what stands before a text is surely no label; the lowest there is; and what each text between
# label and value costs, and each time that the label stood before
POOR_LABEL, LOWEST_QUALITY = -1.5, -4.0
FARTHER_COST, LATER_COST = 0.8, 0.15
# texts behind a label, and times that a label comes again, that are tried: less of both where pages cannot prove it
OFFSETS_TRIED, OFFSETS_UNPROVED, OCCURRENCES_TRIED = 3, 2, 3
# steps around a text within which a main heading holds it
STEPS_TO_TITLE = 4
# share of the first texts that the template says itself, above which a selector reads the template
TEMPLATE_SHARE = 0.5
# items of a short list in JSON-LD whose last may be a thing of its own ("4", "4 servings")
SHORT_DATA_LIST = 4
# characters above which a text that scripts hold and the page shows is the same by no chance
LONGEST_CHANCE = 3
# mean number of texts of a place from which it is a list, and its first text no field
LISTED_TEXTS = 6

FIGURES_AND_WORDS = re.compile(r"\d.*\s|\s.*\d")
ITEMS = frozenset({"li", "dd", "p", "span", "div", "td"})

ReadTexts = tuple[str, ...]


@dataclass
class SelectorCandidate:
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


def candidates(pages: Sequence[PageIndex]) -> list[SelectorCandidate]:
    """All selectors that read something on enough pages, without what the template itself says on every page."""
    contexts = [Context(page, page.view, 0) for page in pages]
    boilerplate = _boilerplate(pages)
    found = []
    for selector in dict.fromkeys(page_selectors(pages)):
        candidate = read_selector(selector, contexts)
        if candidate.support >= _least_support(len(pages)) and _is_content(candidate, boilerplate, pages):
            found.append(candidate)
    return found


def _least_support(pages: int) -> float:
    return max(2, math.ceil(FIELD_SHARE * pages)) / pages if pages > 1 else 1.0


def read_selector(selector: Selector, contexts: Sequence[Context]) -> SelectorCandidate:
    """What a selector reads at each of the contexts."""
    found = [[match for match in matches(selector, context) if match.raw] for context in contexts]
    readings = [tuple(match.raw for match in each) for each in found]
    nodes = [tuple(match.at for match in each) for each in found]
    return SelectorCandidate(selector, readings, nodes, _quality_of(selector, contexts, found))


def _quality_of(selector: Selector, contexts: Sequence[Context], found: list[list[Match]]) -> float:
    if not isinstance(selector, LabelSelector):
        return 0.0
    scores = []
    for context, each in zip(contexts, found, strict=True):
        at = context.view.positions.get(selector.label, [])
        if each and len(at) >= selector.occurrence:
            position = at[selector.occurrence - 1]
            scores.append(label_quality(context.view.texts[position], context.view.texts[position + selector.offset]))
    return (
        (fmean(scores) if scores else LOWEST_QUALITY)
        - FARTHER_COST * (selector.offset - 1)
        - LATER_COST * (selector.occurrence - 1)
    )


def _boilerplate(pages: Sequence[PageIndex]) -> set[tuple[str, str]]:
    """(key, text) pairs that stand on nearly every page: never the text alone, a value may be common."""
    counts: Counter[tuple[str, str]] = Counter()
    for page in pages:
        counts.update({(leaf.path_key, leaf.text) for leaf in page.view.leaves})
    least = max(2, math.ceil(CONSTANT_SHARE * len(pages)))
    return {pair for pair, count in counts.items() if count >= least}


def _is_content(candidate: SelectorCandidate, boilerplate: set[tuple[str, str]], pages: Sequence[PageIndex]) -> bool:
    selector = candidate.selector
    if isinstance(selector, EmbeddedSelector):
        return candidate.varies or len(pages) == 1 or selector.kind in ("jsonld", "microdata")
    is_label = isinstance(selector, LabelSelector)
    if (is_label and candidate.quality < POOR_LABEL) or _say_nothing(candidate.texts):
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


def _in_title(candidate: SelectorCandidate, pages: Sequence[PageIndex]) -> bool:
    """Whether it stands in the main heading: that belongs to the page even when the learn pages share it."""
    number, nodes = next((n, nodes) for n, nodes in enumerate(candidate.nodes) if nodes)
    node = pages[number].tree.nodes[nodes[0]]
    return any(above.tag == "h1" for above in [node, *node.ancestors()][:STEPS_TO_TITLE])


def _is_fact(candidate: SelectorCandidate, boilerplate: set[tuple[str, str]], pages: Sequence[PageIndex]) -> bool:
    """Whether it is one of several items of which others differ from page to page, and has a figure in it.

    The pages at hand may share such a value by chance: all are of one make, or one year.
    """
    selector = candidate.selector
    if not isinstance(selector, PathSelector) or selector.nth != 1 or not FIGURES_AND_WORDS.search(candidate.texts[0]):
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


def _mostly_boilerplate(
    candidate: SelectorCandidate, boilerplate: set[tuple[str, str]], pages: Sequence[PageIndex]
) -> bool:
    if not boilerplate or isinstance(candidate.selector, InlineSelector):
        return False
    first = [
        (page.text_keys.get(nodes[0], ""), reading[0])
        for page, nodes, reading in zip(pages, candidate.nodes, candidate.readings, strict=True)
        if reading
    ]
    return sum(pair in boilerplate for pair in first) > TEMPLATE_SHARE * len(first)


def page_selectors(pages: Sequence[PageIndex]) -> Iterator[Selector]:
    """Every selector that may find a value on the pages, some more than once."""
    yield from _embedded_selectors(pages)
    yield from _selectors_by_label(pages)
    yield from _path_selectors(pages)
    yield from _section_selectors(pages)


def _embedded_selectors(pages: Sequence[PageIndex]) -> Iterator[Selector]:
    kinds: tuple[Literal["jsonld", "microdata", "meta"], ...] = ("jsonld", "microdata", "meta")
    for kind in kinds:
        sizes = _sizes([getattr(page.embedded, kind) for page in pages])
        for path, largest in sizes.items():
            if largest > 1 or "//" in path:
                yield EmbeddedSelector(kind=kind, path=path, nth=0)
            if "//" not in path:
                yield EmbeddedSelector(kind=kind, path=path)
            if 1 < largest <= SHORT_DATA_LIST and kind == "jsonld":
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
    return {leaf.text for leaf in page.view.leaves if len(leaf.text) > LONGEST_CHANCE} | {
        datum.text for data in page.embedded.meta.values() for datum in data
    }


def _sizes(found: Sequence[dict[str, list[Datum]]]) -> dict[str, int]:
    sizes: dict[str, int] = {}
    for data in found:
        for path, items in data.items():
            sizes[path] = max(sizes.get(path, 0), len(items))
    return sizes


def _selectors_by_label(pages: Sequence[PageIndex]) -> Iterator[Selector]:
    counts: Counter[str] = Counter()
    inline: Counter[str] = Counter()
    for page in pages:
        counts.update(
            text for text in page.view.positions if len(text) <= LONGEST_PAGE_LABEL and any(c.isalpha() for c in text)
        )
        inline.update(page.view.inline.keys())
    least = _least_support(len(pages)) * len(pages)
    for label, count in counts.items():
        if count >= least and (len(pages) > 1 or _looks_like_label(label, pages[0])):
            yield from _label_selectors(label, pages)
    for label, count in inline.items():
        if count >= least:
            yield InlineSelector(label=label)


def _looks_like_label(text: str, page: PageIndex) -> bool:
    position = page.view.positions[text][0]
    if position + 1 >= len(page.view.texts):
        return False
    return label_quality(page.view.texts[position], page.view.texts[position + 1]) >= GOOD_LABEL


def _label_selectors(label: str, pages: Sequence[PageIndex]) -> Iterator[Selector]:
    occurrences = max(len(page.view.positions.get(label, ())) for page in pages)
    for nth in range(1, min(occurrences, OCCURRENCES_TRIED) + 1):
        is_proved = len(pages) > 1 and nth == 1
        for step in range(1, (OFFSETS_TRIED if is_proved else OFFSETS_UNPROVED) + 1):
            yield LabelSelector(label=label, occurrence=nth, offset=step)
        yield LabelSelector(label=label, occurrence=nth, extent="paragraph")
        yield LabelSelector(label=label, occurrence=nth, extent="list")
    yield BeforeSelector(label=label)


def _path_selectors(pages: Sequence[PageIndex]) -> Iterator[Selector]:
    sizes: dict[str, list[int]] = defaultdict(list)
    for page in pages:
        for key, leaves in page.view.by_key.items():
            sizes[key].append(len(leaves))
    for key, counts in sizes.items():
        if len(pages) == 1 and key.startswith(("html", "body[")):
            continue
        if max(counts) > 1:
            yield PathSelector(path_key=key, nth=0)
        if fmean(counts) < LISTED_TEXTS:
            yield PathSelector(path_key=key)


def _section_selectors(pages: Sequence[PageIndex]) -> Iterator[Selector]:
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
