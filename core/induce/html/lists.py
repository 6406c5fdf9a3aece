"""Learns the tables of a page of many records: its groups, their columns as typed and named fields."""

import math
import re
from collections.abc import Sequence

from core.dom.page_index import PageIndex
from core.extract.scopes import Span
from core.induce.confidence import bounded
from core.induce.cutting import frame_label
from core.induce.html.announced import announced, header_above
from core.induce.html.columns import ListColumn, cut_columns, list_columns, merge_columns, says_something
from core.induce.html.mining import MIN_RECORDS, RecordGroup, mine
from core.induce.html.repeating import doubt_of
from core.induce.html.selection import pieces, told_once
from core.induce.limits import MAX_FIELDS, examples_of
from core.induce.naming import Names, snake, token_name
from core.induce.types import placed_type
from core.model.blueprint import Field, RecordSet
from core.model.selector import AboveSelector, InlineSelector, LabelSelector, PathSelector

# records, all over a list, that its columns are learned from: a list of thousands says no more, and takes minutes
SAMPLED_ROWS = 120

# what the confidence in a column is worth whose values go on over several rows
DOUBTED = 0.5
HEADER_KEY = re.compile(r"^\[(.+?)\]")
TITLE = re.compile(r"(^|>)~?(h[1-6]|a)(\.[^>/]*)?/(text|all)$")
OPENING = ("@href", "@onclick")
CELL_KEY = re.compile(r"td:(\d+)")
# What a column of a list is worth, about 0 to 1: shares of the records weigh most, the rest puts columns in order
# that are equally full. Set by hand; a rule that ordered the lists at hand better (.90 of the wanted columns among
# the first ten, not .86) did not on lists held out (.88, these .89)
FULLNESS, VARIETY = 0.45, 0.15
# each selector that agrees, up to three; a header over the column, a label in its cells
AGREED, MOST_AGREED, UNDER_A_HEADER, BESIDE_A_LABEL = 0.03, 3, 0.12, 0.06
# each cut, a text above the records, several values a record, what no reader sees, and being the nth text of its place
CUT_OUT, ABOVE, SEVERAL_VALUES, UNSEEN_DATA, LATER_TEXT = 0.12, 0.1, 0.05, 0.1, 0.02
# the number of a text that is counted from the end, or of all of them
LAST_TEXT = 3
# what a merit gains as a confidence: a full and varied column of plain texts is quite sure
OF_A_LIST = 0.2
# the score of a group (core/induce/html/mining.py) that makes a list wholly sure, and the most that any list is
# trusted
SURE_SCORE, SUREST_LIST = 100, 0.95
TYPE_WEIGHT = {"date": 0.12, "datetime": 0.12, "url": 0.1, "money": 0.12, "identifier": 0.08, "integer": 0.04}


def list_tables(index: PageIndex, names: Names, fewest: int = MIN_RECORDS) -> list[RecordSet]:
    """The record sets of a page with at least so many records, best first."""
    return [table for group in mine(index, fewest) if (table := _list_table(group, index, names))]


