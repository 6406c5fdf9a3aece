"""Fields of a page that say nothing new: what they read stands in fields that a label names already."""

from collections.abc import Iterable, Sequence

from core.dom.page_index import PageIndex
from core.dom.paths import visible_texts
from core.dom.tree import Tree
from core.induce.html.candidates import GOOD_LABEL, SelectorCandidate
from core.model.selector import BeforeSelector, InlineSelector, LabelSelector, PathSelector, SectionSelector

# share of the pages on which a text stands in a labelled field too before it is left out: each page more that differs
# is a value that would be lost
SAID_AGAIN_SHARE = 0.9
PLACED_SELECTORS = (PathSelector, LabelSelector, BeforeSelector, SectionSelector)


def new_ones(leads: Sequence[SelectorCandidate], pages: Sequence[PageIndex]) -> list[bool]:
    """For each candidate, best first, whether it is named by a label or reads a text that no better such one reads.

    Whole rows ("Deadline: 4 May"), lists of all values of a section, and the nth text of a section whose rows come and
    go repeat on every page what labels find by name.
    """
    covered: list[set[int]] = [set() for _ in pages]
    lists = {label: lead for lead in leads if (label := _label_read(lead)) and lead.selector.reads_many}
    found = []
    for lead in leads:
        named = _is_named_by_label(lead)
        label = _label_read(lead)
        listed = label is not None and _is_at_a_distance(lead) and _is_listed(lead, lists.get(label))
        found.append(named or not (listed or _is_covered(lead, pages, covered)))
        for number, page in enumerate(pages if named else ()):
            covered[number].update(_orders_covered(lead, page, number))
    return found


def _is_named_by_label(lead: SelectorCandidate) -> bool:
    selector = lead.selector
    if isinstance(selector, LabelSelector):
        return selector.extent == "text" and lead.quality >= GOOD_LABEL and selector.offset == 1
    return isinstance(selector, InlineSelector)


def _label_read(lead: SelectorCandidate) -> tuple[str, int] | None:
    """The label that a candidate is found behind, and which of those that read so; None for another candidate."""
    selector = lead.selector
    return (selector.label, selector.occurrence) if isinstance(selector, LabelSelector) else None


def _is_at_a_distance(lead: SelectorCandidate) -> bool:
    return isinstance(lead.selector, LabelSelector) and lead.selector.offset > 1


def _is_listed(lead: SelectorCandidate, whole: SelectorCandidate | None) -> bool:
    """Whether what follows a label at some distance is an item of the list that follows it."""
    if whole is None:
        return False
    read = [set(nodes) <= set(items) for nodes, items in zip(lead.nodes, whole.nodes, strict=True) if nodes]
    return sum(read) >= SAID_AGAIN_SHARE * len(read)


def _orders_covered(lead: SelectorCandidate, page: PageIndex, number: int) -> Iterable[int]:
    """The texts on a page that a named candidate reads, and its label, also where nothing stands behind that."""
    yield from _text_orders(page.tree, lead.nodes[number])
    yield from (page.view.texts[at].order for at in page.view.positions.get(lead.selector.label_text, ()))


def _is_covered(lead: SelectorCandidate, pages: Sequence[PageIndex], covered: Sequence[set[int]]) -> bool:
    selector = lead.selector
    path = selector.path_text
    if not isinstance(selector, PLACED_SELECTORS) or "/@" in path or path.startswith(("[itemprop", "h1/")):
        return False
    read = [
        set(_text_orders(page.tree, nodes)) <= said
        for page, nodes, said in zip(pages, lead.nodes, covered, strict=True)
        if nodes
    ]
    return sum(read) >= SAID_AGAIN_SHARE * len(read)


def _text_orders(tree: Tree, nodes: Iterable[int]) -> Iterable[int]:
    """The texts at some places: of an element those below it that a reader sees."""
    for node in nodes:
        yield from (node,) if node in tree.texts else visible_texts(tree, node)
