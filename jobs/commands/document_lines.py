"""Documents as a file holds them for `cluster` and `propose`: one JSON object a line, with the texts of each field."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pydantic import TypeAdapter, ValidationError

from core.errors import BadInput
from core.text.surrogates import HALF, without_halves

FORM = 'Write one object a line: {"document": "<id>", "site": "<site>", "fields": {"<label>": ["<value>", ...]}}'


class DocumentLine(NamedTuple):
    """A document by its id, the site it is of ("" where none is said), and the texts of each of its fields."""

    document: str
    fields: dict[str, list[str]]
    site: str = ""


_LINE = TypeAdapter(DocumentLine)


def read_document_lines(path: Path) -> list[DocumentLine]:
    """The documents of a file in its order.

    Raises:
        BadInput: the file cannot be read, a line is not of that form, or two documents have the same id.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read: {error}", "Name a file of JSON lines in UTF-8.") from None
    found = list(_lines(path, text))
    if not found:
        raise BadInput(f"{path} holds no document.", FORM)
    return found


def _lines(path: Path, text: str) -> Iterator[DocumentLine]:
    seen: set[str] = set()
    # a text may hold other ends of lines within its quotes than the newline
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            document = _LINE.validate_python(
                without_halves(json.loads(line)) if HALF.search(line) else json.loads(line)
            )
        except (ValueError, ValidationError, RecursionError):
            raise BadInput(f"Line {number} of {path} is not a document.", FORM) from None
        if document.document in seen:
            raise BadInput(
                f"Line {number} of {path} has the id of another line.", "Give each document an id of its own."
            )
        seen.add(document.document)
        yield document
