"""Finds fields that learning passed over: what all records say alike is boilerplate to it, but may be a status."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from core.compare.columns import FEW_VALUES, texts_of
from core.compare.rows import Agreement, agreements
from core.compare.values import bare
from core.dom.page_index import PageIndex
from core.extract import read_table
from core.extract.scopes import spans
from core.heal.options import FEWEST_SURE_ROWS
from core.heal.tables import REPRODUCED
from core.model import Field, Record, RecordSet
from core.model.selector import PathSelector

# records whose keys are counted, the share of them that must have a key, and keys that are tried: each costs a read of
# all records; a field that fewer have was learned by no key before either
PROBED_RECORDS = 40
PROBED_SHARE = 0.3
MOST_PROBES = 60
# different values that a place must say to be sure: one value in all records is true of any template text
FEWEST_DIFFERENT = 2


class FoundPlace(NamedTuple):
    """A place in the records that reads what is known of a field, why, and whether that is sure."""

    place: Field
    reason: str
    sure: bool


def probe_for_missing(
    wanted: Sequence[str], known: Sequence[Record], table: RecordSet, pages: Sequence[PageIndex]
) -> dict[str, FoundPlace]:
    """For fields that were not found among those of a learned table, the places where their known values stand.

    Args:
        wanted: names of the fields.
        known: records of archived pages.
        table: the learned table in whose records to look.
        pages: the fresh pages.
    """
    probes = table.model_copy(update={"fields": tuple(_probes(table, pages)), "former": ()})
    read = [record for page in pages for record in read_table(probes, page, located=False)]
    agreed = agreements(known, read)
    found = {name: _by_rows(name, probes, read, agreed) or _by_category(name, known, probes, read) for name in wanted}
    return {name: place for name, place in found.items() if place is not None}


def _probes(table: RecordSet, pages: Sequence[PageIndex]) -> Iterator[Field]:
    """A field for each key of texts that many records have and no learned field leads to."""
    taken = {selector.path_text for field in table.fields for selector in field.selectors[:1]}
    seen = [span for page in pages for span in spans(table.scope, page)][:PROBED_RECORDS]
    counts = Counter(key for span in seen for key in span.view.by_key)
    often = [key for key, count in counts.most_common() if count >= PROBED_SHARE * len(seen) and key not in taken]
    for number, key in enumerate(often[:MOST_PROBES]):
        yield Field(name=f"probe_{number}", type="string", selectors=(PathSelector(path_key=key),))


def _by_rows(name: str, probes: RecordSet, read: Sequence[Record], agreed: Agreement) -> FoundPlace | None:
    """The place that says in known rows what the field said; one value in all of them may be chance."""
    if agreed.rows < FEWEST_SURE_ROWS:
        return None
    shares = {field.name: agreed.agreed.get((name, field.name), 0.0) for field in probes.fields}
    best = max(probes.fields, key=lambda field: shares[field.name], default=None)
    if best is None or shares[best.name] < REPRODUCED:
        return None
    sure = len(_values(best.name, read)) >= FEWEST_DIFFERENT
    return FoundPlace(best, f"{agreed.rows} known rows say so.", sure)


def _by_category(name: str, known: Sequence[Record], probes: RecordSet, read: Sequence[Record]) -> FoundPlace | None:
    """The place that says nothing but values that a column of few values is known to have."""
    before, rows = _values(name, known), sum(name in record.fields for record in known)
    if not before or len(before) > FEW_VALUES * rows:
        return None
    said = {field.name: _values(field.name, read) for field in probes.fields}
    fitting = [field for field in probes.fields if said[field.name] and said[field.name] <= before]
    best = max(fitting, key=lambda field: len(said[field.name]), default=None)
    if best is None:
        return None
    return FoundPlace(best, "It says only what the field is known to say.", len(said[best.name]) >= FEWEST_DIFFERENT)


def _values(name: str, records: Sequence[Record]) -> set[str]:
    return {bare(text) for record in records if name in record.fields for text in texts_of(record.fields[name])}
