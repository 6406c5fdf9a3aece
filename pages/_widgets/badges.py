"""Words and colours for states, the same on every page; never colour alone."""

import json
from datetime import datetime
from typing import Any

from core.model import SourceState, TaskState
from core.model.words import brought as brought
from core.model.words import counted as counted
from core.pipeline.sources import SourceView

TASK_ICONS = {
    TaskState.WAITING: "○ waiting",
    TaskState.PAUSED: "‖ paused",
    TaskState.RUNNING: "◐ running",
    TaskState.EXTRACTING: "◑ extracting",
    TaskState.DONE: "● done",
    TaskState.FAILED: "✕ failed",
    TaskState.CANCELLED: "– cancelled",
}

# who acts, as the history of a thing says it
PERSON = "a person in the workbench"

UNITS = {604_800: "week", 86_400: "day", 3600: "hour", 60: "minute", 1: "second"}


def health_words(view: SourceView) -> str:
    """One word for how a source is doing, worst first."""
    if view.source.state is SourceState.QUARANTINED:
        return "✕ quarantined"
    if view.health.strikes:
        return f"▲ {counted(view.health.strikes, 'strike')}"
    if view.source.state is SourceState.PAUSED:
        return "‖ paused"
    if view.last_run is None:
        return "○ not run yet"
    return "◐ running" if view.last_run.finished_at is None else "● healthy"


def at_least(number: int, more: bool) -> str:
    """A number, or, where nobody counted further, that there are more: “1,000+”."""
    return f"{number:,}{'+' if more else ''}"


def weight(size: int) -> str:
    """A number of bytes in one unit: “3.3 kB”."""
    for unit, name in ((1_000_000, "MB"), (1_000, "kB")):
        if size >= unit:
            return f"{size / unit:,.1f} {name}"
    return counted(size, "byte")


def ago(moment: datetime | None, now: datetime) -> str:
    """How long ago, in one unit: “3 min ago”."""
    if moment is None:
        return "never"
    seconds = int((now - moment).total_seconds())
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit} ago"
    return "just now"


def schedule_words(every_seconds: int | None, cron: str | None) -> str:
    """A schedule as a person says it: “every day”, “every 6 hours”."""
    if cron:
        return f"cron {cron}"
    if not every_seconds:
        return "by hand"
    size, unit = next((size, unit) for size, unit in UNITS.items() if every_seconds % size == 0)
    number = every_seconds // size
    return f"every {unit}" if number == 1 else f"every {number} {unit}s"


def value_words(value: Any) -> str:
    """A typed value as a person reads it: “1029200.00 EUR” for an amount, the items of a list one after the other."""
    if value is None or isinstance(value, bool):
        return {None: "", True: "yes", False: "no"}[value]
    if isinstance(value, list):
        return " · ".join(map(value_words, value))
    if isinstance(value, dict) and "amount" in value:
        return " ".join(str(part) for part in value.values() if part is not None)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
