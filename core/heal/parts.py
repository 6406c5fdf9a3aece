"""Fields that go where others went: parts cut from the text of another field, and fields that say it once more."""

from collections.abc import Mapping, Sequence

from core.compare.columns import Columns, Profile, is_other_shape
from core.dom.page_index import PageIndex
from core.extract import read_table
from core.heal.pages import FreshTable
from core.heal.probing import FoundPlace
from core.heal.tables import OldTable, agreeing
from core.model import Field, RecordSet

# how often, and how often of its type, a part must be cut from the text's new place, of what it was: at the wrong place
# a slice gives nothing, or something of another type
AS_OFTEN = 0.5
AS_TYPED = 0.5
# the share of records in which a field said the same as another, to be proposed where that one is now
ONCE_MORE = 0.6


def cut_again(
    old: OldTable, found: Mapping[str, FoundPlace], place: FreshTable, pages: Sequence[PageIndex]
) -> dict[str, FoundPlace]:
    """The parts of texts whose whole was found, cut from it as before where that gives values of their kind.

    A part stays where it was found if that reads more of it, or is sure while its whole is in doubt.
    """
    wholes = {field.name: whole for field in old.table.fields if (whole := _whole(field.name, old.table)) in found}
    wholes = {
        name: whole for name, whole in wholes.items() if found[whole].sure or name not in found or not found[name].sure
    }
    parts = [part for name, whole in wholes.items() if (part := _part(old.table, name, found[whole]))]
    probes = place.table.model_copy(update={"fields": tuple(parts), "former": ()})
    read = [record for page in pages for record in read_table(probes, page, located=False)]
    now, before = Columns(probes, read).profiles, old.before.profiles
    least = {part.name: _fill(found.get(part.name), place) for part in parts}
    return {
        name: FoundPlace(part, f"It is cut from “{wholes[name]}” as before.", found[wholes[name]].sure)
        for part in parts
        if (name := part.name) in now and name in before and _is_alike(before[name], now[name])
        if now[name].fill >= least[name]
    }


def _fill(found: FoundPlace | None, place: FreshTable) -> float:
    profile = place.columns.profiles.get(found.place.name) if found else None
    return profile.fill if profile else 0.0


def _is_alike(old: Profile, new: Profile) -> bool:
    often = new.fill >= AS_OFTEN * old.fill and new.typed >= AS_TYPED * old.typed
    return often and not is_other_shape(old, new)


def _part(table: RecordSet, name: str, whole: FoundPlace) -> Field | None:
    """A field cut from where its whole is now; None where that is a part of a text itself."""
    lead = whole.place.selectors[0]
    if lead.slices:
        return None
    field = next(field for field in table.fields if field.name == name)
    cut = lead.model_copy(update={"slices": field.selectors[0].slices})
    return field.model_copy(update={"selectors": (cut,), "many": whole.place.many, "former": ()})


def _whole(name: str, table: RecordSet) -> str:
    """The field from whose text a field is cut; "" for one that is no part."""
    lead = {field.name: field.selectors[0] for field in table.fields if field.selectors}
    mine = lead.get(name)
    if mine is None or not mine.slices:
        return ""
    return next((other for other, theirs in lead.items() if theirs == mine.model_copy(update={"slices": ()})), "")


def propose_twins(old: OldTable, found: Mapping[str, FoundPlace]) -> dict[str, FoundPlace]:
    """Fields without a place that said mostly the same as another, where that one is now; a person has to decide."""
    records = old.before.records
    missing = [name for name in old.before.profiles if name not in found]
    pairs = ((name, other) for name in missing for other in found if not old.before.profiles[name].address)
    return {
        name: FoundPlace(
            found[other].place, f"It said mostly the same as “{other}”, which stands there now.", sure=False
        )
        for name, other in pairs
        if agreeing(name, other, records) >= ONCE_MORE * sum(name in record.fields for record in records)
    }
