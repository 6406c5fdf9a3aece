"""The command that proposes typed tables for documents."""

import argparse
import json
from pathlib import Path
from typing import Any

from core.errors import BadInput
from core.model.schema import SchemaField, SchemaProposal, SchemaTable
from core.propose import SiteDocument, propose
from jobs.commands.document_lines import read_document_lines


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `propose` to the command line."""
    command = subparsers.add_parser("propose", help="propose typed tables for documents of one kind")
    command.add_argument("documents", type=Path, metavar="DOCS.jsonl", help="one document a line")
    command.add_argument("--out", required=True, type=Path, help="where the proposal goes (JSON)")
    command.set_defaults(run=_propose)


def _propose(options: argparse.Namespace) -> None:
    lines = read_document_lines(options.documents)
    documents = (SiteDocument(line.fields, line.site) for line in lines)
    proposal = propose(documents, origin=str(options.documents))
    text = json.dumps(_told(proposal), ensure_ascii=False, indent=1)
    try:
        options.out.write_text(text, encoding="utf-8", errors="replace")
    except OSError as error:
        raise BadInput(f"{options.out} cannot be written: {error.strerror}.", "Check the folder.") from None


def _told(proposal: SchemaProposal) -> dict[str, Any]:
    return proposal.model_dump(mode="json", exclude={"tables"}) | {"tables": [_table(t) for t in proposal.tables]}


def _table(table: SchemaTable) -> dict[str, Any]:
    return table.model_dump(mode="json", exclude={"fields"}) | {"fields": [_field(field) for field in table.fields]}


def _field(field: SchemaField) -> dict[str, Any]:
    return field.model_dump(mode="json") | {"enum": list(field.enum) or None}
