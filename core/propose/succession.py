"""The next version of a table that was approved: what people decided stays, and what is new in its sources is added."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from core.model.schema import LabelDrift, SchemaField, SchemaTable, SiteLabel
from core.propose.naming import first_free

# drifts after which a field takes labels that it did not take before
TAKING = ("renamed", "split")


def successor(
    approved: SchemaTable, proposed: SchemaTable, known: Collection[SiteLabel], drifts: Sequence[LabelDrift]
) -> SchemaTable:
    """The table that follows an approved one.

    Args:
        approved: the table as a person approved it: names, types, key and what was left out hold.
        proposed: what would be proposed of all rows, were there no table yet.
        known: the labels that the person decided about; those that the table does not take were left out.
        drifts: what became of the labels since.
    """
    decided = {*known, *(label for field in approved.fields for label in field.sources)}
    kept = tuple(_followed(field, proposed, decided, drifts) for field in approved.fields)
    renamed = {SiteLabel(drift.site, label) for drift in drifts if drift.kind == "renamed" for label in drift.now}
    names = {field.name for field in kept}
    added = (
        _added(field, names, drifts)
        for field in proposed.fields
        if decided.isdisjoint(field.sources) and renamed.isdisjoint(field.sources)
    )
    return approved.model_copy(update={"fields": (*kept, *added)})


def left_out(table: SchemaTable, proposed: SchemaTable) -> list[SchemaField]:
    """The proposed fields of which a table takes nothing: what a person may want back."""
    taken = {label for field in table.fields for label in field.sources}
    return [field for field in proposed.fields if taken.isdisjoint(field.sources)]


def _added(field: SchemaField, names: set[str], drifts: Iterable[LabelDrift]) -> SchemaField:
    """A new field; where it is made of several labels before, it takes these too, one behind the other."""
    parts = [
        SiteLabel(drift.site, label)
        for drift in drifts
        if drift.kind == "merged" and SiteLabel(drift.site, drift.now[0]) in field.sources
        for label in drift.before
    ]
    changes = {"name": first_free([field.name], names), "sources": (*field.sources, *parts), "joined": bool(parts)}
    # rows from before it came have none
    return field.model_copy(update=changes | {"required": False})


def _followed(
    field: SchemaField, proposed: SchemaTable, decided: Collection[SiteLabel], drifts: Iterable[LabelDrift]
) -> SchemaField:
    """An approved field as it goes on: it takes what its labels became, and what other sites call the same."""
    mine = [drift for drift in drifts if drift.field == field.name]
    beside = (label for label in _beside(field, proposed) if label not in decided)
    sources = tuple(dict.fromkeys([*field.sources, *_became(mine), *beside]))
    changes: dict[str, object] = {
        "sources": sources,
        "aliases": tuple(dict.fromkeys([*field.aliases, *(label.label for label in sources)])),
        "joined": field.joined or any(drift.kind == "split" for drift in mine),
    }
    seen = max(proposed.fields, key=lambda each: len(set(each.sources) & set(sources)), default=field)
    if not set(seen.sources).isdisjoint(sources):
        changes |= {"filled": seen.filled, "lost": seen.lost, "examples": seen.examples or field.examples}
        if field.enum and seen.enum:
            changes["enum"] = tuple(dict.fromkeys([*field.enum, *seen.enum]))
    for drift in mine:
        changes |= _after(drift)
    return field.model_copy(update=changes)


def _became(drifts: Iterable[LabelDrift]) -> Iterator[SiteLabel]:
    return (SiteLabel(drift.site, label) for drift in drifts if drift.kind in TAKING for label in drift.now)


def _beside(field: SchemaField, proposed: SchemaTable) -> Iterator[SiteLabel]:
    """The labels of other sites that the proposal joins with those of a field."""
    sites = {label.site for label in field.sources}
    for each in proposed.fields:
        if not set(each.sources).isdisjoint(field.sources):
            yield from (label for label in each.sources if label.site not in sites)


def _after(drift: LabelDrift) -> dict[str, object]:
    """What a drift changes about its field besides its labels."""
    if drift.kind == "retyped":
        # what was seen of values of the earlier type is no rule for those of the other one
        return {"type": drift.now[0], "enum": (), "range": None, "pattern": ""}
    if drift.kind == "reunited":
        return {"unit": ""}
    return {"required": False} if drift.kind in ("lost", "merged") else {}