def _list_table(group: RecordGroup, index: PageIndex, names: Names) -> RecordSet | None:
    sample = group.spans[:: max(1, len(group.spans) // SAMPLED_ROWS)]
    columns = _list_columns(sample, index)
    ranked = sorted(columns, key=lambda column: -_column_merit(column, len(sample)))
    ranked, left_out = ranked[:MAX_FIELDS], len(ranked[MAX_FIELDS:])
    if not ranked:
        return None
    fields = _list_fields(ranked, sample, index)
    name = names.take(_list_name(group))
    confidence = min(SUREST_LIST, group.score / SURE_SCORE)
    return RecordSet(name=name, scope=group.scope, fields=fields, confidence=confidence, left_out=left_out)


def _list_columns(sample: Sequence[Span], index: PageIndex) -> list[ListColumn]:
    whole = [column for column in told_once(list_columns(sample, index)) if says_something(column, len(sample))]
    return merge_columns([*whole, *(piece for cuts in cut_columns(whole, sample, index) for piece in pieces(cuts))])


def _list_name(group: RecordGroup) -> str:
    first = group.spans[0].first
    places = [first, *list(first.ancestors())[:3]]
    words = [place.attrs.get(key, "") for place in places for key in ("class", "id")]
    return token_name(words) or "records"


def _column_merit(column: ListColumn, records: int) -> float:
    """How much a column is worth: full, varied, typed, named; a cut is worth less than a whole text."""
    fill = column.support / records
    variety = len(set(column.cells)) / records
    kind = column.kind
    selector = column.selectors[0]
    merit = (
        FULLNESS * fill
        + VARIETY * variety
        + TYPE_WEIGHT.get(kind, 0.0)
        + AGREED * min(len(column.selectors), MOST_AGREED)
    )
    is_named = isinstance(selector, LabelSelector | InlineSelector)
    merit += UNDER_A_HEADER if HEADER_KEY.match(selector.path_text) else BESIDE_A_LABEL if is_named else 0.0
    is_heading = isinstance(selector, AboveSelector)
    merit -= CUT_OUT * len(selector.slices) + (ABOVE if is_heading else 0.0) + (SEVERAL_VALUES if column.many else 0.0)
    merit -= UNSEEN_DATA if selector.path_text.startswith("//@data-") else 0.0
    nth = selector.nth if isinstance(selector, PathSelector) else 1
    return merit - LATER_TEXT * math.log1p(nth if nth > 0 else LAST_TEXT)


def _list_fields(columns: Sequence[ListColumn], sample: Sequence[Span], index: PageIndex) -> tuple[Field, ...]:
    names = Names()
    above = header_above(sample, index.tree)
    labels = [_column_label(column) or announced(column.selectors[0], sample, index, above) for column in columns]
    return tuple(_list_field(column, label, len(sample), names) for column, label in zip(columns, labels, strict=True))


def _list_field(column: ListColumn, label: str, records: int, names: Names) -> Field:
    kind, locale = placed_type(column.selectors[0], column.texts)
    doubt = doubt_of(column)
    confidence = (_column_merit(column, records) + OF_A_LIST) * (DOUBTED if doubt else 1.0)
    return Field(
        name=names.take(_column_name(column, kind, label)),
        type=kind,
        selectors=tuple(column.selectors),
        many=column.many,
        label=label,
        locale=locale,
        examples=examples_of(column.texts),
        confidence=bounded(confidence),
        fill=round(column.support / records, 4),
        doubt=doubt,
    )


def _column_label(column: ListColumn) -> str:
    for selector in column.selectors:
        header = HEADER_KEY.match(selector.path_text)
        if header:
            return header[1]
        if isinstance(selector, LabelSelector | InlineSelector):
            return selector.label
        if selector.slices and frame_label(selector.slices[-1]):
            return frame_label(selector.slices[-1])
    return _column_label(column.origin) if column.origin else ""


def _column_name(column: ListColumn, kind: str, label: str) -> str:
    selector = column.selectors[0]
    base = snake(label) or _path_name(selector.path_text)
    if column.origin is not None and kind != "string":
        return f"{base}_{kind}" if base and base != kind else kind
    if selector.path_text.endswith(OPENING):
        return f"{base}_url" if base else "url"
    return base or (kind if kind not in ("string", "text") else _plain_name(column, kind))


def _plain_name(column: ListColumn, kind: str) -> str:
    """What a text without label or class is called: by its place."""
    selector = column.selectors[0]
    if isinstance(selector, AboveSelector):
        return "heading"
    if kind == "text":
        return "description"
    if column.origin is None and any(TITLE.search(other.path_text) for other in column.selectors):
        return "title"
    cell = CELL_KEY.match(selector.path_text)
    return f"column_{cell[1]}" if cell else "text"


def _path_name(path: str) -> str:
    steps = [step.partition("/")[0] for step in reversed(path.split(">"))]
    found = re.search(r"(?:itemprop=|@data-)([\w-]+)", path)
    return snake(found[1]) if found else token_name(step for step in steps if step)
