"""What is watched over the runs of a source, and incidents: runs that are far from what was usual."""

from enum import StrEnum
from typing import Literal, NamedTuple

from pydantic import AwareDatetime

from core.model.base import Frozen

# by approved table the share of the rows that it refuses or doubts; rows a document; by column the share of rows with a
# value
WatchedKind = Literal["refused", "rows", "fill"]
NoticeKind = Literal["begun", "worse", "over"]


class IncidentState(StrEnum):
    """What has become of an incident: it lasts, it passed, or a person said that it is how things are now."""

    OPEN = "open"
    OVER = "over"
    EXPECTED = "expected"


class Count(NamedTuple):
    """How many of how many."""

    hits: int
    of: int

    @property
    def rate(self) -> float:
        """As a share, or a number a document."""
        return self.hits / self.of if self.of else 0.0


class RunCounts(Frozen):
    """What was counted in a run, by what it is about ("": the table); `rows` are the ids of some rows of concern."""

    run_id: str
    counts: dict[str, Count]
    rows: tuple[str, ...] = ()


class Watched(Frozen):
    """The baseline of one kind of count in one table: the last runs that went well.

    `incident_id` is the open incident ("": none), while which nothing is added. `last_run` was the last one counted.
    """

    table: str
    kind: WatchedKind
    runs: tuple[RunCounts, ...] = ()
    incident_id: str = ""
    last_run: str = ""


class Deviation(NamedTuple):
    """What is unusual about a column, or about the rows: what it is now, and what was usual."""

    column: str
    now: float
    usual: float


class Notice(Frozen):
    """What is to be told of an incident, and whether it was handed to whoever tells it."""

    notice_id: str
    kind: NoticeKind
    at: AwareDatetime
    sentence: str
    is_done: bool = False


class Incident(Frozen):
    """Runs in a row that are far from what was usual: one is told of once, and again when it gets worse or is over.

    `told` is how far off it was when it was told of last; `last` is what was counted in its last run.
    """

    incident_id: str
    table: str
    kind: WatchedKind
    source_id: str
    state: IncidentState = IncidentState.OPEN
    begun_at: AwareDatetime
    deviations: tuple[Deviation, ...]
    told: tuple[Deviation, ...]
    last: RunCounts
    notices: tuple[Notice, ...] = ()
    ended_at: AwareDatetime | None = None
    ended_by: str = ""
    why: str = ""

    @property
    def sentence(self) -> str:
        """What was told of it last."""
        return self.notices[-1].sentence if self.notices else ""


class Alert(Frozen):
    """One notice of an incident as a channel tells it; links lead into the workbench."""

    alert_id: str
    incident_id: str
    kind: NoticeKind
    at: AwareDatetime
    table: str
    source_id: str
    sentence: str
    rows: tuple[str, ...] = ()
    link: str = ""
