"""The command that proposes typed tables for documents."""

import argparse
import json
from pathlib import Path
from typing import Any

from core.errors import BadInput
from core.model.schema import SchemaField, SchemaProposal, SchemaTable
from core.model.words import counted
from core.propose import SiteDocument, propose
from core.propose.code import json_schema, pydantic_source, zod_source
from jobs.commands.document_lines import read_document_lines


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `propose` to the command line."""
    command = subparsers.add_parser("propose", help="propose typed tables for documents of one kind")
    command.add_argument("documents", type=Path, metavar="DOCS.jsonl", help="one document a line")
    command.add_argument("--out", required=True, type=Path, help="where the proposal goes (JSON)")
    command.add_argument("--name", default="documents", help="what the main table is called")
    command.add_argument("--code", type=Path, help="a folder for the schema as rows.py, rows.schema.json and rows.ts")
    command.set_defaults(run=_propose)


def _propose(options: argparse.Namespace) -> None:
    if not options.name.strip():
        raise BadInput("The main table needs a name.", "Say --name and a word.")
    lines = read_document_lines(options.documents)
    documents = (SiteDocument(line.fields, line.site) for line in lines)
    proposal = propose(documents, options.name.strip(), origin=str(options.documents))
    _write(options.out, json.dumps(_told(proposal), ensure_ascii=False, indent=1))
    if options.code:
        _write(options.code / "rows.py", pydantic_source(proposal.tables))
        _write(options.code / "rows.schema.json", json.dumps(json_schema(proposal.tables), indent=1))
        _write(options.code / "rows.ts", zod_source(proposal.tables))
    for table in proposal.tables:
        print(_said(table))


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", errors="replace")
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}.", "Check the folder.") from None


def _said(table: SchemaTable) -> str:
    told = f"key {', '.join(table.key)}" if table.key else f"child of {table.parent}" if table.parent else "no key"
    return f"{table.name}: {counted(len(table.fields), 'field')}, {told}"


def _told(proposal: SchemaProposal) -> dict[str, Any]:
    return proposal.model_dump(mode="json", exclude={"tables"}) | {"tables": [_table(t) for t in proposal.tables]}


def _table(table: SchemaTable) -> dict[str, Any]:
    fields = [_field(field, in_rows=bool(table.parent)) for field in table.fields]
    return table.model_dump(mode="json", exclude={"fields"}) | {"fields": fields}


def _field(field: SchemaField, *, in_rows: bool) -> dict[str, Any]:
    # the file speaks of documents, and these have several rows of a child table
    return field.model_dump(mode="json") | {"enum": list(field.enum) or None, "many": field.many or in_rows}
