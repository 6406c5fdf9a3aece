"""Which record sets of a page are worth a table, and which comes first: no value twice, no navigation."""

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise

from core.dom.page_index import PageIndex
from core.dom.tree import TEXT, Node
from core.extract import read_table
from core.extract.nesting import holders
from core.extract.scopes import Span, spans
from core.model.blueprint import Field, RecordSet
from core.model.extraction import Evidence, Record
from core.model.selector import AboveSelector

# share of the places of a list that a better one reads already: then it says the same again
TAKEN_SHARE = 0.5
# share of the text of a page, without its navigation, that stands in records from which it is a list page; less where
# it was learned alone, because who gives one page mostly gives a list
LIST_SHARE = 0.4
LIST_SHARE_ALONE = 0.3
# rows of a list at least, and different labels of a table of labels and values
FEWEST_ROWS_OF_A_LIST = 3
# share of the elements of a page from which an element called “nav” or “header” is the page itself
MOST_OF_A_PAGE = 0.5
# share of the texts that must recur on the other pages, and of them in the same order, to be labels: categories recur
# too, in any order
RECURRING_SHARE = 0.6
IN_ORDER_SHARE = 0.9
# columns of a table of labels and values: label, value, unit, remark
MOST_PAIR_FIELDS = 4
# share of the labels of one thing that are different: a heading may come twice
DIFFERENT_LABELS = 0.9
# fields that make a table say more than a list of links
TELLING_FIELDS = 3
# pages that are asked whether they are lists: each is read once for it
PAGES_JUDGED = 4
# share of the inner records, or of the values of a column, that must stand in the outer records
HELD_SHARE = 0.8
# inner records to an outer one, in the mean, from which they are a table of their own
ROWS_A_PARENT = 1.5
# share of the outer records that must hold inner ones, and that may at most hold equally many: always two are two
# columns
MOST_PARENTS = 0.8
# share of the other inner records that may have a place which the first ones have: with less it is a kind of its own
HARDLY_ANY = 0.1
# share of the records from which a column counts as always there
FULL_FIELD = 0.8
LABEL_LIKE = re.compile(r"[^\W\d_]([^\d\n]{0,38}|[^\n]{0,37}[:：])")
NAVIGATION_WORDS = re.compile(
    r"\b(nav|navbar|navigation|menu|pager|pagination|paging|breadcrumbs?|footer|header|toolbar)\b", re.I
)
COUNTED_STEP = re.compile(r">\w+\[\d+\]")
CONTENT = frozenset({"h1", "main", "article", "table"})
NAVIGATION_TAGS = frozenset({"nav", "footer", "header"})


def distinct_lists(lists: Sequence[RecordSet], index: PageIndex) -> list[RecordSet]:
    """The record sets, best first, without those that mostly repeat the values of a better one, or only navigate.

    Records that lie within those of a better table, now many and now few in each, are its child table.
    """
    kept: list[RecordSet] = []
    taken: set[str] = set()
    for table in lists:
        places = locators_of(read_table(table, index))
        parent = _parent_table(table, kept, index)
        child = _without_headings(table) if parent else table
        rest = _without(parent, locators_of(read_table(child, index)), index) if parent else None
        if parent is not None and rest is not None and _is_table_enough(rest):
            kept[kept.index(parent)] = rest
            kept.append(child.model_copy(update={"parent": parent.name}))
        elif not kept or not (is_navigation(table, index) or repeats(places, taken)):
            kept.append(table)
        taken |= places
    return kept


def _parent_table(table: RecordSet, better: Sequence[RecordSet], index: PageIndex) -> RecordSet | None:
    """The table whose records hold those of this one, where these say enough to be a table of their own."""
    alike = len(_shown_fields(_without_headings(table))) >= TELLING_FIELDS and not table.scope.path_text.endswith(".*")
    inner = spans(table.scope, index) if alike else []
    return next((parent for parent in better if parent.parent is None and _holds_records(parent, inner, index)), None)


def _holds_records(parent: RecordSet, inner: Sequence[Span], index: PageIndex) -> bool:
    outer = spans(parent.scope, index)
    found = holders([(span.start, span.end) for span in inner], [(span.start, span.end) for span in outer])
    held = Counter(holder for holder in found if holder is not None)
    total = sum(held.values())
    usual = Counter(held.values()).most_common(1)[0][1] if held else 0
    return (
        total > 0
        and total >= HELD_SHARE * len(inner)
        and total >= ROWS_A_PARENT * len(held)
        and len(held) >= MOST_PARENTS * len(outer)
        and usual <= MOST_PARENTS * len(held)
        and _are_of_one_kind(inner, found)
    )


