"""The events by which the flow tells that a document is there, and what was read in one."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from core.events import DocumentStored, RowsExtracted, RowsUnproven
from core.evidence.spot_check import Unproven
from core.flow.lake_rows import empty_mark, lake_columns_of, lake_rows_of, lake_table
from core.flow.proof import sentences
from core.flow.second_reading import Disputes
from core.model import Extraction, Extractor, RawDocument, Task, stable_id


def document_stored(document: RawDocument, task: Task | None) -> DocumentStored:
    """A document is there; with a task, it is to be read for it."""
    event_id = stable_id(document.document_id, task.task_id, task.token) if task else document.document_id
    return DocumentStored(
        event_id=event_id, subject="bronze.documents", at=document.fetched_at, document=document, task=task
    )


def rows_extracted(
    document: RawDocument,
    extractor: Extractor,
    extraction: Extraction,
    run_id: str,
    at: datetime,
    replaces: Callable[[RawDocument], bool],
    disputes: Disputes,
) -> Iterator[RowsExtracted]:
    """The rows of each table, with what a second reader says; of a document that `replaces` an older version of the
    page, also that there is none.
    """
    for number, table in enumerate(extractor.blueprint.tables):
        rows = lake_rows_of(extraction, table, document, extractor, run_id, disputes)
        if not rows and replaces(document):
            rows = [empty_mark(document, extractor, run_id)]
        if rows:
            name = lake_table(document.source_id, extractor.template, table.name, number == 0)
            yield RowsExtracted(
                event_id=stable_id(document.document_id, extractor.extractor_id, name),
                subject=name,
                at=at,
                source_id=document.source_id,
                document_id=document.document_id,
                extractor_id=extractor.extractor_id,
                run_id=run_id,
                columns=lake_columns_of(table),
                rows=rows,
            )


def rows_unproven(
    document: RawDocument, extractor: Extractor, failed: Sequence[Unproven], run_id: str, at: datetime
) -> Iterator[RowsUnproven]:
    """Rows that are not kept, where there are some."""
    if failed:
        yield RowsUnproven(
            event_id=stable_id("unproven", document.document_id, extractor.extractor_id),
            subject=document.source_id,
            at=at,
            source_id=document.source_id,
            document_id=document.document_id,
            extractor_id=extractor.extractor_id,
            run_id=run_id,
            problems=sentences(failed),
        )
