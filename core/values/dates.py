"""Dates, times and durations as pages write them, to ISO 8601. Month names in a dozen European languages."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import NamedTuple

MONTHS = (
    "january jan januar janvier enero gennaio janeiro januari tammikuu janv ene gen leden stycznia ιανουαρίου",
    "february feb februar février febrero febbraio fevereiro februari helmikuu févr fev febr únor lutego φεβρουαρίου",
    "march mar märz mars marzo março maart maaliskuu mrz mrt marts březen marca μαρτίου",
    "april apr avril abril aprile huhtikuu avr abr duben kwietnia απριλίου",
    "may mai mayo maggio maio mei maj toukokuu mag květen maja μαΐου",
    "june jun juni juin junio giugno junho kesäkuu giu červen czerwca ιουνίου",
    "july jul juli juillet julio luglio julho heinäkuu juil lug červenec lipca ιουλίου",
    "august aug août agosto augustus augusti elokuu ago srpen sierpnia αυγούστου",
    "september sep sept septembre septiembre settembre setembro syyskuu set září września σεπτεμβρίου",
    "october oct oktober octobre octubre ottobre outubro lokakuu okt out ott říjen października οκτωβρίου",
    "november nov novembre noviembre novembro marraskuu listopad listopada νοεμβρίου",
    "december dec dezember décembre diciembre dicembre dezembro desember joulukuu dez déc dic des prosinec grudnia "
    "δεκεμβρίου",
)
MONTH_NUMBER = {name: number for number, names in enumerate(MONTHS, 1) for name in names.split()}
NAMES = "|".join(sorted(MONTH_NUMBER, key=len, reverse=True))
YEAR = r"(?:1[5-9]|20|21)\d\d"
CLOCK = r"(?P<h>[01]?\d|2[0-3]):(?P<mi>[0-5]\d)(?::(?P<s>[0-5]\d)(?:[.,]\d+)?)?\s*(?P<ap>[ap]\.?m\b\.?)?"
OFFSET = r"(?:\s?[+-]\s?\d{1,2}(?:[:.]?\d\d)?|\s\d{1,2}[:.]\d\d)(?!\d)"
ZONE = rf"\s*(?:\((?=UTC|GMT))?(?P<zone>Z\b|(?:UTC|GMT)(?:{OFFSET}|\b)|[+-]\d\d:?\d\d\b)?"
TIME = rf"(?:[T,\s]\s*(?:at\s+|kl\.?\s*|um\s+)?{CLOCK}{ZONE})?"
PATTERNS = (
    rf"(?<![\d/.-])(?P<y>{YEAR})[-/.](?P<m>0?[1-9]|1[0-2])[-/.](?P<d>3[01]|[12]\d|0?[1-9])(?!\d){TIME}",
    rf"\b(?P<mn>{NAMES})\b\.?\s*(?P<d>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?\b\s*[,.]?\s*(?P<y>{YEAR})\b{TIME}",
    rf"(?<!\d)(?P<d>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th|\.|er|º)?[\s-]*(?:de\s+|of\s+)?(?P<mn>{NAMES})\b\.?,?[\s-]*"
    rf"(?:de\s+)?(?P<y>{YEAR}|\d\d(?!\d))\b{TIME}",
    rf"(?<![\d/.-])(?P<a>\d{{1,2}})(?P<sep>[/.-])(?P<b>\d{{1,2}})(?P=sep)(?P<y>{YEAR}|\d\d)(?![\d/-]){TIME}",
    rf"(?<!\d)(?P<y>{YEAR})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d){TIME}",
)
COMPILED = [re.compile(pattern, re.I) for pattern in PATTERNS]
WITHOUT_A_YEAR = (COMPILED[2], COMPILED[3])
DURATION = re.compile(
    r"^P(?:(?P<days>\d+)D)?(?:T(?:(?P<hours>\d+(?:\.\d+)?)H)?(?:(?P<minutes>\d+(?:\.\d+)?)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?$"
)
DURATION_PART = re.compile(
    r"(\d+(?:[.,]\d+)?)\s*(hours?|hrs?|h|minutes?|mins?|min|m|seconds?|secs?|s|days?|d)(?![^\W\d_])", re.I
)
SPOKEN = re.compile(rf"^(?:about\s+|ca\.?\s+)?(?:{DURATION_PART.pattern}[\s,]*(?:and\s+)?)+$", re.I)
# texts whose dates are remembered, as many as some large pages hold: learning asks each again and again
DATES_CACHED = 20_000
# characters of a text that is a date: from "1/2/24" to a weekday, a month in words and a time with its zone
SHORTEST_DATE, LONGEST_DATE = 6, 60
# years of two figures below it are of this century, as with POSIX (where 69 is the first of the last one)
CENTURY_TURN = 70
UNIT_SECONDS = {"h": 3600, "m": 60, "s": 1, "d": 86400}


DIGIT = re.compile(r"\d")
HAS_YEAR = re.compile(YEAR)
WEEKDAY = re.compile(r"(?i)\b[a-zà-ÿ]{2,10}(day|tag|di|dag)\b|\b(sun|mon|tue|wed|thu|fri|sat)\b")


class Found(NamedTuple):
    """A date in a text: where it stands and what it says."""

    start: int
    end: int
    iso: str


@lru_cache(maxsize=DATES_CACHED)
def find_dates(text: str, order: str = "") -> tuple[Found, ...]:
    """All dates of a text from left to right; `order` "dmy" or "mdy" settles 03/04/2024."""
    if not DIGIT.search(text):
        return ()
    found: list[Found] = []
    patterns = COMPILED if HAS_YEAR.search(text) else WITHOUT_A_YEAR
    matches = sorted((m for pattern in patterns for m in pattern.finditer(text)), key=lambda m: (m.start(), -m.end()))
    for match in matches:
        iso = _iso(match, order) if not found or match.start() >= found[-1].end else ""
        if iso:
            found.append(Found(match.start(), match.end(), iso))
    return tuple(found)


def parse_date(text: str, order: str = "") -> str | None:
    """The ISO date or datetime that a text is, apart from a weekday and punctuation; None when it holds more."""
    if not SHORTEST_DATE <= len(text) <= LONGEST_DATE:
        return None
    found = next(iter(find_dates(text, order)), None)
    if found is None:
        return None
    rest = WEEKDAY.sub("", text[: found.start] + text[found.end :])
    return None if re.search(r"[^\W_]", rest) else found.iso


def _iso(match: re.Match[str], order: str) -> str | None:
    parts = match.groupdict()
    year = int(parts["y"])
    year += 0 if year > 99 else 2000 if year < CENTURY_TURN else 1900
    if parts.get("a"):
        first, second = int(parts["a"]), int(parts["b"])
        day_first = order == "dmy" or (order != "mdy" and parts["sep"] == ".") or first > 12
        day, month = (first, second) if day_first and second <= 12 else (second, first)
    else:
        day = int(parts["d"])
        month = MONTH_NUMBER[parts["mn"].lower()] if parts.get("mn") else int(parts["m"])
    try:
        value = date(year, month, day)
    except ValueError:
        return None
    return _with_time(value, parts)


def _with_time(value: date, parts: dict[str, str | None]) -> str:
    if not parts.get("h"):
        return value.isoformat()
    hour = int(parts["h"] or 0)
    half = (parts.get("ap") or "")[:1].lower()
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    moment = datetime(value.year, value.month, value.day, hour, int(parts["mi"] or 0), int(parts["s"] or 0))
    zone = _zone(parts.get("zone"))
    return moment.replace(tzinfo=zone).isoformat() if zone else moment.isoformat()


def _zone(text: str | None) -> timezone | None:
    if not text:
        return None
    figures = re.findall(r"\d{1,2}", text)
    if not figures:
        return UTC
    offset = timedelta(hours=int(figures[0]), minutes=int(figures[1]) if len(figures) > 1 else 0)
    return timezone(-offset if "-" in text else offset) if offset < timedelta(hours=24) else None


def guess_order(texts: Sequence[str]) -> str:
    """Whether the numeric dates of a column start with the day or the month; "" when nothing tells."""
    numeric = [match for text in texts for match in COMPILED[3].finditer(text)]
    if any(int(match["a"]) > 12 for match in numeric):
        return "dmy"
    return "mdy" if any(int(match["b"]) > 12 for match in numeric) else ""


def parse_duration(text: str) -> str | None:
    """An ISO duration for "PT1H30M", "1 hr 30 min" and the like."""
    if DURATION.match(text) and len(text) > 2 and not text.endswith("T"):
        return text
    if not SPOKEN.match(text.strip()):
        return None
    total = sum(
        float(number.replace(",", ".")) * UNIT_SECONDS[unit[0].lower()] for number, unit in DURATION_PART.findall(text)
    )
    minutes, seconds = divmod(round(total), 60)
    hours, minutes = divmod(minutes, 60)
    parts = f"{hours}H" * (hours > 0) + f"{minutes}M" * (minutes > 0) + f"{seconds}S" * (seconds > 0)
    return f"PT{parts or '0S'}"
