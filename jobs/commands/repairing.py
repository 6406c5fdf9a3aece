"""`repair`: ask the Doctor, from the terminal."""

import argparse
import threading

from core.bootstrap import build_pipeline
from core.errors import PipelineError
from core.model import OPEN_TASKS, FixAttempt, FixState, TaskState
from core.pipeline import Pipeline
from core.settings import load_settings
from jobs.commands.printing import print_json
from jobs.scheduler import owner_name
from jobs.worker import Worker


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = subparsers.add_parser("repair", help="repair the extractors of a source, and prove it")
    command.add_argument("source", metavar="SOURCE")
    command.add_argument("--promote", action="store_true", help="put a proved repair into service and run the source")
    command.add_argument("--json", action="store_true", help="for machines")
    command.set_defaults(run=run_repair)


def run_repair(options: argparse.Namespace) -> None:
    """Queue the repair, wait for it, and print what was found."""
    pipeline = build_pipeline(load_settings())
    task = pipeline.repair(options.source, promote=options.promote)
    _wait(pipeline, task.run_id)
    failed = pipeline.queue.find(run_id=task.run_id, states=(TaskState.FAILED,), limit=1)
    if failed:
        raise PipelineError(failed[0].error)
    attempt = pipeline.fixes.find(options.source, limit=1)[0]
    if options.json:
        print_json(attempt)
    else:
        _print(attempt)


def _wait(pipeline: Pipeline, run_id: str) -> None:
    worker = Worker(pipeline, owner_name(), threading.Event())
    while pipeline.queue.find(run_id=run_id, states=OPEN_TASKS, limit=1):
        if worker.step() is None:
            worker.stop.wait(0.2)


def _print(attempt: FixAttempt) -> None:
    print(f"{attempt.state}: {attempt.cause}")
    for fix in attempt.templates:
        proof = fix.proof
        if fix.candidate_id:
            print(f"  {fix.template}: {proof.same} of {proof.known} known cells reproduced, {proof.rows_after} rows")
        for name, fate in fix.fields.items():
            if fate != "kept":
                print(f"    {fate:10} {name}  {fix.reasons.get(name, '')}")
    if attempt.state is FixState.STAGED:
        print("not promoted: look at it under Doctor in the workbench and decide there")
