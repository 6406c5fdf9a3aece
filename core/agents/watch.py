"""Watch: after each run, are the values still of the kind they were? A full column can be wrong all the same."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from core.drift.presence import DocumentTexts
from core.drift.statistics import Drift, detect_run
from core.events import Message, Stream, fits
from core.model import Run
from core.ports import EventBroker

# messages of a table that are read back for its earlier runs; each holds the rows of a document
MESSAGES_BACK = 5_000
# rows of earlier runs that make a baseline, at least, and of a run that are compared with it, at most: the drift
# benchmark finds what it can in windows of 40 against 200
BASELINE_ROWS = 400
WINDOW_ROWS = 200


@dataclass(frozen=True)
class Watch:
    """Compares what a run read with what the same extractor version read before."""

    broker: EventBroker

    def look(self, run: Run, tables: Iterable[str], failing: Collection[str] = ()) -> list[Drift]:
        """The changes of nature in the tables of a source, the most certain first of each table.

        Args:
            run: the run to look at.
            tables: the lake tables of its source.
            failing: runs before it that went wrong; the baseline is made of the others.
        """
        return [finding for table in tables for finding in self._table(run, table, failing)]

    def _table(self, run: Run, table: str, failing: Collection[str]) -> list[Drift]:
        head = self.broker.heads(Stream.EXTRACTED).get(table, 0)
        found = self.broker.read(
            Stream.EXTRACTED, subject=table, after=max(0, head - MESSAGES_BACK), limit=MESSAGES_BACK
        )
        messages = [message for message in found if fits(message)]
        window = [message for message in messages if message.payload["run_id"] == run.run_id]
        if not window:
            return []
        extractor = window[-1].payload["extractor_id"]
        before = [m for m in messages if m.seq < window[0].seq and m.payload["extractor_id"] == extractor]
        well = [message for message in before if message.payload["run_id"] not in failing]
        return detect_run(_runs(well), _documents(window)[-WINDOW_ROWS:])


def _runs(messages: Sequence[Message]) -> list[list[DocumentTexts]]:
    """The rows of the runs before, oldest first; only the newest runs that fill the baseline."""
    by_run: dict[str, list[Message]] = {}
    for message in messages:
        by_run.setdefault(message.payload["run_id"], []).append(message)
    found: list[list[DocumentTexts]] = []
    for run in reversed(by_run.values()):
        if sum(map(len, found)) < BASELINE_ROWS and (documents := _documents(run)[-WINDOW_ROWS:]):
            found.append(documents)
    return found[::-1]


def _documents(messages: Sequence[Message]) -> list[DocumentTexts]:
    """Each row as {field: [texts]}."""
    rows = (row for message in messages for row in message.payload["rows"] if row.get("_raw"))
    return [
        {name: raw if isinstance(raw, list) else [str(raw)] for name, raw in json.loads(row["_raw"]).items()}
        for row in rows
    ]
