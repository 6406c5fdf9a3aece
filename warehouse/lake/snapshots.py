"""What the metadata file of an Iceberg table says, read as plain JSON: no engine is loaded, nothing is scanned."""

import json
from datetime import UTC, datetime
from typing import Any, NamedTuple

from warehouse.names import WATERMARK

# the library copies all of a table's metadata many times a commit: what it holds makes commits slow
MOST_SNAPSHOTS = 15


class Snapshot(NamedTuple):
    """The current state of a table: where its metadata lies, columns, rows, files, watermarks, tags, its history.

    `tag_columns` are the names of the columns that the table had when it was tagged.
    """

    location: str
    columns: dict[str, str]
    rows: int
    files: int
    changed_at: datetime | None
    marks: dict[str, str]
    tags: dict[str, int]
    tag_columns: dict[str, list[str]]
    history: int = 0
    refs: int = 0

    @property
    def is_crowded(self) -> bool:
        """Whether enough commits have come together that merging and forgetting pays."""
        return self.history >= MOST_SNAPSHOTS + max(self.refs, 1) - 1


def parse_metadata(location: str, content: bytes) -> Snapshot:
    """Read a metadata file."""
    data = json.loads(content)
    schemas = {one["schema-id"]: one["fields"] for one in data["schemas"]}
    fields = schemas[data["current-schema-id"]]
    current = data.get("current-snapshot-id")
    snapshot = next((one for one in data.get("snapshots", ()) if one["snapshot-id"] == current), None)
    summary = snapshot["summary"] if snapshot else {}
    made_with = {one["snapshot-id"]: schemas.get(one.get("schema-id"), fields) for one in data.get("snapshots", ())}
    tags = {name: ref["snapshot-id"] for name, ref in data.get("refs", {}).items() if ref["type"] == "tag"}
    return Snapshot(
        location=location,
        columns={field["name"]: _type(field["type"]) for field in fields},
        rows=int(summary.get("total-records", 0)),
        files=int(summary.get("total-data-files", 0)),
        changed_at=datetime.fromtimestamp(snapshot["timestamp-ms"] / 1000, UTC) if snapshot else None,
        marks=marks_of(data.get("properties", {}), summary),
        tags=tags,
        tag_columns={name: [field["name"] for field in made_with.get(tag, fields)] for name, tag in tags.items()},
        history=len(data.get("snapshots", ())),
        refs=len(data.get("refs", {})),
    )


def marks_of(properties: dict[str, str], summary: dict[str, str]) -> dict[str, str]:
    """All watermarks, each the higher of two: snapshots expire, and another engine may have written the newest one."""
    names = sorted(name for name in {*properties, *summary} if name == WATERMARK or name.startswith(f"{WATERMARK}."))
    return {name: str(max(int(properties.get(name, 0)), int(summary.get(name, 0)))) for name in names}


def _type(kind: Any) -> str:
    if isinstance(kind, str):
        return kind
    return f"list<{_type(kind['element'])}>" if kind["type"] == "list" else str(kind["type"])
