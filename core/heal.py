"""Compares how a blueprint reads fresh pages with how it read the old ones, and says which fields broke.

An alarm must be rare on calm pages, where lists grow, values change and a field is missing now and then. So a field
counts as broken only when it is nearly gone, no longer of its type, or of quite another length or shape; and a
blueprint only when its main table is gone or a good part of that table's steady fields broke. The number of records
alone proves nothing: a list may hold two hundred rows one day and three the next.
"""

import re
from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from core.extract import extract
from core.model.blueprint import Blueprint, Field, RecordSet
from core.model.document import ParsedDocument
from core.model.extraction import HealReport, Verdict
from core.values import is_loose, read

STEADY_FILL = 0.6
LOST_FILL = 0.35
LOST_TYPE = 0.5
LENGTH_RATIO = 5.0
ALARM_SHARE = 0.34
MAIN_FIELDS = 20


class Profile(NamedTuple):
    """How a field reads a set of documents: the share of records that have it, and its raw texts."""

    fill: float
    texts: list[str]


class TableProfile(NamedTuple):
    """How a table reads a set of documents: records a document, and its fields by name."""

    records: float
    fields: dict[str, Profile]


def heal(
    blueprint: Blueprint, before: Sequence[ParsedDocument], after: Sequence[ParsedDocument]
) -> tuple[Blueprint, HealReport]:
    """Check a blueprint on fresh pages of the template it was learned from.

    Args:
        blueprint: what was learned.
        before: pages it reads well.
        after: fresh pages of the same template.

    Returns:
        The blueprint, and a report: `healthy` when it reads the fresh pages like the old ones, else `abstained`,
        where each field that broke is `abstained`, with its reason, and the others are `kept`.
    """
    old, new = profile(blueprint, before), profile(blueprint, after)
    reasons: dict[str, str] = {}
    for table in blueprint.tables:
        reasons |= _broken(table, old[table.name], new[table.name])
    fields: dict[str, Verdict] = {
        f"{table.name}.{field.name}": "abstained" if f"{table.name}.{field.name}" in reasons else "kept"
        for table in blueprint.tables
        for field in table.fields
    }
    alarming = _alarming(blueprint, old, reasons)
    return blueprint, HealReport("abstained" if alarming else "healthy", fields, reasons)


def profile(blueprint: Blueprint, documents: Sequence[ParsedDocument]) -> dict[str, TableProfile]:
    """How each table of a blueprint reads some documents."""
    records = [record for document in documents for record in extract(blueprint, document).records]
    found = {}
    for table in blueprint.tables:
        own = [record.fields for record in records if record.table == table.name]
        fields = {}
        for field in table.fields:
            raws = [row[field.name].raw for row in own if field.name in row]
            texts = [text for raw in raws for text in (raw if isinstance(raw, list) else [raw])]
            fields[field.name] = Profile(len(raws) / max(1, len(own)), texts)
        found[table.name] = TableProfile(len(own) / max(1, len(documents)), fields)
    return found


def _broken(table: RecordSet, old: TableProfile, new: TableProfile) -> dict[str, str]:
    """Why each broken field of a table is thought to be broken."""
    if old.records and not new.records:
        return {f"{table.name}.{field.name}": "The table is no longer found." for field in table.fields}
    found = {}
    for field in table.fields:
        reason = _reason(field, old.fields[field.name], new.fields[field.name])
        if reason:
            found[f"{table.name}.{field.name}"] = reason
    return found


def _reason(field: Field, old: Profile, new: Profile) -> str:
    if old.fill < STEADY_FILL:
        return ""
    if new.fill < LOST_FILL * old.fill:
        return f"Found in {new.fill:.0%} of the records where it was in {old.fill:.0%}."
    if not is_loose(field.type) and _typed(field, old) - _typed(field, new) > LOST_TYPE:
        return f"Only {_typed(field, new):.0%} of the values are of type {field.type}."
    ratio = _length(new) / _length(old)
    if len(old.texts) > 4 and len(new.texts) > 4 and not 1 / LENGTH_RATIO < ratio < LENGTH_RATIO:
        return f"The values are {ratio:.1f} times as long."
    if len(old.texts) > 4 and len(new.texts) > 4 and _lettered(old) != _lettered(new) and not field.many:
        return "Numbers have become words, or words numbers."
    return ""


def _typed(field: Field, profile: Profile) -> float:
    hits = sum(1 for text in profile.texts if read(text, field.type, field.locale) is not None)
    return hits / max(1, len(profile.texts))


def _length(profile: Profile) -> float:
    return max(1.0, median(len(text) for text in profile.texts))


def _lettered(profile: Profile) -> bool | None:
    """Whether nearly all values hold a letter (True) or nearly none (False)."""
    share = sum(1 for text in profile.texts if re.search(r"[^\W\d_]{2}", text)) / len(profile.texts)
    return True if share > 0.9 else False if share < 0.1 else None


def _alarming(blueprint: Blueprint, old: dict[str, TableProfile], reasons: dict[str, str]) -> bool:
    """Whether so much of what was steady broke that the template must have changed."""
    main = next((table for table in blueprint.tables if old[table.name].records), None)
    if main is None:
        return False
    steady = [field.name for field in main.fields if old[main.name].fields[field.name].fill >= STEADY_FILL]
    watched = steady[:MAIN_FIELDS]
    broken = sum(1 for name in watched if f"{main.name}.{name}" in reasons)
    return broken > ALARM_SHARE * len(watched)
