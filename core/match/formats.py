"""What a value is written like: one of some dozens of formats that tell columns apart, and the first number in it."""

import math
import re
from collections.abc import Iterable
from functools import lru_cache

# letters of a value that its format is taken from
LONGEST_FORMATTED = 120
_MONTH = (
    r"(jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz]|janvier|f[eé]vrier|enero|marzo|abril|août)[a-z]*\.?"
)
_DAY = r"(mo|tu|we|th|fr|sa|su|mon|tue|wed|thu|sat|sun|di|mi|do|so)[a-z]{0,8}"
_DAY_NUMBER = r"\d{1,2}(st|nd|rd|th)?"
_TIME = r"\d{1,2}[:.h]\d{2}([:.]\d{2})?(\.\d+)?\s*([ap]\.?m\.?|uhr|h|z)?"
_MONEY = r"([$€£¥₹]|(usd|eur|gbp|chf|jpy|cad|aud|inr|sek|nok|pln|rs|us\$)\b\.?)"
_NUMBER = r"[+-]?(\d{1,3}([,.' ]\d{3})+|\d+)([.,]\d+)?"
# the first that fits a whole value is its format; stricter ones come first
FORMATS: dict[str, str] = {
    "email": r"(mailto:)?[\w.+-]+@[\w-]+(\.[\w-]+)+",
    "picture": r"(https?://|/|www\.)\S+\.(jpe?g|png|gif|webp|svg|avif)(\?\S*)?",
    "schema": r"https?://schema\.org/\S+",
    "web address": r"(https?://|www\.)\S+",
    "domain": r"([a-z\d-]+\.)+(com|org|net|edu|gov|io|info|biz|[a-z]{2})(/\S*)?",
    "path": r"[\w.-]*(/[\w.%-]+){1,}/?\.?\w*(?<!\d)",
    "file": r"[^\s/]+\.(pdf|docx?|xlsx?|csv|xml|json|html?|zip|mp[34]|jpe?g|png|gif|txt)",
    "uuid": r"[\da-f]{8}-([\da-f]{4}-){3}[\da-f]{12}",
    "colour": r"#[\da-f]{6}",
    "iso time": r"\d{4}-\d\d-\d\d[t ]\d\d:\d\d.*",
    "iso date": r"\d{4}-\d\d-\d\d",
    "iso duration": r"p(t?\d+(\.\d+)?[ymwdhs]t?)+",
    "year": r"(1[5-9]|20)\d\d",
    "season": r"(1[89]|20)\d\d\s?[-–/]\s?(\d{2}|\d{4})",
    "digits date": r"\d{1,2}[/.-]\d{1,2}[/.-](\d{4}|\d{2})",
    "year date": r"\d{4}[/.]\d{1,2}([/.]\d{1,2})?",
    "digits date time": r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4},?\s+" + _TIME,
    "month year": rf"{_MONTH}[\s,-]+\d{{2,4}}",
    "month date": rf"({_DAY}[,.]?\s+)?({_MONTH}\s+{_DAY_NUMBER}|{_DAY_NUMBER}[.\s-]+(de\s+)?{_MONTH})"
    r"([,\s-]+(de\s+)?\d{2,4})?",
    "month date time": rf"({_DAY}[,.]?\s+)?({_MONTH}\s+\d{{1,2}}|\d{{1,2}}[.\s-]+{_MONTH})[\s,]+(\d{{4}})?.*{_TIME}.*",
    "ago": r"(about |over )?(\d+\+?|an?|one) (second|minute|hour|day|week|month|year)s? ago|today|yesterday|just now",
    "time": _TIME,
    "times": rf"{_TIME}\s*(-|–|to|bis)\s*{_TIME}",
    "span": r"(\d+\s*(h|hr|hrs|hours?|std\.?)[\s,]*)?(\d+\s*(m|min|mins|minutes?|minuten)\.?)(\s*\d+\s*s\w*)?"
    r"|\d+\s*(h|hrs?|hours?|stunden|days?|weeks?|months?|years?|yrs?)\.?",
    "isbn": r"(isbn[-\s:]*(1[03])?[-\s:]*)?(97[89][-\s]?)?\d{1,5}[-\s]?\d{1,7}[-\s]?\d{1,7}[-\s]?[\dx]",
    "decimal place": r"-?\d{1,3}\.\d{4,}",
    "percent": rf"{_NUMBER}\s*(%|percent|prozent|pct)",
    "money": rf"{_MONEY}\s*{_NUMBER}.*|{_NUMBER}\s*{_MONEY}.*",
    "price level": r"[$€£]{1,5}(\s*-\s*[$€£]{1,5})?",
    "stars": r"[★☆*]{1,6}|\d([.,]\d+)?\s*(/|of|out of|von)\s*(5|10|100)(\s*stars)?|\d([.,]\d+)? stars?",
    "share of": r"\d+\s*/\s*\d+",
    "feet": r"\d+\s?('|’|ft\.?|-)\s?\d+\s?(\"|”|in\.?|'')?",
    "dimensions": r"\d+([.,]\d+)?\s*\w{0,3}\"?\s*[x×]\s*\d+([.,]\d+)?.*",
    "range": rf"{_NUMBER}\s*(-|–|to|bis)\s*{_NUMBER}.{{0,12}}",
    "dialled": r"(tel\.?:?\s*)?(\+\d[\d\s()./-]{6,20}|\(\d{2,5}\)\s*[\d\s./-]{5,15}|\d{3}[-.\s]\d{3}[-.\s]\d{4}"
    r"|0\d{1,4}[\s/-]\d[\d\s-]{4,14})(\s*(x|ext\.?)\s*\d+)?",
    "decimals": r"[+-]?\d*[.,]\d+",
    "one digit": r"[+-]?\d",
    "two digits": r"[+-]?\d\d",
    "few digits": r"[+-]?\d{3,4}",
    "more digits": r"[+-]?\d{5,7}",
    "many digits": r"[+-]?\d{8,}",
    "grouped": rf"{_NUMBER}",
    "measure": rf"{_NUMBER}\s*[a-zµ°²³/\"]{{1,6}}\.?",
    "number and words": rf"{_NUMBER}\s+[^\d]+",
    "truth": r"yes|no|y|n|true|false|ja|nein|si|oui|non|t|f|x|✓|on|off",
    "letter": r"[a-z]",
    "two letters": r"[a-z]{2}",
    "three letters": r"[a-z]{3}",
    "locale": r"[a-z]{2}[-_][a-z]{2}",
    "letters and digits": r"[a-z]+[-_ ]?\d+[a-z]?",
    "code": r"(?=.*\d)[a-z\d]+([-_/.:][a-z\d]+)+",
    "letters with digits": r"(?=.*\d)(?=.*[a-z])[a-z\d]+",
    "constant": r"[a-z]+(_[a-z]+)+",
    "hyphened": r"[a-z]+(-[a-z]+)+",
    "street": r".*\d.*\b(st|street|ave|avenue|rd|road|blvd|drive|dr|lane|ln|way|highway|hwy|suite|court|square|strasse|"
    r"straße|str|weg|platz|gasse|allee|rue|via|calle|plaza|piazza|avenida)\b.*",
    "number first": r"\d+\s?[a-z]?[,\s].*[a-z].*",
    "number last": r"[^\d]+\s#?\d+[a-z]?",
    "initials": r"([a-z]\.\s?)+[\w'’-]+.*",
    "last name first": r"[^\W\d]+,\s[^\W\d]+\.?(\s[^\W\d]+\.?)?",
    "list": r"[^,;|]+([,;|]\s?[^,;|]+){2,}",
    "two parts": r"[^,;|]+[,;|]\s?[^,;|]+",
    "in brackets": r".*\S.*\(.+\)",
    "word": r"[^\W\d_]+",
    "two words": r"[^\W\d_]+[\s][^\W\d_.]+\.?",
    "three words": r"[^\W\d_]+(\s[^\W\d_]+\.?){2}",
    "sentence": r".{40,}[.!?…]",
    "words": r"[^\d]+",
}
# formats that values without a digit may have: most texts are such, and they are asked for these alone
_OF_LETTERS = frozenset(
    {"email", "picture", "schema", "web address", "domain", "path", "file", "ago", "price level", "stars", "truth"}
    | {
        "letter",
        "two letters",
        "three letters",
        "locale",
        "constant",
        "hyphened",
        "initials",
        "last name first",
        "list",
    }
    | {"two parts", "in brackets", "word", "two words", "three words", "sentence", "words"}
)
_PLACES = {name: place for place, name in enumerate(FORMATS)}
_FIRST_NUMBER = re.compile(
    r"(?<![\w-])[+-]?\d{1,3}(?:[,.'\u00a0\u202f ]\d{3})+(?!\d)(?:[.,]\d+)?|(?<!\w)[+-]\d+(?:[.,]\d+)?|\d+(?:[.,]\d+)?"
)
# a lone comma before three digits; a point there is more often a decimal mark
_ONE_THOUSAND = re.compile(r"^[+-]?\d{1,3},\d{3}$")
_MARKS = re.compile(r"[^\d+-]")
_YEAR = re.compile(r"(?<!\d)(1[5-9]|20)\d\d(?!\d)")
_DATES = frozenset(
    _PLACES[name]
    for name in (
        "iso time",
        "iso date",
        "digits date",
        "year date",
        "digits date time",
        "month year",
        "month date",
        "month date time",
    )
)


