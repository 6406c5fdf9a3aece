"""Alerting: what each run read is counted, held against the runs before, and incidents are handed to the channels.

What was counted and what came of it is kept in one transaction; what is to be told stands with it until it was handed
to the log, so that a kill in between tells nothing twice and forgets nothing.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from core.drift.incidents import after_run
from core.events import AlertRaised, Message, RowsExtracted, RowsRefused, RunFinished, Stream, event_of, fits
from core.flow.lake_rows import lake_table
from core.flow.validated import decisions_by_row, validated
from core.model import stable_id
from core.model.incident import Alert, Count, Incident, Notice, RunCounts, Watched, WatchedKind
from core.ports import Clock, Decisions, EventBroker, IncidentStore, SchemaStore

# messages of a table that are looked at of a run, the last ones; each holds the rows of a document. In some hundred a
# share is known to a few in a hundred, and a run of ten thousand pages costs no more to judge than one of these
MESSAGES_BACK = 300
# a run that ended longer ago is none that anybody waits to hear of: an old log is read anew
LATE = timedelta(hours=1)
# rows that an alert names, and incidents that are handed on at a time
ROWS_NAMED, TOGETHER = 10, 50


@dataclass(frozen=True)
class Alerting:
    """Counts runs, and hands on what is to be told. `channels` are the names of those that tell."""

    broker: EventBroker
    schemas: SchemaStore
    decisions: Decisions
    incidents: IncidentStore
    clock: Clock
    channels: Sequence[str]
    workbench_url: str

    def look(self, event: RunFinished) -> None:
        """A run ended: judge what it read, and hand on what is to be told."""
        now = self.clock.now()
        if now - event.at <= LATE:
            counted = {(table, kind): counts for table, kind, counts in self._counts(event.source_id, event.run_id)}
            known = {(one.table, one.kind): one for one in self.incidents.watched([table for table, _ in counted])}
            for (table, kind), counts in counted.items():
                before = known.get((table, kind)) or Watched(table=table, kind=kind)
                incident = self.incidents.incident(before.incident_id) if before.incident_id else None
                after, found = after_run(
                    before, counts, event.source_id, well=not event.error, incident=incident, now=now
                )
                self.incidents.save([after], [found] if found else [])
        self.hand_on()

    def hand_on(self) -> None:
        """Publish what is to be told."""
        for incident in self.incidents.untold(TOGETHER):
            waiting = [notice for notice in incident.notices if not notice.is_done]
            self.broker.publish([self._raised(incident, one, name) for one in waiting for name in self.channels])
            done = tuple(notice.model_copy(update={"is_done": True}) for notice in incident.notices)
            self.incidents.save(incidents=[incident.model_copy(update={"notices": done})])

    def _raised(self, incident: Incident, notice: Notice, channel: str) -> AlertRaised:
        alert = Alert(
            alert_id=notice.notice_id,
            incident_id=incident.incident_id,
            kind=notice.kind,
            at=notice.at,
            table=incident.table,
            source_id=incident.source_id,
            sentence=notice.sentence,
            rows=incident.last.rows,
            link=self._link(incident),
        )
        event_id = stable_id("alert", notice.notice_id, channel)
        return AlertRaised(event_id=event_id, subject=incident.source_id, at=notice.at, alert=alert, channel=channel)

    def _link(self, incident: Incident) -> str:
        """The place in the workbench where the rows are looked at."""
        name = incident.deviations[0].column.removeprefix("silver.")
        page, asked = ("review", name) if incident.kind == "refused" else ("tables", incident.table)
        return f"{self.workbench_url.rstrip('/')}/{page}?{urlencode({'table': asked})}"

    def _counts(self, source_id: str, run_id: str) -> Iterator[tuple[str, WatchedKind, RunCounts]]:
        """What a run read into each table of its source, and how much of it approved tables refuse."""
        prefix = lake_table(source_id, "main", "", main=True)
        for table, head in self.broker.heads(Stream.EXTRACTED).items():
            messages = self._of_run(table, head, run_id) if table.startswith(prefix) else []
            if not messages:
                continue
            rows = [row for one in messages for row in one.payload["rows"] if row.get("_row_id") is not None]
            yield table, "rows", RunCounts(run_id=run_id, counts={"": Count(len(rows), len(messages))})
            yield table, "fill", RunCounts(run_id=run_id, counts=_filled_columns(messages, rows))
            refused = dict(self._refused(table, messages))
            shares = {name: Count(len(wrong), len(rows)) for name, wrong in refused.items()}
            named = [row_id for wrong in refused.values() for row_id in wrong][:ROWS_NAMED]
            yield table, "refused", RunCounts(run_id=run_id, counts=shares, rows=tuple(named))

    def _of_run(self, table: str, head: int, run_id: str) -> list[Message]:
        after = max(0, head - MESSAGES_BACK)
        found = self.broker.read(Stream.EXTRACTED, subject=table, after=after, limit=MESSAGES_BACK)
        return [message for message in found if fits(message) and message.payload["run_id"] == run_id]

    def _refused(self, table: str, messages: Sequence[Message]) -> Iterator[tuple[str, list[str]]]:
        """The approved tables that are filled from a table, each with the rows that do not fit it.

        They are held against it once more: whoever tells of them may not be through yet.
        """
        versions = [version for version in self.schemas.in_force() if table in version.sources]
        events = [event for message in messages if isinstance(event := event_of(message), RowsExtracted)]
        decided = decisions_by_row(self.decisions.of_documents([event.document_id for event in events]))
        # of a table that is being filled anew, the version that comes
        for version in {one.schema_name: one for one in reversed(versions)}.values():
            told = (one for event in events for one in validated(version, event, decided[version.schema_name]))
            parts = (one.values for one in told if isinstance(one, RowsRefused))
            yield version.lake_table, list(dict.fromkeys(value.row_id for values in parts for value in values))


def _filled_columns(messages: Sequence[Message], rows: Sequence[Mapping[str, Any]]) -> dict[str, Count]:
    """In how many of the rows each column has a value: by what stood on the page, whatever its type makes of it."""
    names = dict.fromkeys(column["name"] for message in messages for column in message.payload["columns"])
    told = [set(json.loads(row.get("_raw") or "{}")) for row in rows]
    return {name: Count(sum(name in one for one in told), len(rows)) for name in names}
