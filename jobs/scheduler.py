"""The agent loop: whoever holds the lease runs APScheduler's triggers and a pool of workers; others stand by."""

import logging
import threading
from datetime import datetime, timedelta
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from core.errors import PipelineError
from core.model import AGENT_LOOP, Schedule, Source, SourceState
from core.pipeline import Pipeline
from core.pipeline.workshop import owner_name
from jobs.auditing import Audits
from jobs.worker import Pool

LOG = logging.getLogger(__name__)
# seconds until a new or changed schedule is noticed
SYNC_SECONDS = 2.0
# seconds that a job under way may take to end
END_SECONDS = 15.0
# unless a person says otherwise, runs are put off by chance by up to a tenth of their rhythm, and up to so many
# seconds: sources of one rhythm would all begin at once
JITTER_SHARE, MOST_JITTER_SECONDS = 10, 30


class AgentLoop:
    """Stands by for the lease; while it holds it, runs schedules and workers. `start` returns at once."""

    def __init__(self, pipeline: Pipeline) -> None:
        self.pipeline = pipeline
        self.owner = owner_name()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name=AGENT_LOOP)
        self._duty: Duty | None = None

    def start(self) -> None:
        """Begin to stand by."""
        self._thread.start()

    def end(self) -> None:
        """Stop working, hand back the lease, and return when that is done."""
        self._stop.set()
        self._thread.join(END_SECONDS)

    @property
    def leading(self) -> bool:
        """Whether this process runs the loop."""
        return self._duty is not None

    @property
    def planned(self) -> dict[str, Schedule]:
        """The schedules that this process fires, by the ids of their sources."""
        return dict(self._duty.planned) if self._duty else {}

    def _run(self) -> None:
        wait = self.pipeline.settings.lease_seconds / 3
        while True:
            self._take_or_renew()
            if self._stop.wait(wait if self.leading else min(wait, 1.0)):
                break
        self._hand_back()

    def _take_or_renew(self) -> None:
        try:
            lease = self.pipeline.work.lead(self.owner)
        except PipelineError as error:
            LOG.warning("the lease of the loop could not be renewed: %s", error)
            return
        if lease is not None and self._duty is None:
            self._begin_duty()
        elif lease is None and self._duty is not None:
            LOG.warning("another process runs the loop now; standing by")
            self._end_duty()

    def _begin_duty(self) -> None:
        self._duty = Duty(self.pipeline, self.owner)
        try:
            self._duty.start()
        except PipelineError as error:
            LOG.warning("the loop could not begin: %s", error)
            self._end_duty()

    def _end_duty(self) -> None:
        if self._duty is not None:
            self._duty.end()
            self._duty = None

    def _hand_back(self) -> None:
        self._end_duty()
        try:
            self.pipeline.work.stand_down(self.owner)
        except PipelineError as error:
            LOG.warning("the lease of the loop could not be handed back; it runs out by itself: %s", error)


class Duty:
    """One term of running the loop: schedules by APScheduler, work by a pool."""

    def __init__(self, pipeline: Pipeline, owner: str) -> None:
        self.pipeline = pipeline
        self.pool = Pool(pipeline, owner, pipeline.settings.workers)
        self.audits = Audits(pipeline)
        self.scheduler = BackgroundScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "misfire_grace_time": None}
        )
        self.planned: dict[str, Schedule] = {}

    def start(self) -> None:
        """Start the workers and the triggers."""
        self.pool.start()
        self.scheduler.add_job(self.sync, IntervalTrigger(seconds=SYNC_SECONDS), max_instances=1, id="sync")
        self.scheduler.add_job(self.audit, IntervalTrigger(seconds=SYNC_SECONDS), max_instances=1, id="audit")
        self.scheduler.add_job(self.tidy, CronTrigger(hour=3, minute=17, jitter=600), max_instances=1, id="tidy")
        self.scheduler.start()
        self.sync()

    def end(self) -> None:
        """Stop the triggers, then the workers."""
        self.scheduler.shutdown(wait=False)
        self.pool.end()
        self.audits.end()

    def sync(self) -> None:
        """Make APScheduler's jobs the schedules of the active sources."""
        wanted = {source.source_id: source for source in self.pipeline.sources.all() if trigger_of(source)}
        for source_id in self.planned.keys() - wanted.keys():
            self.scheduler.remove_job(source_id)
            del self.planned[source_id]
        for source_id, source in wanted.items():
            if self.planned.get(source_id) != source.schedule:
                self._plan(source)

    def _plan(self, source: Source) -> None:
        options: dict[str, Any] = {"id": source.source_id, "args": [source.source_id], "replace_existing": True}
        if source.schedule.every_seconds:
            options["next_run_time"] = self._due(source)
        self.scheduler.add_job(self.trigger, trigger_of(source), max_instances=1, **options)
        self.planned[source.source_id] = source.schedule

    def _due(self, source: Source) -> datetime:
        """An interval counts from the last run, not from the start of this process."""
        last = self.pipeline.sources.view(source.source_id).last_run
        since = last.started_at if last else source.created_at
        return max(self.pipeline.now(), since + timedelta(seconds=source.schedule.every_seconds or 0))

    def audit(self) -> None:
        """Have the clusters audited when it is due."""
        try:
            self.audits.step()
        except (PipelineError, OSError) as error:
            LOG.warning("audit: %s", error)

    def tidy(self) -> None:
        """Do the housekeeping, and log what it was."""
        try:
            for chore in self.pipeline.work.tidy():
                LOG.info("upkeep: %s: %d", chore.what, chore.found)
        except PipelineError as error:
            LOG.warning("upkeep: %s", error)

    def trigger(self, source_id: str) -> None:
        """A schedule is due: start a run, unless one is open."""
        try:
            self.pipeline.flow.run_now(source_id, "schedule")
        except PipelineError as error:
            LOG.warning("the schedule of %s could not start a run: %s", source_id, error)


def trigger_of(source: Source) -> BaseTrigger | None:
    """The APScheduler trigger of a source; None when it does not run by itself."""
    schedule = source.schedule
    if source.state is not SourceState.ACTIVE:
        return None
    if schedule.cron:
        trigger = CronTrigger.from_crontab(schedule.cron, timezone=schedule.timezone)
        trigger.jitter = schedule.jitter_seconds
        return trigger
    if schedule.every_seconds:
        jitter = schedule.jitter_seconds or min(MOST_JITTER_SECONDS, schedule.every_seconds // JITTER_SHARE)
        return IntervalTrigger(seconds=schedule.every_seconds, jitter=jitter)
    return None


def is_cron(text: str) -> bool:
    """Whether a text is a cron line of five parts that APScheduler understands."""
    try:
        CronTrigger.from_crontab(text)
    except ValueError:
        return False
    return True
