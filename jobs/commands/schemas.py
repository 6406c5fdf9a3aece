"""`proposals`, `approve`, `reject`, `schemas`: typed tables, from what was extracted to what a person decides."""

import argparse
import getpass
from collections.abc import Callable, Iterator
from functools import partial
from typing import get_args

from core.bootstrap import build_pipeline
from core.cluster import FamilySuggestion
from core.errors import BadSetting
from core.model.schema import ContractMode, ReviewState, SchemaField, SchemaReview, SchemaTable, SchemaVersion
from core.pipeline import Pipeline
from core.propose.code import json_schema, pydantic_source, zod_source
from core.propose.editing import (
    bring_back,
    drop_field,
    merge_fields,
    rename_field,
    require_field,
    retype_field,
    set_key,
    split_field,
)
from core.settings import load_settings
from jobs.commands.printing import print_json, print_table

Change = Callable[[SchemaTable], SchemaTable]
CODES: dict[str, Callable[[tuple[SchemaTable, ...]], object]] = {
    "pydantic": pydantic_source,
    "json": json_schema,
    "zod": zod_source,
}


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands."""
    command = subparsers.add_parser("proposals", help="typed tables that wait for a decision; propose one, look at one")
    command.add_argument("proposal", nargs="?", help="the one to look at")
    command.add_argument("--of", nargs="+", metavar="TABLE", help="propose a table for the rows of extracted tables")
    command.add_argument("--name", help="what the proposed table is called")
    command.add_argument("--alike", action="store_true", help="which extracted tables may hold the same kind of thing")
    command.add_argument("--all", action="store_true", help="also those that were decided on")
    command.add_argument("--json", action="store_true")
    command.set_defaults(run=run_proposals)
    command = subparsers.add_parser("approve", help="make a proposal the next version of its table, with changes")
    command.add_argument("proposal")
    command.add_argument("--why", default="")
    command.add_argument(
        "--mode", choices=get_args(ContractMode), help="what does not fit is …; as it was, if not said"
    )
    command.add_argument("--rename", action="append", default=[], metavar="COLUMN:NEW")
    command.add_argument("--type", action="append", default=[], metavar="COLUMN:TYPE")
    command.add_argument("--drop", action="append", default=[], metavar="COLUMN")
    command.add_argument("--require", action="append", default=[], metavar="COLUMN")
    command.add_argument("--optional", action="append", default=[], metavar="COLUMN")
    command.add_argument("--split", action="append", default=[], metavar="COLUMN:SEPARATOR", help="into two columns")
    command.add_argument("--merge", action="append", default=[], metavar="COLUMN,COLUMN:NEW")
    command.add_argument("--bring-back", action="append", default=[], metavar="COLUMN", help="one that was left out")
    command.add_argument("--key", metavar="COLUMN,COLUMN", help="what tells rows apart; empty: nothing does")
    command.set_defaults(run=run_approve)
    command = subparsers.add_parser("reject", help="decide against a proposal, or put it aside")
    command.add_argument("proposal")
    command.add_argument("--why", default="", help="is kept with it")
    how = command.add_mutually_exclusive_group()
    how.add_argument("--pause", action="store_true", help="put it aside")
    how.add_argument("--resume", action="store_true", help="take it up again")
    command.set_defaults(run=run_reject)
    command = subparsers.add_parser("schemas", help="approved versions of tables; their code; back to an earlier one")
    command.add_argument("name", nargs="?", help="the table")
    command.add_argument("--code", choices=tuple(CODES), help="the version in force as source")
    command.add_argument("--restore", type=int, metavar="NUMBER", help="make an earlier version the next one")
    command.add_argument("--why", default="")
    command.add_argument("--json", action="store_true")
    command.set_defaults(run=run_schemas)


def run_proposals(options: argparse.Namespace) -> None:
    """Propose, show one, or list."""
    pipeline = build_pipeline(load_settings())
    if options.of:
        if not options.name:
            raise BadSetting("The proposed table needs a name.", "Say --name.")
        return _show(pipeline, pipeline.schemas.propose(options.of, options.name, getpass.getuser()), options.json)
    if options.alike:
        pairs = pipeline.schemas.alike()
        nothing = "No two tables of different sources hold the same kind of thing, as it seems."
        return print_json(pairs) if options.json else print_table([_pair_line(pair) for pair in pairs], nothing)
    if options.proposal:
        return _show(pipeline, pipeline.schemas.review(options.proposal), options.json)
    found = pipeline.schemas.reviews(tuple(ReviewState)) if options.all else pipeline.schemas.reviews()
    if options.json:
        return print_json(found)
    return print_table([_line(review) for review in found], "No proposal waits: propose one with --of and --name.")


def run_approve(options: argparse.Namespace) -> None:
    """Make the changes, then approve."""
    pipeline, by = build_pipeline(load_settings()), getpass.getuser()
    for change in (*_returned(options, pipeline), *_changes(options)):
        pipeline.schemas.edit(options.proposal, change, by)
    version = pipeline.schemas.approve(options.proposal, by, options.why, options.mode)
    print(f"{version.lake_table} v{version.number} is filled: python -m jobs run --until-idle")


def run_reject(options: argparse.Namespace) -> None:
    """Reject, put aside, or take up again."""
    schemas = build_pipeline(load_settings()).schemas
    decide = schemas.pause if options.pause else schemas.resume if options.resume else schemas.reject
    review = decide(options.proposal, getpass.getuser(), options.why)
    print(f"{review.review_id}: {review.state}")


def run_schemas(options: argparse.Namespace) -> None:
    """List versions, show one as source, or go back to one."""
    schemas = build_pipeline(load_settings()).schemas
    if (options.code or options.restore is not None) and not options.name:
        raise BadSetting("It is not said which table is meant.", "Name it: python -m jobs schemas NAME.")
    if options.restore is not None:
        schemas.restore(options.name, options.restore, getpass.getuser(), options.why)
    found = schemas.versions(options.name or "")
    if options.code:
        # the newest is the one in force, or about to be
        tables = tuple(version.table for version in found[:1])
        code = CODES[options.code](tables)
        return print(code) if isinstance(code, str) else print_json(code)
    if options.json:
        return print_json(found)
    return print_table([_version_line(version) for version in found], "No table is approved yet.")


def _changes(options: argparse.Namespace) -> Iterator[Change]:
    for text in options.rename:
        yield partial(_pair, rename_field, "--rename", text)
    for text in options.type:
        yield partial(_pair, retype_field, "--type", text)
    for text in options.split:
        yield partial(_pair, split_field, "--split", text)
    for text in options.merge:
        yield partial(_pair, _merged, "--merge", text)
    for name in options.drop:
        yield partial(drop_field, name=name)
    for name in (*options.require, *options.optional):
        yield partial(require_field, name=name, must=name in options.require)
    if options.key is not None:
        yield partial(set_key, names=[name for name in options.key.split(",") if name])


def _returned(options: argparse.Namespace, pipeline: Pipeline) -> Iterator[Change]:
    """Columns that were left out, by their names."""
    known = {field.name: field for field in pipeline.schemas.left_out(pipeline.schemas.review(options.proposal))}
    for name in options.bring_back:
        if name not in known:
            raise BadSetting(f"{name} was not left out.", f"There are: {', '.join(known) or 'none'}.")
        yield partial(bring_back, field=known[name])


def _merged(table: SchemaTable, names: str, new: str) -> SchemaTable:
    return merge_fields(table, names.split(","), new)


def _pair(
    change: Callable[[SchemaTable, str, str], SchemaTable], option: str, text: str, table: SchemaTable
) -> SchemaTable:
    column, _, rest = text.partition(":")
    if not column or not rest:
        raise BadSetting(f"{option} {text} says too little.", "Write COLUMN:NEW.")
    return change(table, column, rest)


def _show(pipeline: Pipeline, review: SchemaReview, as_json: bool) -> None:
    changes = pipeline.schemas.changes(review)
    if as_json:
        return print_json({"review": review, "changes": changes})
    print(f"{review.review_id}  {review.schema_name}  {review.state}, against version {review.base}")
    print(f"key: {', '.join(review.main.key) or 'none'}")
    print_table([_field_line(field) for field in review.main.fields], "It has no column.")
    if review.proposal.unseen:
        print(f"! {review.proposal.unseen} more columns were not looked at: the rows have too many")
    for drift in review.drifts:
        told = " → ".join(part for part in (", ".join(drift.before), ", ".join(drift.now)) if part)
        print(f"  {drift.site}: {drift.kind} {told} {drift.reason}".rstrip())
    for change in changes:
        told = " → ".join(part for part in (change.before, change.after) if part)
        mark = "!" if change.breaking else " "
        print(f"{mark} {change.kind} {change.field or change.table} {told} {change.reason}".rstrip())
    return None


def _pair_line(pair: FamilySuggestion) -> dict[str, object]:
    return {
        "alike": f"{pair.score:.0%}",
        "one": pair.left,
        "other": pair.right,
        "columns": ", ".join(f"{same.left} = {same.right}" for same in pair.pairs),
    }


def _line(review: SchemaReview) -> dict[str, object]:
    act = review.acts[-1]
    return {
        "proposal": review.review_id,
        "table": review.schema_name,
        "state": review.state,
        "columns": len(review.main.fields),
        "documents": review.proposal.documents,
        "from": review.proposal.origin,
        "last": f"{act.kind} by {act.by}",
    }


def _field_line(field: SchemaField) -> dict[str, object]:
    return {
        "column": field.name,
        "type": f"{field.type}{' list' if field.many else ''}{f' {field.unit}' if field.unit else ''}",
        "required": "yes" if field.required else "",
        "filled": f"{field.filled:.0%}",
        "from": ", ".join(source.label for source in field.sources),
        "examples": " · ".join(field.examples),
    }


def _version_line(version: SchemaVersion) -> dict[str, object]:
    return {
        "table": version.lake_table,
        "version": version.number,
        "state": version.state,
        "columns": len(version.table.fields),
        "key": ", ".join(version.table.key),
        "mode": version.mode,
        "approved": f"{version.approved_at:%Y-%m-%d %H:%M} by {version.approved_by}",
        "why": version.reason,
    }
