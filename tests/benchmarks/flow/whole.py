"""The whole flow, pages to rows, against the sum of its parts measured alone, and against dlt."""

import importlib.util
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from core.bootstrap import build_pipeline
from core.events import ConsumerGroup, DocumentStored, Event, RowsExtracted, event_of
from core.extract import extract
from core.flow.lake_rows import lake_columns_of, lake_rows_of
from core.flow.tasks import ended
from core.model import ParsedDocument, RawDocument, RecordSet, TaskKind, content_hash
from core.pipeline import Pipeline
from core.settings import load_settings
from jobs.commands.sources import scouted
from jobs.worker import BATCH, drain
from tests.benchmarks.flow.rival import lineage_records, load, plain_records
from tests.benchmarks.flow.table import print_table
from tests.parts import parts_of

PAGES, ROWS = 10_000, 10
# of the pages, for the parts alone: their cost a page does not depend on how many there are
SHARE = 5
PAGE = "<!doctype html><html><head><title>Notices {n}</title></head><body><h1>Notices</h1><table><tr><th>Reference</th>"
PAGE += "<th>Buyer</th><th>Value</th></tr>{rows}</table></body></html>"
ROW = "<tr><td>REF-{n:06d}-{k:02d}</td><td>Town of {town}</td><td>EUR {value}</td></tr>"


def write_pages(folder: Path, count: int, rows_each: int = ROWS) -> None:
    folder.mkdir(parents=True)
    for n in range(count):
        rows = "".join(ROW.format(n=n, k=k, town=f"T{k % 7}", value=100 + n + k) for k in range(rows_each))
        (folder / f"{n:06d}.html").write_text(PAGE.format(n=n, rows=rows))


def opened(folder: Path) -> Pipeline:
    """The pipeline of a benchmark's folder."""
    return build_pipeline(load_settings(data_dir=folder / "data", max_run_documents=1_000_000, sample_portal_port=0))


def ready(folder: Path, pages: int, rows_each: int = ROWS) -> Pipeline:
    """A pipeline that knows its source and has not read it yet."""
    write_pages(folder / "pages", pages, rows_each)
    pipeline = opened(folder)
    pipeline.sources.accept(scouted(pipeline, str(folder / "pages"), "notices").draft_id)
    return pipeline


def parts(pipeline: Pipeline, folder: Path, pages: int) -> dict[str, float]:
    """Seconds that each part takes alone for the pages, called as the flow calls it: some dozens at a time."""
    extractor = next(iter(pipeline.repairs.versions("notices")))
    # other bytes than those of the flow, which are kept already
    contents = [(folder / "pages" / f"{n:06d}.html").read_bytes() + b" " for n in range(pages)]
    template = pipeline.documents.find("notices", limit=1)[0]
    documents = [_document(template, n, content) for n, content in enumerate(contents)]
    table = extractor.blueprint.tables[0]
    parsed: list[ParsedDocument] = []
    rows: list[list[dict[str, Any]]] = []

    def read() -> None:
        for document, one in zip(documents, parsed, strict=True):
            rows.append(lake_rows_of(extract(extractor.blueprint, one), table, document, extractor, "parts"))

    def parse() -> None:
        parsed.extend(
            parts_of(pipeline).archive.parser(content, url="", media_type="text/html") for content in contents
        )

    def log() -> None:
        _log(pipeline, [_rows_extracted(document, some) for document, some in zip(documents, rows, strict=True)])

    work: dict[str, Callable[[], object]] = {
        "keep bytes and metadata": lambda: _each(
            parts_of(pipeline).bronze.put_all, list(zip(documents, contents, strict=True))
        ),
        "queue, claim, report": lambda: _tasks(pipeline, pages),
        "parse": parse,
        "extract, with evidence and lineage": read,
        "log a page, fetch it, acknowledge": lambda: _log(pipeline, [_stored(document) for document in documents]),
        "log its rows, fetch them, acknowledge": log,
        "write to the lake": lambda: _each(lambda some: _append(pipeline, table, some), rows, 1000),
    }
    return {name: _seconds(part) for name, part in work.items()}


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _each(work: Callable[[list[Any]], object], things: Sequence[Any], size: int = BATCH) -> None:
    for start in range(0, len(things), size):
        work(list(things[start : start + size]))


