"""`status`, `tasks`, `events` and `query`: what is going on, also while the workbench runs."""

import argparse
from pathlib import Path
from typing import Any

from core.bootstrap import build_pipeline
from core.model import TaskState
from core.pipeline import Pipeline
from core.settings import load_settings
from core.text.redaction import redact
from jobs.commands.numbers import whole_number
from jobs.commands.printing import print_json, print_table


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands of this module."""
    for name, function, text in (
        ("status", run_status, "sources, their health, and who runs the loop"),
        ("tasks", run_tasks, "the newest tasks"),
        ("events", run_events, "the newest events"),
    ):
        command = subparsers.add_parser(name, help=text)
        command.add_argument("--json", action="store_true", help="for machines")
        command.set_defaults(run=function)
        if name != "status":
            command.add_argument("--limit", type=whole_number(1), default=30)
    tasks = subparsers.choices["tasks"]
    tasks.add_argument("--source", default="")
    tasks.add_argument("--state", default="", choices=["", *TaskState])
    query = subparsers.add_parser("query", help="read-only SQL over bronze, extracted and state, or a query by name")
    query.add_argument("sql", metavar="SQL | NAME", nargs="?", default="", help="nothing lists the names")
    query.add_argument("--json", action="store_true", help="for machines")
    query.add_argument(
        "--out",
        type=Path,
        help="write all rows to a .csv, .parquet or .json file; in CSV, an apostrophe begins texts like formulas",
    )
    query.set_defaults(run=run_query)


def run_status(options: argparse.Namespace) -> None:
    """Print the sources and the loop."""
    pipeline = build_pipeline(load_settings())
    sources, loop = [_source_line(view) for view in pipeline.sources.overview()], _loop(pipeline)
    damages = [
        {"at": at.isoformat(timespec="seconds"), "said": damage.sentence} for at, damage in pipeline.tables.damages()
    ]
    if options.json:
        tables = [table._asdict() for table in pipeline.tables.all()]
        print_json({"sources": sources, "loop": loop, "tables": tables, "damages": damages})
        return
    print_table([_brief(line) for line in sources], "No source yet: python -m jobs add URL")
    for line in sources:
        if line["shortfall"]:
            print(f"\n{line['source']}: {line['shortfall']}")
    print(f"\nloop: {loop['state']}" + (f" ({loop['owner']})" if loop["owner"] else ""))
    for line in damages:
        print(f"damage: {line['at']} {line['said']}")
    if why := pipeline.flow.blocked():
        print(f"nothing can be written: {why}")


def _source_line(view: Any) -> dict[str, Any]:
    run = view.last_run
    return {
        "source": view.source.source_id,
        "state": view.source.state,
        "strikes": view.health.strikes,
        "last run": run.started_at.isoformat(timespec="seconds") if run else None,
        "documents": run.documents if run else None,
        "unchanged": run.unchanged if run else None,
        "records": run.records if run else None,
        "unread": run.unread if run else None,
        "shortfall": run.shortfall if run else "",
        "problem": (run.error if run else "") or view.health.last_error if view.health.strikes else "",
    }


def _brief(line: dict[str, Any]) -> dict[str, Any]:
    """What fits into a column: sentences stand under the table."""
    return {name: value for name, value in line.items() if name != "shortfall"}


def _loop(pipeline: Pipeline) -> dict[str, Any]:
    lease = pipeline.flow.loop()
    if lease is None:
        return {"state": "never started", "owner": ""}
    alive = lease.until > pipeline.now()
    return {"state": "running" if alive else "stopped", "owner": lease.owner if alive else ""}


def run_tasks(options: argparse.Namespace) -> None:
    """Print the newest tasks."""
    pipeline = build_pipeline(load_settings())
    states = (TaskState(options.state),) if options.state else ()
    tasks = pipeline.flow.tasks(source_id=options.source, states=states, limit=options.limit)
    if options.json:
        print_json(tasks)
        return
    rows = [
        {
            "created": task.created_at.isoformat(timespec="seconds"),
            "kind": task.kind,
            "state": task.state,
            "source": task.source_id,
            "what": redact(task.payload.get("url", "")),
            "message": task.error or task.message,
        }
        for task in tasks
    ]
    print_table(rows, "No task yet.")


def run_events(options: argparse.Namespace) -> None:
    """Print the newest events."""
    pipeline = build_pipeline(load_settings())
    messages = pipeline.flow.events(options.limit)
    if options.json:
        print_json([message._asdict() for message in messages])
        return
    rows = [
        {
            "seq": message.seq,
            "at": message.at.isoformat(timespec="seconds"),
            "stream": message.stream,
            "event": message.kind,
            "subject": message.subject,
        }
        for message in messages
    ]
    print_table(rows, "No event yet.")


def run_query(options: argparse.Namespace) -> None:
    """Run one SELECT, or a query by its name, and print or write its rows."""
    tables = build_pipeline(load_settings()).tables
    named = {question.name: question for question in tables.questions()}
    if not options.sql:
        print_table([{"name": name, "tells": question.sentence} for name, question in named.items()], "No name.")
        return
    sql = named[options.sql].sql if options.sql in named else options.sql
    if options.out:
        written = tables.export(sql, str(options.out))
        print(f"{written} rows written to {options.out}")
        return
    result = tables.query(sql)
    rows = [dict(zip(result.columns, row, strict=True)) for row in result.rows]
    if options.json:
        print_json(rows)
        return
    print_table(rows, "No row.")
    if result.truncated:
        print(f"only the first {len(rows)} rows; --out FILE writes all")
