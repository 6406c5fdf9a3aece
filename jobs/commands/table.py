"""`table`: change a table's columns, name a state of it, go back to one."""

import argparse

from core.bootstrap import build_pipeline
from core.errors import BadSetting
from core.model import ColumnChange
from core.settings import load_settings

ACTIONS = ("add", "rename", "drop", "move", "promote")


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = subparsers.add_parser("table", help="change a table's columns, tag a state of it, go back to one")
    command.add_argument("name", metavar="TABLE", help="such as silver.buyers")
    command.add_argument("--add", action="append", default=[], metavar="COLUMN:TYPE")
    command.add_argument("--rename", action="append", default=[], metavar="COLUMN:NEW")
    command.add_argument("--drop", action="append", default=[], metavar="COLUMN")
    command.add_argument("--move", action="append", default=[], metavar="COLUMN:AFTER", help="first, without AFTER")
    command.add_argument("--promote", action="append", default=[], metavar="COLUMN:TYPE")
    what = command.add_mutually_exclusive_group()
    what.add_argument("--tag", metavar="LABEL", help="keep the present state: TABLE@LABEL in SQL; before the changes")
    what.add_argument("--roll-back", metavar="LABEL", help="make a tagged state the present one")
    command.set_defaults(run=run_table)


def run_table(options: argparse.Namespace) -> None:
    """Tag or go back, then change; print what the table is like afterwards."""
    pipeline = build_pipeline(load_settings())
    changes = [
        change_of(action, text)
        for action in ("add", "rename", "drop", "move", "promote")
        for text in vars(options)[action]
    ]
    if options.tag:
        pipeline.tables.tag(options.name, options.tag)
    if options.roll_back:
        pipeline.tables.roll_back(options.name, options.roll_back)
    if changes:
        pipeline.tables.evolve(options.name, changes)
    for name, kind in pipeline.tables.columns(options.name):
        print(f"{name}: {kind}")
    print(f"tags: {', '.join(pipeline.tables.tags(options.name)) or 'none'}")


def change_of(action: str, text: str) -> ColumnChange:
    """`name`, `name:type` or `name:other` as a change.

    Raises:
        BadSetting: the type or the second name is missing, or there is no such type.
    """
    column, _, rest = text.partition(":")
    if not column or (not rest and action in ("add", "rename", "promote")):
        raise BadSetting(f"--{action} {text} says too little.", "Write COLUMN:TYPE or COLUMN:NAME.")
    detail = {"type": rest} if action in ("add", "promote") else {"to": rest}
    try:
        return ColumnChange.model_validate({"action": action, "column": column} | detail)
    except ValueError:
        raise BadSetting(f"“{rest}” is no type.", "Write string, integer, decimal, date, money …") from None
