"""Where the records of a list begin and end among the siblings of their headers.

What stands between two headers belongs to the one before it, unless the layout says otherwise: a heading over several
records, or what stands before the first record and not behind the last.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Literal

from core.dom.page_index import PageIndex
from core.dom.tree import INLINE, TEXT, UNSEEN, Tree
from core.extract.scopes import BLANK_LINE, Span, heads_of, is_header, opening
from core.model.scope import ElementScope, RowsScope, SiblingsScope

# the share of the headers, and the fewest of them, that must be followed by something before it is a part of records
FOLLOWED_SHARE, FEWEST_FOLLOWED = 0.08, 2
# share of texts that must differ: what is said again and again is no value of a record
DIFFERENT_TEXTS = 0.5
# characters of a heading at most, in the median
LONGEST_HEADING = 60
# kinds of elements that begin records: a list with more of them is no list of headers
MOST_HEADER_STEPS = 3
HEADING_LEVELS = {f"h{level}": level for level in range(1, 7)} | {"caption": 1, "legend": 1}
# below every heading: what is none
NO_LEVEL = 9
# what begins the records of a text of lines, which are no elements
LINES = INLINE | {TEXT, "br"}

Side = Literal["below", "above", "unclear"]


@dataclass
class SiblingKind:
    """Siblings of one step that are no headers: the parents where one stands before the first header, and those where
    one stands behind the last; the headers with one between them and the next; and what these say.
    """

    step: str
    leads: set[int] = field(default_factory=set)
    tails: set[int] = field(default_factory=set)
    gaps: set[int] = field(default_factory=set)
    texts: list[str] = field(default_factory=list)

    def side(self, level: int, headers: int, parents: int) -> Side:
        """Whether it belongs to what it follows, or to what follows it; `level` is that of the headers as headings."""
        if not self.texts:
            return "unclear"
        tag, _, classes = self.step.partition(".")
        is_over_several = 2 * len(self.gaps) <= headers
        if is_over_several and HEADING_LEVELS.get(tag, NO_LEVEL) < level:
            return "above"
        leads, tails = (2 * len(found) > parents for found in (self.leads, self.tails))
        if not leads or tag in INLINE:
            return "below"
        is_long = median(map(len, self.texts)) > LONGEST_HEADING
        if not tails:
            # some paragraphs, and one before the first header: that introduces the list
            is_introduced = is_over_several and is_long and not classes
            return "below" if is_introduced else "above"
        if is_long:
            return "below"
        return "above" if is_over_several else "unclear"


def until(found: Sequence[Span], index: PageIndex) -> tuple[str, ...]:
    """The steps of the siblings that end a record, because they belong to the next one or to several."""
    if found[0].first.tag in LINES:
        return ()
    return tuple(sorted(kind.step for kind in _on_side("above", found, index)))


def with_what_follows(scope: ElementScope, found: Sequence[Span], index: PageIndex) -> SiblingsScope | None:
    """A scope whose records go on to the next header, where values stand behind the elements that were the records.

    None where nothing does, and where no scope finds the same headers so.
    """
    is_closed = isinstance(scope, RowsScope) and not scope.element_path.endswith(BLANK_LINE)
    if not is_closed or not _has_parts(found, index):
        return None
    starts = sorted(span.start for span in found)
    flat = SiblingsScope.model_validate(scope.model_dump() | {"kind": "siblings"})
    options = _flat_scopes(flat, starts, index.tree)
    return next((option for option in options if heads_of(option, index) == starts), None)


def _has_parts(found: Sequence[Span], index: PageIndex) -> bool:
    """Whether enough of the headers are followed by something of their own."""
    if any(len(span.orders) != 1 or span.first.tag in LINES for span in found):
        return False
    kinds = _on_side("below", found, index)
    gaps = {gap for kind in kinds for gap in kind.gaps}
    texts = [text for kind in kinds for text in kind.texts]
    return len(gaps) >= max(FEWEST_FOLLOWED, FOLLOWED_SHARE * len(found)) and len(set(texts)) >= DIFFERENT_TEXTS * len(
        texts
    )


def _on_side(side: Side, found: Sequence[Span], index: PageIndex) -> list[SiblingKind]:
    """The kinds of siblings that belong to what they follow, or to what follows them."""
    kinds, parents = _sibling_kinds(found, index)
    level = HEADING_LEVELS.get(found[0].first.tag, NO_LEVEL)
    return [kind for kind in kinds if kind.side(level, len(found), parents) == side]


def _sibling_kinds(found: Sequence[Span], index: PageIndex) -> tuple[list[SiblingKind], int]:
    """The siblings of some headers by their steps, and the number of parents."""
    by_parent: dict[int, list[int]] = defaultdict(list)
    for span in found:
        by_parent[index.tree.parents[span.start]].append(span.start)
    kinds: dict[str, SiblingKind] = {}
    for parent, starts in by_parent.items():
        for order, passed in _elements_between(parent, set(starts), index):
            kind = kinds.setdefault(index.tree.heads[order].step, SiblingKind(index.tree.heads[order].step))
            if passed in (0, len(starts)):
                (kind.tails if passed else kind.leads).add(parent)
            elif text := index.tree.text(order):
                kind.gaps.add(starts[passed - 1])
                kind.texts.append(text)
    return list(kinds.values()), len(by_parent)


def _elements_between(parent: int, headers: set[int], index: PageIndex) -> Iterator[tuple[int, int]]:
    """The elements beside some headers that are none, each with the number of headers before it."""
    passed = 0
    for child in index.tree.children(parent):
        tag = index.tree.heads[child].tag
        if child in headers:
            passed += 1
        elif tag != TEXT and tag not in UNSEEN and not is_header((child,), index):
            yield child, passed


def _flat_scopes(scope: SiblingsScope, starts: Sequence[int], tree: Tree) -> Iterator[SiblingsScope]:
    """Scopes that may find these headers and nothing else: by their path, their steps, or how their texts begin."""
    yield scope
    steps = list(dict.fromkeys(tree.heads[start].step for start in starts))
    above = scope.element_path.rpartition(">")[0]
    if len(steps) <= MOST_HEADER_STEPS and above and not scope.other_paths:
        first, *others = (f"{above}>{step}" for step in steps)
        yield scope.model_copy(update={"element_path": first, "other_paths": tuple(others)})
    openings = {opening(tree, start) for start in starts}
    if len(openings) == 1 and "" not in openings:
        yield scope.model_copy(update={"opening": openings.pop(), "alone": True})
