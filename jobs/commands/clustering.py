"""`cluster`: which documents of a file are of one template, and which templates are of one kind of thing."""

import argparse
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from core.cluster import Clusters, families_of, read_signature, suggestions
from core.errors import BadInput
from jobs.commands.document_lines import DocumentLine, read_document_lines

# documents of a cluster with fewer are told as outliers: nothing is known of what they have in common
LEAST_DOCUMENTS = 2


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `cluster` to the command line."""
    command = subparsers.add_parser(
        "cluster", help="put documents of one template, and templates of one kind, together"
    )
    command.add_argument("documents", type=Path, metavar="DOCS.jsonl")
    command.add_argument("--out", required=True, type=Path, metavar="CLUSTERS.json", help="where the clusters go")
    command.set_defaults(run=_cluster)


def _cluster(options: argparse.Namespace) -> None:
    lines = read_document_lines(options.documents)
    found = Clusters()
    assigned = [found.assign(line.document, line.fields, line.site) for line in lines]
    found.settle()
    members: dict[str, list[DocumentLine]] = {}
    for line, cluster in zip(lines, assigned, strict=True):
        members.setdefault(found.settled(cluster, line.fields), []).append(line)
    answer = json.dumps(_answer(members), ensure_ascii=False, indent=1)
    try:
        options.out.write_text(answer, encoding="utf-8", errors="replace")
    except OSError as error:
        raise BadInput(f"{options.out} cannot be written: {error.strerror}.", "Check the folder.") from None


def _answer(members: Mapping[str, list[DocumentLine]]) -> dict[str, object]:
    several = {name: lines for name, lines in members.items() if len(lines) >= LEAST_DOCUMENTS}
    suggested = suggestions(
        {name: read_signature(line.fields for line in lines) for name, lines in several.items()},
        {name: _site(lines) for name, lines in several.items()},
    )
    return {
        "clusters": {name: [line.document for line in lines] for name, lines in several.items()},
        "families": families_of(several, suggested),
        "outliers": [line.document for name, lines in members.items() if name not in several for line in lines],
        "suggestions": [each._asdict() | {"pairs": [pair._asdict() for pair in each.pairs]} for each in suggested],
    }


def _site(lines: Iterable[DocumentLine]) -> str:
    """The site of the documents, "" where none is known."""
    return next((line.site for line in lines if line.site), "")
