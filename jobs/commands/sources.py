"""`add` and `run`: bring a source in and read it."""

import argparse
import re
import threading
from datetime import datetime
from zoneinfo import available_timezones

from core.bootstrap import build_pipeline
from core.errors import BadSetting, Conflict, PipelineError
from core.model import OPEN_TASKS, Draft, Schedule, TaskKind
from core.model.words import brought
from core.pipeline import Pipeline
from core.pipeline.workshop import owner_name
from core.settings import load_settings
from jobs.commands.numbers import whole_number
from jobs.scheduler import AgentLoop, is_cron
from jobs.worker import IDLE_SECONDS, Worker, drain

# more fits into no run, nor into the column that keeps the bound
MOST_DOCUMENTS = 2_000_000_000
# the newest runs among which those that ended meanwhile are looked for
TOLD_RUNS = 1_000
# fields of a table that are named on its line
FIELDS_ON_A_LINE = 8
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
# ten years in seconds: what runs more rarely is run by hand, and calendars end
LONGEST_RHYTHM = 10 * 365 * UNITS["d"]


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands of this module."""
    add = subparsers.add_parser("add", help="add a source by URL or by a folder of saved files")
    add.add_argument("location", metavar="URL|PATH")
    add.add_argument("--name", default="", help="what to call it; made from the location when missing")
    add.add_argument("--every", default="", metavar="6h", help="run by itself: 30m, 6h, 1d, or a cron line")
    add.add_argument("--timezone", default="UTC", metavar="ZONE", help="of the cron line, such as Europe/Berlin")
    add.add_argument(
        "--jitter",
        type=whole_number(0, LONGEST_RHYTHM),
        metavar="SECONDS",
        help="put runs off by chance, by up to so much",
    )
    add.add_argument("--acquire", default="", help="how to fetch it: http or folder; found out when missing")
    documents = whole_number(1, MOST_DOCUMENTS)
    add.add_argument("--max-documents", type=documents, metavar="N", help="most documents that one run fetches")
    add.set_defaults(run=run_add)
    bound = subparsers.add_parser("bound", help="most documents that one run of a source fetches; without N as set")
    bound.add_argument("source", metavar="SOURCE")
    bound.add_argument("documents", metavar="N", nargs="?", type=documents)
    bound.set_defaults(run=run_bound)
    run = subparsers.add_parser("run", help="work on the queue; without an option, for ever")
    how = run.add_mutually_exclusive_group()
    how.add_argument("--once", action="store_true", help="do one task")
    how.add_argument("--until-idle", action="store_true", help="work until nothing is left to do")
    run.add_argument("--source", default="", help="start a run of this source first")
    run.set_defaults(run=run_work)


def run_add(options: argparse.Namespace) -> None:
    """Scout a location here and now, build its extractors, and queue its first run."""
    schedule = schedule_from(options.every, options.timezone, options.jitter)
    pipeline = build_pipeline(load_settings())
    if known := pipeline.sources.known(options.location):
        print(f"{known.source_id} reads this address already; it is added once more")
    draft = scouted(pipeline, options.location, options.name, options.acquire)
    for template, blueprint in draft.blueprints.items():
        for table in blueprint.tables:
            names = ", ".join(field.name for field in table.fields[:FIELDS_ON_A_LINE])
            print(f"found {template}.{table.name}: {len(table.fields)} fields: {names}")
            for field in table.fields:
                if field.doubt:
                    print(f"  look at {field.name}: {field.doubt}")
        for said in blueprint.omissions:
            print(f"{template}: {said}")
        if blueprint.pagination:
            print(f"further pages of {template}: {blueprint.pagination.words}")
    source = pipeline.sources.accept(draft.draft_id, schedule=schedule, max_documents=options.max_documents)
    print(f"added {source.source_id}; its first run is queued: python -m jobs run --until-idle")


def run_bound(options: argparse.Namespace) -> None:
    """Give a source a bound of its own, or take it away."""
    source = build_pipeline(load_settings()).sources.set_bound(options.source, options.documents)
    said = f"at most {source.max_documents:,} documents" if source.max_documents else "as many as the settings allow"
    print(f"a run of {source.source_id} fetches {said}")


def scouted(pipeline: Pipeline, location: str, name: str = "", acquirer: str = "") -> Draft:
    """A ready draft of a location; the scouting happens in this process unless another worker is faster.

    Raises:
        PipelineError: what went wrong while scouting.
    """
    draft = pipeline.sources.begin(location, name, acquirer)
    worker = Worker(pipeline, owner_name(), threading.Event())
    while pipeline.flow.tasks(run_id=draft.draft_id, states=OPEN_TASKS, limit=1):
        # the work of others is left to them, also because all of it may be paused
        if not worker.step(kinds=[TaskKind.SCOUT]):
            worker.stop.wait(IDLE_SECONDS)
    ready = pipeline.sources.draft(draft.draft_id)
    if ready.state != "ready":
        pipeline.sources.drop(draft.draft_id)
        raise PipelineError(ready.error or "The source could not be looked at.")
    return ready


def schedule_from(text: str, timezone: str = "UTC", jitter: int | None = None) -> Schedule:
    """`30m`, `6h`, `1d` or a cron line of five parts, in a time zone, put off by chance by up to `jitter` seconds.

    Raises:
        BadSetting: neither of them, or no such time zone.
    """
    if timezone not in available_timezones():
        raise BadSetting(f"There is no time zone {timezone}.", "Write UTC, or one such as Europe/Berlin.")
    return _rhythm(text).model_copy(update={"timezone": timezone, "jitter_seconds": jitter})


def _rhythm(text: str) -> Schedule:
    if not text:
        return Schedule()
    if match := re.fullmatch(r"([1-9]\d{0,6})\s*([smhd])", text.strip()):
        seconds = int(match[1]) * UNITS[match[2]]
        if seconds <= LONGEST_RHYTHM:
            return Schedule(every_seconds=seconds)
    if is_cron(text):
        return Schedule(cron=text)
    raise BadSetting(f"“{text}” is not a schedule.", "Write 30m, 6h, 1d, or a cron line such as “0 6 * * 1-5”.")


def run_work(options: argparse.Namespace) -> None:
    """Work on the queue as the options say.

    Raises:
        Conflict: all work is paused.
    """
    pipeline = build_pipeline(load_settings())
    if pipeline.flow.is_paused() and (options.once or options.until_idle):
        raise Conflict("All work is paused.", "Let it go on: python -m jobs resume")
    if options.source:
        pipeline.flow.run_now(options.source)
    if options.once:
        tasks = Worker(pipeline, owner_name(), threading.Event()).step(limit=1)
        pipeline.work.settle()
        print("\n".join(f"did {task.kind} of {task.source_id}" for task in tasks) or "nothing is due")
    elif options.until_idle:
        began = pipeline.now()
        print(f"{drain(pipeline, owner_name())} tasks done")
        _tell_runs(pipeline, began)
    else:
        _run_for_ever(pipeline)


def _tell_runs(pipeline: Pipeline, since: datetime) -> None:
    """A line for each run that ended since then: what it read, and what it did not."""
    ended = [run for run in pipeline.flow.runs(limit=TOLD_RUNS) if run.finished_at and run.finished_at >= since]
    for run in reversed(ended):
        print(f"{run.source_id}: {brought(run)}{f'; {run.failed:,} failed' if run.failed else ''}")
        for said in (run.error, run.shortfall):
            if said:
                print(f"{run.source_id}: {said}")


def _run_for_ever(pipeline: Pipeline) -> None:
    loop = AgentLoop(pipeline)
    loop.start()
    print("the agent loop is on; Ctrl+C ends it")
    try:
        threading.Event().wait()
    finally:
        loop.end()
