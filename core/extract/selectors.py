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
DATE_MARKS = frozenset(",/-.:")
EDGES = " ,;:|/·•–—-)]"
ONLY_LABELS = frozenset({"th", "dt", "label", "legend", "h2", "h3", "h4", "h5"})
OPEN_EDGES = " ,;:|/·•–—-(["


class Spot(NamedTuple):
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


class Place(NamedTuple):
    """Where a selector looks: the page, the view of the record (or of the page), and where the record starts."""

    page: PageIndex
    view: Lookup
    start: int


def spots(selector: Selector, place: Place) -> list[Spot]:
    """What a selector finds, in document order; one spot unless it asks for all."""
    return sliced(READERS[type(selector)](selector, place), selector.slices)


def sliced(found: list[Spot], slices: Sequence[Slice]) -> list[Spot]:
    """The parts of some spots that slices take, one after the other; without those that do not hold them."""
    for rule in slices:
        found = [part for spot in found if (part := slice_of(spot, rule))]
    return found


@lru_cache(maxsize=4_000)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def slice_of(spot: Spot, rule: Slice) -> Spot | None:
    """The part of a spot that a slice takes; None when the spot does not hold it."""
    if isinstance(rule, PieceSlice):
        return _picked(segments(spot, rule.delimiter), rule.piece)
    span = _dated(spot, rule.date) if isinstance(rule, DateSlice) else _matched(spot, rule.pattern)
    if span is None:
        return None
    start, end = span
    if rule.side == "before":
        start, end = spot.start, start
    elif rule.side == "after":
        start, end = end, spot.end
    is_whole = rule.side == "match"
    return Spot(spot.text, start, end, spot.locate, spot.at) if is_whole else _trimmed(spot, start, end)


def segments(spot: Spot, delimiter: str) -> list[Spot]:
    """The pieces of a spot between the delimiters that stand outside its dates, without empty ones."""
    dates = find_dates(spot.raw) if delimiter.strip() in DATE_MARKS else ()
    edges, position = [-len(delimiter)], spot.raw.find(delimiter)
    while position >= 0:
        if not any(date.start <= position < date.end for date in dates):
            edges.append(position)
        position = spot.raw.find(delimiter, position + len(delimiter))
    ends = [*edges[1:], len(spot.raw)]
    found = [(spot.start + a + len(delimiter), spot.start + b) for a, b in zip(edges, ends, strict=True)]
    return [piece for start, end in found if (piece := _trimmed(spot, start, end))]


def _picked(pieces: list[Spot], part: int) -> Spot | None:
    position = part - 1 if part > 0 else len(pieces) + part
    return pieces[position] if len(pieces) > 1 and 0 <= position < len(pieces) else None


def _matched(spot: Spot, pattern: str) -> tuple[int, int] | None:
    found = _compiled(pattern).search(spot.raw)
    if not found:
        return None
    group = 1 if found.re.groups and found.group(1) is not None else 0
    start, end = found.span(group)
    return (spot.start + start, spot.start + end) if end > start else None


def _dated(spot: Spot, nth: int) -> tuple[int, int] | None:
    dates = find_dates(spot.raw)
    position = nth - 1 if nth > 0 else len(dates) + nth
    if not 0 <= position < len(dates):
        return None
    return spot.start + dates[position].start, spot.start + dates[position].end


def _trimmed(spot: Spot, start: int, end: int) -> Spot | None:
    while start < end and spot.text[start] in EDGES:
        start += 1
    while end > start and spot.text[end - 1] in OPEN_EDGES:
        end -= 1
    return Spot(spot.text, start, end, spot.locate, spot.at) if end > start else None


def spot_of(leaf: Leaf) -> Spot:
    """A leaf as a spot."""
    return Spot(leaf.text, leaf.start, len(leaf.text), leaf.locator, leaf.order)


