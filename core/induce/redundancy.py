"""Fields of a page that say nothing new: what they read stands in fields that a label names already."""

from collections.abc import Iterable, Sequence

from core.extract.index import PageIndex
from core.induce.candidates import GOOD_LABEL, Candidate
from core.places import visible_texts
from core.tree import Tree

REPEATED = 0.9
PLAIN = ("trail", "label", "before", "section")
NAMED = ("label", "inline")


def new_ones(leads: Sequence[Candidate], pages: Sequence[PageIndex]) -> list[bool]:
    """For each candidate, best first, whether it is named by a label or reads a text that no better such one reads.

    Whole rows ("Deadline: 4 May"), lists of all values of a section, and the nth text of a section whose rows come and
    go repeat on every page what labels find by name.
    """
    covered: list[set[int]] = [set() for _ in pages]
    found = []
    for lead in leads:
        named = _is_named(lead)
        found.append(named or not _repeats(lead, pages, covered))
        for number, page in enumerate(pages if named else ()):
            covered[number].update(_said(lead, page, number))
    return found


def _is_named(lead: Candidate) -> bool:
    selector = lead.selector
    sure = selector.kind == "inline" or (lead.quality >= GOOD_LABEL and selector.step == 1)
    return selector.kind in NAMED and selector.take == "text" and sure


def _said(lead: Candidate, page: PageIndex, number: int) -> Iterable[int]:
    """The texts on a page that a named candidate reads, and its label."""
    if lead.nodes[number]:
        yield from _texts(page.tree, lead.nodes[number])
        yield from (page.view.texts[at].order for at in page.view.positions.get(lead.selector.label, ()))


def _repeats(lead: Candidate, pages: Sequence[PageIndex], covered: Sequence[set[int]]) -> bool:
    selector = lead.selector
    if selector.kind not in PLAIN or "/@" in selector.path or selector.path.startswith(("[itemprop", "h1/")):
        return False
    read = [
        set(_texts(page.tree, nodes)) <= said
        for page, nodes, said in zip(pages, lead.nodes, covered, strict=True)
        if nodes
    ]
    return sum(read) >= REPEATED * len(read)


def _texts(tree: Tree, nodes: Iterable[int]) -> Iterable[int]:
    """The texts at some places: of an element those below it that a reader sees."""
    for node in nodes:
        yield from (node,) if node in tree.texts else visible_texts(tree, node)