def _append(pipeline: Pipeline, table: RecordSet, rows: list[list[dict[str, Any]]]) -> None:
    mark = parts_of(pipeline).lake.watermark("extracted.alone") + 1
    parts_of(pipeline).lake.append(
        "extracted.alone", lake_columns_of(table), [row for some in rows for row in some], mark
    )


def _stored(document: RawDocument) -> DocumentStored:
    return DocumentStored(
        event_id=document.document_id, subject="alone", at=document.fetched_at, document=document, task=None
    )


def _rows_extracted(document: RawDocument, rows: list[dict[str, Any]]) -> RowsExtracted:
    return RowsExtracted(
        event_id=document.document_id,
        subject="alone",
        at=document.fetched_at,
        source_id="alone",
        document_id=document.document_id,
        extractor_id="alone",
        run_id="parts",
        columns=(),
        rows=rows,
    )


def _log(pipeline: Pipeline, events: Sequence[Event]) -> None:
    head = pipeline.flow.events(1)[0].seq
    consumer = parts_of(pipeline).groups.join(ConsumerGroup(events[0].stream, "alone", after=head))
    _each(parts_of(pipeline).broker.publish, events)
    while deliveries := consumer.fetch(BATCH):
        for delivery in deliveries:
            event_of(delivery.message)
        consumer.ack(deliveries)


def _document(template: RawDocument, number: int, content: bytes) -> RawDocument:
    digest = content_hash(content)
    about = {"content_hash": digest, "size": len(content), "document_id": digest[:24]}
    return template.model_copy(update=about | {"url": f"alone/{number}"})


def _tasks(pipeline: Pipeline, count: int) -> None:
    tasks = [
        parts_of(pipeline).orchestrator.task(TaskKind.FETCH, "alone", "parts", {"url": str(n)}) for n in range(count)
    ]
    _each(parts_of(pipeline).queue.enqueue, tasks, 500)
    together = parts_of(pipeline).reading.together
    while claimed := parts_of(pipeline).queue.claim("parts", 60, kinds=[TaskKind.FETCH], limit=BATCH):
        with together():
            parts_of(pipeline).queue.report_all([ended(task, "read") for task in claimed])


def whole(pages: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pipeline = ready(folder, pages)
        took = _seconds(lambda: drain(pipeline, "bench"))
        assert pipeline.tables.query("SELECT count(*) FROM bronze.documents").rows[0][0] >= pages
        spent = {name: SHARE * seconds for name, seconds in parts(pipeline, folder, pages // SHARE).items()}
    alone, count = sum(spent.values()), pages * ROWS
    rows = [(part, f"{seconds:.1f} s", "") for part, seconds in spent.items()]
    rows += [
        ("sum of the parts", f"{alone:.1f} s", ""),
        (f"whole flow, one thread: {pages / took:.0f} pages/s", f"{took:.1f} s", f"{took / alone:.2f}"),
    ]
    print_table(
        f"{pages:,} pages of {ROWS} rows; parts from {pages // SHARE:,} of them (bar: whole ÷ parts ≤ 3)",
        ("", "time", "whole ÷ parts"),
        rows,
    )
    if importlib.util.find_spec("dlt") is not None:
        _beside_dlt(count, took)


def _beside_dlt(count: int, took: float) -> None:
    """The records as dicts, with and without the lineage that our rows carry, loaded by dlt into DuckDB."""
    rows = []
    for what, records in (("values only", plain_records(count)), ("values and lineage", lineage_records(count))):
        theirs = _seconds(lambda records=records: load(records))
        rate = f"{count / theirs:,.0f} rows/s"
        rows.append((what, f"{count / took:,.0f} rows/s", rate, f"{theirs / took:.2f}"))
    heads = ("records", "whole flow, from pages", "dlt, from dicts", "ratio")
    print_table(f"{count:,} rows beside dlt (bar: ≥ 5)", heads, rows)


if __name__ == "__main__":
    whole(int(sys.argv[1]) if len(sys.argv) > 1 else PAGES)