def _are_of_one_kind(inner: Sequence[Span], found: Sequence[int | None]) -> bool:
    """Whether the first parts of the records have no place that the others never have; else they say something else."""
    first, others = Counter[str](), Counter[str]()
    before: int | None = None
    for span, holder in zip(inner, found, strict=True):
        (others if holder == before else first).update(span.view.by_key.keys())
        before = holder
    firsts = sum(one != other for one, other in pairwise([None, *found]))
    least, most = MOST_PARENTS * firsts, HARDLY_ANY * (len(inner) - firsts)
    return not any(count >= least and others[key] <= most for key, count in first.items())


def _without(parent: RecordSet, places: set[str], index: PageIndex) -> RecordSet:
    """A table without the columns that stand in the records of its child table."""
    own = locators_by_field(read_table(parent, index))
    kept = tuple(field for field in parent.fields if len(own[field.name] & places) < HELD_SHARE * len(own[field.name]))
    return parent.model_copy(update={"fields": kept})


def _without_headings(table: RecordSet) -> RecordSet:
    """A table without what it takes from headings: a child table finds that in its parent."""
    fields = tuple(field for field in table.fields if not isinstance(field.selectors[0], AboveSelector))
    return table.model_copy(update={"fields": fields})


def _is_table_enough(table: RecordSet) -> bool:
    return sum(field.fill >= FULL_FIELD for field in _shown_fields(table)) >= TELLING_FIELDS


def _shown_fields(table: RecordSet) -> list[Field]:
    """The fields that a reader sees, or follows."""
    return [field for field in table.fields if not field.selectors[0].path_text.startswith("//@data-")]


def locators_by_field(records: Sequence[Record]) -> dict[str, set[str]]:
    """The locators of the values of each field."""
    found: dict[str, set[str]] = defaultdict(set)
    for record in records:
        for name, cell in record.fields.items():
            found[name] |= {evidence.locator for evidence in _each(cell.evidence)}
    return found


def repeats(places: set[str], taken: set[str]) -> bool:
    """Whether most places are taken already."""
    return len(places & taken) > TAKEN_SHARE * len(places)


def beside_page(page: RecordSet, lists: Sequence[RecordSet], pages: Sequence[PageIndex]) -> list[RecordSet]:
    """The record sets of a page about one thing: those that say more than its table does, or tell its parts apart."""
    taken = locators_of(read_table(page, pages[0]))
    return [
        table
        for table in lists
        if not is_navigation(table, pages[0])
        and not are_pairs(table, pages)
        and (len(table.fields) >= TELLING_FIELDS or not repeats(locators_of(read_table(table, pages[0])), taken))
    ]


def without_records(page: RecordSet, tables: Sequence[RecordSet], index: PageIndex) -> RecordSet:
    """The table of a page without the lists, and the things in counted places, that its record sets say as well."""
    taken = {place for table in tables for place in locators_of(read_table(table, index))}
    own = locators_by_field(read_table(page, index))
    fields = tuple(f for f in page.fields if not (_is_counted(f) and own[f.name] and own[f.name] <= taken))
    return page.model_copy(update={"fields": fields}) if fields else page


def _is_counted(field: Field) -> bool:
    """Whether a field is a list, or found by counting elements, and by no label."""
    return not field.label and (field.many or COUNTED_STEP.search(field.selectors[0].path_text) is not None)


def is_navigation(table: RecordSet, index: PageIndex) -> bool:
    """Whether the records of a table are links to find one's way: in a menu, a pager, a header or a footer."""
    found = spans(table.scope, index)
    return bool(found) and all(_in_navigation(span.first, index) for span in found)


def _in_navigation(node: Node, index: PageIndex) -> bool:
    return any(_is_navigating(place, index) for place in (node, *node.ancestors()))


