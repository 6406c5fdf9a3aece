"""How commands print: aligned tables for people, JSON for machines."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic_core import to_jsonable_python

# characters of a cell, so that two or three fit beside each other
WIDEST = 60


def print_json(value: Any) -> None:
    """One JSON document on standard output."""
    print(json.dumps(to_jsonable_python(value), ensure_ascii=False, indent=2))


def print_table(rows: Sequence[Mapping[str, Any]], empty: str) -> None:
    """Columns under their headings; `empty` when there is no row."""
    if not rows:
        print(empty)
        return
    heads = list(rows[0])
    cells = [[_short(row.get(head)) for head in heads] for row in rows]
    widths = [max(len(head), *(len(row[i]) for row in cells)) for i, head in enumerate(heads)]
    for row in [heads, ["-" * width for width in widths], *cells]:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _short(value: Any) -> str:
    text = "" if value is None else " ".join(str(value).split())
    return text if len(text) <= WIDEST else text[: WIDEST - 1] + "…"