def _compiled(names: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<f{_PLACES[name]}>(?:{FORMATS[name]})$)" for name in names), re.I)


_ANY_FORMAT = _compiled(FORMATS)
_LETTERS_FORMAT = _compiled(name for name in FORMATS if name in _OF_LETTERS)


@lru_cache(maxsize=50_000)
def format_of(value: str) -> int:
    """The place of a value's format among FORMATS; one behind the last where none fits."""
    text = value.strip()[:LONGEST_FORMATTED]
    found = (_ANY_FORMAT if any(c.isdigit() for c in text) else _LETTERS_FORMAT).match(text)
    return int(found.lastgroup[1:]) if found and found.lastgroup else len(FORMATS)


@lru_cache(maxsize=50_000)
def first_number(value: str) -> float:
    """The first number that stands in a value, of a date its year; NaN where none does."""
    text = value.strip()[:LONGEST_FORMATTED]
    if format_of(value) in _DATES and (year := _YEAR.search(text)):
        return float(year.group())
    found = _FIRST_NUMBER.search(text)
    return _read(found.group()) if found else math.nan


def _read(text: str) -> float:
    """A number with marks between: the last of two kinds is the decimal mark, and a lone one without three digits."""
    marks = [c for c in text if not c.isdigit() and c not in "+-"]
    if marks and marks[-1] in ".," and (len(marks) == 1 or marks[-1] != marks[-2]) and not _ONE_THOUSAND.search(text):
        whole, _, part = text.rpartition(marks[-1])
        return float(f"{re.sub(_MARKS, '', whole)}.{part}")
    return float(re.sub(_MARKS, "", text))
