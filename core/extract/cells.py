"""From the matches a field's selectors find to its typed value, with confidence and evidence."""

import html
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from core.dom.paths import Leaf
from core.dom.tree import squeeze
from core.extract.selectors import Match
from core.model.blueprint import Field, FieldType, ValueGuard
from core.model.extraction import Evidence, FieldValue
from core.model.selector import Selector
from core.text.urls import absolute
from core.values import is_loose, read_value
from core.values.shapes import mask

HTML_TAG = re.compile(r"<[a-zA-Z/!][^<>]*>")
DOUBLED = re.compile(r"\(\(([^()]*)\)\)")
UNLIKE_KINDS: dict[FieldType, str] = {
    "date": "time",
    "datetime": "time",
    "money": "money",
    "percent": "percent",
    "email": "email",
}
# what the confidence of a value costs that stood at a place of an earlier layout; what each fallback costs before,
# and the last that costs more; and what is left to any value that is shown. They order values for a person: no
# decision rests on their size
FORMER_COST = 0.3
FALLBACK_COST, FALLBACKS_COUNTED = 0.05, 5
LEAST_CONFIDENCE = 0.05
# texts whose values are remembered: as many as some large pages hold, because rows repeat states, units and dates
VALUES_CACHED = 20_000
RELATIVE = re.compile(r"[^\s:]*/[^\s]*$")
Finder = Callable[[Selector], list[Match]]


def read_cell(field: Field, find: Finder, base: str, located: bool = True) -> FieldValue | None:
    """The value of a field: its first selector that finds something which the field's type can read."""
    for rank, selector in enumerate(field.selectors):
        found = [match for match in find(selector) if match.raw]
        if found and (_plausible(found[0], field) if rank else not _foreign(found[0], field)):
            value = _value(
                field,
                found,
                base,
                max(LEAST_CONFIDENCE, field.confidence - FALLBACK_COST * min(rank, FALLBACKS_COUNTED)),
            )
            return value._replace(evidence=_located(field, found)) if located else value
    return _former(field, find, base, located)


def plain_cell(field: Field, leaf: Leaf, base: str, located: bool) -> FieldValue | None:
    """The value of a field of one text where it stands at its first place; None where `cell` must look closer.

    Most values of a page are read here: what `cell` would do, without its detours.
    """
    raw = leaf.text[leaf.start :] if leaf.start else leaf.text
    value = value_of(raw, field, base)
    if field.type in UNLIKE_KINDS and value == clean(raw):
        return None
    found = Evidence(leaf.locator(), *((leaf.start, len(leaf.text)) if leaf.start else ())) if located else None
    return FieldValue(value, raw, max(LEAST_CONFIDENCE, field.confidence), found)


def _former(field: Field, find: Finder, base: str, located: bool) -> FieldValue | None:
    """The value where it stood in an earlier layout, when all of it looks like what the field is known to hold."""
    for selector in field.former:
        found = [match for match in find(selector) if match.raw]
        if found and _plausible(found[0], field) and all(passes(match.raw, field.guard) for match in found):
            value = _value(field, found, base, max(LEAST_CONFIDENCE, field.confidence - FORMER_COST))
            return value._replace(evidence=_located(field, found)) if located else value
    return None


def passes(text: str, guard: ValueGuard | None) -> bool:
    """Whether a text looks like the values that a guard describes."""
    if guard is None:
        return True
    fits = guard.shortest <= len(text) and (not guard.longest or len(text) <= guard.longest)
    return fits and (not guard.shapes or mask(text) in guard.shapes)


def _plausible(match: Match, field: Field) -> bool:
    if field.type == "url" and RELATIVE.match(match.raw):
        return True
    return is_loose(field.type) or _typed_value(clean(match.raw), field.type, field.locale) is not None


def _foreign(match: Match, field: Field) -> bool:
    """Whether a text is plainly of another kind than the field: a date where money is due means a shifted place."""
    if field.type not in UNLIKE_KINDS or _plausible(match, field):
        return False
    text = clean(match.raw)
    return any(
        kind != UNLIKE_KINDS[field.type] and _typed_value(text, name, "") is not None
        for name, kind in UNLIKE_KINDS.items()
    )


def _value(field: Field, found: list[Match], base: str, confidence: float) -> FieldValue:
    if not field.many:
        raw = found[0].raw
        return FieldValue(value_of(raw, field, base), raw, confidence, None)
    raws = [match.raw for match in found]
    return FieldValue([value_of(raw, field, base) for raw in raws], raws, confidence, None)


def _located(field: Field, found: list[Match]) -> Evidence | list[Evidence]:
    return [evidence(match) for match in found] if field.many else evidence(found[0])


def value_of(raw: str, field: Field, base: str) -> Any:
    """The value of a raw text by the field's type; the clean text where the type cannot read it."""
    text = clean(raw)
    if field.type == "url":
        return _absolute(base, text) if base else text
    if is_loose(field.type):
        return text
    value = _typed_value(text, field.type, field.locale)
    return text if value is None else value


_absolute = lru_cache(maxsize=VALUES_CACHED)(absolute)


@lru_cache(maxsize=VALUES_CACHED)
def _typed_value(text: str, kind: FieldType, locale: str) -> Any:
    return read_value(text, kind, locale)


def clean(raw: str) -> str:
    """A raw text without the entities, markup and doubled brackets that strings in embedded data may hold."""
    text = DOUBLED.sub(r"(\1)", raw) if "((" in raw else raw
    if "&" not in text and "<" not in text:
        return text
    return squeeze(HTML_TAG.sub(" ", html.unescape(text))) or text


def evidence(match: Match) -> Evidence:
    """Where a match stands; the span only when it is a part."""
    whole = match.start == 0 and match.end == len(match.text)
    return Evidence(match.locate()) if whole else Evidence(match.locate(), match.start, match.end)
