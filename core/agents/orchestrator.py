"""Orchestrator: starts runs, handles their tasks, closes them, and keeps score of each source's health."""

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from core.agents.doctor import Doctor
from core.agents.scout import Scout
from core.agents.watch import Watch
from core.drift.statistics import Drift
from core.errors import Conflict, LeaseLost, PipelineError, RetryLater, UnknownName
from core.events import RunFinished, RunStarted, SourceQuarantined, Stream
from core.flow.active_extractors import ActiveExtractors
from core.flow.end_of_list import LED_ON
from core.flow.fetching import Fetching
from core.flow.lake_rows import lake_table
from core.flow.planner import Planner
from core.flow.tasks import Reports, new_task
from core.model import (
    OPEN_TASKS,
    Draft,
    FixAttempt,
    FixState,
    Run,
    Source,
    SourceState,
    Task,
    TaskKind,
    TaskState,
    stable_id,
    verdict_of,
)
from core.ports import Clock, DraftStore, EventBroker, ExtractorStore, HealthStore, RunStore, SourceStore, TaskQueue
from core.text.redaction import redact

LOG = logging.getLogger(__name__)
# seconds until a task is tried again that failed by a fault of ours: most such faults are no matter of time
UNEXPECTED_SECONDS = 5.0
# things that a closed run says it noticed
MOST_NOTICED = 5
# runs of a source among which the last good one is looked for, and those that failed since: three quarantine it
RUNS_BACK = 50
# open runs that are looked at in one go; the rest is looked at the next time
MOST_OPEN_RUNS = 1000
# tasks of a higher priority are done first: fetches have 0, and a person may wait for a repair
REPAIR_PRIORITY = 5
GROWTH_PRIORITY = -5
# who puts proved repairs into service where a source may do so without asking
ITSELF = "the pipeline itself"
STRIKING = frozenset({"lost", "constant", "shape"})
COUNTED = frozenset({"rows", "repeated"})


