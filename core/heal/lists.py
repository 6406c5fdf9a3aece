"""Repairs a table of many records: stays where it is, or moves as a whole to the learned table that fits best."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.compare.columns import Assignment, is_other_shape, likeness
from core.compare.rows import CellTally, tally
from core.extract import extract
from core.heal.fallback import with_former, with_former_scope
from core.heal.halves import beside, is_half_migrated, may_be_beside, missed, other_half
from core.heal.options import Option
from core.heal.pages import FreshPages
from core.heal.parts import cut_again, propose_twins
from core.heal.probing import FoundPlace, probe_for_missing
from core.heal.tables import FEWEST_KNOWN, OldTable, Repair
from core.model import Blueprint, Extraction, Field, FieldType, ParsedDocument, Verdict
from core.model.scope import DocumentScope

# the likeness from which on a column is taken for the field, where no known row says so; from LEAST_LIKENESS of
# core/compare/columns.py up to this it is left to a person. Lower promotes wrong columns, higher asks more
SURE_LIKENESS = 0.6
# the confidence of a field in doubt: low, so that it is seen among fields that are well
DOUBTFUL = 0.2
# the share of the known records that stand on a page unread when a list that is left as it is, is in doubt
MISSED = 0.3
# what a field gains in likeness by being read where it always was: a place of equal looks is no reason to move
STAYS = 0.15
# a place is disproved when known rows read otherwise more often than not
DISPROVED = 0.5
# the share of known rows that must read the same at a place in doubt for it to be taken after all: more than UNDOUBTED,
# as something spoke against it
UNDOUBTED = 0.9
IN_ONE = "It is found in one of the two layouts of the page only."


def repair_list(old: OldTable, fresh: FreshPages) -> Repair:
    """The table in its best new place, or as it was when no place is better."""
    halved = is_half_migrated(old, fresh)
    if old.healthy and not old.scarce and not old.shifted and not halved:
        return old.unchanged()
    failed = [lesson for lesson in fresh.lessons if not lesson.held]
    options = [Option(old, place, failed) for place in fresh.lists]
    if halved:
        read, parts = old.after.records, [*options, *(Option(old, place, failed) for place in fresh.short_lists)]
        if (new := beside(parts, read, fresh)) is not None:
            return _with_both(old, new, fresh)
        if any(may_be_beside(option, read, fresh) for option in parts):
            return _doubt(old, "Some of the records may stand in another layout; a person has to look.")
    credible = [option for option in options if not fresh.shows_the_known or option.known.rows or option.sure]
    best = max(credible, key=lambda option: option.worth, default=None)
    if best is None or (not best.has_more and (old.healthy or (old.after.records and _stays(old) >= best.worth))):
        return _left_out(old, fresh) if old.scarce and fresh.shows_the_known else _as_it_was(old, best)
    other = other_half(best, options, fresh)
    return _move(old, best, fresh) if other is None else _in_two_layouts(old, best, other, fresh)


def _in_two_layouts(old: OldTable, best: Option, other: Option, fresh: FreshPages) -> Repair:
    """The table in its best new place, with the records that stand in another new layout; sure is what both say."""
    repair, second = _move(old, best, fresh), _move(old, other, fresh)
    there = {field.name: field for field in second.table.fields}
    fields = tuple(
        field.model_copy(update={"former": there[field.name].selectors or field.former})
        for field in repair.table.fields
    )
    table = repair.table.model_copy(update={"former": (second.table.scope,), "fields": fields})
    torn = [name for name, fate in repair.fates.items() if second.fates[name] != fate]
    fates: dict[str, Verdict] = repair.fates | dict.fromkeys(torn, "abstained")
    return replace(repair, table=table, fates=fates, reasons=repair.reasons | dict.fromkeys(torn, IN_ONE))


def _with_both(old: OldTable, option: Option, fresh: FreshPages) -> Repair:
    """The table in its new place, with the records that have not moved yet in its former one."""
    repair = _move(old, option, fresh)
    in_one = {name for name, fate in repair.fates.items() if (fate == "removed") == (name in old.kept)}
    repair.fates |= dict.fromkeys(in_one, "abstained")
    repair.reasons |= dict.fromkeys(in_one, IN_ONE)
    return repair


def _left_out(old: OldTable, fresh: FreshPages) -> Repair:
    """The table as it was; in doubt when records that are known stand on a page and are not read."""
    passed = missed(old, fresh)
    if len(passed) < max(FEWEST_KNOWN, MISSED * len(old.before.records)):
        return old.unchanged()
    return _doubt(old, f"{len(passed)} known records stand on the fresh pages and are not read.")


def _doubt(old: OldTable, why: str) -> Repair:
    repair = old.unchanged()
    repair.fates |= dict.fromkeys(repair.fates, "abstained")
    repair.reasons |= dict.fromkeys(repair.fates, why)
    return repair


def _stays(old: OldTable) -> float:
    """How much of the table is found where it was; selectors that still read what they should are evidence."""
    return sum(
        old.weights[name] * min(1.0, STAYS + likeness(old.before.profiles[name], old.after.profiles[name]))
        for name in old.kept
    )


def _as_it_was(old: OldTable, best: Option | None) -> Repair:
    """Fields that cannot be found where they were are gone, or in doubt when something like them stands elsewhere."""
    repair = old.shut()
    for name, fate in repair.fates.items():
        elsewhere = best is not None and (found := best.assignments.get(name)) is not None and found.target
        if fate == "abstained" and name in old.lost and not elsewhere:
            repair.fates[name] = "removed"
            repair.reasons[name] = f"Nothing on the fresh pages looks like “{name}”."
    return repair


def _move(old: OldTable, option: Option, fresh: FreshPages) -> Repair:
    found = _place_fields(old, option)
    found |= cut_again(old, found, option.place, fresh.indexes)
    missing = [field.name for field in old.table.fields if field.name not in found]
    found |= probe_for_missing(missing, old.before.records, option.place.table, fresh.indexes)
    found |= propose_twins(old, found)
    fields = tuple(
        with_former(field, _field_at(field, found.get(field.name)), old.before.records) for field in old.table.fields
    )
    fates = {field.name: _fate_of(found.get(field.name)) for field in old.table.fields}
    nothing = {name: f"Nothing on the fresh pages looks like “{name}”." for name in fates}
    reasons = nothing | {name: finding.reason for name, finding in found.items()}
    new_table = old.table.model_copy(update={"scope": option.place.table.scope, "fields": fields})
    changed = {name for name, fate in fates.items() if fate == "moved"}
    return Repair(with_former_scope(old.table, new_table), fates, reasons, option.proved() & changed, changed)


def _place_fields(old: OldTable, option: Option) -> dict[str, FoundPlace]:
    """Where each field was assigned to; in doubt where it is hardly alike, or of another shape than ever before."""
    new, proved = {field.name: field for field in option.place.table.fields}, option.proved()
    found = {}
    for field in old.table.fields:
        assignment = option.assignments.get(field.name, Assignment("", 0.0, False))
        if (place := new.get(assignment.target)) is None:
            continue
        strange = assignment.score < SURE_LIKENESS or is_other_shape(
            old.before.profiles[field.name], option.place.columns.profiles[assignment.target]
        )
        sure = not assignment.torn and (field.name in proved or not strange)
        found[field.name] = FoundPlace(place, _reason(field, assignment, place, sure=sure), sure)
    return found


def _field_at(field: Field, found: FoundPlace | None) -> Field:
    return at_place(field, found.place, doubtful=not found.sure) if found else at_place(field, None)


def _fate_of(found: FoundPlace | None) -> Verdict:
    if found is None:
        return "removed"
    return "moved" if found.sure else "abstained"


def at_place(field: Field, place: Field | None, *, doubtful: bool = False) -> Field:
    """The field with its old name and type at a new place; without a place it stays a column without values."""
    if place is None:
        return field.model_copy(update={"selectors": ()})
    update = {"selectors": place.selectors, "many": place.many, "locale": place.locale, "label": place.label}
    return field.model_copy(update=update | ({"confidence": DOUBTFUL} if doubtful else {}))


def _reason(field: Field, assignment: Assignment, place: Field, *, sure: bool) -> str:
    if assignment.torn:
        return f"Two places look like “{field.name}”; a person has to choose."
    if not sure and assignment.score < SURE_LIKENESS:
        return f"“{place.name}” is only a little like “{field.name}” ({assignment.score:.2f}); a person has to decide."
    if not sure:
        return (
            f"The values of “{place.name}” are of another shape than those of “{field.name}”; a person has to decide."
        )
    return f"“{field.name}” now stands where “{place.name}” was found (likeness {min(1.0, assignment.score):.2f})."


def judge_by_known_rows(
    healed: Blueprint, repairs: Sequence[Repair], was: Sequence[Extraction], after: Sequence[ParsedDocument]
) -> list[Repair]:
    """Let known rows decide: they prove a field that was torn between two places, and disprove a wrong one."""
    now = [extract(healed, document) for document in after]
    return [
        repair
        if isinstance(repair.table.scope, DocumentScope) or not repair.changed
        else _judge_table_by_rows(repair, tally(repair.table.name, was, now, all_rows=False))
        for repair in repairs
    ]


def _judge_table_by_rows(repair: Repair, found: Mapping[str, CellTally]) -> Repair:
    kinds = {field.name: field.type for field in repair.table.fields}
    placed = {field.name for field in repair.table.fields if field.selectors}
    for name, fate in repair.fates.items():
        # what only an earlier layout gives says nothing about the new one
        seen = found.get(name) if name in placed else None
        new, why = _fate(fate, seen, disproved=_disproved(seen, kinds[name]))
        repair.fates[name] = new
        repair.reasons[name] = why or repair.reasons.get(name, "")
    fields = tuple(
        at_place(field, None) if _disproved(found.get(field.name), kinds[field.name]) else field
        for field in repair.table.fields
    )
    return replace(repair, table=repair.table.model_copy(update={"fields": fields}))


def _disproved(found: CellTally | None, kind: FieldType) -> bool:
    if found is None or found.known < FEWEST_KNOWN or kind == "url":
        return False
    return found.same + found.near < DISPROVED * found.known


def _fate(fate: Verdict, found: CellTally | None, *, disproved: bool) -> tuple[Verdict, str]:
    """What known rows make of a field's fate; addresses change in a redesign, so they disprove nothing."""
    if found is None or found.known < FEWEST_KNOWN:
        return fate, ""
    if disproved:
        return "abstained", f"Known rows disprove the best place: {found.differing[0]}."
    if found.same < DISPROVED * found.known and found.near:
        return "abstained", f"Known rows say only about the same there ({found.differing[0]}); a person has to decide."
    if fate == "abstained" and found.same >= UNDOUBTED * found.known:
        return "moved", f"{found.same} of {found.known} known rows read the same there."
    return fate, ""