def _is_navigating(place: Node, index: PageIndex) -> bool:
    """Whether an element says that it serves navigation, and is not what most of the page stands in."""
    if place.tag in ("body", "html") or _holds_the_page(place, index):
        return False
    said = f"{place.attrs.get('class', '')} {place.attrs.get('id', '')}"
    return place.tag in NAVIGATION_TAGS or NAVIGATION_WORDS.search(said) is not None


def _holds_the_page(place: Node, index: PageIndex) -> bool:
    large = place.end - place.order > MOST_OF_A_PAGE * len(index.tree.nodes)
    return large and any(node.tag in CONTENT for node in index.tree.nodes[place.order : place.end])


def locators_of(records: Sequence[Record]) -> set[str]:
    """The locators of all values of some records."""
    return {
        evidence.locator for record in records for cell in record.fields.values() for evidence in _each(cell.evidence)
    }


def _each(evidence: Evidence | list[Evidence]) -> list[Evidence]:
    return [evidence] if isinstance(evidence, Evidence) else evidence


def is_list_page(main: RecordSet, pages: Sequence[PageIndex]) -> bool:
    """Whether the records of a table make up a good part of what most of the pages say, and are records at all.

    A page that is learned alone is the more likely a list: pages about one thing are given by several.
    """
    looked_at = pages[:PAGES_JUDGED]
    share = LIST_SHARE if len(pages) > 1 else LIST_SHARE_ALONE
    full = sum(_share_of_page(main, page) >= share for page in looked_at)
    return full * 2 > len(looked_at) and not are_pairs(main, pages)


def _share_of_page(main: RecordSet, index: PageIndex) -> float:
    """How much of what a page says beside its navigation stands in the records of a table; 0 for one or two records."""
    found = spans(main.scope, index)
    if len(found) < FEWEST_ROWS_OF_A_LIST:
        return 0.0
    records = [(span.start, span.end) for span in found]
    aside = _navigation(index)
    leaves = [leaf for leaf in index.view.texts if not _in_intervals(leaf.order, aside)]
    said = sum(len(leaf.text) for leaf in leaves)
    return sum(len(leaf.text) for leaf in leaves if _in_intervals(leaf.order, records)) / max(1, said)


def _navigation(index: PageIndex) -> list[tuple[int, int]]:
    """From where to where navigation stands on a page, in document order, none within another."""
    found: list[tuple[int, int]] = []
    for node in index.tree.nodes:
        if (not found or node.order >= found[-1][1]) and node.tag != TEXT and _is_navigating(node, index):
            found.append((node.order, node.end))
    return found


def are_pairs(table: RecordSet, pages: Sequence[PageIndex]) -> bool:
    """Whether the rows are labels and values of one thing: the labels recur on the other pages, or look like such."""
    first, *others = (_texts_by_field(table, page) for page in pages[:PAGES_JUDGED])
    return any(
        len(set(texts)) >= max(FEWEST_ROWS_OF_A_LIST, DIFFERENT_LABELS * len(texts))
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
    return len(shared) >= max(2, RECURRING_SHARE * len(set(texts))) and steps >= IN_ORDER_SHARE * (len(shared) - 1)


def _says_labels(texts: Sequence[str], table: RecordSet) -> bool:
    if len(table.fields) > MOST_PAIR_FIELDS or any(field.type == "url" for field in table.fields):
        return False
    if sum(field.selectors[0].path_text.startswith("[") for field in table.fields) >= TELLING_FIELDS:
        return False
    return all(LABEL_LIKE.fullmatch(text) for text in texts)


def _texts_by_field(table: RecordSet, page: PageIndex) -> dict[str, list[str]]:
    """The raw texts of each field on a page."""
    found: dict[str, list[str]] = {}
    for record in read_table(table, page):
        for name, cell in record.fields.items():
            found.setdefault(name, []).append(str(cell.raw))
    return found


def _in_intervals(order: int, intervals: Sequence[tuple[int, int]]) -> bool:
    position = bisect_right(intervals, order, key=lambda interval: interval[0]) - 1
    return position >= 0 and order < intervals[position][1]


def beside_list(page: RecordSet) -> RecordSet | None:
    """What a list page says of itself, apart from its records: its heading and its embedded data; None for nothing."""
    fields = tuple(
        field
        for field in page.fields
        if field.selectors[0].kind in ("jsonld", "microdata") or field.selectors[0].path_text.startswith("h1/")
    )
    return page.model_copy(update={"fields": fields}) if len(fields) > 1 else None
