"""Rows of extracted tables as rows of approved schemas: what is told of those that fit, and of what does not."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from core.events import Column, Event, RefusedValue, RowsExtracted, RowsRefused, RowsValidated
from core.model import FieldType, stable_id
from core.model.schema import SchemaVersion
from core.validate import FittedRow, Said, SourceRow, fitted, stored_type, without

# values that are told of one by one: a page that is all wrong is told by its first ones, and their number
MOST_TOLD = 50


class _Taken(NamedTuple):
    """A row on its way to the table (none: it is refused), and what is wrong with it."""

    row: dict[str, Any] | None
    wrong: tuple[RefusedValue, ...]


def validated_id(rows_id: str, version: SchemaVersion) -> str:
    """The id of the event that tells which rows of another event fit a version: the same whoever tells it."""
    return stable_id("validated", rows_id, version.lake_table, version.number)


def validated(version: SchemaVersion, rows: RowsExtracted) -> Iterator[Event]:
    """What is to be told of the rows of one table of a document: those that fit a version, and what does not."""
    types = {column.name: column.type for column in rows.columns}
    taken = [_taken(version, rows.subject, types, row) for row in rows.rows]
    kept = [each.row for each in taken if each.row is not None]
    wrong = [value for each in taken for value in each.wrong]
    told = {
        "at": rows.at,
        "subject": version.lake_table,
        "source_id": rows.source_id,
        "document_id": rows.document_id,
        "extractor_id": rows.extractor_id,
        "run_id": rows.run_id,
        "schema_version": version.number,
    }
    if kept:
        event_id = validated_id(rows.event_id, version)
        yield RowsValidated(event_id=event_id, columns=_columns(version), rows=kept, **told)
    if wrong:
        event_id = stable_id("refused", rows.event_id, version.lake_table, version.number)
        yield RowsRefused(
            event_id=event_id,
            table=rows.subject,
            rows=len(taken) - len(kept),
            wrong=len(wrong),
            values=tuple(wrong[:MOST_TOLD]),
            **told,
        )


def _columns(version: SchemaVersion) -> tuple[Column, ...]:
    return tuple(
        Column(name=version.columns[field.name], type=stored_type(field.type), many=field.many)
        for field in version.table.fields
    )


def _taken(version: SchemaVersion, table: str, types: Mapping[str, FieldType], row: Mapping[str, Any]) -> _Taken:
    """A row of a page that holds nothing for its table only says so, and is handed on as it is."""
    lineage = {name: value for name, value in row.items() if name.startswith("_")}
    lineage |= {"_source_table": table, "_schema_version": version.number}
    if row.get("_row_id") is None:
        return _Taken(lineage, ())
    texts, evidence = _parsed(row, "_raw"), _parsed(row, "_evidence")
    found = fitted(version.table, SourceRow(table, row, texts, types), version.mode)
    wrong = tuple(RefusedValue(row_id=str(row["_row_id"]), **misfit._asdict()) for misfit in found.misfits)
    values = _kept_values(version, found)
    if values is None:
        return _Taken(None, wrong)
    lineage["_raw"] = _texts_by_fields(version, texts, found)
    lineage["_evidence"] = _by_fields(version, evidence, found)
    lineage["_key"] = _key(version, values, lineage)
    return _Taken({version.columns[name]: value for name, value in values.items()} | lineage, wrong)


def _kept_values(version: SchemaVersion, found: FittedRow) -> dict[str, Any] | None:
    """The values that the contract lets in; None when it refuses the row."""
    if not found.misfits:
        return found.values
    if version.mode in ("freeze", "discard_row"):
        return None
    return without(found.values, found.misfits) if version.mode == "discard_value" else found.values


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


def _by_fields(version: SchemaVersion, kept: Mapping[str, Any], found: FittedRow) -> str:
    """What was kept of columns of the source, by the columns of the schema; of several, that of the first."""
    labels = {version.columns[field]: said.labels[0] for field, said in found.said.items()}
    return json.dumps({name: kept[label] for name, label in labels.items() if label in kept}, ensure_ascii=False)


def _texts_by_fields(version: SchemaVersion, kept: Mapping[str, Any], found: FittedRow) -> str:
    """The texts of a row by the columns of the schema: as the page has them, where a column takes all of one label."""
    as_they_are = {field.name for field in version.table.fields if field.piece is None}
    texts = {
        version.columns[field]: kept[said.labels[0]] if field in as_they_are and len(said.labels) == 1 else _text(said)
        for field, said in found.said.items()
    }
    return json.dumps({name: said for name, said in texts.items() if said}, ensure_ascii=False)


def _text(said: Said) -> str | list[str]:
    """What several columns say together, or a part of one."""
    return said.texts[0] if len(said.texts) == 1 else said.texts
