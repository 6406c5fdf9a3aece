"""From tables to be to record sets: fields with names, types, selectors and how often they are there."""

from collections.abc import Sequence
from typing import Literal

from core.dom.embedded import shown
from core.extract.json_records import join, text_at
from core.induce.confidence import KEYED
from core.induce.data.candidate_tables import CandidateField, CandidateTable
from core.induce.data.key_names import field_name, shared_start, table_name, tail_names
from core.induce.limits import MAX_FIELDS, short_examples_of
from core.induce.naming import Names
from core.model.blueprint import Field, FieldType, RecordSet
from core.model.pagination import DetailLink
from core.model.scope import ElementsScope, ItemsScope, Scope
from core.model.selector import JsonKeySelector, JsonSelector, Selector, XmlSelector
from core.values import column_type

# tables of one document: past a dozen they are settings and envelopes; the rest is counted as left out
MAX_DATA_TABLES = 12
# share of the records that must have a link before it leads to the page of each; a gap or two are pages not made yet
DETAIL_FILL = 0.9


Data = Literal["json", "xml"]


def tables_from(candidates: Sequence[CandidateTable], data: Data, nameless: str) -> list[RecordSet]:
    """The record sets of candidates, as documents of a kind say them; `nameless` is the name of a nameless one."""
    names, named = Names(), dict[int, str]()
    tables = []
    for candidate in candidates[:MAX_DATA_TABLES]:
        name = named[id(candidate)] = names.take(table_name(candidate.path, nameless))
        tables.append(_record_set(candidate, name, _parent_name(candidate, named), data))
    return tables


def _parent_name(candidate: CandidateTable, named: dict[int, str]) -> str | None:
    """The name of the nearest table above; a list may stand in a list that has no values of its own."""
    above = candidate.parent
    while above is not None and id(above) not in named:
        above = above.parent
    return named[id(above)] if above is not None else None


def _record_set(candidate: CandidateTable, name: str, parent: str | None, data: Data) -> RecordSet:
    records = max(1, candidate.shape.seen - candidate.skip)
    columns = sorted(candidate.columns, key=lambda column: -_filled_share(column, records))
    columns, left_out = columns[:MAX_FIELDS], len(columns[MAX_FIELDS:])
    kept = [column for column in candidate.columns if column in columns]
    names = Names()
    words = _field_words(kept, data)
    fields = tuple(field_of(column, names.take(word), records, data) for column, word in zip(kept, words, strict=True))
    return RecordSet(
        name=name, scope=_scope_of(candidate, data), fields=fields, parent=parent, confidence=KEYED, left_out=left_out
    )


def _scope_of(candidate: CandidateTable, data: Data) -> Scope:
    path = join(candidate.path)
    return ElementsScope(path=path) if data == "xml" else ItemsScope(path=path, skip=candidate.skip)


def _filled_share(column: CandidateField, records: int) -> float:
    return 1.0 if column.kind == "key" else min(1.0, column.shape.seen / records)


def _field_words(columns: Sequence[CandidateField], data: Data) -> list[str]:
    """Names to be: keys of JSON joined from the top, elements of XML by the tail of their path."""
    if data == "xml":
        return [name or "value" for name in tail_names([column.path for column in columns])]
    start = shared_start([column.path for column in columns])
    return [field_name(column.path, start, column.kind, header_of(column)) for column in columns]


def header_of(column: CandidateField) -> str:
    """What the first row of a grid in JSON calls a column."""
    return next(iter(column.shape.keys), "") if column.kind == "cell" else ""


def field_of(column: CandidateField, name: str, records: int, data: Data) -> Field:
    """A column as a named and typed field of documents of a kind."""
    kind, locale = _type_of(column, data)
    many = column.kind == "list"
    return Field(
        name=name,
        type=kind,
        selectors=(_selector_of(column, data),),
        many=many,
        label=header_of(column) or "".join(column.path[-1:]),
        locale=locale,
        examples=_examples(column),
        confidence=KEYED,
        fill=round(_filled_share(column, records), 4),
    )


def _selector_of(column: CandidateField, data: Data) -> Selector:
    if column.kind == "key":
        return JsonKeySelector()
    path, nth = join(column.path), 0 if column.kind == "list" else 1
    return XmlSelector(path=path, nth=nth) if data == "xml" else JsonSelector(path=path, nth=nth)


def _examples(column: CandidateField) -> tuple[str, ...]:
    values = column.shape.samples if column.kind == "json" else column.shape.scalars
    return () if column.kind == "key" else short_examples_of(map(text_at, values))


def _type_of(column: CandidateField, data: Data) -> tuple[FieldType, str]:
    """JSON's own type where it has one; the type of the texts else."""
    if column.kind == "json":
        return "json", ""
    kinds = {type(value) for value in column.shape.scalars}
    if kinds <= {bool}:
        return "boolean", ""
    if kinds <= {int}:
        return "integer", ""
    if kinds <= {int, float}:
        return "decimal", "."
    kind, locale = column_type([shown(value) for value in column.shape.scalars])
    # digits in quotes are a name: who means an amount writes it without
    return ("identifier", "") if data == "json" and kind == "integer" else (kind, locale)


def details_of(table: RecordSet, records: int) -> DetailLink | None:
    """The field of a list that leads to the page of each record."""
    links = [field for field in table.fields if field.type == "url" and not field.many and field.fill > DETAIL_FILL]
    best = min(links, key=lambda field: _link_rank(field.name), default=None)
    return (
        DetailLink(table=table.name, field=best.name)
        if best and records > 1 and _link_rank(best.name) < len(LINK_NAMES)
        else None
    )


LINK_NAMES = ("url", "html_url", "link", "web_url", "permalink", "href", "self", "links_self", "api_url")


def _link_rank(name: str) -> int:
    return LINK_NAMES.index(name) if name in LINK_NAMES else len(LINK_NAMES)
