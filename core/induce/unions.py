"""One list that stands under several paths of a page becomes one group: a box that is open, a month that is nested."""

from collections import Counter
from collections.abc import Sequence
from itertools import chain, pairwise

from core.extract.index import PageIndex
from core.extract.scopes import Span, spans
from core.induce.cutting import shape
from core.model.blueprint import Scope

ALIKE = 0.9
MOSTLY = 0.6
LONGEST = 40


def united(scope: Scope, mine: Sequence[Span], other: Scope, theirs: Sequence[Span], index: PageIndex) -> Scope | None:
    """The scope of two groups of records that are of one kind; None when they are not, or stand within each other.

    They hold the same places, and in one of these codes, dates or numbers of one form: links in a menu are alike too.
    """
    if scope.kind != other.kind or scope.head != other.head or mine[0].first.tag != theirs[0].first.tag:
        return None
    if not _are_alike(set(scope.require), set(other.require)) or not _say_alike(scope.require, mine, theirs):
        return None
    both = scope.model_copy(update={"others": (*scope.others, other.path)})
    wanted = {span.start for span in chain(mine, theirs)}
    found = {span.start for span in spans(both, index)}
    return both if found == wanted and len(wanted) == len(mine) + len(theirs) and not _overlap(mine, theirs) else None


def _are_alike(mine: set[str], theirs: set[str]) -> bool:
    return len(mine & theirs) >= ALIKE * len(mine | theirs)


def _say_alike(trails: Sequence[str], mine: Sequence[Span], theirs: Sequence[Span]) -> bool:
    """Whether texts with figures at one of the places have mostly the same form in both."""
    forms = ((_form(trail, mine), _form(trail, theirs)) for trail in trails if "@" not in trail)
    return any(own and own == others for own, others in forms)


def _form(trail: str, found: Sequence[Span]) -> str:
    texts = [leaf.text for span in found for leaf in span.view.at(trail)[:1]]
    forms = Counter(shape(text) for text in texts if len(text) <= LONGEST and any(c.isdigit() for c in text))
    form, count = forms.most_common(1)[0] if forms else ("", 0)
    return form if count >= MOSTLY * len(found) else ""


def _overlap(mine: Sequence[Span], theirs: Sequence[Span]) -> bool:
    """Whether a record stands within another."""
    ordered = sorted((span.start, span.end) for span in chain(mine, theirs))
    return any(start < end for (_, end), (start, _) in pairwise(ordered))
