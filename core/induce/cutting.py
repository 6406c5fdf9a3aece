"""Learns how to cut the parts out of texts that hold several values: dates, numbers, brackets, delimiters, labels.

A rule is kept when it works on most texts of the column; two rules may follow each other.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

from core.extract.selectors import Match, segments, slice_of
from core.model.selector import DateSlice, PatternSlice, PieceSlice, Slice
from core.values.dates import DIGIT, find_dates, parse_date

# share of the texts a rule must work on: a minority may be written otherwise; lower gives parts that most rows lack,
# higher loses parts where authors are careless
RULE_SHARE = 0.6
# rules kept of one text and, below, first rules that are cut once more: they come best first, and each is tried on
# every row
MAX_CUTTING_RULES, MAX_CUT_AGAIN = 16, 8
# characters of a text that can hold two values and what is between them
SHORTEST_WHOLE = 5
SEPARATORS = (" - ", " – ", " — ", "|", ";", ": ", ", ", " / ", "–", "·", "•", "...", "_")
WEAK_SEPARATORS = (", ", "_")
# share of the texts that must fall into equally many pieces before each piece is a column: else the third piece is
# now this, now that
SAME_COUNT_SHARE = 0.75
# pieces at most: more of them are words of prose or items of a list, not values side by side
MAX_SEPARATED = 8
# share of the texts that begin alike, or are addresses, before that is taken for the way of the column; the rest are
# slips
NEARLY_ALL = 0.8
# characters within which a label before a value ends
LONGEST_START = 30
# parameters of addresses that are columns, the most frequent first: the rest are of the site's own counting
MAX_PARAMETERS = 8
# characters of a code, forms that the codes of a column may have together, and the share of the texts that must have a
# form: an archive numbers its cases in two or three ways, and rare forms are slips
SHORTEST_CODE, MAX_SHAPES, SHAPE_SHARE = 3, 4, 0.05
# codes whose forms are remembered, as many as the texts of some large lists
SHAPES_CACHED = 20_000
WORD_END = re.compile(r"[\s:]+")
BRACKETS = (r"\(([^()]+)\)", r"\[([^\[\]]+)\]", r"[“\"]([^“”\"]+)[”\"]")
LAST_BRACKET = r".*\(([^()]+)\)"
ADDRESS_LIKE = re.compile(r"(?:[a-z]+:)?//|\.{0,2}/|[^\s()]+/[^\s()]+\.\w+$|[^\s()]*\?[\w.-]+=")
PARAMETER = re.compile(r"[?&]([^=&#]+)=")
LAST_NAME = r"(?:^|/)([^/?#]*?[^/?#.])(?:\.[A-Za-z]\w{0,4})?/?(?:[?#].*)?$"
CODE = re.compile(r"[A-Za-z]{0,6}[-./]?\d[\w./:-]*\w|\d")

Slices = tuple[Slice, ...]


def cuts_for(texts: Sequence[str]) -> list[Slices]:
    """The rules that take a part out of most of the texts, at most two cuts each."""
    if len(texts) < 2 or max(map(len, texts)) < SHORTEST_WHOLE:
        return []
    first = _working(texts, (), _cutting_rules(texts))
    found = list(first)
    for rule, parts in list(first.items())[:MAX_CUT_AGAIN]:
        if len(set(parts)) > 1 and max(len(part) for part in parts) >= SHORTEST_WHOLE:
            found.extend(_working(parts, rule, _cutting_rules(parts)))
    return found[: 2 * MAX_CUTTING_RULES]


def _working(texts: Sequence[str], before: Slices, rules: Iterator[Slice]) -> dict[Slices, list[str]]:
    """Rules that apply to enough texts and give something new, with what they give."""
    seen: set[tuple[str, ...]] = {tuple(texts)}
    kept: dict[Slices, list[str]] = {}
    for rule in rules:
        parts = [_cut(text, rule) for text in texts]
        filled = [part for part in parts if part]
        key = tuple(part or "" for part in parts)
        if len(filled) >= RULE_SHARE * len(texts) and key not in seen and len(set(filled)) > 1:
            seen.add(key)
            kept[(*before, rule)] = filled
        if len(kept) >= MAX_CUTTING_RULES:
            break
    return kept


def _cut(text: str, rule: Slice) -> str:
    part = slice_of(Match(text, 0, len(text), str), rule)
    return part.raw if part else ""


def _cutting_rules(texts: Sequence[str]) -> Iterator[Slice]:
    yield from _dates(texts)
    if sum(map(_looks_like_address, texts)) > NEARLY_ALL * len(texts):
        yield from _of_addresses(texts)
        return
    yield from _frame(texts)
    yield from _codes(texts)
    for pattern in BRACKETS:
        if _matching_share(texts, pattern) >= RULE_SHARE:
            yield PatternSlice(pattern=pattern)
            yield PatternSlice(pattern=LAST_BRACKET)
            yield PatternSlice(pattern=pattern, side="before")
            yield PatternSlice(pattern=pattern, side="after")
    for delimiter in SEPARATORS:
        if sum(delimiter in text for text in texts) >= RULE_SHARE * len(texts):
            yield from _segments(texts, delimiter)


def _matching_share(texts: Sequence[str], pattern: str) -> float:
    return sum(1 for text in texts if re.search(pattern, text)) / len(texts)


def _dates(texts: Sequence[str]) -> Iterator[Slice]:
    inside = [text for text in texts if not parse_date(text) and find_dates(text)]
    if len(inside) >= RULE_SHARE * len(texts):
        yield DateSlice(date=1)
        yield DateSlice(date=-1)
        yield DateSlice(date=1, side="before")
        yield DateSlice(date=-1, side="after")


def _looks_like_address(text: str) -> bool:
    return "/" in text and " " not in text and ADDRESS_LIKE.match(text) is not None


def _of_addresses(texts: Sequence[str]) -> Iterator[Slice]:
    """What an address is asked with, and the name at the end of its path without what kind of file it is."""
    asked = Counter(name for text in texts for name in dict.fromkeys(PARAMETER.findall(text)))
    for name, count in asked.most_common(MAX_PARAMETERS):
        if count >= RULE_SHARE * len(texts):
            yield PatternSlice(pattern=rf"[?&]{re.escape(name)}=([^&#]+)")
    yield PatternSlice(pattern=LAST_NAME)


def _frame(texts: Sequence[str]) -> Iterator[Slice]:
    """A beginning or an end that all texts share is a label or a unit; what it frames is the value."""
    start = _whole_words(_shared_start(list(texts))) or _usual_start(texts)
    end = _whole_words(_shared_start([text[::-1] for text in texts]))[::-1]
    if start and sum(len(start) < len(text) for text in texts if text.startswith(start)) >= NEARLY_ALL * len(texts):
        yield PatternSlice(pattern="^" + re.escape(start), side="after")
    if end and len(end) < min(map(len, texts)):
        yield PatternSlice(pattern=re.escape(end) + "$", side="before")


def frame_label(rule: Slice) -> str:
    """The label that a rule takes off the beginning of a text; "" for any other rule."""
    if not isinstance(rule, PatternSlice) or rule.side != "after" or not rule.pattern.startswith("^"):
        return ""
    return re.sub(r"\\(.)", r"\1", rule.pattern[1:]).strip(" :.#")


def surroundings(text: str, value: str) -> list[Slice]:
    """The rules that take a value out of one text by what stands right before and behind it, the closest first."""
    start = text.casefold().find(value.casefold())
    if start < 0:
        return []
    before = re.search(r"(\S+\s*|^)$", text[:start])
    behind = re.match(r"\s*(\S|$)", text[start + len(value) :])
    head = re.escape(before[0].strip()) + r"\s*" if before and before[0] else "^"
    tail = r"\s*" + re.escape(behind[1]) if behind and behind[1] else "$"
    return [
        PatternSlice(pattern=f"{head}(.+?){tail}"),
        PatternSlice(pattern=f"{head}(.+?)$"),
        PatternSlice(pattern=f"^(.+?){tail}"),
    ]


def _shared_start(texts: list[str]) -> str:
    least, most = min(texts), max(texts)
    length = next((n for n, (a, b) in enumerate(zip(least, most, strict=False)) if a != b), min(len(least), len(most)))
    return least[:length]


def _usual_start(texts: Sequence[str]) -> str:
    """The longest beginning of whole words without digits that nearly all texts share."""
    starts = Counter(text[: gap.end()] for text in texts for gap in WORD_END.finditer(text[:LONGEST_START]))
    usual = [
        s for s, count in starts.items() if count >= NEARLY_ALL * len(texts) and s[0].isalpha() and not DIGIT.search(s)
    ]
    return max(usual, key=len, default="")


def _whole_words(text: str) -> str:
    """A common beginning up to its last word end, so that "2023-1" and "2023-17" do not lose their year."""
    cut_at = max((text.rfind(mark) for mark in " :)]/"), default=-1)
    return text[: cut_at + 1] if any(c.isalpha() for c in text[: cut_at + 1]) else ""


def _codes(texts: Sequence[str]) -> Iterator[Slice]:
    tokens = [found[0] for text in texts if (found := CODE.search(text)) and found[0] != text]
    shapes = Counter(shape(token) for token in tokens if len(token) >= SHORTEST_CODE)
    patterns = [shape for shape, count in shapes.most_common(MAX_SHAPES) if count >= max(2, SHAPE_SHARE * len(texts))]
    if not patterns or sum(shapes[shape] for shape in patterns) < RULE_SHARE * len(texts):
        return
    pattern = rf"(?<![\w%-])(?:{'|'.join(sorted(patterns, key=len, reverse=True))})(?![\w-])"
    yield PatternSlice(pattern=pattern)
    yield PatternSlice(pattern=pattern, side="after")
    yield PatternSlice(pattern=pattern, side="before")
    if _matching_share(texts, rf"{pattern}.*{pattern}") >= RULE_SHARE:
        yield PatternSlice(pattern=rf".*({pattern})")


@lru_cache(maxsize=SHAPES_CACHED)
def shape(token: str) -> str:
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


def _segments(texts: Sequence[str], delimiter: str) -> Iterator[Slice]:
    """Each piece where most texts have as many of them; else the first, the last, and what is left without them."""
    counts = Counter(len(segments(Match(text, 0, len(text), str), delimiter)) for text in texts)
    count, agreeing = counts.most_common(1)[0]
    if 2 <= count <= MAX_SEPARATED and agreeing >= SAME_COUNT_SHARE * len(texts):
        yield from (PieceSlice(delimiter=delimiter, piece=part) for part in range(1, count + 1))
    elif sum(counts[size] for size in counts if size > 1) >= RULE_SHARE * len(texts):
        mark = re.escape(delimiter.strip())
        yield PieceSlice(delimiter=delimiter, piece=1)
        yield PieceSlice(delimiter=delimiter, piece=-1)
        yield PatternSlice(pattern=rf"{mark}\s*(.+)$")
        yield PatternSlice(pattern=rf"^(.+)\s*{mark}")
