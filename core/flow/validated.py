"""Rows of extracted tables as rows of approved schemas: what is told of those that fit, and of what does not."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from core.events import Column, Event, RefusedValue, RowsExtracted, RowsRefused, RowsValidated
from core.flow.piles import piles
from core.model import Evidence, FieldType, stable_id
from core.model.review import ReviewItem
from core.model.schema import SchemaVersion
from core.validate import BETWEEN, FittedRow, Misfit, Said, SourceRow, fitted, stored_type
from core.validate.decided import DecidedRow, decided_row, kept_values, told_text

# values that are told of together, so that a message stays small
TOLD_TOGETHER = 50
# values of one table of a page that are told of one by one: where more are wrong, the table or the rule is, and no
# person goes through them
MOST_TOLD = 1_000

# what was decided about rows of a schema, by their ids
RowDecisions = Mapping[str, Sequence[ReviewItem]]
NOTHING: RowDecisions = {}


class _Taken(NamedTuple):
    """A row on its way to the table (none: it is refused), what is wrong with it, and how much was decided about it."""

    row: dict[str, Any] | None
    wrong: tuple[RefusedValue, ...] = ()
    decided: int = 0


def validated_id(rows_id: str, version: SchemaVersion) -> str:
    """The id of the event that tells which rows of another event fit a version: the same whoever tells it."""
    return stable_id("validated", rows_id, version.lake_table, version.number)


def decisions_by_row(items: Sequence[ReviewItem]) -> dict[str, dict[str, list[ReviewItem]]]:
    """What was decided, by schema and row."""
    found: dict[str, dict[str, list[ReviewItem]]] = defaultdict(lambda: defaultdict(list))
    for item in items:
        found[item.schema_name][item.row_id].append(item)
    return found


def validated(version: SchemaVersion, rows: RowsExtracted, decisions: RowDecisions = NOTHING) -> Iterator[Event]:
    """What is to be told of the rows of one table of a document: those that fit a version, and what does not.

    A row that something was decided about is told by itself, under an id of its own for each decision: the last one
    counts (warehouse/query/silver_views.py).
    """
    types = {column.name: column.type for column in rows.columns}
    taken = [_taken(version, rows.subject, types, row, decisions) for row in rows.rows]
    told = {
        "at": rows.at,
        "subject": version.lake_table,
        "source_id": rows.source_id,
        "document_id": rows.document_id,
        "extractor_id": rows.extractor_id,
        "run_id": rows.run_id,
        "schema_version": version.number,
    }
    kept = [each.row for each in taken if each.row is not None and not each.decided]
    if kept:
        event_id = validated_id(rows.event_id, version)
        yield RowsValidated(event_id=event_id, columns=_columns(version), rows=kept, **told)
    for each in taken:
        if each.row is not None and each.decided:
            event_id = stable_id("decided", rows.event_id, version.lake_table, version.number, *_decision_of(each.row))
            yield RowsValidated(event_id=event_id, columns=_columns(version), rows=[each.row], **told)
    yield from _refused(version, rows, taken, told)


def _decision_of(row: Mapping[str, Any]) -> tuple[Any, Any]:
    return row["_row_id"], row["_decided"]


def _refused(
    version: SchemaVersion, rows: RowsExtracted, taken: Sequence[_Taken], told: Mapping[str, Any]
) -> Iterator[RowsRefused]:
    """What does not fit, in parts."""
    wrong = [value for each in taken for value in each.wrong]
    refused = sum(1 for each in taken if each.row is None)
    for number, part in enumerate(piles(wrong[:MOST_TOLD], lambda _: 1, TOLD_TOGETHER)):
        # the first part is called as the only one was before there were several
        event_id = stable_id(
            "refused", rows.event_id, version.lake_table, version.number, *([number] if number else [])
        )
        yield RowsRefused(
            event_id=event_id,
            table=rows.subject,
            rows=0 if number else refused,
            wrong=0 if number else len(wrong),
            values=tuple(part),
            **told,
        )


def _columns(version: SchemaVersion) -> tuple[Column, ...]:
    return tuple(
        Column(name=version.columns[field.name], type=stored_type(field.type), many=field.many)
        for field in version.table.fields
    )


def _taken(
    version: SchemaVersion, table: str, types: Mapping[str, FieldType], row: Mapping[str, Any], decisions: RowDecisions
) -> _Taken:
    """A row of a page that holds nothing for its table only says so, and is handed on as it is."""
    lineage = {name: value for name, value in row.items() if name.startswith("_") and name != "_second"}
    lineage |= {"_source_table": table, "_schema_version": version.number}
    if row.get("_row_id") is None:
        return _Taken(lineage)
    texts, evidence = _parsed(row, "_raw"), _parsed(row, "_evidence")
    second = _parsed(row, "_second")
    found = _doubted(fitted(version.table, SourceRow(table, row, texts, types), version.mode), texts, second)
    items = decisions.get(str(row["_row_id"]), ())
    decided, acts = decided_row(version.table, table, found, items), sum(len(item.acts) for item in items)
    wrong = tuple(_refusal(str(row["_row_id"]), misfit, found, evidence, second) for misfit in decided.open)
    values = kept_values(version.mode, decided)
    if acts:
        lineage |= {"_decided": acts, "_decision": _said(version, decided), "_withheld": values is None}
    if values is None:
        # whoever let it in before is told that it is out again
        return _Taken(lineage if acts else None, wrong, acts)
    lineage["_raw"] = _texts_by_fields(version, texts, found, decided.corrected)
    lineage["_evidence"] = _places_by_fields(version, evidence, found, decided.corrected)
    lineage["_key"] = _key(version, values, lineage)
    return _Taken({version.columns[name]: value for name, value in values.items()} | lineage, wrong, acts)


def _doubted(found: FittedRow, texts: Mapping[str, Any], second: Mapping[str, Any]) -> FittedRow:
    """A fitted row with what a second reader read differently, where nothing else is wrong with the value."""
    wrong = {misfit.field for misfit in found.misfits}
    told = {name: _joined(texts.get(label)) for name, label in found.labels.items() if label in second}
    doubts = [Misfit(name, "second reader", text) for name, text in told.items() if name not in wrong]
    return found._replace(misfits=(*found.misfits, *doubts)) if doubts else found


def _joined(said: Any) -> str:
    return BETWEEN.join(str(text).strip() for text in (said if isinstance(said, list) else [said or ""]))


def _refusal(
    row_id: str, misfit: Misfit, found: FittedRow, evidence: Mapping[str, Any], second: Mapping[str, Any]
) -> RefusedValue:
    label = found.labels.get(misfit.field, "")
    other = second.get(label, {})
    return RefusedValue(
        row_id=row_id,
        field=misfit.field,
        rule=misfit.rule,
        text=told_text(misfit.text),
        label=label,
        places=_places(evidence.get(label)),
        second=told_text(_joined(other.get("raw"))),
        second_places=_places(other.get("evidence")),
    )


def _places(told: Any) -> tuple[Evidence, ...]:
    """The evidence of a cell: one place, or a list of places."""
    if not told:
        return ()
    return tuple(Evidence(*place) for place in (told if isinstance(told[0], list) else [told]))


def _said(version: SchemaVersion, decided: DecidedRow) -> str:
    """What was decided about the columns of a row, for whoever looks at it in the table."""
    said = {
        version.columns[name]: {"kind": act.kind, "by": act.by, "at": act.at.isoformat(), "why": act.why}
        for name, act in decided.decisions.items()
    }
    return json.dumps(said, ensure_ascii=False)


def _key(version: SchemaVersion, values: Mapping[str, Any], lineage: Mapping[str, Any]) -> str | None:
    """What tells the row from others over all documents; without a key, rows are those that their pages show now."""
    if not version.table.key:
        return None
    parts = [values.get(name) for name in version.table.key]
    if any(part is None for part in parts):
        # it cannot be told from others: it stands by itself
        return str(lineage["_row_id"])
    return stable_id(*(json.dumps(part, sort_keys=True, default=str) for part in parts))


def _parsed(row: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = json.loads(row.get(name) or "{}")
    return found if isinstance(found, dict) else {}


def _places_by_fields(
    version: SchemaVersion, places: Mapping[str, Any], found: FittedRow, instead: Collection[str]
) -> str:
    """The places of columns of the source, by the columns of the schema; what a person said has none."""
    labels = {version.columns[field]: label for field, label in found.labels.items() if field not in instead}
    return json.dumps({name: places[label] for name, label in labels.items() if label in places}, ensure_ascii=False)


def _texts_by_fields(
    version: SchemaVersion, kept: Mapping[str, Any], found: FittedRow, instead: Mapping[str, Sequence[str]]
) -> str:
    """The texts of a row by the columns of the schema: as the page has them, where a column takes all of one label.

    Of corrected ones, what a person said.
    """
    as_they_are = {field.name for field in version.table.fields if field.piece is None}
    texts = {
        version.columns[field]: kept[said.labels[0]] if field in as_they_are and len(said.labels) == 1 else _text(said)
        for field, said in found.said.items()
    }
    texts |= {version.columns[field]: list(said) for field, said in instead.items()}
    return json.dumps({name: said for name, said in texts.items() if said}, ensure_ascii=False)


def _text(said: Said) -> str | list[str]:
    """What several columns say together, or a part of one."""
    return said.texts[0] if len(said.texts) == 1 else said.texts
