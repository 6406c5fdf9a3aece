"""How each kind of selector finds its leaves on a page or in a record of it. The blueprint's reference."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from core.dom.embedded import Datum
from core.dom.lookup import Lookup
from core.dom.page_index import PageIndex
from core.dom.paths import Leaf
from core.model.selector import (
    AboveSelector,
    AnySelector,
    BeforeSelector,
    DateSlice,
    EmbeddedSelector,
    InlineSelector,
    LabelSelector,
    PathSelector,
    PieceSlice,
    SectionSelector,
    Selector,
    Slice,
)
from core.values.dates import find_dates

T = TypeVar("T")
# patterns that are kept ready: those of the slices of some hundred blueprints
PATTERNS_CACHED = 4_000
DATE_MARKS = frozenset(",/-.:")
REST_EDGES = " ,;:|/·•–—-)]"
ONLY_LABELS = frozenset({"th", "dt", "label", "legend", "h2", "h3", "h4", "h5"})
PART_EDGES = " ,;:|/·•–—-(["


class Match(NamedTuple):
    """A text found in a document, and the span of it that is the value; the locator is made on demand."""

    text: str
    start: int
    end: int
    locate: Callable[[], str]
    at: int = 0

    @property
    def raw(self) -> str:
        """The part of the text that is the value."""
        return self.text[self.start : self.end]


class Context(NamedTuple):
    """Where a selector looks: the page, the view of the record (or of the page), and where the record starts."""

    page: PageIndex
    view: Lookup
    start: int


def matches(selector: Selector, context: Context) -> list[Match]:
    """What a selector finds, in document order; one match unless it asks for all."""
    return sliced(SELECTOR_READERS[type(selector)](selector, context), selector.slices)


def sliced(found: list[Match], slices: Sequence[Slice]) -> list[Match]:
    """The parts of some matches that slices take, one after the other; without those that do not hold them."""
    for rule in slices:
        found = [part for match in found if (part := slice_of(match, rule))]
    return found


@lru_cache(maxsize=PATTERNS_CACHED)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def slice_of(match: Match, rule: Slice) -> Match | None:
    """The part of a match that a slice takes; None when the match does not hold it."""
    if isinstance(rule, PieceSlice):
        return _picked(segments(match, rule.delimiter), rule.piece)
    span = _dated(match, rule.date) if isinstance(rule, DateSlice) else _matched_span(match, rule.pattern)
    if span is None:
        return None
    start, end = span
    if rule.side == "before":
        start, end = match.start, start
    elif rule.side == "after":
        start, end = end, match.end
    is_whole = rule.side == "match"
    return Match(match.text, start, end, match.locate, match.at) if is_whole else _trim_edges(match, start, end)


def segments(match: Match, delimiter: str) -> list[Match]:
    """The pieces of a match between the delimiters that stand outside its dates, without empty ones."""
    dates = find_dates(match.raw) if delimiter.strip() in DATE_MARKS else ()
    edges, position = [-len(delimiter)], match.raw.find(delimiter)
    while position >= 0:
        if not any(date.start <= position < date.end for date in dates):
            edges.append(position)
        position = match.raw.find(delimiter, position + len(delimiter))
    ends = [*edges[1:], len(match.raw)]
    found = [(match.start + a + len(delimiter), match.start + b) for a, b in zip(edges, ends, strict=True)]
    return [piece for start, end in found if (piece := _trim_edges(match, start, end))]


def _picked(pieces: list[Match], part: int) -> Match | None:
    position = part - 1 if part > 0 else len(pieces) + part
    return pieces[position] if len(pieces) > 1 and 0 <= position < len(pieces) else None


def _matched_span(match: Match, pattern: str) -> tuple[int, int] | None:
    found = _compiled(pattern).search(match.raw)
    if not found:
        return None
    group = 1 if found.re.groups and found.group(1) is not None else 0
    start, end = found.span(group)
    return (match.start + start, match.start + end) if end > start else None


def _dated(match: Match, nth: int) -> tuple[int, int] | None:
    dates = find_dates(match.raw)
    position = nth - 1 if nth > 0 else len(dates) + nth
    if not 0 <= position < len(dates):
        return None
    return match.start + dates[position].start, match.start + dates[position].end


def _trim_edges(match: Match, start: int, end: int) -> Match | None:
    while start < end and match.text[start] in REST_EDGES:
        start += 1
    while end > start and match.text[end - 1] in PART_EDGES:
        end -= 1
    return Match(match.text, start, end, match.locate, match.at) if end > start else None


def match_of(leaf: Leaf) -> Match:
    """A leaf as a match."""
    return Match(leaf.text, leaf.start, len(leaf.text), leaf.locator, leaf.order)


def nth_of(found: list[T], nth: int) -> list[T]:
    """All that was found (0), the nth from the start (1…) or from the end (-1…)."""
    if nth == 0:
        return found
    position = nth - 1 if nth > 0 else len(found) + nth
    return found[position : position + 1] if 0 <= position < len(found) else []


def _path(selector: PathSelector, context: Context) -> list[Match]:
    return [match_of(leaf) for leaf in nth_of(context.view.at(selector.path_key), selector.nth)]


def _label(selector: LabelSelector, context: Context) -> list[Match]:
    view = context.view
    label = _occurrence(selector, context)
    if label is None or label + selector.offset >= len(view.texts):
        return []
    leaf = view.texts[label + selector.offset]
    if names_another(view.texts[label], leaf):
        return []
    if selector.extent == "paragraph":
        paragraph = view.paragraph(leaf)
        return [match_of(paragraph)] if paragraph else []
    if selector.extent == "list":
        return [match_of(item) for item in _same_path(view, label + selector.offset)]
    return [match_of(leaf)]


def _occurrence(selector: LabelSelector | BeforeSelector, context: Context) -> int | None:
    """The position among the texts of the label that is meant."""
    at = context.view.positions.get(selector.label, [])
    return at[selector.occurrence - 1] if len(at) >= selector.occurrence else None


def names_another(label: Leaf, text: Leaf) -> bool:
    """Whether a text behind a label is a label too, so that the first has nothing to say on this page."""
    return (tag := _owner_tag(text)) in ONLY_LABELS and tag == _owner_tag(label)


def _same_path(view: Lookup, start: int) -> list[Leaf]:
    """The texts from a position on that share its path key, with nothing but punctuation between them."""
    found = [view.texts[start]]
    key = view.path_key_of(found[0])
    for leaf in view.texts[start + 1 :]:
        if view.path_key_of(leaf) == key:
            found.append(leaf)
        elif any(c.isalnum() for c in leaf.text):
            break
    return found


def _before(selector: BeforeSelector, context: Context) -> list[Match]:
    label = _occurrence(selector, context)
    return [match_of(context.view.texts[label - 1])] if label else []


def _inline(selector: InlineSelector, context: Context) -> list[Match]:
    return [match_of(leaf) for leaf in nth_of(context.view.behind(selector.label), selector.nth)]


def _section(selector: SectionSelector, context: Context) -> list[Match]:
    leaves = context.view.at(selector.path_key)
    headings = context.view.positions.get(selector.heading, [])
    if not headings or not leaves:
        return []
    texts = context.view.texts
    start = texts[headings[0]].order
    level = _owner_tag(texts[headings[0]])
    end = next((t.order for t in texts[headings[0] + 1 :] if _owner_tag(t) == level), len(context.page.tree))
    return [match_of(leaf) for leaf in leaves if start < leaf.order < end]


def _owner_tag(leaf: Leaf) -> str:
    return leaf.tree.heads[leaf.keeper].tag


def _above(selector: AboveSelector, context: Context) -> list[Match]:
    leaf = context.page.last_before(selector.path_key, context.start)
    return [match_of(leaf)] if leaf else []


def _datum(datum: Datum) -> Match:
    end = len(datum.text) if datum.end is None else datum.end
    return Match(datum.text, datum.start, end, datum.locator, datum.order)


def _embedded(selector: EmbeddedSelector, context: Context) -> list[Match]:
    data: dict[str, list[Datum]] = getattr(context.page.embedded, selector.kind)
    return nth_of([_datum(datum) for datum in data.get(selector.path, ())], selector.nth)


# what a page is read with; other kinds of documents know but one kind of selector each
SELECTOR_READERS: dict[type[AnySelector], Callable[[Any, Context], list[Match]]] = {
    PathSelector: _path,
    LabelSelector: _label,
    BeforeSelector: _before,
    InlineSelector: _inline,
    SectionSelector: _section,
    AboveSelector: _above,
    EmbeddedSelector: _embedded,
}
