"""One list under several paths of a page becomes one group: boxes that are open, rows that are set in larger type."""

from collections import Counter
from collections.abc import Sequence
from itertools import chain, pairwise

from core.dom.page_index import PageIndex
from core.extract.scopes import Span, spans
from core.induce.cutting import shape
from core.model.scope import ElementScope, SiblingsScope

# share of the places two groups of records must share to be one list, and share of the classes where they are laid
# out in two ways: menus hold like places, so the first is high
SAME_PLACES = 0.9
LIKE_CLASSES = 0.6
# share of the records that must say a code of one form, or may say what others say before they are a copy
MOST_OF_A_GROUP = 0.6
# characters of a code, date or number that has a form
LONGEST_FORM = 40


def unite(
    scope: ElementScope, mine: Sequence[Span], other: ElementScope, theirs: Sequence[Span], index: PageIndex
) -> ElementScope | None:
    """The scope of two groups of records that are of one kind; None when they are not, or stand within each other."""
    if _opening(scope) != _opening(other) or mine[0].first.tag != theirs[0].first.tag:
        return None
    both = _same_layout(scope, mine, other, theirs) or _two_layouts(scope, mine, other, theirs, index)
    wanted = {span.start for span in chain(mine, theirs)}
    if (
        both is None
        or len(wanted) < len(mine) + len(theirs)
        or _lie_within_each_other(mine, theirs)
        or _is_copy(theirs, mine)
    ):
        return None
    return both if {span.start for span in spans(both, index)} == wanted else None


def _opening(scope: ElementScope) -> str | None:
    """How the elements of a scope must begin; None where each of them is a record."""
    return scope.opening if isinstance(scope, SiblingsScope) else None


def _same_layout(
    scope: ElementScope, mine: Sequence[Span], other: ElementScope, theirs: Sequence[Span]
) -> ElementScope | None:
    """For records that hold the same places, and in one of these codes, dates or numbers of one form.

    Links of a menu hold the same places as a list of links.
    """
    same = _are_alike(set(scope.required_keys), set(other.required_keys), SAME_PLACES)
    if not same or not _say_alike(scope.required_keys, mine, theirs):
        return None
    return scope.model_copy(update={"other_paths": (*scope.other_paths, other.element_path)})


def _two_layouts(
    scope: ElementScope, mine: Sequence[Span], other: ElementScope, theirs: Sequence[Span], index: PageIndex
) -> ElementScope | None:
    """For records beside each other that hold texts of the same classes, but not at the same depth."""
    own = _classes(scope.required_keys)
    if (
        not own
        or not _are_alike(own, _classes(other.required_keys), LIKE_CLASSES)
        or not _are_beside(mine, theirs, index)
    ):
        return None
    update = {
        "other_paths": (*scope.other_paths, other.element_path),
        "required_keys": tuple(dict.fromkeys((*scope.required_keys, *other.required_keys))),
        "at_least": min(scope.at_least, other.at_least),
    }
    return scope.model_copy(update=update)


def _are_alike(mine: set[str], theirs: set[str], least: float) -> bool:
    return len(mine & theirs) >= least * len(mine | theirs)


def _say_alike(keys: Sequence[str], mine: Sequence[Span], theirs: Sequence[Span]) -> bool:
    """Whether texts with figures at one of the places have mostly the same form in both."""
    forms = ((_usual_form(key, mine), _usual_form(key, theirs)) for key in keys if "@" not in key)
    return any(own and own == others for own, others in forms)


def _usual_form(key: str, found: Sequence[Span]) -> str:
    texts = [leaf.text for span in found for leaf in span.view.at(key)[:1]]
    forms = Counter(shape(text) for text in texts if len(text) <= LONGEST_FORM and any(c.isdigit() for c in text))
    form, count = forms.most_common(1)[0] if forms else ("", 0)
    return form if count >= MOST_OF_A_GROUP * len(found) else ""


def _classes(keys: Sequence[str]) -> set[str]:
    """The last steps of keys to texts, where a class says what stands there."""
    return {last for key in keys if "." in (last := key.rpartition(">")[2]) and last.endswith("/text")}


def _are_beside(mine: Sequence[Span], theirs: Sequence[Span], index: PageIndex) -> bool:
    """Whether two groups stand in elements of the same kind."""
    return _holders(mine, index) == _holders(theirs, index)


def _holders(found: Sequence[Span], index: PageIndex) -> set[str]:
    return {index.element_paths.get(index.tree.parents[span.start], "") for span in found}


def _is_copy(theirs: Sequence[Span], mine: Sequence[Span]) -> bool:
    """Whether most records are shown a second time, as for other screens."""
    said = {_text_of_span(span) for span in mine}
    return sum(_text_of_span(span) in said for span in theirs) > MOST_OF_A_GROUP * len(theirs)


def _text_of_span(span: Span) -> str:
    return " ".join(leaf.text for leaf in span.view.texts)


def _lie_within_each_other(mine: Sequence[Span], theirs: Sequence[Span]) -> bool:
    """Whether a record stands within another."""
    ordered = sorted((span.start, span.end) for span in chain(mine, theirs))
    return any(start < end for (_, end), (start, _) in pairwise(ordered))
