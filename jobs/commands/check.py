"""`check`: is what lies in the data folder what was written? What is not is listed, and mended on a person's word."""

import argparse
from pathlib import Path

from core.bootstrap import build_pipeline
from core.errors import Damaged
from core.model.results import Damage
from core.settings import load_settings
from jobs.commands.printing import print_json


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    check = subparsers.add_parser("check", help="find what is damaged in the data folder, and mend it")
    check.add_argument("--full", action="store_true", help="read every file, and all raw bytes instead of a sample")
    check.add_argument("--mend", action="store_true", help="mend what can be mended; stop the pipeline first")
    check.add_argument("--backup", type=Path, metavar="FILE.tar", help="take the state from it; the last one without")
    check.add_argument("--json", action="store_true", help="for machines")
    check.set_defaults(run=run_check)


def run_check(options: argparse.Namespace) -> None:
    """Files first, since no pipeline can be opened on damaged ones; then what the pipeline holds."""
    # here, because everything else that the command line does goes through a pipeline
    from warehouse.integrity.files import check_files

    settings = load_settings()
    found = check_files(settings, full=options.full, mend=options.mend, archive=options.backup)
    compared: list[str] = []
    if all(damage.mended for damage in found):
        pipeline = build_pipeline(settings)
        found += pipeline.tables.check(full=options.full, mend=options.mend)
        if not any(damage.hides for damage in found):
            compared = pipeline.tables.comparison()
    _print(found, compared, options.json)
    left = [damage for damage in found if not damage.mended]
    if left:
        advice = left[0].advice
        raise Damaged(f"{len(left)} of {len(found)} damages are not mended, the first in {left[0].what}.", advice)


def _print(found: list[Damage], compared: list[str], as_json: bool) -> None:
    if as_json:
        print_json({"damages": [damage._asdict() for damage in found], "compared": compared})
        return
    for damage in found:
        print(damage.sentence)
    print("\n".join(compared))
    if not found:
        print("Nothing is damaged.")
