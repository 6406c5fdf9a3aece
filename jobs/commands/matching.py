"""The command that says which columns of two tables are the same."""

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from core.errors import BadInput, PipelineError
from core.match import ConfirmedPair, KnownNames, match
from core.parse import refuse_binary
from core.parse.encoding import decode_text
from core.parse.limits import limits_of
from core.parse.table import read_csv
from core.settings import load_settings
from core.signature import FieldSignature, StructureSignature

# rows of a table that are looked at, spread over all of it, and cells: more of them change no answer
ROWS_LOOKED_AT = 1_000
CELLS_LOOKED_AT = 200_000
# rows that are looked at however wide the table is
LEAST_ROWS = 40
FORM = 'Write one object a line: {"left": "<column>", "right": "<column>", "same": true or false}'
_CONFIRMED = TypeAdapter(ConfirmedPair)


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `match` to the command line."""
    matching = subparsers.add_parser("match", help="say which columns of two CSV files are the same")
    matching.add_argument("left", type=Path, metavar="LEFT.csv")
    matching.add_argument("right", type=Path, metavar="RIGHT.csv")
    matching.add_argument("--out", required=True, type=Path, help="where the pairs go (JSON)")
    matching.add_argument("--known", type=Path, help="names that a person confirmed as the same, or not (JSON lines)")
    matching.set_defaults(run=_match)


def _match(options: argparse.Namespace) -> None:
    known = KnownNames(_confirmed(options.known)) if options.known else KnownNames()
    found = match(_signature(options.left), _signature(options.right), known)
    pairs = [{"left": pair.left, "right": pair.right, "score": round(pair.score, 4)} for pair in found]
    try:
        options.out.write_text(json.dumps({"pairs": pairs}, ensure_ascii=False, indent=1), "utf-8", "replace")
    except OSError as error:
        raise BadInput(f"{options.out} cannot be written: {error.strerror}.", "Check the folder.") from None


def _signature(path: Path) -> StructureSignature:
    """What the columns of a CSV file look like; its first row holds their names."""
    header, rows = _table(path)
    names = _names(header)
    most = max(LEAST_ROWS, min(ROWS_LOOKED_AT, CELLS_LOOKED_AT // len(names)))
    step = max(1.0, len(rows) / most)
    made = StructureSignature()
    # a column without any value is a column too
    made.fields.update({name: FieldSignature() for name in names})
    made.documents = min(most, len(rows))
    for at in range(made.documents):
        for name, cell in zip(names, rows[int(at * step)], strict=False):
            if cell:
                made.fields[name].add([cell])
    return made


def _table(path: Path) -> tuple[list[str], list[list[str]]]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.", "Check the path.") from None
    try:
        refuse_binary(content)
        [sheet] = read_csv(decode_text(content)[0], limits_of(load_settings()))
    except PipelineError as error:
        raise type(error)(f"{path}: {error.message}", error.advice) from None
    rows = [row for row in sheet.rows if any(row)]
    if not rows:
        raise BadInput(f"{path} is empty.", "Name a CSV file whose first row holds the names of its columns.")
    return rows[0], rows[1:]


def _names(header: Sequence[str]) -> list[str]:
    """The names of the columns; one that has none is called by its place, one that has another's gets a number."""
    names: dict[str, None] = {}
    seen: Counter[str] = Counter()
    for place, cell in enumerate(header, 1):
        name = cell or f"column {place}"
        while name in names:
            seen[cell] += 1
            name = f"{cell or f'column {place}'} ({seen[cell] + 1})"
        names[name] = None
    return list(names)


def _confirmed(path: Path) -> Iterator[ConfirmedPair]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read: {error}", "Name a file of JSON lines in UTF-8.") from None
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield _CONFIRMED.validate_python(json.loads(line))
            except (ValueError, ValidationError, RecursionError):
                raise BadInput(f"Line {number} of {path} is not a confirmed pair.", FORM) from None
