"""`demo`: the main job from a URL to rows, in the terminal, against the sample portal and a throw-away folder."""

import argparse
import json
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

from core.bootstrap import build_pipeline
from core.model import Source
from core.pipeline import Pipeline
from core.pipeline.workshop import owner_name
from core.settings import load_settings
from jobs.commands.sources import scouted
from jobs.portal.server import PortalServer
from jobs.worker import drain

# rows, and fields of each with their evidence, that fit on a screen
SHOWN_ROWS = 3
SHOWN_FIELDS = 6


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = subparsers.add_parser("demo", help="run the main job against the built-in sample portal")
    command.set_defaults(run=run_demo)


def run_demo(_options: argparse.Namespace) -> None:
    """Scout, build, run and show."""
    with tempfile.TemporaryDirectory() as folder, PortalServer(port=0) as portal:
        settings = load_settings(data_dir=Path(folder), allow_hosts=f"127.0.0.1:{portal.port}", sample_portal_port=0)
        pipeline = build_pipeline(settings)
        url = portal.url + "/tenders"
        print(f"1. Looking at {url}")
        draft = scouted(pipeline, url, "sample tenders")
        for template, blueprint in draft.blueprints.items():
            for table in blueprint.tables:
                print(f"   found {template}.{table.name} with {len(table.fields)} fields")
        print("2. Writing and checking the extractors")
        source = pipeline.sources.accept(draft.draft_id)
        print("3. Reading every page")
        drain(pipeline, owner_name())
        _show(pipeline, source)


def _show(pipeline: Pipeline, source: Source) -> None:
    run = pipeline.flow.runs(source.source_id, limit=1)[0]
    print(f"   {run.documents} documents, {run.records} records, {run.failed} failed")
    for table in pipeline.tables.all():
        if table.name.startswith("extracted."):
            print(f"\n{table.name}: {table.rows} rows")
            _show_rows(pipeline, table.name)
    print("\nNext: `make run`, open Sources and paste the address of a site of your own.")
    print("In scripts: python -m jobs add URL, python -m jobs run --until-idle, python -m jobs query SQL")


def _show_rows(pipeline: Pipeline, table: str) -> None:
    result = pipeline.tables.query(f"SELECT * FROM {table} LIMIT {SHOWN_ROWS}")
    for values in result.rows:
        row = dict(zip(result.columns, values, strict=True))
        evidence = json.loads(row["_evidence"])
        print(f"  {row['_url']}")
        for name in list(evidence)[:SHOWN_FIELDS]:
            print(f"    {name:24} {_short(row.get(name)):44} {_place(evidence[name])}")


def _short(value: Any, most: int = 42) -> str:
    text = f"{value:,.2f}" if isinstance(value, Decimal) else " ".join(str(value).split())
    return text if len(text) <= most else text[: most - 1] + "…"


def _place(evidence: Any) -> str:
    first = evidence[0] if evidence and isinstance(evidence[0], list) else evidence
    return str(first[0]) if first else ""
