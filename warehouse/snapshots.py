"""What the metadata file of an Iceberg table says, read as plain JSON: no engine is loaded, nothing is scanned."""

import json
from datetime import UTC, datetime
from typing import Any, NamedTuple

WATERMARK = "pipeline.watermark"


class Snapshot(NamedTuple):
    """The current state of a table: where its metadata lies, columns by Iceberg type, rows, files, watermark."""

    location: str
    columns: dict[str, str]
    rows: int
    files: int
    changed_at: datetime | None
    watermark: int


def parse_metadata(location: str, content: bytes) -> Snapshot:
    """Read a metadata file."""
    data = json.loads(content)
    schema = next(one for one in data["schemas"] if one["schema-id"] == data["current-schema-id"])
    current = data.get("current-snapshot-id")
    snapshot = next((one for one in data.get("snapshots", ()) if one["snapshot-id"] == current), None)
    summary = snapshot["summary"] if snapshot else {}
    return Snapshot(
        location=location,
        columns={field["name"]: _type(field["type"]) for field in schema["fields"]},
        rows=int(summary.get("total-records", 0)),
        files=int(summary.get("total-data-files", 0)),
        changed_at=datetime.fromtimestamp(snapshot["timestamp-ms"] / 1000, UTC) if snapshot else None,
        watermark=watermark_of(data.get("properties", {}), summary),
    )


def watermark_of(properties: dict[str, str], summary: dict[str, str]) -> int:
    """The higher of the two marks: snapshots expire, and another engine may have written the newest one."""
    return max(int(properties.get(WATERMARK, 0)), int(summary.get(WATERMARK, 0)))


def _type(kind: Any) -> str:
    if isinstance(kind, str):
        return kind
    return f"list<{_type(kind['element'])}>" if kind["type"] == "list" else str(kind["type"])
