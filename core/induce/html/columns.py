"""Turns the records of a group into columns: every selector that reads something in enough of them, and what it reads.

Selectors that read the same become one column with fallbacks; texts that hold several values are cut (cutting.py).
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from core.dom.page_index import PageIndex
from core.dom.paths import OPENED_ADDRESS
from core.extract.scopes import Span
from core.extract.selectors import Context, Match, matches, sliced
from core.induce.cutting import cuts_for
from core.induce.limits import LABEL_SHARE
from core.induce.types import placed_type
from core.model.blueprint import FieldType
from core.model.selector import (
    AboveSelector,
    InlineSelector,
    LabelSelector,
    PathSelector,
    PatternSlice,
    Selector,
    Slice,
)
from core.values import column_type
from core.values.dates import DIGIT, parse_date

CellReading = tuple[str, ...]
TextExtent = tuple[int, int]
# share of the records that must have a value, two at least: notes on a few records are columns worth having, and
# lower gives every advert one
COLUMN_SHARE = 0.08
# texts of one place that get columns of their own: from six on they are a list
MOST_SPLIT = 5
# share of the records that tells how a list is laid out: their number of texts, whether a text is whole, whether a
# label stands there; the rest are rows of notes
MOST_RECORDS = 0.8
# share of the records that must reach the nth text of a place before it is a column where their number changes
HALF_OF_RECORDS = 0.5
# selectors of a column: on redesigned court pages one path covered 344 of 450 columns, two 426; a sixth finds hardly
# more
MAX_FALLBACKS = 5
# labels of records that are tried, the most frequent first: each is one pass over the records
MOST_LABELS = 30
# different texts with a colon that are labels beside values, and no values
FEW_LABELS = 3
# columns whose texts are cut, the most varied first, and the share of the records they must have: each is some dozens
# of rules over all records
MOST_CUT_SOURCES, CUT_SHARE = 14, 0.25
# characters of a label within a record, where room is scarcer than on a page about one thing; and records in which
# "Label: value" is believed, whatever their share: the colon says it
LONGEST_RECORD_LABEL, FEWEST_INLINE = 40, 3
# nodes before the first record within which a heading of the list may stand
HEADING_REACH = 400
# places of texts between the records that may be headings, the most frequent first
MOST_HEADING_KEYS = 12
CLASSES = re.compile(r"\.[^.>/]+")


@dataclass(eq=False)
class ListColumn:
    """The selectors of one column, best first, and what the first reads in each record (empty: nothing).

    `extents` says from where to where in its text the first value of each record stands.
    """

    selectors: list[Selector]
    cells: list[CellReading]
    header: str = ""
    many: bool = False
    origin: "ListColumn | None" = None
    extents: list[TextExtent | None] = field(default_factory=list)

    @cached_property
    def kind(self) -> FieldType:
        """The type that the values agree on."""
        return placed_type(self.selectors[0], self.texts)[0]

    @cached_property
    def support(self) -> int:
        """In how many records it reads something."""
        return sum(1 for cell in self.cells if cell)

    @cached_property
    def texts(self) -> list[str]:
        """All values in order."""
        return [text for cell in self.cells for text in cell]


def list_columns(spans: Sequence[Span], index: PageIndex) -> list[ListColumn]:
    """The columns of whole texts, attributes and labelled values of the records, those that agree merged.

    Texts that are the same in all records, as labels are, are columns too: see `says_something`.
    """
    contexts = contexts_of(spans, index)
    floor = _fewest_records(spans)
    found = [column for selector in column_selectors(spans, index) if (column := _column_of(selector, contexts, floor))]
    return merge_columns(_at_either_place(_one_of_each(_whole_first(found, contexts), _rare(spans, floor), contexts)))


def _at_either_place(columns: Sequence[ListColumn]) -> list[ListColumn]:
    """Values below the same class that records of one layout hold here and those of another there are one column."""
    groups: dict[str, list[ListColumn]] = {}
    for column in columns:
        tail = column.selectors[0].path_text.rpartition(">")[2]
        if _is_single(column) and "." in tail:
            groups.setdefault(tail, []).append(column)
    found = list(columns)
    for group in groups.values():
        if len(group) == 2 and _exclude_each_other(group) and group[0].kind == group[1].kind:
            found[found.index(group[0])] = _join_places(*group)
            found.remove(group[1])
    return found


def _is_single(column: ListColumn) -> bool:
    first = column.selectors[0]
    return isinstance(first, PathSelector) and first.nth == 1 and not column.many


def _join_places(column: ListColumn, other: ListColumn) -> ListColumn:
    cells = [mine or theirs for mine, theirs in zip(column.cells, other.cells, strict=True)]
    extents = [mine or theirs for mine, theirs in zip(column.extents, other.extents, strict=True)]
    return ListColumn([*column.selectors, *other.selectors], cells, extents=extents)


def cut_columns(columns: Sequence[ListColumn], spans: Sequence[Span], index: PageIndex) -> list[list[ListColumn]]:
    """For each column whose texts hold several values the columns that could be cut from it."""
    contexts = contexts_of(spans, index)
    return [list(parts_of(column, contexts, _fewest_records(spans))) for column in _worth_cutting(columns)]


def contexts_of(spans: Sequence[Span], index: PageIndex) -> list[Context]:
    """Where the selectors look in each record."""
    return [Context(index, span.view, span.start) for span in spans]


def _fewest_records(spans: Sequence[Span]) -> int:
    return max(2, round(COLUMN_SHARE * len(spans)))


def _column_of(selector: Selector, contexts: Sequence[Context], floor: int) -> ListColumn | None:
    found = [matches(selector, context) for context in contexts]
    cells = [tuple(match.raw for match in each) for each in found]
    extents = [(each[0].start, each[0].end) if each else None for each in found]
    column = ListColumn([selector], cells, many=selector.reads_many, extents=extents)
    return column if column.support >= floor else None


def column_selectors(spans: Sequence[Span], index: PageIndex) -> Iterator[Selector]:
    """Every selector that may find a value in enough of the records."""
    floor = _fewest_records(spans)
    counts: dict[str, Counter[int]] = {}
    for span in spans:
        for key, leaves in span.view.by_key.items():
            counts.setdefault(key, Counter())[len(leaves)] += 1
    for key, sizes in sorted(counts.items(), key=lambda item: _preference(item[0])):
        if sum(sizes.values()) >= floor:
            yield from _selectors_by_count(key, sizes)
    yield from _label_selectors_in(spans, floor)
    yield from _heading_selectors(spans, index)


def _preference(key: str) -> tuple[int, str]:
    """Header columns before specific keys, specific before general."""
    return (0 if key.startswith("[") else 2 if "//" in key else 1, key)


def _whole_first(columns: Sequence[ListColumn], contexts: Sequence[Context]) -> list[ListColumn]:
    """Texts that some records break with a word in italics or a link are read whole there, in one column."""
    return [_read_whole(column, contexts) or column for column in columns]


def _read_whole(column: ListColumn, contexts: Sequence[Context]) -> ListColumn | None:
    text = column.selectors[0]
    if not isinstance(text, PathSelector) or not text.path_key.endswith("/text") or text.nth != 1:
        return None
    whole = _column_of(text.model_copy(update={"path_key": text.path_key.removesuffix("text") + "all"}), contexts, 1)
    if whole is None or whole.support >= MOST_RECORDS * column.support:
        return None
    pairs = list(zip(whole.cells, column.cells, strict=True))
    if any(first and second and not first[0].startswith(second[0]) for first, second in pairs):
        return None
    cells = [first or second for first, second in pairs]
    extents = [first or second for first, second in zip(whole.extents, column.extents, strict=True)]
    return ListColumn([*whole.selectors, text], cells, extents=extents)


def _one_of_each(columns: Sequence[ListColumn], rare: Sequence[str], contexts: Sequence[Context]) -> list[ListColumn]:
    """Texts of one place whose class tells their value ("badge open", "badge closed") are one column.

    `rare` are the path keys that too few records have for a column: they count where a class is shared.
    """
    groups: dict[str, list[ListColumn]] = {}
    for column in columns:
        selector = column.selectors[0]
        if isinstance(selector, PathSelector) and selector.nth == 1 and "." in selector.path_key:
            groups.setdefault(CLASSES.sub("", selector.path_key), []).append(column)
    seldom: dict[str, list[str]] = {}
    for path in rare:
        seldom.setdefault(CLASSES.sub("", path), []).append(path)
    found = list(columns)
    for key, group in groups.items():
        joined = _join_classes(group, seldom.get(key, []), contexts)
        if joined is not None:
            found[found.index(group[0])] = joined
            found = [column for column in found if column not in group]
    return found


def _rare(spans: Sequence[Span], floor: int) -> list[str]:
    """Places with a class that fewer records have than a column needs."""
    counts = Counter(key for span in spans for key in span.view.by_key)
    return [key for key, count in counts.items() if count < floor and "." in key and "//" not in key]


def _join_classes(group: list[ListColumn], rare: Sequence[str], contexts: Sequence[Context]) -> ListColumn | None:
    """The columns of a group as one, with what stands seldom at a place like theirs where that is possible."""
    if rare and _keeps_a_class(_common_path([*(column.selectors[0].path_text for column in group), *rare])):
        seldom = [_column_of(PathSelector(path_key=path), contexts, 1) for path in rare]
        every = [*group, *(column for column in seldom if column)]
        joined = _column_at_any_class(every, contexts) if _exclude_each_other(every) else None
        if joined is not None:
            return joined
    return _column_at_any_class(group, contexts) if len(group) > 1 and _exclude_each_other(group) else None


def _keeps_a_class(path: str) -> bool:
    """Whether each step that is open for further classes has one that it needs."""
    return all("." in step for step in path.rpartition("/")[0].split(">") if step.endswith("*"))


def _exclude_each_other(group: Sequence[ListColumn]) -> bool:
    return all(sum(1 for cell in cells if cell) <= 1 for cells in zip(*(c.cells for c in group), strict=True))


def _column_at_any_class(group: Sequence[ListColumn], contexts: Sequence[Context]) -> ListColumn | None:
    loose = _common_path([column.selectors[0].path_text for column in group])
    whole = _column_of(group[0].selectors[0].model_copy(update={"path_key": loose}), contexts, 1)
    if whole is None or any(cell and cell != whole.cells[n] for column in group for n, cell in enumerate(column.cells)):
        return None
    kinds = {column.kind for column in group}
    several = any(len(column.cells[n]) > 1 for column in group for n in range(len(column.cells)))
    return whole if len(kinds) == 1 and not several else None


def _common_path(paths: Sequence[str]) -> str:
    """The steps of some paths of the same elements, each with the classes that all have, and open for others."""
    return ">".join(_common_step(steps) for steps in zip(*(path.split(">") for path in paths), strict=True))


def _common_step(steps: Sequence[str]) -> str:
    if len(set(steps)) == 1:
        return steps[0]
    bare, slash, take = steps[0].partition("/")
    shared = set.intersection(*(set(step.partition("/")[0].split(".")[1:]) for step in steps))
    return ".".join([bare.split(".")[0], *sorted(shared)]) + "*" + slash + take


def _selectors_by_count(key: str, sizes: Counter[int]) -> Iterator[Selector]:
    """One column for each of the texts of a key where most records have as many; else the first, the last and all."""
    usual, agreeing = sizes.most_common(1)[0]
    if key.endswith("@onclick"):
        yield PathSelector(path_key=key, slices=(PatternSlice(pattern=OPENED_ADDRESS.pattern),))
        return
    yield PathSelector(path_key=key)
    if usual <= MOST_SPLIT and agreeing >= MOST_RECORDS * sum(sizes.values()):
        yield from (PathSelector(path_key=key, nth=nth) for nth in range(2, usual + 1))
    else:
        often = [
            nth for nth in range(2, MOST_SPLIT + 1) if _reaching(nth, sizes) >= HALF_OF_RECORDS * sum(sizes.values())
        ]
        yield from (PathSelector(path_key=key, nth=nth) for nth in (*often, -1, 0))


def _reaching(nth: int, sizes: Counter[int]) -> int:
    return sum(count for size, count in sizes.items() if size >= nth)


def _label_selectors_in(spans: Sequence[Span], floor: int) -> Iterator[Selector]:
    labels: Counter[str] = Counter()
    inline: Counter[str] = Counter()
    for span in spans:
        labels.update(text for text in span.view.positions if 2 <= len(text) <= LONGEST_RECORD_LABEL)
        inline.update(span.view.inline.keys())
    wanted = max(floor, round(LABEL_SHARE * len(spans)))
    for label, count in labels.most_common(MOST_LABELS):
        if count >= wanted and any(c.isalpha() for c in label) and sum(c.isdigit() for c in label) < 2:
            yield LabelSelector(label=label)
    for label, count in inline.most_common(MOST_LABELS):
        if count >= min(wanted, max(floor, FEWEST_INLINE)):
            yield InlineSelector(label=label)


def _heading_selectors(spans: Sequence[Span], index: PageIndex) -> Iterator[Selector]:
    """Trails of texts between the records: a heading holds for the records below it."""
    inside = {order for span in spans for order in range(span.start, span.end)}
    first, last = spans[0].start, spans[-1].end
    between: Counter[str] = Counter()
    banned: set[str] = set()
    for leaf in index.view.leaves:
        if leaf.kind.startswith("@"):
            continue
        if leaf.order in inside:
            banned.add(leaf.path_key)
        elif first - HEADING_REACH <= leaf.order < last:
            between[leaf.path_key] += 1
    for key, count in between.most_common(MOST_HEADING_KEYS):
        if key not in banned and count <= len(spans):
            yield AboveSelector(path_key=key)


def merge_columns(columns: Sequence[ListColumn]) -> list[ListColumn]:
    """One column for all selectors that never disagree; the one that reads most comes first."""
    kept: list[ListColumn] = []
    exact: dict[tuple[CellReading, ...], ListColumn] = {}
    for column in sorted(columns, key=lambda c: -c.support):
        same = exact.get(tuple(column.cells)) or next((k for k in kept if _reads_the_same(column, k)), None)
        if same is None:
            kept.append(column)
            exact[tuple(column.cells)] = column
        elif len(same.selectors) < MAX_FALLBACKS and not _is_chance(column, same):
            same.selectors.extend(column.selectors)
    order = {id(column): position for position, column in enumerate(columns)}
    return sorted(kept, key=lambda column: order[id(column)])


def _is_chance(column: ListColumn, larger: ListColumn) -> bool:
    """Whether a label stands before few of the values: then it is a value of the column before, and no name."""
    selector = column.selectors[0]
    is_label = isinstance(selector, LabelSelector) and not selector.label.endswith(":")
    return is_label and column.support < MOST_RECORDS * larger.support


def _reads_the_same(column: ListColumn, larger: ListColumn) -> bool:
    """Whether a column reads the same as a larger one wherever it reads anything."""
    shared = [(mine, theirs) for mine, theirs in zip(column.cells, larger.cells, strict=True) if mine]
    return len(shared) >= 2 and all(mine == theirs for mine, theirs in shared)


def says_something(column: ListColumn, records: int) -> bool:
    """Whether the values of a column differ, or are at least worth to be told; marks and a few labels are not."""
    if not any(any(map(str.isalnum, text)) for text in column.texts) or _are_labels(set(column.texts)):
        return False
    values = Counter(column.cells)
    values.pop((), None)
    if len(values) >= 2:
        return True
    text = next(iter(values), ("",))[0]
    if any(selector.path_text.startswith(f"[{text}]") for selector in column.selectors):
        return False  # the header of the column, which each cell repeats for narrow screens
    if isinstance(column.selectors[0], AboveSelector):
        return column_type([text])[0] in ("date", "datetime")
    in_column = column.selectors[0].path_text.startswith("[")
    named = in_column or any(isinstance(one, InlineSelector | LabelSelector) for one in column.selectors)
    return column.support == records and (any(c.isdigit() for c in text) or named) and not text.endswith(":")


def _are_labels(texts: set[str]) -> bool:
    return len(texts) <= FEW_LABELS and all(text.endswith(":") and not DIGIT.search(text) for text in texts)


def _worth_cutting(columns: Sequence[ListColumn]) -> list[ListColumn]:
    often = [column for column in columns if not column.many and column.support >= CUT_SHARE * len(column.cells)]
    texts = [column for column in often if not all(map(parse_date, column.texts))]
    return sorted(texts, key=lambda column: -len(set(column.texts)))[:MOST_CUT_SOURCES]


def parts_of_texts(selector: Selector, texts: Sequence[str]) -> list[ListColumn]:
    """The columns that could be cut from the texts that a selector reads, one a record ("": none)."""
    column = ListColumn([selector], [(text,) if text else () for text in texts])
    said = [text for text in texts if text]
    return [_cut_column(column, texts, rules) for rules in cuts_for(said)]


def _cut_column(column: ListColumn, texts: Sequence[str], rules: tuple[Slice, ...]) -> ListColumn:
    found = [sliced([Match(text, 0, len(text), str)] if text else [], rules) for text in texts]
    cells = [tuple(match.raw for match in each) for each in found]
    extents = [(each[0].start, each[0].end) if each else None for each in found]
    selector = column.selectors[0].model_copy(update={"slices": (*column.selectors[0].slices, *rules)})
    return ListColumn([selector], cells, origin=column, extents=extents)


def parts_of(column: ListColumn, contexts: Sequence[Context], floor: int) -> Iterator[ListColumn]:
    """The columns that could be cut from one column's texts."""
    texts = [cell[0] for cell in column.cells if cell]
    for cuts in cuts_for(texts):
        selector = column.selectors[0].model_copy(update={"slices": (*column.selectors[0].slices, *cuts)})
        made = _column_of(selector, contexts, floor)
        if made is not None:
            made.origin = column
            yield made
