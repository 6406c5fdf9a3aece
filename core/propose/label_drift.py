"""What became of the labels of a site since a version of a schema was approved: for the next version to follow.

Labels that stand on fewer rows than chance explains went (`core.drift.presence`); labels that nobody was ever asked
about came. Of both, those that match are one label under another name, and where the texts of one are made of those of
several, it was split or they were merged. `tests/unit/propose/test_label_drift.py` tells when a number is wrong.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from core.drift.presence import FEWEST_DOCUMENTS, losses
from core.match import match
from core.model.schema import LabelDrift, SchemaField, SchemaTable, SiteLabel
from core.propose.fields import READ_AS, FieldSource, schema_field
from core.propose.put_together import RecordPair, put_together, same_records
from core.propose.units import CurrencyFields, one_unit
from core.signature import DocumentFields, FieldSignature, StructureSignature
from core.validate import stored_type

# how often chance alone may make a label of a site look lost, over all of its labels: a false word costs a person a
# look, and nothing is filled by it
LOST_BY_CHANCE = 0.01
# rows that must say something under a label before it counts as new: one or two are slips of a page
LEAST_TOLD = 3
# probability, by names and contents, that a label that went and one that came hold the same, from which on it is told.
# In `python -m tests.benchmarks.propose.succession` renamed labels have .68 and more, others 0
LIKELY_RENAMED = 0.5
# share of the values that a type cannot take from which on the column is another one now, and of those before at most
UNREADABLE, READABLE = 0.3, 0.05


class SiteRows(NamedTuple):
    """Rows of one site as texts by label: those from before a version was approved, and those since."""

    before: Sequence[DocumentFields]
    now: Sequence[DocumentFields]


def label_drifts(table: SchemaTable, site: str, known: Collection[str], rows: SiteRows) -> list[LabelDrift]:
    """What became of the labels of a site that a table takes; `known` are those that a person decided about.

    With too few rows from before or since nothing can be told.
    """
    homes = {label.label: field for field in table.fields for label in field.sources if label.site == site}
    before, now = _signature(rows.before), _signature(rows.now)
    if min(before.documents, now.documents) < FEWEST_DOCUMENTS:
        return []
    gone = [one.name for one in losses(rows.before, rows.now, LOST_BY_CHANCE) if not one.among and one.name in homes]
    come = [label for label, seen in now.fields.items() if label not in known and _told(seen) >= LEAST_TOLD]
    found = list(_put_together(table, site, homes, rows, gone, come))
    went, came = _left(gone, come, found)
    found += _renamed(site, homes, before, now, went, came)
    went, came = _left(gone, come, found)
    for label in went:
        if label not in now.fields or not _told(now.fields[label]):
            found.append(LabelDrift(kind="lost", site=site, before=(label,), field=homes[label].name))
    found += [LabelDrift(kind="new", site=site, now=(label,), reason=_standing(now, label)) for label in came]
    stayed = [label for label in homes if label in before.fields and label in now.fields]
    return found + [each for label in stayed for each in _changed(site, label, homes[label], before, now)]


def _put_together(
    table: SchemaTable,
    site: str,
    homes: Mapping[str, SchemaField],
    rows: SiteRows,
    gone: Sequence[str],
    come: Sequence[str],
) -> Iterator[LabelDrift]:
    """Labels that were split into several, and several that were merged into one."""
    key = [next((label for label, field in homes.items() if field.name == name), "") for name in table.key]
    records = same_records(rows.before, rows.now, key) if key and all(key) else []
    for one in put_together([RecordPair(was, now) for was, now in records], gone, come):
        said = f"{one.records} of {one.seen} texts are those of the parts"
        names = {"before": (one.whole,), "now": one.parts}
        yield LabelDrift(kind="split", site=site, field=homes[one.whole].name, reason=said, **names)
    for one in put_together([RecordPair(now, was) for was, now in records], come, gone):
        for part in one.parts:
            said = f"{one.records} of {one.seen} texts are made of those of {', '.join(one.parts)}"
            names = {"before": (part,), "now": (one.whole,)}
            yield LabelDrift(kind="merged", site=site, field=homes[part].name, reason=said, **names)


def _signature(rows: Sequence[DocumentFields]) -> StructureSignature:
    made = StructureSignature()
    for row in rows:
        made.add(row)
    return made


def _told(field: FieldSignature) -> int:
    return field.documents - field.blank


def _left(gone: Sequence[str], come: Sequence[str], found: Iterable[LabelDrift]) -> tuple[list[str], list[str]]:
    """The labels that went and those that came of which nothing was found out yet."""
    done = set(chain.from_iterable((*each.before, *each.now) for each in found))
    return [label for label in gone if label not in done], [label for label in come if label not in done]


def _standing(now: StructureSignature, label: str) -> str:
    return f"on {_told(now.fields[label]) / max(1, now.documents):.0%} of {now.documents} rows"


def _renamed(
    site: str,
    homes: Mapping[str, SchemaField],
    before: StructureSignature,
    now: StructureSignature,
    gone: Collection[str],
    come: Collection[str],
) -> Iterator[LabelDrift]:
    """Labels that went and labels that came which hold the same: all labels are matched, so each has its rivals.

    What is left of a label that went, on pages that have not changed yet, is no rival.
    """
    for pair in match(before, _without(now, gone)) if gone and come else ():
        if pair.left in gone and pair.right in come and pair.score >= LIKELY_RENAMED:
            names = {"before": (pair.left,), "now": (pair.right,)}
            said = _likeness(before.fields[pair.left], now.fields[pair.right], pair.score)
            yield LabelDrift(kind="renamed", site=site, field=homes[pair.left].name, reason=said, **names)


def _without(signature: StructureSignature, labels: Collection[str]) -> StructureSignature:
    made = StructureSignature()
    made.documents = signature.documents
    made.fields = {label: field for label, field in signature.fields.items() if label not in labels}
    return made


def _likeness(was: FieldSignature, seen: FieldSignature, score: float) -> str:
    mine, theirs = set(was.sketch.values), set(seen.sketch.values)
    shared, fewer = len(mine & theirs), min(len(mine), len(theirs))
    return f"{shared} of {fewer} values are the same" if shared else f"{score:.0%} alike in name and contents"


def _changed(
    site: str, label: str, field: SchemaField, before: StructureSignature, now: StructureSignature
) -> Iterator[LabelDrift]:
    """A label that stayed, whose values are of another type or unit."""
    was, seen = before.fields[label], now.fields[label]
    if _unread(field, was) <= READABLE and _unread(field, seen) >= UNREADABLE:
        kind = _proposed(site, label, seen, now.documents).type
        if stored_type(kind) != stored_type(field.type):
            said = f"{_unread(field, seen):.0%} of the values are no {field.type} any more"
            types = {"before": (field.type,), "now": (kind,)}
            yield LabelDrift(kind="retyped", site=site, field=field.name, reason=said, **types)
    units = one_unit(was), one_unit(seen)
    if field.type in ("money", "quantity") and all(units) and units[0] != units[1]:
        said = f"{label} was in {units[0]} and is in {units[1]}"
        yield LabelDrift(kind="reunited", site=site, before=units[:1], now=units[1:], field=field.name, reason=said)


def _unread(field: SchemaField, seen: FieldSignature) -> float:
    """The share of the values that the type of a field cannot take."""
    kinds = set(READ_AS.get(field.type, ()))
    if not kinds or not seen.values:
        return 0.0
    return 1 - sum(times for taken, times in seen.kinds.items() if kinds & taken) / seen.values


def _proposed(site: str, label: str, seen: FieldSignature, rows: int) -> SchemaField:
    """The field that would be proposed of a label alone."""
    source = FieldSource((SiteLabel(site, label),), {label: _told(seen)}, (label,), seen)
    return schema_field("column", source, rows, CurrencyFields(()))
