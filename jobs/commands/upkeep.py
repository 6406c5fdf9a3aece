"""`upkeep`, `backup` and `restore`: what keeps a pipeline fit, and what brings it back."""

import argparse
from pathlib import Path

from core.bootstrap import build_pipeline
from core.settings import load_settings
from jobs.commands.numbers import LARGEST_DAYS, whole_number
from jobs.commands.printing import print_json, print_table


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands of this module."""
    upkeep = subparsers.add_parser("upkeep", help="merge, expire, clean up and forget; the loop does it every night")
    upkeep.add_argument("--dry-run", action="store_true", help="only tell what there is to do")
    upkeep.add_argument(
        "--days",
        type=whole_number(0, LARGEST_DAYS),
        help="keep done tasks and read events so long; SDP_KEEP_DAYS when missing",
    )
    upkeep.add_argument("--json", action="store_true", help="for machines")
    upkeep.set_defaults(run=run_upkeep)
    for name, function, text in (
        ("backup", run_backup, "write the whole data folder to one archive, also while the pipeline runs"),
        ("restore", run_restore, "fill an empty data folder from an archive"),
    ):
        command = subparsers.add_parser(name, help=text)
        command.add_argument("archive", type=Path, metavar="FILE.tar")
        command.set_defaults(run=function)


def run_upkeep(options: argparse.Namespace) -> None:
    """Do the housekeeping, or only tell what there is to do."""
    pipeline = build_pipeline(load_settings())
    chores = [chore._asdict() for chore in pipeline.work.tidy(dry_run=options.dry_run, days=options.days)]
    if options.json:
        print_json(chores)
        return
    print_table(chores, "Nothing to do.")


def run_backup(options: argparse.Namespace) -> None:
    """Write the archive."""
    # here, because everything else that the command line does goes through a pipeline
    from warehouse.backup import back_up

    print(f"{back_up(load_settings(), options.archive)} files in {options.archive}")


def run_restore(options: argparse.Namespace) -> None:
    """Fill the data folder."""
    from warehouse.backup import restore

    settings = load_settings()
    print(f"{restore(settings, options.archive)} files restored to {settings.data_dir}")
