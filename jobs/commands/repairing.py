"""`repair`: ask the Doctor, from the terminal; `replay`: read archived pages with any extractor version."""

import argparse
import json
import threading
from dataclasses import asdict

from core.bootstrap import build_pipeline
from core.compare.tables import TableDiff
from core.errors import Conflict, PipelineError, UnknownName
from core.model import OPEN_TASKS, FixAttempt, FixState, TaskState, verdict_of
from core.pipeline import Pipeline
from core.pipeline.repairs import BACKTESTED, Backtest
from core.pipeline.workshop import owner_name
from core.settings import load_settings
from jobs.commands.numbers import whole_number
from jobs.commands.printing import print_json
from jobs.worker import IDLE_SECONDS, Worker

# differences of each sort, and characters of a row, that are printed
MOST_PRINTED = 10
ROW_WIDTH = 160
# who acts, as the log of repairs says it
PERSON = "a person at the command line"


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = subparsers.add_parser("repair", help="repair the extractors of a source, and prove it")
    command.add_argument("source", metavar="SOURCE")
    how = command.add_mutually_exclusive_group()
    how.add_argument("--promote", action="store_true", help="put it into service if it is proved and loses no field")
    how.add_argument("--accept-losses", action="store_true", help="the same, also if fields are lost: they stay empty")
    how.add_argument("--roll-back", action="store_true", help="put the versions before the last repair into service")
    how.add_argument("--undo", action="store_true", help="put the repair that was rolled back into service again")
    command.add_argument("--why", default="", help="kept with --roll-back or --undo")
    command.add_argument("--json", action="store_true", help="for machines")
    command.set_defaults(run=run_repair)
    again = subparsers.add_parser("replay", help="read archived pages with any extractor version, show what changes")
    again.add_argument("source", metavar="SOURCE")
    again.add_argument(
        "--extractor", type=whole_number(1), metavar="VERSION", help="its number; without it the one in service"
    )
    again.add_argument("--template", default="main", help="of which pages; main without it")
    again.add_argument("--limit", type=whole_number(1), default=BACKTESTED, help="at most so many pages, newest first")
    again.add_argument("--json", action="store_true", help="for machines")
    again.set_defaults(run=run_replay)


def run_repair(options: argparse.Namespace) -> None:
    """Queue the repair, wait for it, and print what was found."""
    pipeline = build_pipeline(load_settings())
    if options.roll_back or options.undo:
        _decide(pipeline, options)
        return
    by = PERSON if options.promote or options.accept_losses else ""
    task = pipeline.repairs.start(options.source, by=by, accept_losses=options.accept_losses)
    _wait(pipeline, task.run_id)
    failed = pipeline.flow.tasks(run_id=task.run_id, states=(TaskState.FAILED,), limit=1)
    if failed:
        raise PipelineError(failed[0].error)
    attempt = pipeline.repairs.attempts(options.source, limit=1)[0]
    if options.json:
        print_json(attempt.model_dump(mode="json") | {"verdict": asdict(verdict_of(attempt.templates))})
    else:
        _print(attempt)


def _decide(pipeline: Pipeline, options: argparse.Namespace) -> None:
    """Roll the newest repair that can be rolled back, or undo that for the newest one that was."""
    wanted, act = (
        (FixState.PROMOTED, pipeline.repairs.roll_back)
        if options.roll_back
        else (FixState.ROLLED_BACK, pipeline.repairs.promote)
    )
    found = [attempt for attempt in pipeline.repairs.attempts(options.source) if attempt.state is wanted]
    if not found:
        raise Conflict(f"{options.source} has no repair that is {wanted}.", "See its repairs under Doctor.")
    done = act(found[0].attempt_id, PERSON, options.why)
    print_json(done) if options.json else print(f"{done.state}: the repair of {done.started_at:%Y-%m-%d %H:%M}")


def run_replay(options: argparse.Namespace) -> None:
    """Read the archived pages with the version and print how the tables differ from what was read last."""
    pipeline = build_pipeline(load_settings())
    source = pipeline.sources.get(options.source)
    extractor = (
        pipeline.repairs.version(source.source_id, options.extractor, options.template)
        if options.extractor is not None
        else pipeline.repairs.in_service(source.source_id, options.template)
    )
    if extractor is None:
        raise UnknownName(f"{options.source} has no {options.template} extractor in service.", "Name a version.")
    backtest = pipeline.repairs.backtest(extractor.extractor_id, limit=options.limit)
    if options.json:
        print(json.dumps({"documents": backtest.documents, "tables": [diff_as_dict(diff) for diff in backtest.tables]}))
    else:
        _print_backtest(backtest)


def diff_as_dict(diff: TableDiff) -> dict[str, object]:
    """A table's differences for machines."""
    return diff._asdict() | {"changed": [change._asdict() for change in diff.changed]}


def _print_backtest(backtest: Backtest) -> None:
    print(f"version {backtest.extractor.version} ({backtest.extractor.state}) on {backtest.documents} archived pages")
    for diff in backtest.tables:
        print(f"  {diff.table}: {diff.rows_before} rows before, {diff.rows_after} now, {diff.same} the same")
        for change in diff.changed[:MOST_PRINTED]:
            print(f"    ~ {change.field}: {change.before or '–'} → {change.after or '–'}  ({change.url})")
        for sign, rows in (("-", diff.gone), ("+", diff.new)):
            for row in rows[:MOST_PRINTED]:
                print(f"    {sign} " + " | ".join(row.values())[:ROW_WIDTH])


def _wait(pipeline: Pipeline, run_id: str) -> None:
    worker = Worker(pipeline, owner_name(), threading.Event())
    while pipeline.flow.tasks(run_id=run_id, states=OPEN_TASKS, limit=1):
        if not worker.step():
            worker.stop.wait(IDLE_SECONDS)


def _print(attempt: FixAttempt) -> None:
    print(f"{attempt.state}: {attempt.cause}")
    verdict = verdict_of(attempt.templates)
    if verdict.level != "nothing":
        print(f"  {verdict.sentence}")
    for fix in attempt.templates:
        for name, fate in fix.fields.items():
            if fate != "kept":
                print(f"    {fate:10} {name}  {fix.reasons.get(name, '')}")
    if attempt.state is FixState.STAGED:
        print("not promoted: decide under Doctor in the workbench", end="")
        print(", or repair it again with --accept-losses" if verdict.lost and verdict.is_lossy_only else "")
