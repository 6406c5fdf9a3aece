"""Which types a single text could be of, and what it says as a number: what a histogram of types is made of."""

import math
from functools import lru_cache
from typing import NamedTuple

from core.model.blueprint import FieldType
from core.values import READERS, read_value

# texts that stand where there is no value: they are no value of any type
PLACEHOLDERS = frozenset(
    {"", "-", "--", "---", "–", "—", "n/a", "na", "n.a.", "null", "none", "nil", "unknown", "unspecified", "tbd", "?"}
    | {"not reported", "not available", "not specified", "not applicable", "k. a.", "k.a.", "keine angabe", "nan"}
)
# letters beyond which a text is of no narrow type, so that no reader is asked
LONGEST_NARROW = 200
# texts whose types are remembered: columns repeat their values
TEXTS_CACHED = 50_000

# types that a text without a figure may be of; all others have one
WITHOUT_FIGURES: tuple[FieldType, ...] = ("boolean", "url", "email")

Kinds = frozenset[FieldType]


class TextKind(NamedTuple):
    """What a text could be: all types whose reader takes it (none: it is only a string), its number and its unit.

    `number` is NaN where it has none; `unit` a currency, or the unit of a quantity, "" else.
    """

    kinds: Kinds
    number: float
    unit: str


def is_placeholder(text: str) -> bool:
    """Whether a text stands where there is no value."""
    return text.strip().casefold() in PLACEHOLDERS


@lru_cache(maxsize=TEXTS_CACHED)
def kind_of(text: str) -> TextKind:
    """The types that a text could be of."""
    plain = text.strip()
    if len(plain) > LONGEST_NARROW:
        return TextKind(frozenset(), math.nan, "")
    asked = READERS if any(letter.isdecimal() for letter in plain) else WITHOUT_FIGURES
    read = {kind: value for kind in asked if (value := read_value(plain, kind)) is not None}
    amount, unit = _amount(read)
    return TextKind(frozenset(read), amount, unit)


def _amount(read: dict[FieldType, object]) -> tuple[float, str]:
    for kind in ("money", "quantity"):
        value = read.get(kind)
        if isinstance(value, dict):
            return _finite(value["amount"]), str(value.get("currency") or value.get("unit") or "")
    for kind in ("integer", "decimal", "percent"):
        if kind in read:
            return _finite(read[kind]), "%" if kind == "percent" else ""
    return math.nan, ""


def _finite(value: object) -> float:
    """The number as a float; NaN for one that is too large for it."""
    number = float(str(value))
    return number if math.isfinite(number) else math.nan
