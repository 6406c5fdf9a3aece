"""The records of the benchmark's pages as Python dicts, loaded by dlt into DuckDB."""

import os
import tempfile
from typing import Any

Records = list[dict[str, Any]]


def plain_records(count: int) -> Records:
    """What stands on the pages."""
    return [{"reference": f"REF-{n:06d}", "buyer": f"Town of T{n % 7}", "value": float(100 + n)} for n in range(count)]


def lineage_records(count: int) -> Records:
    """The same with columns like those that our rows carry."""
    return [record | _lineage(n) for n, record in enumerate(plain_records(count))]


def _lineage(number: int) -> dict[str, Any]:
    return {
        "_row_id": f"{number:024x}",
        "_document_id": f"{number // 10:024x}",
        "_url": f"file:///pages/{number // 10:06d}.html",
        "_fetched_at": "2026-03-01T12:00:00+00:00",
        "_extractor_id": "0123456789abcdef",
        "_record": number % 10,
        "_confidence": 0.95,
        "_evidence": '{"reference": ["//tr/td[1]", 0, 13], "buyer": ["//tr/td[2]", 0, 10], "value": ["//td", 0, 7]}',
        "_raw": '{"reference": "REF-000000", "buyer": "Town of T1", "value": "EUR 100"}',
    }


def load(records: Records) -> None:
    """One table of a fresh database."""
    os.environ |= {"RUNTIME__DLTHUB_TELEMETRY": "false", "RUNTIME__LOG_LEVEL": "CRITICAL"}
    import dlt

    with tempfile.TemporaryDirectory() as folder:
        destination = dlt.destinations.duckdb(f"{folder}/lake.duckdb")
        dlt.pipeline("notices", pipelines_dir=folder, destination=destination, dataset_name="loaded").run(
            records, table_name="notices"
        )
