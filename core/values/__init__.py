"""What a text means: one reader a type, and the type and locale that a whole column of texts agrees on."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from core.model.blueprint import FieldType
from core.values.dates import guess_order, parse_date, parse_duration
from core.values.numbers import decimal_mark, integer, number, percent, read_money, read_quantity

# characters, in the mean, from which texts are prose: titles of notices are shorter
MEAN_OF_PROSE = 200
# share of a column that must have a type: the rest are slips and words like “unknown”; at less, codes become numbers,
# at more one slip makes a column of dates one of texts
TYPE_SHARE = 0.8
# texts of a column that its type is taken from: callers spread them, and each is asked by up to a dozen readers
TEXTS_TYPED = 200
# figures of a telephone number: local ones have seven at least, ITU E.164 allows fifteen
PHONE_DIGITS = (7, 15)
# characters of a whole number that is an amount; longer ones are numbers of accounts, goods and cases
LONGEST_AMOUNT = 11
URL = re.compile(r"^(https?://|www\.)\S+$", re.I)
EMAIL_ADDRESS = re.compile(r"^(mailto:)?[\w.+-]+@[\w-]+(\.[\w-]+)+$", re.I)
PHONE = re.compile(r"^(tel:)?\+?\(?\d[\d\s()./-]{5,18}\d(\s*(x|ext\.?)\s*\d+)?$", re.I)
DIALLED = re.compile(r"^(tel:|\+|0\d{1,4}[-./]|\(?\d{3}\)?[-./]\d{3}[-./]\d{4}\b)", re.I)
IDENTIFIER = re.compile(r"^(?=.*\d)[A-Z0-9][A-Za-z0-9]*([-_/.:][A-Za-z0-9]+)*$")
TRUTHS = {"true": True, "yes": True, "y": True, "ja": True, "false": False, "no": False, "n": False, "nein": False}

ValueReader = Callable[[str, str], Any]
LOCALES: dict[FieldType, Callable[[list[str]], str]] = {
    "date": guess_order,
    "datetime": guess_order,
    "decimal": decimal_mark,
    "money": decimal_mark,
    "percent": decimal_mark,
    "quantity": decimal_mark,
}


def _date(text: str, locale: str) -> str | None:
    iso = parse_date(text, locale)
    return iso if iso and "T" not in iso else None


def _datetime(text: str, locale: str) -> str | None:
    iso = parse_date(text, locale)
    return iso if iso and "T" in iso else None


def _phone(text: str, locale: str) -> str | None:
    return text if PHONE.match(text) and PHONE_DIGITS[0] <= sum(c.isdigit() for c in text) <= PHONE_DIGITS[1] else None


def _decimal_text(text: str, locale: str) -> str | None:
    value = number(text, locale)
    return None if value is None else str(value)


READERS: dict[FieldType, ValueReader] = {
    "integer": lambda text, locale: integer(text),
    "decimal": _decimal_text,
    "money": read_money,
    "percent": percent,
    "date": _date,
    "datetime": _datetime,
    "duration": lambda text, locale: parse_duration(text),
    "boolean": lambda text, locale: TRUTHS.get(text.lower()),
    "url": lambda text, locale: text if URL.match(text) else None,
    "email": lambda text, locale: text if EMAIL_ADDRESS.match(text) else None,
    "phone": _phone,
    "quantity": read_quantity,
    "identifier": lambda text, locale: text if IDENTIFIER.match(text) else None,
}


def read_value(text: str, kind: FieldType, locale: str = "") -> Any:
    """The typed value of a text; None when the text is not of that type. Strings are read as they are."""
    reader = READERS.get(kind)
    return reader(text, locale) if reader else text


def is_loose(kind: FieldType) -> bool:
    """Whether any text is of that type, so that the type proves nothing about a value."""
    return kind not in READERS


def column_type(texts: Sequence[str]) -> tuple[FieldType, str]:
    """The strictest type that at least four of five texts have, and the locale to read them with."""
    sample = [text for text in texts if text][:TEXTS_TYPED]
    if not sample:
        return "string", ""
    for kind, reader in READERS.items():
        if _are_of_type(reader, sample):
            return _sharper(kind, sample, LOCALES[kind](list(sample)) if kind in LOCALES else "")
    long = sum(len(text) for text in sample) > MEAN_OF_PROSE * len(sample)
    return ("text" if long else "string"), ""


def _are_of_type(reader: ValueReader, sample: Sequence[str]) -> bool:
    """Whether enough of the texts are of a type; whichever way they are written, so that no locale is needed."""
    left = len(sample)
    for text in sample:
        if reader(text, "") is None:
            left -= 1
            if left < TYPE_SHARE * len(sample):
                return False
    return True


def _sharper(kind: FieldType, sample: list[str], locale: str) -> tuple[FieldType, str]:
    """Numbers with leading zeros or of twelve digits and more are names, not amounts; so are codes with hyphens."""
    if kind == "integer" and any(len(t) > LONGEST_AMOUNT or (t.startswith("0") and len(t) > 1) for t in sample):
        return "identifier", ""
    if kind == "phone" and not _are_of_type(_dialled, sample):
        return ("identifier", "") if _are_of_type(READERS["identifier"], sample) else (kind, locale)
    return kind, locale


def _dialled(text: str, locale: str) -> str | None:
    """A text that is written as telephone numbers are, and not as a case or a book is numbered as well."""
    return text if DIALLED.match(text) else None
