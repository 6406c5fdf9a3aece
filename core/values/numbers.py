"""Numbers as pages write them: thousands and decimal marks by locale, money, percent, quantities with a unit."""

import re
from decimal import Decimal, InvalidOperation

NUMBER_PATTERN = r"[-+−]?\d{1,3}(?:[.,'’\u00a0\u202f ]\d{3})+(?:[.,]\d+)?|[-+−]?\d+(?:[.,]\d+)?|[-+−]?[.,]\d+"
CURRENCIES = {"$": "USD", "us$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "kr": "SEK", "zł": "PLN"}
CURRENCIES |= {"chf": "CHF", "c$": "CAD", "a$": "AUD", "r$": "BRL", "₽": "RUB", "₺": "TRY", "₩": "KRW", "kč": "CZK"}
# characters of a whole number: a longer row of figures is no amount, and Python takes long to read very long ones
LONGEST_INTEGER = 30
CODES = frozenset("USD EUR GBP JPY CHF CAD AUD NZD SEK NOK DKK PLN CZK HUF BRL INR CNY RUB TRY KRW MXN ZAR SGD".split())
SIGN = r"(?:US\$|C\$|A\$|R\$|[$€£¥₹₽₺₩]|\bkr\b\.?|zł|Kč|\b(?:" + "|".join(sorted(CODES)) + r")\b)"
MONEY = re.compile(
    rf"^\s*(?:(?P<before>{SIGN})\s*(?P<a>{NUMBER_PATTERN})|(?P<b>{NUMBER_PATTERN})\s*(?P<after>{SIGN}))\s*\*?(?:[.,]?-)?\s*$",
    re.I,
)
PERCENT = re.compile(rf"^\s*({NUMBER_PATTERN})\s*(?:%|percent|per cent)\s*$", re.I)
QUANTITY = re.compile(rf"^\s*({NUMBER_PATTERN})\s*([A-Za-zµ°Å²³\"'/]{{1,12}}\.?(?:\s?[²³])?)\s*$")
WHOLE_NUMBER = re.compile(r"^[-+−]?\d{1,3}(?:[,.'’\u00a0\u202f ]\d{3})+$|^[-+−]?\d+$")
EXACT = re.compile(rf"^\s*({NUMBER_PATTERN})\s*$")


def number(text: str, locale: str = "") -> Decimal | None:
    """The number a text is; `locale` "," says that the comma is the decimal mark, "." that the point is."""
    found = EXACT.match(text)
    if not found:
        return None
    digits = re.sub(r"['’\u00a0\u202f ]", "", found[1]).replace("−", "-")
    try:
        return Decimal(_plain_digits(digits, locale))
    except InvalidOperation:
        return None


def _plain_digits(digits: str, locale: str) -> str:
    comma, point = digits.rfind(","), digits.rfind(".")
    mark = locale or _decimal_mark(digits, comma, point)
    if mark == ",":
        return digits.replace(".", "").replace(",", ".")
    return digits.replace(",", "") if digits.count(".") <= 1 else digits.replace(".", "")


def _decimal_mark(digits: str, comma: int, point: int) -> str:
    if comma >= 0 and point >= 0:
        return "," if comma > point else "."
    if comma >= 0:
        return "," if digits.count(",") == 1 and len(digits) - comma - 1 != 3 else "."
    return "," if digits.count(".") > 1 else "."


def decimal_mark(texts: list[str]) -> str:
    """The decimal mark a whole column agrees on, "" when nothing tells."""
    comma = sum(1 for text in texts if re.search(r"\d,\d{1,2}(?!\d)", text))
    point = sum(1 for text in texts if re.search(r"\d\.\d{1,2}(?!\d)", text))
    if comma == point:
        return ""
    return "," if comma > point else "."


def integer(text: str) -> int | None:
    """A whole number, thousands marks allowed."""
    if not WHOLE_NUMBER.match(text.strip()) or len(text) > LONGEST_INTEGER:
        return None
    return int(re.sub(r"[^\d-]", "", text.replace("−", "-")))


def read_money(text: str, locale: str = "") -> dict[str, str] | None:
    """Amount and ISO currency of a price; the amount is a string, since it is exact."""
    found = MONEY.match(text)
    if not found:
        return None
    amount = number(found["a"] or found["b"], locale)
    sign = (found["before"] or found["after"]).rstrip(".")
    code = sign.upper() if sign.upper() in CODES else CURRENCIES.get(sign.lower(), sign)
    return None if amount is None else {"amount": str(amount), "currency": code}


def percent(text: str, locale: str = "") -> str | None:
    """The number before a percent sign, as a string."""
    found = PERCENT.match(text)
    value = number(found[1], locale) if found else None
    return None if value is None else str(value)


def read_quantity(text: str, locale: str = "") -> dict[str, str] | None:
    """Amount and unit of "250 g", "5.5 km"."""
    found = QUANTITY.match(text)
    amount = number(found[1], locale) if found else None
    return {"amount": str(amount), "unit": found[2]} if found and amount is not None else None
