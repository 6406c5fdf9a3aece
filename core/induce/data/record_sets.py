"""From tables to be to record sets: fields with names, types, selectors and how often they are there."""

from collections.abc import Sequence

from core.dom.embedded import shown
from core.extract.json_records import KEY, join, text_at
from core.induce.data.candidate_tables import Column, Draft
from core.induce.data.key_names import field_name, shared_start, table_name, tail_names
from core.induce.naming import Names
from core.model.blueprint import DetailLink, Field, FieldType, RecordSet, Scope, Selector
from core.values import column_type

MAX_FIELDS = 60
MAX_TABLES = 12
MAX_EXAMPLES = 3


def tables_from(drafts: Sequence[Draft], selects: str, nameless: str) -> list[RecordSet]:
    """The record sets of drafts; `selects` is the kind of their selectors, `nameless` the name of a nameless one."""
    names, named = Names(), dict[int, str]()
    tables = []
    for draft in drafts[:MAX_TABLES]:
        name = named[id(draft)] = names.take(table_name(draft.path, nameless))
        tables.append(_table(draft, name, _parent(draft, named), selects))
    return tables


def _parent(draft: Draft, named: dict[int, str]) -> str | None:
    """The name of the nearest table above; a list may stand in a list that has no values of its own."""
    above = draft.parent
    while above is not None and id(above) not in named:
        above = above.parent
    return named[id(above)] if above is not None else None


def _table(draft: Draft, name: str, parent: str | None, selects: str) -> RecordSet:
    records = max(1, draft.shape.seen - draft.skip)
    columns = sorted(draft.columns, key=lambda column: -_fill(column, records))
    columns, left_out = columns[:MAX_FIELDS], len(columns[MAX_FIELDS:])
    kept = [column for column in draft.columns if column in columns]
    names = Names()
    words = _words(kept, selects)
    fields = tuple(
        draft_field(column, names.take(word), records, selects) for column, word in zip(kept, words, strict=True)
    )
    scope = Scope(kind="items", path=join(draft.path), minimum=draft.skip)
    return RecordSet(name=name, scope=scope, fields=fields, parent=parent, confidence=0.95, left_out=left_out)


def _fill(column: Column, records: int) -> float:
    return 1.0 if column.kind == "key" else min(1.0, column.shape.seen / records)


def _words(columns: Sequence[Column], selects: str) -> list[str]:
    """Names to be: keys of JSON joined from the top, elements of XML by the tail of their path."""
    if selects == "element":
        return [name or "value" for name in tail_names([column.path for column in columns])]
    start = shared_start([column.path for column in columns])
    return [field_name(column.path, start, column.kind, header_of(column)) for column in columns]


def header_of(column: Column) -> str:
    """What the first row of a grid in JSON calls a column."""
    return next(iter(column.shape.keys), "") if column.kind == "cell" else ""


def draft_field(column: Column, name: str, records: int, selects: str) -> Field:
    """A column as a named and typed field; `selects` is the kind of its selector."""
    kind, locale = _type(column, selects)
    many = column.kind == "list"
    return Field(
        name=name,
        type=kind,
        selectors=(Selector(kind=selects, path=_selector_path(column), nth=0 if many else 1),),
        many=many,
        label=header_of(column) or "".join(column.path[-1:]),
        locale=locale,
        examples=_examples(column),
        confidence=0.95,
        fill=round(_fill(column, records), 4),
    )


def _selector_path(column: Column) -> str:
    return KEY if column.kind == "key" else join(column.path)


def _examples(column: Column) -> tuple[str, ...]:
    values = column.shape.samples if column.kind == "json" else column.shape.scalars
    return () if column.kind == "key" else tuple(dict.fromkeys(text_at(value)[:200] for value in values))[:MAX_EXAMPLES]


def _type(column: Column, selects: str) -> tuple[FieldType, str]:
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
    return ("identifier", "") if selects == "json" and kind == "integer" else (kind, locale)


def details_of(table: RecordSet, records: int) -> DetailLink | None:
    """The field of a list that leads to the page of each record."""
    links = [field for field in table.fields if field.type == "url" and not field.many and field.fill > 0.9]
    best = min(links, key=lambda field: _rank(field.name), default=None)
    return (
        DetailLink(table=table.name, field=best.name)
        if best and records > 1 and _rank(best.name) < len(LINKS)
        else None
    )


LINKS = ("url", "html_url", "link", "web_url", "permalink", "href", "self", "links_self", "api_url")


def _rank(name: str) -> int:
    return LINKS.index(name) if name in LINKS else len(LINKS)
