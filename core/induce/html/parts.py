"""The parts of longer texts of a page that are fields of their own, as the year is in "Vintage (2009)"."""

from collections.abc import Iterator, Sequence

from core.dom.page_index import PageIndex
from core.extract.selectors import Context
from core.induce.html.candidates import SelectorCandidate, read_selector
from core.induce.html.columns import ListColumn, parts_of
from core.induce.html.selection import sure_pieces

# pages from which a rule that cuts a text is seen to hold, and the share of them it must hold on
FEWEST_PAGES_TO_CUT = 3
CUT_SUPPORT = 0.8
# parts a page gets: they say again what whole texts say
MOST_PAGE_PARTS = 4


def part_candidates(leads: Sequence[SelectorCandidate], pages: Sequence[PageIndex]) -> list[SelectorCandidate]:
    """Candidates for what dates, codes and brackets in the texts of others say, in the order of those."""
    if len(pages) < FEWEST_PAGES_TO_CUT:
        return []
    contexts = [Context(page, page.view, 0) for page in pages]
    known = {reading for lead in leads for reading in lead.readings if reading}
    found = (part for lead in leads for part in _parts_of_lead(lead, contexts))
    new = (part for part in found if sum(reading in known for reading in part.readings) * 2 < len(pages))
    return list(new)[:MOST_PAGE_PARTS]


def _parts_of_lead(lead: SelectorCandidate, contexts: Sequence[Context]) -> Iterator[SelectorCandidate]:
    single = all(len(reading) <= 1 for reading in lead.readings)
    if not single or not lead.varies or lead.support < CUT_SUPPORT or lead.selector.slices:
        return
    column = ListColumn([lead.selector], [tuple(reading) for reading in lead.readings])
    for part in sure_pieces(list(parts_of(column, contexts, max(2, round(CUT_SUPPORT * len(contexts)))))):
        yield read_selector(part.selectors[0], contexts)
