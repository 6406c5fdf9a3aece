"""The commands that need no warehouse: learn a blueprint from saved pages, read pages with it, heal it."""

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from pydantic import ValidationError

from core.errors import BadBlueprint, BadInput
from core.extract import extract
from core.model.blueprint import Blueprint
from core.model.document import ParsedDocument
from core.model.extraction import Record
from core.parse import parse


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `learn`, `extract` and `heal` to the command line."""
    learn = subparsers.add_parser("learn", help="learn a blueprint from saved pages of one template")
    learn.add_argument("pages", nargs="+", type=Path, metavar="PAGE")
    learn.add_argument("--out", required=True, type=Path, help="where the blueprint goes (JSON)")
    learn.set_defaults(run=_learn)
    read = subparsers.add_parser("extract", help="read saved pages with a blueprint")
    read.add_argument("blueprint", type=Path)
    read.add_argument("pages", nargs="+", type=Path, metavar="PAGE")
    read.add_argument("--out", required=True, type=Path, help="where the rows go (one JSON object a line)")
    read.set_defaults(run=_extract)
    heal = subparsers.add_parser("heal", help="check a blueprint on fresh pages, and repair what can be proved")
    heal.add_argument("blueprint", type=Path)
    heal.add_argument("--before", nargs="+", required=True, type=Path, metavar="PAGE", help="pages it reads well")
    heal.add_argument("--after", nargs="+", required=True, type=Path, metavar="PAGE", help="fresh pages")
    heal.add_argument("--out", required=True, type=Path, help="where the new blueprint goes (JSON)")
    heal.add_argument("--report", required=True, type=Path, help="where the verdicts go (JSON)")
    heal.set_defaults(run=_heal)


def _learn(options: argparse.Namespace) -> None:
    from core.induce import induce

    _write(options.out, _dumped(induce([_parsed(page) for page in options.pages])))


def _heal(options: argparse.Namespace) -> None:
    from core.heal import heal

    before, after = ([_parsed(page) for page in pages] for pages in (options.before, options.after))
    blueprint, report = heal(_blueprint(options.blueprint), before, after)
    _write(options.out, _dumped(blueprint))
    _write(options.report, json.dumps(asdict(report), indent=1, ensure_ascii=False))


def _dumped(blueprint: Blueprint) -> str:
    return blueprint.model_dump_json(indent=1, exclude_defaults=True)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}.", "Check the path.") from None


def _extract(options: argparse.Namespace) -> None:
    blueprint = _blueprint(options.blueprint)
    lines = [
        json.dumps(_row(str(page), record), ensure_ascii=False) + "\n"
        for page in options.pages
        for record in extract(blueprint, _parsed(page)).records
    ]
    _write(options.out, "".join(lines))


def _row(page: str, record: Record) -> dict[str, object]:
    fields = {name: value._asdict() for name, value in record.fields.items()}
    return {"document": page, "table": record.table, "index": record.index, "fields": fields}


def _parsed(page: Path) -> ParsedDocument:
    try:
        content = page.read_bytes()
    except OSError as error:
        raise BadInput(f"{page} cannot be read: {error.strerror}.", "Check the path.") from None
    return parse(content, url=page.resolve().as_uri())


def _blueprint(path: Path) -> Blueprint:
    try:
        return Blueprint.model_validate_json(path.read_bytes())
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.", "Check the path.") from None
    except ValidationError as error:
        raise BadBlueprint(f"{path} is not a blueprint: {error.errors()[0]['msg']}.", "Learn it anew.") from None
