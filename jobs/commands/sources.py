"""`add` and `run`: bring a source in and read it."""

import argparse
import re
import threading
from zoneinfo import available_timezones

from core.bootstrap import build_pipeline
from core.errors import BadSetting, PipelineError
from core.model import OPEN_TASKS, Draft, Schedule
from core.pipeline import Pipeline
from core.settings import load_settings
from jobs.scheduler import AgentLoop, is_cron, owner_name
from jobs.worker import Worker, drain

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands of this module."""
    add = subparsers.add_parser("add", help="add a source by URL or by a folder of saved files")
    add.add_argument("location", metavar="URL|PATH")
    add.add_argument("--name", default="", help="what to call it; made from the location when missing")
    add.add_argument("--every", default="", metavar="6h", help="run by itself: 30m, 6h, 1d, or a cron line")
    add.add_argument("--timezone", default="UTC", metavar="ZONE", help="of the cron line, such as Europe/Berlin")
    add.add_argument("--jitter", type=int, metavar="SECONDS", help="put runs off by chance, by up to so much")
    add.add_argument("--acquire", default="", help="how to fetch it: http or folder; found out when missing")
    add.set_defaults(run=run_add)
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
    if known := pipeline.onboarding.known(options.location):
        print(f"{known.source_id} reads this address already; it is added once more")
    draft = scouted(pipeline, options.location, options.name, options.acquire)
    for template, blueprint in draft.blueprints.items():
        for table in blueprint.tables:
            names = ", ".join(field.name for field in table.fields[:8])
            print(f"found {template}.{table.name}: {len(table.fields)} fields: {names}")
            for field in table.fields:
                if field.doubt:
                    print(f"  look at {field.name}: {field.doubt}")
        if blueprint.pagination:
            print(f"further pages of {template}: {blueprint.pagination.words}")
    source = pipeline.onboarding.accept(draft.draft_id, schedule=schedule)
    print(f"added {source.source_id}; its first run is queued: python -m jobs run --until-idle")


def scouted(pipeline: Pipeline, location: str, name: str = "", acquirer: str = "") -> Draft:
    """A ready draft of a location; the scouting happens in this process unless another worker is faster.

    Raises:
        PipelineError: what went wrong while scouting.
    """
    draft = pipeline.onboarding.begin(location, name, acquirer)
    worker = Worker(pipeline, owner_name(), threading.Event())
    while pipeline.queue.find(run_id=draft.draft_id, states=OPEN_TASKS, limit=1):
        if not worker.step():
            worker.stop.wait(0.2)
    ready = pipeline.drafts.get(draft.draft_id)
    if ready.state != "ready":
        pipeline.drafts.remove(draft.draft_id)
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
        return Schedule(every_seconds=int(match[1]) * UNITS[match[2]])
    if is_cron(text):
        return Schedule(cron=text)
    raise BadSetting(f"“{text}” is not a schedule.", "Write 30m, 6h, 1d, or a cron line such as “0 6 * * 1-5”.")


def run_work(options: argparse.Namespace) -> None:
    """Work on the queue as the options say."""
    pipeline = build_pipeline(load_settings())
    if options.source:
        pipeline.run_now(options.source)
    if options.once:
        tasks = Worker(pipeline, owner_name(), threading.Event()).step(limit=1)
        pipeline.settle()
        print("\n".join(f"did {task.kind} of {task.source_id}" for task in tasks) or "nothing is due")
    elif options.until_idle:
        print(f"{drain(pipeline, owner_name())} tasks done")
    else:
        _run_for_ever(pipeline)


def _run_for_ever(pipeline: Pipeline) -> None:
    loop = AgentLoop(pipeline)
    loop.start()
    print("the agent loop is on; Ctrl+C ends it")
    try:
        threading.Event().wait()
    finally:
        loop.end()
