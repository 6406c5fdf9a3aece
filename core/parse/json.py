"""JSON, and JSON values one after the other (NDJSON, concatenated JSON)."""

import json
import re
from typing import Any

from core.errors import UnreadableDocument
from core.parse.limits import DEFAULTS, Limits
from core.text.surrogates import HALF, without_halves

# digits of a number: Python converts 4,300 at most, and nobody reckons with a thousand
LONGEST_NUMBER_DIGITS = 1_000
LONG = re.compile(rf"\d{{{LONGEST_NUMBER_DIGITS + 1}}}")


def read_json(text: str, limits: Limits = DEFAULTS) -> Any:
    """The value of a JSON text; several values in a row become a list. Half a surrogate pair becomes U+FFFD.

    Raises:
        UnreadableDocument: the text is neither.
        TooLarge: it has more values than the limits allow.
    """
    # each value but the first stands behind one of these; those within texts are counted too
    limits.check("cells", "The JSON text", text.count(",") + text.count("{") + text.count("["))
    value = _read(text)
    return without_halves(value) if HALF.search(text) else value


def _read(text: str) -> Any:
    try:
        return json.loads(text, parse_int=_whole if LONG.search(text) else None)
    except (ValueError, RecursionError) as error:
        values = _values(text)
        if len(values) < 2:
            raise UnreadableDocument(
                f"The document looks like JSON but is broken: {error}.", "Check that it came whole."
            ) from None
        return values


def _whole(digits: str) -> int | str:
    """A number, or its digits where they are more than anybody reckons with: Python refuses to convert those."""
    return int(digits) if len(digits) <= LONGEST_NUMBER_DIGITS else digits


def _values(text: str) -> list[Any]:
    """All values of a text that holds nothing else; none when any is broken."""
    decoder = json.JSONDecoder()
    rest = text.strip()
    position, found = 0, []
    try:
        while position < len(rest):
            value, position = decoder.raw_decode(rest, position)
            found.append(value)
            while position < len(rest) and rest[position].isspace():
                position += 1
    except (ValueError, RecursionError):
        return []
    return found
