"""Which record sets of a page are worth a table, and which comes first: no value twice, no navigation."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from core.extract import read_table
from core.extract.index import PageIndex
from core.extract.scopes import spans
from core.model.blueprint import RecordSet
from core.model.extraction import Evidence, Record
from core.tree import Node

OVERLAP = 0.5
LIST_SHARE = 0.4
LEAST_ROWS = 3
SHARED = 0.6
IN_ORDER = 0.9
MOST_PAIR_FIELDS = 4
TELLING_FIELDS = 3
LOOKED_AT = 4
LABEL = re.compile(r"[^\W\d_]([^\d\n]{0,38}|[^\n]{0,37}[:：])")
FURNITURE = re.compile(
    r"\b(nav|navbar|navigation|menu|pager|pagination|paging|breadcrumbs?|footer|header|toolbar)\b", re.I
)
FURNITURE_TAGS = frozenset({"nav", "footer", "header"})


def distinct_lists(lists: Sequence[RecordSet], index: PageIndex) -> list[RecordSet]:
    """The record sets, best first, without those that mostly repeat the values of a better one, or only navigate."""
    kept: list[RecordSet] = []
    taken: set[str] = set()
    for table in lists:
        places = places_of(read_table(table, index))
        if kept and (is_furniture(table, index) or repeats(places, taken)):
            continue
        kept.append(table)
        taken |= places
    return kept


def repeats(places: set[str], taken: set[str]) -> bool:
    """Whether most places are taken already."""
    return len(places & taken) > OVERLAP * len(places)


def beside_page(page: RecordSet, lists: Sequence[RecordSet], pages: Sequence[PageIndex]) -> list[RecordSet]:
    """The record sets of a page about one thing: those that say more than its table does, or tell its parts apart."""
    taken = places_of(read_table(page, pages[0]))
    return [
        table
        for table in lists
        if not is_furniture(table, pages[0])
        and not are_pairs(table, pages)
        and (len(table.fields) >= TELLING_FIELDS or not repeats(places_of(read_table(table, pages[0])), taken))
    ]


def is_furniture(table: RecordSet, index: PageIndex) -> bool:
    """Whether the records of a table are links to find one's way: in a menu, a pager, a header or a footer."""
    found = spans(table.scope, index)
    return bool(found) and all(_in_furniture(span.nodes[0]) for span in found)


def _in_furniture(node: Node) -> bool:
    return any(
        place.tag in FURNITURE_TAGS or FURNITURE.search(f"{place.attrs.get('class', '')} {place.attrs.get('id', '')}")
        for place in (node, *node.ancestors())
        if place.tag not in ("body", "html")
    )


def places_of(records: Sequence[Record]) -> set[str]:
    """The locators of all values of some records."""
    return {
        evidence.locator for record in records for cell in record.fields.values() for evidence in _each(cell.evidence)
    }


def _each(evidence: Evidence | list[Evidence]) -> list[Evidence]:
    return [evidence] if isinstance(evidence, Evidence) else evidence


def is_list_page(main: RecordSet, pages: Sequence[PageIndex]) -> bool:
    """Whether the records of a table make up a good part of what most of the pages say, and are records at all."""
    looked_at = pages[:LOOKED_AT]
    full = sum(_is_mostly(main, page) for page in looked_at)
    return full * 2 > len(looked_at) and not are_pairs(main, pages)


def _is_mostly(main: RecordSet, index: PageIndex) -> bool:
    found = spans(main.scope, index)
    if len(found) < LEAST_ROWS:
        return False
    said = sum(len(leaf.text) for leaf in index.view.texts)
    starts = [span.nodes[0].order for span in found]
    ends = [span.nodes[-1].end for span in found]
    inside = sum(len(leaf.text) for leaf in index.view.texts if _within(leaf.node.order, starts, ends))
    return inside >= LIST_SHARE * said


def are_pairs(table: RecordSet, pages: Sequence[PageIndex]) -> bool:
    """Whether the rows are labels and values of one thing: the labels recur on the other pages, or look like such."""
    first, *others = (_columns(table, page) for page in pages[:LOOKED_AT])
    return any(
        len(set(texts)) >= max(LEAST_ROWS, 0.9 * len(texts))
        and (_recurs(texts, [other.get(name, []) for other in others]) if others else _says_labels(texts, table))
        for name, texts in first.items()
    )


def _recurs(texts: Sequence[str], others: Sequence[Sequence[str]]) -> bool:
    """Whether most texts stand on each of the other pages too, in the same order: labels do, categories do not."""
    return all(_in_step(texts, other) for other in others)


def _in_step(texts: Sequence[str], other: Sequence[str]) -> bool:
    places = {text: place for place, text in reversed(list(enumerate(other)))}
    shared = [places[text] for text in dict.fromkeys(texts) if text in places]
    steps = sum(left < right for left, right in pairwise(shared))
    return len(shared) >= max(2, SHARED * len(set(texts))) and steps >= IN_ORDER * (len(shared) - 1)


def _says_labels(texts: Sequence[str], table: RecordSet) -> bool:
    if len(table.fields) > MOST_PAIR_FIELDS or any(field.type == "url" for field in table.fields):
        return False
    return all(LABEL.fullmatch(text) for text in texts)


def _columns(table: RecordSet, page: PageIndex) -> dict[str, list[str]]:
    """The raw texts of each field on a page."""
    found: dict[str, list[str]] = {}
    for record in read_table(table, page):
        for name, cell in record.fields.items():
            found.setdefault(name, []).append(str(cell.raw))
    return found


def _within(order: int, starts: list[int], ends: list[int]) -> bool:
    position = bisect_right(starts, order) - 1
    return position >= 0 and order < ends[position]


def beside_list(page: RecordSet) -> RecordSet | None:
    """What a list page says of itself, apart from its records: its heading and its embedded data; None for nothing."""
    fields = tuple(
        field
        for field in page.fields
        if field.selectors[0].kind in ("jsonld", "microdata") or field.selectors[0].path.startswith("h1/")
    )
    return page.model_copy(update={"fields": fields}) if len(fields) > 1 else None
