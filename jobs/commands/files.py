"""The commands that need no warehouse: learn a blueprint from saved pages, read pages with it, heal it."""

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from core.blueprint.migrate import blueprint_of
from core.errors import BadBlueprint, BadInput, NothingExtracted
from core.model.blueprint import Blueprint
from core.model.document import ParsedDocument
from core.model.extraction import Extraction, Record
from core.parse import parse
from core.parse.limits import limits_of
from core.registry import open_engine, open_runner
from core.settings import load_settings

if TYPE_CHECKING:
    from core.schema.wanted import WishAnswer


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `learn`, `extract` and `heal` to the command line."""
    learn = subparsers.add_parser("learn", help="learn a blueprint from saved pages of one template")
    learn.add_argument("pages", nargs="+", type=Path, metavar="PAGE")
    learn.add_argument("--out", required=True, type=Path, help="where the blueprint goes (JSON)")
    learn.add_argument(
        "--example", action="append", default=[], metavar="NAME=VALUE", help="a value that stands on the first page"
    )
    learn.add_argument(
        "--want",
        action="append",
        default=[],
        metavar="COLUMN",
        help='a column to find: "deadline (date): when it ends"',
    )
    learn.set_defaults(run=_learn)
    read = subparsers.add_parser("extract", help="read saved pages with a blueprint")
    read.add_argument("blueprint", type=Path)
    read.add_argument("pages", nargs="+", type=Path, metavar="PAGE")
    read.add_argument("--out", required=True, type=Path, help="where the rows go (one JSON object a line)")
    read.add_argument("--allow-empty", action="store_true", help="no record at all is no error")
    read.set_defaults(run=_extract)
    mend = subparsers.add_parser("heal", help="repair a blueprint after a redesign, or say that it still fits")
    mend.add_argument("blueprint", type=Path)
    mend.add_argument("--before", nargs="+", required=True, type=Path, metavar="PAGE", help="pages it read well")
    mend.add_argument("--after", nargs="+", required=True, type=Path, metavar="PAGE", help="pages as they are now")
    mend.add_argument("--out", required=True, type=Path, help="where the repaired blueprint goes")
    mend.add_argument("--report", required=True, type=Path, help="where the verdicts go (JSON)")
    mend.set_defaults(run=_heal)


def _learn(options: argparse.Namespace) -> None:
    from core.dom.interstitials import front_of, refusal

    documents = [_parsed(page) for page in options.pages]
    for page, document in zip(options.pages, documents, strict=True):
        if wall := front_of(document):
            raise refusal(str(page), wall)
    blueprint = _wanted(open_engine().learn(documents), options.want)
    for example in options.example:
        blueprint = _taught(blueprint, documents, example)
    _write(options.out, blueprint.model_dump_json(indent=1, exclude_defaults=True))
    _tell([*blueprint.omissions, *(said for document in documents for said in document.warnings)])


def _tell(sentences: Iterable[str]) -> None:
    """What was left out, on standard error; each thing once."""
    for sentence in dict.fromkeys(sentences):
        print(f"note: {sentence}", file=sys.stderr)


def _taught(blueprint: Blueprint, documents: list[ParsedDocument], example: str) -> Blueprint:
    name, _, value = example.partition("=")
    return open_engine().teach(blueprint, documents, name, {0: [value]} if value else {})


def _wanted(blueprint: Blueprint, columns: list[str]) -> Blueprint:
    from core.schema.wanted import answers, wanted_columns, with_answers

    if not columns:
        return blueprint
    found = answers(blueprint, wanted_columns("\n".join(columns)))
    for answer in found:
        print(f"{answer.wanted.name}: {_found(answer)}")
    return with_answers(blueprint, found)


def _found(answer: "WishAnswer") -> str:
    if not answer.field:
        return "not found"
    place = f"{answer.table}.{answer.field} ({answer.score:.0%})"
    return place if answer.sure else f"not sure, perhaps {place}; it keeps its name"


def _extract(options: argparse.Namespace) -> None:
    blueprint, runner = _blueprint(options.blueprint), open_runner()
    found = [(page, document := _parsed(page), runner.try_out(blueprint, document)) for page in options.pages]
    rows = [_row(str(page), record) for page, _, extraction in found for record in extraction.records]
    _write(options.out, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    if not rows and not options.allow_empty:
        raise NothingExtracted("No record was found in these pages.", _why_empty([(d, e) for _, d, e in found]))
    _tell(f"{page}: {said}" for page, _, extraction in found for said in extraction.warnings)


def _why_empty(found: list[tuple[ParsedDocument, Extraction]]) -> str:
    """What to do about pages without a record: get past a wall, take pages of another kind, or another blueprint."""
    from core.dom.interstitials import WALLS, wall_of

    walls = [wall for document, _ in found if (wall := wall_of(document))]
    if walls:
        return f"They show {WALLS[walls[0]].what}. {WALLS[walls[0]].advice}"
    said = [warning for _, extraction in found for warning in extraction.warnings]
    advice = "Check that the blueprint is of pages like these, heal it, or say --allow-empty where none is right too."
    return " ".join([*said[:1], advice])


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", errors="replace")
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}.", "Check the folder.") from None


def _heal(options: argparse.Namespace) -> None:
    before, after = ([_parsed(page) for page in pages] for pages in (options.before, options.after))
    repaired = open_engine().repair(_blueprint(options.blueprint), before, after)
    report = repaired.report
    _write(options.out, repaired.proposed.model_dump_json(indent=1, exclude_defaults=True))
    verdicts = {"verdict": report.verdict, "fields": report.fields, "reasons": report.reasons}
    _write(options.report, json.dumps(verdicts, ensure_ascii=False, indent=1))
    _tell(repaired.changes)


def _row(page: str, record: Record) -> dict[str, object]:
    fields = {name: value._asdict() for name, value in record.fields.items()}
    return {"document": page, "table": record.table, "index": record.index, "fields": fields}


def _parsed(page: Path) -> ParsedDocument:
    try:
        content = page.read_bytes()
    except OSError as error:
        raise BadInput(f"{page} cannot be read: {error.strerror}.", "Check the path.") from None
    return parse(content, url=page.resolve().as_uri(), limits=limits_of(load_settings()))


def _blueprint(path: Path) -> Blueprint:
    try:
        return blueprint_of(path.read_bytes())
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.", "Check the path.") from None
    except BadBlueprint as error:
        raise BadBlueprint(f"{path}: {error.message}", error.advice) from None
