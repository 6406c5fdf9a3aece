"""What keeps the pipeline running: extractor versions, tasks, runs, health, leases and onboarding drafts."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from core.model.base import Frozen
from core.model.blueprint import Blueprint
from core.model.source import Schedule


class ExtractorState(StrEnum):
    """Only one version of a source's template is active at a time."""

    STAGED = "staged"
    ACTIVE = "active"
    RETIRED = "retired"


class Extractor(Frozen):
    """One version of the extractor of one page template of a source: the blueprint and the module made of it.

    `promoted_at` is when it was put into service last; the registry says so.
    """

    extractor_id: str
    source_id: str
    template: str
    version: int
    state: ExtractorState
    blueprint: Blueprint
    code: str
    code_hash: str
    created_at: datetime
    note: str = ""
    promoted_at: datetime | None = None


class TaskKind(StrEnum):
    """What a worker can be asked to do; jobs/worker.py holds the one table of handlers."""

    SCOUT = "scout"
    RUN = "run"
    FETCH = "fetch"
    REPAIR = "repair"
    GROW = "grow"


class TaskState(StrEnum):
    """`waiting` is claimable from `not_before` on; `paused` was put aside by a person; `failed` waits for one.

    `extracting` has been fetched; whoever gets the event reads the document and reports with the task's token.
    """

    WAITING = "waiting"
    PAUSED = "paused"
    RUNNING = "running"
    EXTRACTING = "extracting"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


# those that somebody will do by himself, and with those that wait for a person's word
DUE_TASKS = (TaskState.WAITING, TaskState.RUNNING, TaskState.EXTRACTING)
OPEN_TASKS = (*DUE_TASKS, TaskState.PAUSED)


class Task(Frozen):
    """One piece of work. `task_id` follows from what is to be done, so the same work is never queued twice.

    `token` grows with each claim; a worker may finish only the claim it holds (fencing).
    `host` is whom the work burdens.
    """

    task_id: str
    kind: TaskKind
    source_id: str
    run_id: str
    payload: dict[str, Any]
    state: TaskState
    created_at: datetime
    not_before: datetime
    priority: int = 0
    attempts: int = 0
    token: int = 0
    worker: str = ""
    lease_until: datetime | None = None
    progress: float = 0.0
    message: str = ""
    error: str = ""
    finished_at: datetime | None = None
    host: str = ""


class Run(Frozen):
    """One go at a source, from its start addresses to the last page that they led to.

    `documents` were fetched, `unchanged` of them were the same as before, `failed` could not be had or read. A run that
    stopped at a bound says in `limited_by` which it was, and how many addresses were `known` and `unread` at its end.
    """

    run_id: str
    source_id: str
    reason: str
    started_at: datetime
    finished_at: datetime | None = None
    documents: int = 0
    unchanged: int = 0
    failed: int = 0
    records: int = 0
    error: str = ""
    known: int = 0
    unread: int = 0
    limited_by: str = ""

    @property
    def shortfall(self) -> str:
        """What a run that stopped at its bound did not read, in a sentence; "" when it read all it knew of."""
        if not self.limited_by:
            return ""
        read = f"Read {self.documents:,} of {self.known:,} known documents: the run stopped at {self.limited_by}."
        if not self.unread:
            return f"{read} All others were read before; the next run looks at those that rested longest."
        return f"{read} {self.unread:,} were never read; the next run begins with them."


class Health(Frozen):
    """How a source is doing: failed runs in a row, and when it last went well."""

    source_id: str
    strikes: int = 0
    last_success_at: datetime | None = None
    last_failure_at: datetime | None = None
    last_error: str = ""


# the lease of whoever runs the agent loop
AGENT_LOOP = "agent-loop"


class Lease(Frozen):
    """Who may do a thing that only one may do, until when; `token` grows with each new owner."""

    name: str
    owner: str
    token: int
    until: datetime


class DraftStep(Frozen):
    """One change of a draft, in words, and as JSON the blueprints and what was left out before it.

    Text, because drafts are read often and gone back to seldom.
    """

    words: str
    before: str


class Draft(Frozen):
    """An onboarding that is not finished: what Scout found, and what the person has changed since.

    `documents` are the ids of the sample documents by template, `blueprints` what was learned from them, `left_out` the
    fields among it that the person does not want, as pairs of table and field; `named_as` is the name of the source
    whose names and taught fields were taken over. `steps` are the last changes, the latest at the end. `answered` is
    the number of the last click of each list of columns, in each browser, that is in the draft.
    """

    draft_id: str
    location: str
    acquirer: str
    name: str
    created_at: datetime
    state: str = "scouting"
    progress: float = 0.0
    message: str = ""
    error: str = ""
    documents: dict[str, tuple[str, ...]] = {}
    blueprints: dict[str, Blueprint] = {}
    left_out: dict[str, tuple[tuple[str, str], ...]] = {}
    steps: tuple[DraftStep, ...] = ()
    answered: dict[str, int] = {}
    schedule: Schedule | None = None
    follow_details: bool = True
    source_id: str = ""
    named_as: str = ""