@dataclass(frozen=True)
class Orchestrator:
    """The only one who decides what happens next."""

    scout: Scout
    fetching: Fetching
    doctor: Doctor
    watch: Watch
    sources: SourceStore
    queue: TaskQueue
    extractors: ExtractorStore
    runs: RunStore
    health: HealthStore
    drafts: DraftStore
    reports: Reports
    broker: EventBroker
    clock: Clock
    planner: Planner
    strikes: int

    # ---- starting -----------------------------------------------------------------------------------------------
    def start_run(self, source: Source, reason: str, *, due: datetime | None = None) -> Run:
        """Open a run and queue its first task; the run that is open already, when there is one."""
        current = self.runs.find(source.source_id, open_only=True, limit=1)
        if current:
            return current[0]
        now = self.clock.now()
        run_id = stable_id("run", source.source_id, (due or now).isoformat())
        run = Run(run_id=run_id, source_id=source.source_id, reason=reason, started_at=now)
        self.queue.enqueue([self.task(TaskKind.RUN, source.source_id, run_id, {})])
        if self.runs.save(run):
            self.broker.publish(
                [
                    RunStarted(
                        event_id=stable_id("started", run_id),
                        subject=source.source_id,
                        at=now,
                        source_id=source.source_id,
                        run_id=run_id,
                        reason=reason,
                    )
                ]
            )
        return run

    def task(self, kind: TaskKind, source_id: str, run_id: str, payload: dict[str, object], priority: int = 0) -> Task:
        """A new task; what is asked for twice in a run gets the same id."""
        return new_task(kind, source_id, run_id, payload, self.clock.now(), priority)

    # ---- working ------------------------------------------------------------------------------------------------
    def work(self, tasks: Sequence[Task]) -> None:
        """Do claimed tasks, which are of one kind, and report on them.

        Errors end in the state of a task, and a LeaseLost of its report is passed on. An error that is not ours is a
        defect: it is logged and tried again like a passing one, so that a poisoned task ends up with a person.
        """
        try:
            self._handler(tasks[0].kind)(tasks)
        except Exception as error:
            if len(tasks) == 1:
                self.reports.failed(tasks[0], _as_ours(tasks[0], error))
                return
            # which of them it was shows when each is done by itself; reports that were made are not made again
            for task in tasks:
                with suppress(LeaseLost):
                    self.work([task])

    def _handler(self, kind: TaskKind) -> Callable[[Sequence[Task]], None]:
        handlers = {
            TaskKind.SCOUT: self._scout,
            TaskKind.RUN: self._fan_out,
            TaskKind.REPAIR: self._repair,
            TaskKind.GROW: self._grow,
        }
        return self.fetching.fetch if kind is TaskKind.FETCH else lambda tasks: handlers[kind](tasks[0])

    def _scout(self, task: Task) -> None:
        """Look at the location of a draft. What comes of it, also that nothing could be read, is told by the draft:
        whoever opened it waits for it, and decides what to do.
        """
        draft_id = str(task.payload["draft_id"])
        try:
            self._look_at(self.drafts.get(draft_id))
            said = "Ready"
        except Exception as error:
            said = redact(str(_as_ours(task, error)))
            self._note_failure(draft_id, said)
        self.reports.done(task, said)

    def _look_at(self, draft: Draft) -> None:
        source = Source(
            source_id=draft.source_id,
            name=draft.name,
            location=draft.location,
            acquirer=draft.acquirer,
            created_at=draft.created_at,
            follow_pages=draft.acquirer != "folder",
        )
        self.scout.explore(draft, source, self._keep_draft)

    def _keep_draft(self, draft: Draft) -> None:
        """Save how far a scout is; one whose draft was thrown away meanwhile ends here."""
        self.drafts.get(draft.draft_id)
        self.drafts.save(draft)

    def _note_failure(self, draft_id: str, said: str) -> None:
        with suppress(UnknownName):  # it was thrown away: nobody wants to know
            failed = self.drafts.get(draft_id)
            self.drafts.save(failed.model_copy(update={"state": "failed", "error": said}))

    def ask_for_repair(self, source_id: str, *, by: str = "", accept_losses: bool = False) -> Task:
        """Queue a try of the Doctor. What is proved goes into service when somebody asked for that: they are `by`.

        With `accept_losses` a repair goes into service too that reads all it still reads as before.
        """
        visit = stable_id("repair", source_id, self.clock.now().isoformat())
        payload: dict[str, object] = {"by": by, "accept_losses": accept_losses}
        task = self.task(TaskKind.REPAIR, source_id, visit, payload, priority=REPAIR_PRIORITY)
        self.queue.enqueue([task])
        return task

    def _look_for_growth(self, run: Run) -> None:
        """Have the pages looked at for what nobody reads, after a run that brought some."""
        if run.documents > run.unchanged:
            visit = stable_id("growth", run.run_id)
            self.queue.enqueue([self.task(TaskKind.GROW, run.source_id, visit, {}, priority=GROWTH_PRIORITY)])

    def _grow(self, task: Task) -> None:
        try:
            said = self._growth(self.sources.get(task.source_id))
        except PipelineError as error:
            # nothing that was read is wrong for it, and nobody has to act
            said = str(error)
        self.reports.done(task, said)

    def _growth(self, source: Source) -> str:
        """Stage what reads more. Where repairs go into service by themselves, it does too if all else is as it was."""
        attempt = self.doctor.grow(source)
        if attempt is None:
            return "Nothing new on the pages."
        if source.auto_promote and verdict_of(attempt.templates).level == "proved":
            attempt = self.promote(attempt.attempt_id, ITSELF, attempt.cause)
        return f"{attempt.state}: {attempt.cause}"

    def _repair(self, task: Task) -> None:
        source = self.sources.get(task.source_id)
        attempt = self.doctor.repair(source)
        by = str(task.payload.get("by", "")) or (ITSELF if source.auto_promote else "")
        verdict = verdict_of(attempt.templates)
        accepted = verdict.level == "proved" or (task.payload.get("accept_losses") and verdict.is_lossy_only)
        if by and accepted and attempt.state is FixState.STAGED:
            attempt = self.promote(attempt.attempt_id, by, verdict.sentence)
        self.reports.done(task, f"{attempt.state}: {attempt.cause}")

    def promote(self, attempt_id: str, by: str, why: str = "") -> FixAttempt:
        """Put a staged repair into service, let the source run again, and start a run."""
        attempt = self.doctor.promote(attempt_id, by, why)
        self.release(attempt.source_id)
        self.start_run(self.sources.get(attempt.source_id), "after a repair")
        return attempt

    def release(self, source_id: str) -> Source:
        """Let a source run by itself again; its strikes are cleared."""
        source = self.sources.get(source_id).model_copy(update={"state": SourceState.ACTIVE})
        self.health.success(source_id, self.clock.now())
        self.sources.save(source)
        return source

    def _fan_out(self, task: Task) -> None:
        """Queue the addresses that the run begins with."""
        queued = self.planner.begin(self.sources.get(task.source_id), task.run_id)
        self.reports.done(task, f"{queued} addresses to begin with")

    # ---- closing ------------------------------------------------------------------------------------------------
    def close_runs(self) -> list[Run]:
        """Close every run that has nothing left to do; those closed here."""
        through = (
            run
            for run in self.runs.find(open_only=True, limit=MOST_OPEN_RUNS)
            if not self.queue.find(run_id=run.run_id, states=OPEN_TASKS, limit=1)
        )
        return [run for run in through if not self._goes_on(run) and self._close(run)]

    def _goes_on(self, run: Run) -> bool:
        """Whether a run that is through has room for addresses that nothing led to: they are queued."""
        source = self._source_of(run)
        return source is not None and self.planner.go_on(source, run) > 0

    def _source_of(self, run: Run) -> Source | None:
        """The source of a run; None when it was removed meanwhile."""
        with suppress(UnknownName):
            return self.sources.get(run.source_id)
        return None

    def cancel(self, run_id: str) -> int:
        """Close a run at a person's word; the number of its tasks that were taken back. It counts for no strike.

        Raises:
            Conflict: the run is over.
        """
        # closed first, so that the loop does not close it as one that went well
        if not self.runs.finish(run_id, "Cancelled.", self.clock.now()):
            raise Conflict("The run is over.", "Start another one.")
        return self.queue.cancel(run_id)

    def _close(self, run: Run) -> bool:
        error, now = self._verdict(run), self.clock.now()
        noticed = [] if error else self._drift(run)
        told = (*self._repeated(run), *(finding.sentence for finding in noticed))
        error = error or next((finding.sentence for finding in noticed if _is_strike(finding, run)), "")
        run = self._with_shortfall(run)
        if not self.runs.finish(run.run_id, error, now):
            return False
        self.broker.publish(
            [
                RunFinished(
                    event_id=stable_id("finished", run.run_id),
                    subject=run.source_id,
                    at=now,
                    source_id=run.source_id,
                    run_id=run.run_id,
                    documents=run.documents,
                    records=run.records,
                    error=error,
                    noticed=told[:MOST_NOTICED],
                    unread=run.unread,
                    shortfall=run.shortfall,
                )
            ]
        )
        self._score(run.source_id, error, now)
        self._follow_up(run, now)
        self._look_for_growth(run)
        return True

    def _with_shortfall(self, run: Run) -> Run:
        """The run with what it did not read because of its bound, which is noted."""
        source = self._source_of(run)
        short = self.planner.shortfall(source, run) if source else None
        if short is None:
            return run
        self.runs.limited(run.run_id, short.limited_by, short.tally)
        said = {"limited_by": short.limited_by, "known": short.tally.known, "unread": short.tally.unread}
        return run.model_copy(update=said)

    def _follow_up(self, run: Run, now: datetime) -> None:
        """Start a run with the version that came into service while another was read with the one before."""
        moments = (run.started_at, now)
        then, current = (ActiveExtractors(self.extractors, moment).all(run.source_id) for moment in moments)
        if then == current:
            return
        source = self.sources.get(run.source_id)
        if source.state is SourceState.ACTIVE:
            self.start_run(source, "with a new version")

    def _verdict(self, run: Run) -> str:
        """Why the run counts as failed, or nothing: most of the pages failed, or the one with which a site begins.

        Each file of a folder is a beginning; a broken one among many is no failure of the source.
        """
        failed = self.queue.find(run_id=run.run_id, states=(TaskState.FAILED,), limit=run.failed + 1)
        source = self._source_of(run)
        many_starts = source is not None and self.planner.is_local(source)
        leading = [
            task
            for task in failed
            if task.kind is not TaskKind.FETCH or not (many_starts or task.payload.get("parent_id"))
        ]
        if leading or run.failed * 2 > run.documents + run.failed:
            return (leading or failed)[0].error if failed else "Most of the documents could not be read."
        return ""

    def _repeated(self, run: Run) -> list[str]:
        """The lists that ended because a page repeated one before it, although that one leads on to it."""
        ended = self.queue.find(run_id=run.run_id, states=(TaskState.DONE,), said=LED_ON, limit=MOST_NOTICED)
        return [task.message for task in ended]

    def _drift(self, run: Run) -> list[Drift]:
        """What changed its nature although the run went well, the surest finding first."""
        heads = self.broker.heads(Stream.EXTRACTED)
        prefix = lake_table(run.source_id, "main", "", main=True)
        tables = [table for table in heads if table.startswith(prefix)]
        seen = self.watch.look(run, tables, self._failing(run.source_id))
        return sorted(seen, key=lambda finding: finding.p)

    def _failing(self, source_id: str) -> set[str]:
        """The runs that failed since the source last did well: what they read is no measure for the next one."""
        well = self.health.get(source_id).last_success_at
        runs = self.runs.find(source_id, limit=RUNS_BACK)
        return {run.run_id for run in runs if run.error and run.finished_at and (not well or run.finished_at > well)}

    def _score(self, source_id: str, error: str, now: datetime) -> None:
        if not error:
            self.health.success(source_id, now)
            return
        health = self.health.failure(source_id, error, now)
        source = self.sources.get(source_id)
        if health.strikes < self.strikes or source.state is not SourceState.ACTIVE:
            return
        self.sources.save(source.model_copy(update={"state": SourceState.QUARANTINED}))
        self.ask_for_repair(source_id)
        self.broker.publish(
            [
                SourceQuarantined(
                    event_id=stable_id("quarantined", source_id, now.isoformat()),
                    subject=source_id,
                    at=now,
                    source_id=source_id,
                    strikes=health.strikes,
                    error=error,
                )
            ]
        )


def _is_strike(finding: Drift, run: Run) -> bool:
    """Whether a change is a failure: numbers, lengths and categories also move because the world does.

    The rows of a run can be counted only where all its pages were read anew.
    """
    return finding.kind in STRIKING or (finding.kind in COUNTED and not run.unchanged)


def _as_ours(task: Task, error: Exception) -> PipelineError:
    if isinstance(error, PipelineError):
        return error
    LOG.error("task %s ended with an unexpected error", task.task_id, exc_info=error)
    said = f"An unexpected error ended the task: {type(error).__name__}: {error}."
    return RetryLater(said, "Report it; what was fetched is kept.", after=UNEXPECTED_SECONDS)