def pick(found: list[T], nth: int) -> list[T]:
    """All that was found (0), the nth from the start (1…) or from the end (-1…)."""
    if nth == 0:
        return found
    position = nth - 1 if nth > 0 else len(found) + nth
    return found[position : position + 1] if 0 <= position < len(found) else []


def _path(selector: PathSelector, place: Place) -> list[Spot]:
    return [spot_of(leaf) for leaf in pick(place.view.at(selector.path_key), selector.nth)]


def _label(selector: LabelSelector, place: Place) -> list[Spot]:
    view = place.view
    label = _occurrence(selector, place)
    if label is None or label + selector.offset >= len(view.texts):
        return []
    leaf = view.texts[label + selector.offset]
    if names_another(view.texts[label], leaf):
        return []
    if selector.extent == "paragraph":
        paragraph = view.paragraph(leaf)
        return [spot_of(paragraph)] if paragraph else []
    if selector.extent == "list":
        return [spot_of(item) for item in _same_kind(view, label + selector.offset)]
    return [spot_of(leaf)]


def _occurrence(selector: LabelSelector | BeforeSelector, place: Place) -> int | None:
    """The position among the texts of the label that is meant."""
    at = place.view.positions.get(selector.label, [])
    return at[selector.occurrence - 1] if len(at) >= selector.occurrence else None


def names_another(label: Leaf, text: Leaf) -> bool:
    """Whether a text behind a label is a label too, so that the first has nothing to say on this page."""
    return (tag := _owner_tag(text)) in ONLY_LABELS and tag == _owner_tag(label)


def _same_kind(view: Lookup, start: int) -> list[Leaf]:
    """The texts from a position on that share its path key, with nothing but punctuation between them."""
    found = [view.texts[start]]
    key = view.path_key_of(found[0])
    for leaf in view.texts[start + 1 :]:
        if view.path_key_of(leaf) == key:
            found.append(leaf)
        elif any(c.isalnum() for c in leaf.text):
            break
    return found


def _before(selector: BeforeSelector, place: Place) -> list[Spot]:
    label = _occurrence(selector, place)
    return [spot_of(place.view.texts[label - 1])] if label else []


def _inline(selector: InlineSelector, place: Place) -> list[Spot]:
    return [spot_of(leaf) for leaf in pick(place.view.behind(selector.label), selector.nth)]


def _section(selector: SectionSelector, place: Place) -> list[Spot]:
    leaves = place.view.at(selector.path_key)
    headings = place.view.positions.get(selector.heading, [])
    if not headings or not leaves:
        return []
    texts = place.view.texts
    start = texts[headings[0]].order
    level = _owner_tag(texts[headings[0]])
    end = next((t.order for t in texts[headings[0] + 1 :] if _owner_tag(t) == level), len(place.page.tree))
    return [spot_of(leaf) for leaf in leaves if start < leaf.order < end]


def _owner_tag(leaf: Leaf) -> str:
    return leaf.tree.heads[leaf.keeper].tag


def _above(selector: AboveSelector, place: Place) -> list[Spot]:
    leaf = place.page.last_before(selector.path_key, place.start)
    return [spot_of(leaf)] if leaf else []


def _datum(datum: Datum) -> Spot:
    end = len(datum.text) if datum.end is None else datum.end
    return Spot(datum.text, datum.start, end, datum.locator, datum.order)


def _embedded(selector: EmbeddedSelector, place: Place) -> list[Spot]:
    data: dict[str, list[Datum]] = getattr(place.page.embedded, selector.kind)
    return pick([_datum(datum) for datum in data.get(selector.path, ())], selector.nth)


# what a page is read with; other kinds of documents know but one kind of selector each
READERS: dict[type[AnySelector], Callable[[Any, Place], list[Spot]]] = {
    PathSelector: _path,
    LabelSelector: _label,
    BeforeSelector: _before,
    InlineSelector: _inline,
    SectionSelector: _section,
    AboveSelector: _above,
    EmbeddedSelector: _embedded,
}
