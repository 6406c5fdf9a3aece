"""Fields that pages show by now and nobody reads: what grew on a site since its extractor was learned.

The pages are learned anew, and what is read under a label that earlier pages do not have, and that the blueprint does
not read, is added beside its fields. `tests/unit/heal/test_newcomers.py` tells when a number here is wrong.
"""

from collections.abc import Iterator, Sequence

from core.compare.values import cell_text
from core.errors import BadInput, NothingExtracted
from core.extract import extract
from core.induce import induce
from core.model import Blueprint, Field, ParsedDocument, Record, RecordSet
from core.model.scope import ElementScope, Scope
from core.model.selector import LabelSelector

# records that must have a field for it to be one of its table, and their share: a person is asked about it, and a
# column that most rows leave empty is not worth a question
LEAST_TOLD, TOLD_SHARE = 3, 0.5
# the share of a field's texts that another field reads already, from which on it says nothing new
READ_ALREADY = 0.5
# fields that are added at once: more are another page, and a redesign is for a repair
MOST_ADDED = 12

_Records = Sequence[Sequence[Record]]


def with_newcomers(
    blueprint: Blueprint, before: Sequence[ParsedDocument], now: Sequence[ParsedDocument]
) -> tuple[Blueprint, dict[str, str]]:
    """The blueprint with the fields that only the later pages have, and why each (by "table.field") was added.

    Args:
        blueprint: the one that reads all of the pages.
        before: pages from when it was learned.
        now: later ones of the same kind.
    """
    try:
        learned = _by_its_word(induce(now))
    except (BadInput, NothingExtracted):
        return blueprint, {}
    tables: list[RecordSet] = []
    why: dict[str, str] = {}
    for table in blueprint.tables:
        found = next((each for each in learned.tables if _place(each.scope) == _place(table.scope)), None)
        added = list(_newcomers(blueprint, table, learned, found, before, now))[:MOST_ADDED] if found else []
        tables.append(table.model_copy(update={"fields": (*table.fields, *(field for field, _ in added))}))
        why |= {f"{table.name}.{field.name}": reason for field, reason in added}
    return blueprint.model_copy(update={"tables": tuple(tables)}), why


def _by_its_word(learned: Blueprint) -> Blueprint:
    """Fields that have a label are found by it alone: a place where something else stood before proves nothing."""
    return learned.model_copy(
        update={
            "tables": tuple(
                table.model_copy(update={"fields": tuple(map(_labelled, table.fields))}) for table in learned.tables
            )
        }
    )


def _labelled(field: Field) -> Field:
    own = tuple(each for each in field.selectors if isinstance(each, LabelSelector) and each.label == field.label)
    return field.model_copy(update={"selectors": own}) if own else field


def _place(scope: Scope) -> Scope:
    """Where the records stand, whatever each of them holds."""
    return scope.model_copy(update={"required_keys": ()}) if isinstance(scope, ElementScope) else scope


def _newcomers(
    blueprint: Blueprint,
    table: RecordSet,
    learned: Blueprint,
    found: RecordSet,
    before: Sequence[ParsedDocument],
    now: Sequence[ParsedDocument],
) -> Iterator[tuple[Field, str]]:
    """The fields of a learned table that its likeness in the blueprint lacks, each with the reason."""
    present = [extract(blueprint, page, located=False).of(table.name) for page in now]
    seen = [extract(learned, page, located=False).of(found.name) for page in now]
    earlier = [extract(learned, page, located=False).of(found.name) for page in before]
    records = [record for page in seen for record in page]
    names = {field.name for field in table.fields}
    # of one label the first field is the value, others are parts of it
    labels = {field.label: field for field in reversed(found.fields) if field.label}
    for field in (each for each in found.fields if labels.get(each.label) is each):
        told = sum(field.name in record.fields for record in records)
        was_there = any(field.name in record.fields for page in earlier for record in page)
        enough = told >= max(LEAST_TOLD, TOLD_SHARE * len(records))
        if enough and not was_there and not _is_read(field.name, seen, present):
            name = _free(field.name, names)
            names.add(name)
            yield field.model_copy(update={"name": name}), f"“{field.label}” stands on {told} of {len(records)} records"


def _is_read(name: str, seen: _Records, present: _Records) -> bool:
    """Whether other fields read the texts of a field of the same records, or the records are other ones."""
    if [len(page) for page in seen] != [len(page) for page in present]:
        return True
    pairs = [pair for pages in zip(seen, present, strict=True) for pair in zip(*pages, strict=True)]
    told = [(cell_text(new.fields[name]), old) for new, old in pairs if name in new.fields]
    read = sum(any(text == cell_text(cell) for cell in old.fields.values()) for text, old in told)
    return read >= READ_ALREADY * len(told)


def _free(name: str, names: set[str]) -> str:
    number, free = 2, name
    while free in names:
        free, number = f"{name}_{number}", number + 1
    return free
