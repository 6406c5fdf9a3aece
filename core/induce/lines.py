"""Learns the tables of sheets: where the header row is below a preamble, and what each column holds."""

import re
from collections import Counter
from collections.abc import Sequence

from core.induce.naming import Names, snake
from core.model.blueprint import Field, RecordSet, Scope, Selector
from core.model.document import Sheet
from core.tree import squeeze
from core.values import column_type

MAX_FIELDS = 60
MAX_PREAMBLE = 40
NUMERIC = re.compile(r"^[-+$€£]?[\d.,%\s:/-]+$")


def line_tables(documents: Sequence[Sequence[Sheet]], names: Names) -> list[RecordSet]:
    """One record set for each sheet that has rows, the largest first."""
    by_name: dict[str, list[Sheet]] = {}
    for sheets in documents:
        for sheet in sheets:
            by_name.setdefault(sheet.name, []).append(sheet)
    ordered = sorted(by_name.values(), key=lambda sheets: -max(len(sheet.rows) for sheet in sheets))
    return [table for sheets in ordered if (table := _table(sheets, names))]


def _table(sheets: Sequence[Sheet], names: Names) -> RecordSet | None:
    header = header_row(sheets[0].rows)
    width = _width(sheets[0].rows)
    labels = [squeeze(text) for text in sheets[0].rows[header - 1]] if header else []
    used = Names()
    fields = tuple(
        field for column in range(min(width, MAX_FIELDS)) if (field := _field(column, labels, sheets, header, used))
    )
    if not fields:
        return None
    name = names.take(snake(sheets[0].name) or "rows")
    return RecordSet(
        name=name, scope=Scope(kind="lines", path=sheets[0].name, minimum=header), fields=fields, confidence=0.9
    )


def _width(rows: Sequence[Sequence[str]]) -> int:
    """How many columns most rows have."""
    widths = Counter(_filled(row) for row in rows if any(row))
    return max((width for width, count in widths.items() if count >= 0.02 * len(rows)), default=0)


def _filled(row: Sequence[str]) -> int:
    return max((position + 1 for position, text in enumerate(row) if text.strip()), default=0)


def header_row(rows: Sequence[Sequence[str]]) -> int:
    """The number, from 1, of the row that names the columns; 0 when the data starts at once."""
    width = _width(rows)
    for number, row in enumerate(rows[:MAX_PREAMBLE], 1):
        cells = [text for text in row[:width] if text.strip()]
        if len(cells) < 0.6 * width or len(cells) < min(2, width):
            continue
        words = sum(1 for text in cells if not NUMERIC.match(text) and len(text) <= 80)
        below = [text for other in rows[number : number + 20] for text in other[:width] if text.strip()]
        unlike = sum(1 for text in cells if text in set(below)) <= 0.2 * len(cells)
        return number if words >= 0.8 * len(cells) and unlike and below else 0
    return 0


def _field(column: int, labels: Sequence[str], sheets: Sequence[Sheet], header: int, names: Names) -> Field | None:
    rows = [row for sheet in sheets for row in sheet.rows[header:] if any(text.strip() for text in row)]
    texts = [squeeze(row[column]) for row in rows if column < len(row) and row[column].strip()]
    if not texts:
        return None
    kind, locale = column_type(texts)
    label = labels[column] if column < len(labels) else ""
    return Field(
        name=names.take(snake(label) or f"column_{column + 1}"),
        type=kind,
        selectors=(Selector(kind="column", label=label, nth=column + 1),),
        label=label,
        locale=locale,
        examples=tuple(dict.fromkeys(texts))[:3],
        confidence=round(0.6 + 0.35 * len(texts) / len(rows), 4),
        fill=round(len(texts) / len(rows), 4),
    )
