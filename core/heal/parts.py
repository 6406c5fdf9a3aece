"""Fields that go where others went: parts cut from the text of another field, and fields that say it once more."""

from collections.abc import Mapping, Sequence

from core.extract import read_table
from core.extract.index import PageIndex
from core.heal.probing import Found
from core.heal.tables import OldTable, agreeing
from core.matching import Columns, Profile, is_other_shape
from core.model import Field, RecordSet

AS_OFTEN = 0.5
AS_TYPED = 0.5
ONCE_MORE = 0.6


def cut_again(
    old: OldTable, found: Mapping[str, Found], table: RecordSet, pages: Sequence[PageIndex]
) -> dict[str, Found]:
    """The parts of texts whose whole was found, cut from it as before where that gives values of their kind."""
    wholes = {field.name: _whole(field.name, old.table) for field in old.table.fields}
    parts = [place for name, whole in wholes.items() if (place := _part(old.table, name, found.get(whole)))]
    probes = table.model_copy(update={"fields": tuple(parts), "former": ()})
    read = [record for page in pages for record in read_table(probes, page, located=False)]
    now, before = Columns(probes, read).profiles, old.before.profiles
    alike = [part for part in parts if part.name in now and part.name in before]
    return {
        part.name: Found(part, f"It is cut from “{wholes[part.name]}” as before.", found[wholes[part.name]].sure)
        for part in alike
        if _is_alike(before[part.name], now[part.name])
    }


def _is_alike(old: Profile, new: Profile) -> bool:
    often = new.fill >= AS_OFTEN * old.fill and new.typed >= AS_TYPED * old.typed
    return often and not is_other_shape(old, new)


def _part(table: RecordSet, name: str, whole: Found | None) -> Field | None:
    """A field cut from where its whole is now; None where that is not known, or is a part of a text itself."""
    if whole is None or any(selector.cuts for selector in whole.place.selectors):
        return None
    field = next(field for field in table.fields if field.name == name)
    cuts = field.selectors[0].cuts
    selectors = tuple(selector.model_copy(update={"cuts": cuts}) for selector in whole.place.selectors)
    return field.model_copy(update={"selectors": selectors, "many": whole.place.many, "former": ()})


def _whole(name: str, table: RecordSet) -> str:
    """The field from whose text a field is cut; "" for one that is no part."""
    lead = {field.name: field.selectors[0] for field in table.fields if field.selectors}
    mine = lead.get(name)
    if mine is None or not mine.cuts:
        return ""
    return next((other for other, theirs in lead.items() if theirs == mine.model_copy(update={"cuts": ()})), "")


def said_once_more(old: OldTable, found: Mapping[str, Found]) -> dict[str, Found]:
    """Fields without a place that said mostly the same as another, where that one is now; a person has to decide."""
    records = old.before.records
    missing = [name for name in old.before.profiles if name not in found]
    pairs = ((name, other) for name in missing for other in found if not old.before.profiles[name].address)
    return {
        name: Found(found[other].place, f"It said mostly the same as “{other}”, which stands there now.", sure=False)
        for name, other in pairs
        if agreeing(name, other, records) >= ONCE_MORE * sum(name in record.fields for record in records)
    }
