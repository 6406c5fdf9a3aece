"""`worker`, `flow`, `pause`, `resume`, `cancel` and `letters`: who works, how full the streams are, what got stuck."""

import argparse
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from core.bootstrap import build_pipeline
from core.pipeline import Pipeline
from core.pipeline.workshop import owner_name
from core.settings import load_settings
from jobs.commands.numbers import whole_number
from jobs.commands.printing import print_json, print_table
from jobs.worker import Pool

# more letters than a log can hold: "all"
ALL_LETTERS = 1_000_000_000
# more would only wait for each other: they share one log and one state
MOST_PROCESSES = 256


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands of this module."""
    worker = subparsers.add_parser("worker", help="add worker processes; they end with Ctrl+C or SIGTERM")
    worker.add_argument("--processes", type=whole_number(1, MOST_PROCESSES), default=1, metavar="N")
    worker.set_defaults(run=run_worker)
    flow = subparsers.add_parser("flow", help="how full each stream is for each of its consumer groups")
    flow.add_argument("--json", action="store_true", help="for machines")
    flow.set_defaults(run=run_flow)
    cancel = subparsers.add_parser("cancel", help="stop a run or a task; what was read so far is kept")
    cancel.add_argument("name", metavar="RUN|TASK")
    cancel.set_defaults(run=run_cancel)
    for name, function, text in (
        ("pause", run_pause, "let no worker take a task, or put one waiting task aside"),
        ("resume", run_resume, "let workers take tasks again, or the task that was put aside"),
    ):
        command = subparsers.add_parser(name, help=text)
        command.add_argument("task_id", nargs="?", default="", metavar="TASK")
        command.set_defaults(run=function)
    letters = subparsers.add_parser("letters", help="events that were given up on: list, replay or discard them")
    letters.add_argument("--json", action="store_true", help="for machines")
    how = letters.add_mutually_exclusive_group()
    how.add_argument("--replay", metavar="ID|all", help="deliver it again")
    how.add_argument("--discard", metavar="ID|all", help="forget it")
    letters.set_defaults(run=run_letters)


def run_worker(options: argparse.Namespace) -> None:
    """Work until told to stop, in this process or in several."""
    if options.processes == 1:
        _work(build_pipeline(load_settings()))
        return
    command = [sys.executable, "-m", "jobs", "worker"]
    with _stopped_by_signals() as stopped:
        workers = [subprocess.Popen(command) for _ in range(options.processes)]
        print(f"{len(workers)} workers are at work; Ctrl+C ends them", flush=True)
        stopped.wait()
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.wait()


def _work(pipeline: Pipeline) -> None:
    pool = Pool(pipeline, owner_name(), pipeline.settings.workers)
    with _stopped_by_signals() as stopped:
        pool.start()
        print("at work; Ctrl+C ends it", flush=True)
        stopped.wait()
        pool.end()


@contextmanager
def _stopped_by_signals() -> Iterator[threading.Event]:
    """An event that Ctrl+C and SIGTERM set."""
    stopped = threading.Event()
    known = {number: signal.signal(number, lambda *_: stopped.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopped
    finally:
        for number, handler in known.items():
            signal.signal(number, handler)


def run_flow(options: argparse.Namespace) -> None:
    """Print the levels."""
    pipeline = build_pipeline(load_settings())
    levels = [level._asdict() for level in pipeline.flow.levels()]
    if options.json:
        print_json(levels)
        return
    print_table(levels, "No stream yet.")


def run_cancel(options: argparse.Namespace) -> None:
    """Close the run and take its tasks back, or cancel the task."""
    pipeline = build_pipeline(load_settings())
    print(f"{pipeline.flow.cancel(options.name)} tasks taken back")


def run_pause(options: argparse.Namespace) -> None:
    """Pause one task, or all work."""
    build_pipeline(load_settings()).flow.pause(options.task_id)
    print(f"paused {options.task_id or 'all work'}; python -m jobs resume {options.task_id}".rstrip())


def run_resume(options: argparse.Namespace) -> None:
    """Resume one task, or all work."""
    build_pipeline(load_settings()).flow.resume(options.task_id)
    print(f"resumed {options.task_id or 'all work'}")


def run_letters(options: argparse.Namespace) -> None:
    """List dead letters, or do something about them."""
    pipeline = build_pipeline(load_settings())
    act = pipeline.flow.redeliver if options.replay else pipeline.flow.discard
    wanted = options.replay or options.discard
    if wanted:
        every = pipeline.flow.letters(limit=ALL_LETTERS) if wanted == "all" else []
        letters = [letter.letter_id for letter in every] if wanted == "all" else [wanted]
        for letter_id in letters:
            act(letter_id)
        print(f"{len(letters)} {'replayed' if options.replay else 'discarded'}")
        return
    rows = [_line(letter) for letter in pipeline.flow.letters()]
    if options.json:
        print_json(rows)
        return
    print_table(rows, "No dead letter.")


def _line(letter: Any) -> dict[str, Any]:
    return {
        "id": letter.letter_id,
        "at": letter.at.isoformat(timespec="seconds"),
        "stream": letter.message.stream,
        "event": letter.message.kind,
        "group": letter.group,
        "tries": letter.attempts,
        "error": letter.error,
    }
