"""Extraction → rows on their way to the lake: typed values beside their full lineage."""

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from core.events import Column
from core.model import Extraction, Extractor, FieldType, RawDocument, Record, RecordSet, stable_id

# made once: it takes as long to make as to use
_json = json.JSONEncoder(ensure_ascii=False).encode


def lake_table(source_id: str, template: str, table: str, main: bool) -> str:
    """SQL name of the table that rows go to before a schema is approved: `extracted.<source>__<table>`."""
    prefix = f"extracted.{source_id.replace('-', '_')}__"
    if template == "main":
        return prefix + table
    return prefix + template.replace("-", "_") + ("" if main else f"_{table}")


def lake_tables_of(extractor: Extractor) -> list[str]:
    """The tables that the rows of a version go to, the main one first."""
    return [
        lake_table(extractor.source_id, extractor.template, table.name, position == 0)
        for position, table in enumerate(extractor.blueprint.tables)
    ]


def lake_columns_of(table: RecordSet) -> tuple[Column, ...]:
    """The columns of a table, in the order of its fields."""
    return tuple(_column(field.name, field.type, field.many) for field in table.fields)


@lru_cache(maxsize=10_000)
def _column(name: str, kind: FieldType, many: bool) -> Column:
    return Column(name=name, type=kind, many=many)


def lake_rows_of(
    extraction: Extraction,
    table: RecordSet,
    document: RawDocument,
    extractor: Extractor,
    run_id: str,
    disputes: Mapping[tuple[str, int], Mapping[str, Any]],
) -> list[dict[str, Any]]:
    """One row a record of the table: its values by column name, and lineage under names with an underscore.

    `_second` is what the second reader found where it is something else.
    """
    lineage = _lineage(document, extractor, run_id)
    rows = [
        {name: cell.value for name, cell in record.fields.items()} | lineage | _record_lineage(record, table, document)
        for record in extraction.of(table.name)
    ]
    for row in rows if disputes else ():
        if said := disputes.get((table.name, row["_record"])):
            row["_second"] = _json(said)
    return rows


def empty_mark(document: RawDocument, extractor: Extractor, run_id: str) -> dict[str, Any]:
    """A row of lineage only: this version of the page has no record, so the rows of older ones are not current."""
    return {"_row_id": None} | _lineage(document, extractor, run_id)


def _lineage(document: RawDocument, extractor: Extractor, run_id: str) -> dict[str, Any]:
    return {
        "_document_id": document.document_id,
        "_url": document.url,
        "_content_hash": document.content_hash,
        "_fetched_at": document.fetched_at.isoformat(),
        "_extractor_id": extractor.extractor_id,
        "_run_id": run_id,
    }


def _record_lineage(record: Record, table: RecordSet, document: RawDocument) -> dict[str, Any]:
    cells = record.fields
    held = table.parent and record.parent is not None
    parent = stable_id(document.document_id, table.parent, record.parent) if held else None
    return {
        "_row_id": stable_id(document.document_id, table.name, record.index),
        "_parent_row_id": parent,
        "_record": record.index,
        "_confidence": round(sum(cell.confidence for cell in cells.values()) / max(1, len(cells)), 4),
        "_evidence": _json({name: cell.evidence or () for name, cell in cells.items()}),
        "_raw": _json({name: cell.raw for name, cell in cells.items()}),
    }


def raw_texts(raw: str) -> dict[str, list[str]]:
    """The texts of a row by its columns, as `_raw` keeps them; columns without a text are left out."""
    found = {name: [said] if isinstance(said, str) else said or [] for name, said in json.loads(raw).items()}
    told = {name: [text for text in texts if isinstance(text, str) and text] for name, texts in found.items()}
    return {name: texts for name, texts in told.items() if texts}


def plain_rows(extraction: Extraction) -> Iterator[dict[str, Any]]:
    """The rows as a written extractor yields them: the table's name and the typed values."""
    for record in extraction.records:
        yield {"table": record.table} | {name: cell.value for name, cell in record.fields.items()}
