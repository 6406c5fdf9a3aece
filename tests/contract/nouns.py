"""Nouns for the contract suites, complete and changed by keyword."""

from datetime import UTC, datetime
from typing import Any

from core.events import DocumentStored, RowsExtracted, RunStarted
from core.model import (
    Blueprint,
    Extractor,
    ExtractorState,
    RawDocument,
    Run,
    Source,
    Task,
    TaskKind,
    TaskState,
    content_hash,
)

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def a_source(**changes: Any) -> Source:
    values = {"source_id": "shop", "name": "Shop", "location": "https://shop.example/", "acquirer": "http"}
    return Source(**({"created_at": START} | values | changes))


def a_task(task_id: str = "t1", **changes: Any) -> Task:
    values = {"kind": TaskKind.FETCH, "source_id": "shop", "run_id": "r1", "payload": {"url": "/é"}}
    times = {"created_at": START, "not_before": START}
    return Task(**({"task_id": task_id, "state": TaskState.WAITING} | values | times | changes))


def a_run(run_id: str = "r1", **changes: Any) -> Run:
    return Run(**({"run_id": run_id, "source_id": "shop", "reason": "schedule", "started_at": START} | changes))


def an_extractor(extractor_id: str = "e1", **changes: Any) -> Extractor:
    values = {"source_id": "shop", "template": "main", "version": 0, "state": ExtractorState.STAGED}
    made = {"blueprint": Blueprint(kind="html", tables=()), "code": "def extract(document): ...\n", "code_hash": "c"}
    return Extractor(**({"extractor_id": extractor_id, "created_at": START} | values | made | changes))


def a_document(content: bytes = b"<p>1</p>", **changes: Any) -> RawDocument:
    url = changes.get("url", "https://shop.example/")
    digest = content_hash(content)
    values: dict[str, Any] = {
        "document_id": RawDocument.id_for("shop", url, digest),
        "source_id": "shop",
        "url": url,
        "final_url": url,
        "template": "main",
        "parent_id": None,
        "run_id": "r1",
        "acquirer": "http",
        "fetched_at": START,
        "status": 200,
        "media_type": "text/html",
        "charset": "utf-8",
        "content_hash": digest,
        "size": len(content),
        "etag": '"1"',
    }
    return RawDocument(**(values | changes))


def a_run_started(event_id: str, subject: str = "shop") -> RunStarted:
    return RunStarted(event_id=event_id, subject=subject, at=START, source_id="shop", run_id="r1", reason="häufig")


def a_document_stored(event_id: str, subject: str = "shop") -> DocumentStored:
    return DocumentStored(event_id=event_id, subject=subject, at=START, document=a_document())


def rows_extracted(event_id: str, rows: list[dict[str, Any]]) -> RowsExtracted:
    lineage = {"source_id": "shop", "document_id": "d", "extractor_id": "e", "run_id": "r1"}
    return RowsExtracted(event_id=event_id, subject="extracted.shop__items", at=START, columns=(), rows=rows, **lineage)
