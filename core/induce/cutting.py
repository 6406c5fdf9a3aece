"""Learns how to cut the parts out of texts that hold several values: dates, numbers, brackets, delimiters, labels.

A rule is kept when it works on most texts of the column; two rules may follow each other.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from core.extract.selectors import Spot, cut
from core.model.blueprint import Cut
from core.values.dates import find_dates, parse_date

SHARE = 0.6
MAX_CUTS = 16
DELIMITERS = (" - ", " – ", " — ", " | ", "|", ";", ": ", ", ", " / ", "–", " · ", " • ", "...", "_", " v. ")
BRACKETS = (r"\(([^()]+)\)", r"\[([^\[\]]+)\]", r"[“\"]([^“”\"]+)[”\"]")
LAST_BRACKET = r".*\(([^()]+)\)"
TOKEN = re.compile(r"[A-Za-z]{0,6}[-./]?\d[\w./:-]*\w|\d")

Rule = tuple[Cut, ...]


def cuts_for(texts: Sequence[str]) -> list[Rule]:
    """The rules that take a part out of most of the texts, at most two cuts each."""
    if len(texts) < 2 or max(map(len, texts)) < 5:
        return []
    first = _working(texts, (), _rules(texts))
    found = list(first)
    for rule, parts in list(first.items())[:8]:
        if len(set(parts)) > 1 and max(len(part) for part in parts) >= 8:
            found.extend(_working(parts, rule, _rules(parts)))
    return found[: 2 * MAX_CUTS]


def _working(texts: Sequence[str], before: Rule, rules: Iterator[Cut]) -> dict[Rule, list[str]]:
    """Rules that apply to enough texts and give something new, with what they give."""
    seen: set[tuple[str, ...]] = {tuple(texts)}
    kept: dict[Rule, list[str]] = {}
    for rule in rules:
        parts = [_apply(text, rule) for text in texts]
        filled = [part for part in parts if part]
        key = tuple(part or "" for part in parts)
        if len(filled) >= SHARE * len(texts) and key not in seen and len(set(filled)) > 1:
            seen.add(key)
            kept[(*before, rule)] = filled
        if len(kept) >= MAX_CUTS:
            break
    return kept


def _apply(text: str, rule: Cut) -> str:
    part = cut(Spot(text, 0, len(text), str), rule)
    return part.raw if part else ""


def _rules(texts: Sequence[str]) -> Iterator[Cut]:
    yield from _dates(texts)
    yield from _frame(texts)
    yield from _numbers(texts)
    for pattern in BRACKETS:
        if _share(texts, pattern) >= SHARE:
            yield Cut(pattern=pattern)
            yield Cut(pattern=LAST_BRACKET)
            yield Cut(pattern=pattern, side="before")
            yield Cut(pattern=pattern, side="after")
    for delimiter in DELIMITERS:
        if sum(delimiter in text for text in texts) >= SHARE * len(texts):
            yield from _parts(texts, re.escape(delimiter.strip()) if delimiter.strip() != "" else " ", delimiter)


def _share(texts: Sequence[str], pattern: str) -> float:
    return sum(1 for text in texts if re.search(pattern, text)) / len(texts)


def _dates(texts: Sequence[str]) -> Iterator[Cut]:
    inside = [text for text in texts if not parse_date(text) and find_dates(text)]
    if len(inside) >= SHARE * len(texts):
        yield Cut(date=1)
        yield Cut(date=-1)
        yield Cut(date=1, side="before")
        yield Cut(date=-1, side="after")


def _frame(texts: Sequence[str]) -> Iterator[Cut]:
    """A beginning or an end that all texts share is a label or a unit; what it frames is the value."""
    start = _whole_words(_shared_start(list(texts)))
    end = _whole_words(_shared_start([text[::-1] for text in texts]))[::-1]
    if start and len(start) < min(map(len, texts)):
        yield Cut(pattern="^" + re.escape(start), side="after")
    if end and len(end) < min(map(len, texts)):
        yield Cut(pattern=re.escape(end) + "$", side="before")


def _shared_start(texts: list[str]) -> str:
    least, most = min(texts), max(texts)
    length = next((n for n, (a, b) in enumerate(zip(least, most, strict=False)) if a != b), min(len(least), len(most)))
    return least[:length]


def _whole_words(text: str) -> str:
    """A common beginning up to its last word end, so that "2023-1" and "2023-17" do not lose their year."""
    cut_at = max((text.rfind(mark) for mark in " :)]/"), default=-1)
    return text[: cut_at + 1] if any(c.isalpha() for c in text[: cut_at + 1]) else ""


def _numbers(texts: Sequence[str]) -> Iterator[Cut]:
    tokens = [found[0] for text in texts if (found := TOKEN.search(text)) and found[0] != text]
    shapes = Counter(_shape(token) for token in tokens if len(token) >= 3)
    patterns = [shape for shape, count in shapes.most_common(4) if count >= max(2, 0.05 * len(texts))]
    if not patterns or sum(shapes[shape] for shape in patterns) < SHARE * len(texts):
        return
    pattern = rf"(?<![\w-])(?:{'|'.join(sorted(patterns, key=len, reverse=True))})(?![\w-])"
    yield Cut(pattern=pattern)
    yield Cut(pattern=pattern, side="after")
    yield Cut(pattern=pattern, side="before")
    if _share(texts, rf"{pattern}.*{pattern}") >= SHARE:
        yield Cut(pattern=rf".*({pattern})")


def _shape(token: str) -> str:
    """The kinds of characters of a token as a pattern: "A22I-07" is `[A-Z]+\\d+[A-Z]+-\\d+`."""
    runs = re.findall(r"\d+|[A-Z]+|[a-z]+|[^A-Za-z\d]", token)
    return "".join(
        r"\d+"
        if run[0].isdigit()
        else "[A-Z]+"
        if run[0].isupper()
        else "[a-z]+"
        if run[0].isalpha()
        else re.escape(run)
        for run in runs
    )


def _parts(texts: Sequence[str], mark: str, delimiter: str) -> Iterator[Cut]:
    gap = r"\s*" if delimiter != " v. " else r"\s+"
    yield Cut(pattern=rf"^(.+?){gap}{mark}")
    yield Cut(pattern=rf"{mark}{gap}(.+)$")
    count, agreeing = Counter(text.count(delimiter) for text in texts).most_common(1)[0]
    if count > 1:
        yield Cut(pattern=rf".*{mark}{gap}(.+)$")
        yield Cut(pattern=rf"^(.+){gap}{mark}")
    if agreeing >= SHARE * len(texts):
        for number in range(2, min(count, 5) + 1):
            yield Cut(pattern=rf"^(?:.*?{mark}){{{number - 1}}}{gap}(.+?){gap}{mark}")
