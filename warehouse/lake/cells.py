"""Typed values of rows, as they arrive in JSON, to cells of the lake: one pure function a kind of cell.

What does not parse becomes an empty cell, never an error and never a guess: the raw text stands in `_raw`.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Context, Decimal
from math import isfinite
from typing import Any, NamedTuple

CellReader = Callable[[Any], Any]

# Iceberg's long has 64 bits with a sign
_LONGEST_LONG = 2**63
_NONE = type(None)
# Iceberg's widest decimal; six places hold every currency of ISO 4217 and prices of fuel and shares
MONEY_DIGITS, MONEY_PLACES = 38, 6
_SMALLEST_MONEY = Decimal(1).scaleb(-MONEY_PLACES)
_MONEY = Context(prec=MONEY_DIGITS)


def read_one(read: CellReader, value: Any) -> Any:
    """The value as `read` understands it; None where it does not."""
    try:
        return None if value is None else read(value)
    except (ValueError, TypeError, ArithmeticError):
        return None


def read_all(read: CellReader, values: Sequence[Any]) -> Sequence[Any]:
    """The cells of many values: as they are where `read` would leave them so, and each different text is read once."""
    kinds = set(map(type, values))
    present = [value for value in values if value is not None] if _NONE in kinds else values
    kinds.discard(_NONE)
    if read in _UNCHANGED and kinds <= {_UNCHANGED[read].type} and _UNCHANGED[read].holds(present):
        return values
    if kinds <= {str}:
        known = {value: read_one(read, value) for value in set(present)}
        return [known.get(value) for value in values]
    return [read_one(read, value) for value in values]


def as_text(value: Any) -> str:
    """Text as it is; everything else as JSON."""
    plain = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    # a lone surrogate from a page's JSON cannot be written as UTF-8
    return plain if plain.isascii() else plain.encode("utf-8", "replace").decode()


def as_whole(value: Any) -> int | None:
    """An integer of 64 bits."""
    number = _decimal(value)
    return int(number) if number == number.to_integral_value() and abs(number) < _LONGEST_LONG else None


def as_real(value: Any) -> float | None:
    """A number of 15 to 17 digits."""
    number = float(_decimal(value))
    return number if abs(number) != float("inf") else None


def as_flag(value: Any) -> bool | None:
    """True or false, also as JSON writes them."""
    return value if isinstance(value, bool) else {"true": True, "false": False}.get(value)


def as_day(value: Any) -> date:
    """A date of ISO 8601."""
    return date.fromisoformat(value)


def as_moment(value: Any) -> datetime:
    """A date and time of ISO 8601, in UTC; without a zone it is taken to be UTC."""
    found = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def as_money(value: Any) -> Decimal | None:
    """The amount of {"amount", "currency"}, exactly; an amount that would have to be rounded is left out."""
    number = _decimal(value["amount"] if isinstance(value, Mapping) else value)
    kept = number.quantize(_SMALLEST_MONEY, context=_MONEY)
    return kept if kept == number else None


def as_currency(value: Any) -> str | None:
    """The currency of {"amount", "currency"}."""
    return _part(value, "currency")


def as_quantity(value: Any) -> float | None:
    """The amount of {"amount", "unit"}."""
    return as_real(value["amount"] if isinstance(value, Mapping) else value)


def as_unit(value: Any) -> str | None:
    """The unit of {"amount", "unit"}."""
    return _part(value, "unit")


def _decimal(value: Any) -> Decimal:
    if isinstance(value, bool):
        raise TypeError
    number = Decimal(str(value))
    if not number.is_finite():
        raise ValueError
    return number


def _part(value: Any, name: str) -> str | None:
    found = value.get(name) if isinstance(value, Mapping) else None
    return None if found is None else as_text(found)


class _Unchanged(NamedTuple):
    """Values of a type that a reader gives back as they are, when something holds for all of them."""

    type: type
    holds: Callable[[Sequence[Any]], bool]


def _can_be_written(texts: Sequence[str]) -> bool:
    try:
        "".join(texts).encode()
    except UnicodeEncodeError:
        return False
    return True


def _fit_in_long(numbers: Sequence[int]) -> bool:
    return not numbers or (min(numbers) > -_LONGEST_LONG and max(numbers) < _LONGEST_LONG)


# columns of a million cells are looked at as a whole
_UNCHANGED: dict[CellReader, _Unchanged] = {
    as_text: _Unchanged(str, _can_be_written),
    as_whole: _Unchanged(int, _fit_in_long),
    as_real: _Unchanged(float, lambda numbers: all(map(isfinite, numbers))),
    as_flag: _Unchanged(bool, lambda _: True),
}
