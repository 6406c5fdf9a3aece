"""Repairs a table of many records: stays where it is, or moves as a whole to the learned table that fits best."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from core.extract import extract
from core.heal.fallback import with_former, with_former_scope
from core.heal.pages import FreshPages, Place
from core.heal.parts import cut_again, said_once_more
from core.heal.probing import Found, passed_over
from core.heal.tables import OldTable, Repair
from core.matching import Known, Match, assign, is_other_shape, likeness
from core.model import Blueprint, Extraction, Field, FieldType, Lesson, ParsedDocument, Verdict
from core.model.blueprint import Selector
from core.replay import Agreement, Tally, agreements, tally, text_of

SURE_ROWS = 3
SURE = 0.9
MORE = 2
AS_BEFORE = 0.5
GOOD = 0.4
PERHAPS = 0.25
CERTAIN = 0.6
DOUBTFUL = 0.2
TAUGHT = 0.95
TELLING_TEXT = 20
MISSED = 0.3
HALF_MIGRATED = 0.1
FEWER = 0.75
STAYS = 0.15
FEWEST_KNOWN = 2
PROVED = 0.8
CHANCE = 0.5
DISPROVED = 0.5
REPRODUCED = 0.9
AGAIN = 0.7


class Option:
    """One place where the table may stand now: its columns for the fields, and what known rows say of them."""

    def __init__(self, old: OldTable, place: Place, failed: Sequence[Lesson] = ()) -> None:
        self.place = place
        self.old = old
        self.known = agreements(old.before.records, place.columns.records)
        sure = _kept_only(old, agreements(old.after.records, place.columns.records)) | taught_pairs(old, place)
        found = assign(old.before, place.columns, Known(self.known.compared, self.known.agreed), sure)
        self.matches = _warned(found, old, place, failed)
        self.sure = sure

    @property
    def found(self) -> float:
        """How much of the fields is found here, whatever the number of records."""
        return sum(
            weight * match.score
            for name, weight in self.old.weights.items()
            if (match := self.matches.get(name)) and match.target
        )

    @property
    def worth(self) -> float:
        """How much of the table is found here."""
        rows, now = len(self.place.columns.records), len(self.old.after.records)
        fewer = min(1.0, rows / now) if self.old.kept and now else 1.0
        found = self.found * (AGAIN if self.place.repeats else 1.0)
        return found * fewer * math.sqrt(math.sqrt(min(1.0, rows / max(1, len(self.old.before.records)))))

    @property
    def has_more(self) -> bool:
        """Whether it looks like the table and holds many more records than the old selectors find now."""
        rows = len(self.place.columns.records)
        more = rows >= max(MORE * len(self.old.after.records), AS_BEFORE * len(self.old.before.records))
        return more and self.worth >= GOOD * sum(self.old.weights.values())

    def proved(self) -> set[str]:
        """The fields that known rows prove to stand here."""
        return {
            name
            for name, match in self.matches.items()
            if (self.known.rows >= FEWEST_KNOWN and self.known.agreed.get((name, match.target), 0.0) >= PROVED)
            or self.sure.get((name, match.target), 0.0) >= SURE
        }


def taught_pairs(old: OldTable, place: Place) -> dict[tuple[str, str], float]:
    """What a lesson says went where: fields that were read by the same selectors on the like pages before."""
    if place.taught is None:
        return {}
    before = {selector: field.name for field in place.taught.fields for selector in field.selectors[:1]}
    found = {field.name: before.get(field.selectors[0]) for field in old.table.fields if field.selectors}
    read = place.columns.profiles
    return {(name, other): TAUGHT for name, other in found.items() if other and other in read}


def _warned(found: dict[str, Match], old: OldTable, place: Place, failed: Sequence[Lesson]) -> dict[str, Match]:
    """Matches that led like pages astray before are left to a person."""
    fields = {field.name: field.selectors[:1] for field in old.table.fields}
    places = {field.name: field.selectors[:1] for field in place.table.fields}
    astray = {pair for lesson in failed for pair in _moves(lesson)}
    return {
        name: match._replace(torn=match.torn or (fields[name], places.get(match.target)) in astray)
        for name, match in found.items()
    }


def _moves(lesson: Lesson) -> Iterator[tuple[tuple[Selector, ...], tuple[Selector, ...]]]:
    """From which selector to which each field of a lesson was moved."""
    for table in lesson.before.tables:
        after = lesson.after.table(table.name)
        new = {field.name: field.selectors[:1] for field in after.fields} if after else {}
        for field in table.fields:
            if new.get(field.name) and new[field.name] != field.selectors[:1]:
                yield field.selectors[:1], new[field.name]


def _kept_only(old: OldTable, found: Agreement) -> dict[tuple[str, str], float]:
    """What the old selectors read on the fresh pages is known too, where it still looks like itself."""
    if found.rows < SURE_ROWS:
        return {}
    return {pair: share for pair, share in found.agreed.items() if pair[0] in old.kept and share >= CHANCE}


def repair_list(old: OldTable, fresh: FreshPages) -> Repair:
    """The table in its best new place, or as it was when no place is better."""
    halved = is_half_migrated(old, fresh)
    if old.healthy and not old.scarce and not old.shifted and not halved:
        return old.unchanged()
    failed = [lesson for lesson in fresh.lessons if not lesson.held]
    options = [Option(old, place, failed) for place in fresh.lists]
    if halved:
        parts = [*options, *(Option(old, place, failed) for place in fresh.short_lists)]
        beside = [option for option in parts if _is_beside(option, fresh)]
        if beside:
            return _with_both(old, max(beside, key=lambda option: option.found), fresh)
        if any(_may_be_beside(option, fresh) for option in parts):
            return _doubted(old, "Some of the records may stand in another layout; a person has to look.")
    credible = [option for option in options if not fresh.shows_the_known or option.known.rows or option.sure]
    best = max(credible, key=lambda option: option.worth, default=None)
    if best is None or (not best.has_more and (old.healthy or (old.after.records and _stays(old) >= best.worth))):
        return _left_out(old, fresh) if old.scarce and fresh.shows_the_known else _as_it_was(old, best)
    return _moved(old, best, fresh)


def is_half_migrated(old: OldTable, fresh: FreshPages) -> bool:
    """Whether old selectors still read records, and there may be further ones that they do not read."""
    now, before = len(old.after.records), len(old.before.records)
    if old.table.scope.kind == "document" or not now or not before:
        return False
    fewer = now * len(old.was) <= FEWER * before * len(old.now)
    return fewer or len(_missed(old, fresh)) >= max(FEWEST_KNOWN, HALF_MIGRATED * before)


def _missed(old: OldTable, fresh: FreshPages) -> list[str]:
    """The longest texts of known records that stand on a fresh page and are not read."""
    read = {text_of(cell) for record in old.after.records for cell in record.fields.values()}
    longest = [max(map(text_of, record.fields.values()), key=len) for record in old.before.records]
    return [text for text in longest if len(text) >= TELLING_TEXT and text not in read and fresh.says(text)]


def _is_beside(option: Option, fresh: FreshPages) -> bool:
    """Whether a place that no page had before holds known records, or such that look like them and make up for those
    that are missing, and none of those that the old selectors still read.
    """
    all_of_it = sum(option.old.weights.values())
    proved = sum(option.old.weights.get(name, 0.0) for name in option.proved())
    known = option.known.rows >= FEWEST_KNOWN and proved >= GOOD * all_of_it
    alike = len(option.place.columns.records) >= SURE_ROWS and option.found >= GOOD * all_of_it
    return (known or (alike and _makes_up(option))) and _is_another(option, fresh)


def _may_be_beside(option: Option, fresh: FreshPages) -> bool:
    """Whether a new place makes up for the records that are missing and looks a little like them."""
    alike = option.found >= PERHAPS * sum(option.old.weights.values())
    return alike and _makes_up(option) and _is_another(option, fresh)


def _makes_up(option: Option) -> bool:
    """Whether a place and the former one hold about as many records a page as there were before."""
    old = option.old
    both = len(option.place.columns.records) + len(old.after.records)
    return FEWER <= both * len(old.was) / (len(old.before.records) * len(old.now)) <= 1 / FEWER


def _is_another(option: Option, fresh: FreshPages) -> bool:
    """Whether no archived page had a place, and nothing in it is read already."""
    read = agreements(option.old.after.records, option.place.columns.records).rows
    return not read and fresh.is_new(option.place.table)


def _with_both(old: OldTable, option: Option, fresh: FreshPages) -> Repair:
    """The table in its new place, with the records that have not moved yet in its former one."""
    repair = _moved(old, option, fresh)
    why = "It is found only where the page still has its earlier layout."
    only_there = {name for name, fate in repair.fates.items() if fate == "removed" and name in old.kept}
    repair.fates |= dict.fromkeys(only_there, "abstained")
    repair.reasons |= dict.fromkeys(only_there, why)
    return repair


def _left_out(old: OldTable, fresh: FreshPages) -> Repair:
    """The table as it was; in doubt when records that are known stand on a page and are not read."""
    missed = _missed(old, fresh)
    if len(missed) < max(FEWEST_KNOWN, MISSED * len(old.before.records)):
        return old.unchanged()
    return _doubted(old, f"{len(missed)} known records stand on the fresh pages and are not read.")


def _doubted(old: OldTable, why: str) -> Repair:
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
        elsewhere = best is not None and (found := best.matches.get(name)) is not None and found.target
        if fate == "abstained" and name in old.lost and not elsewhere:
            repair.fates[name] = "removed"
            repair.reasons[name] = f"Nothing on the fresh pages looks like “{name}”."
    return repair


def _moved(old: OldTable, option: Option, fresh: FreshPages) -> Repair:
    found = _matched(old, option)
    found |= cut_again(old, found, option.place, fresh.indexes)
    missing = [field.name for field in old.table.fields if field.name not in found]
    found |= passed_over(missing, old.before.records, option.place.table, fresh.indexes)
    found |= said_once_more(old, found)
    fields = tuple(
        with_former(field, _found_at(field, found.get(field.name)), old.before.records) for field in old.table.fields
    )
    fates = {field.name: _fate_of(found.get(field.name)) for field in old.table.fields}
    nothing = {name: f"Nothing on the fresh pages looks like “{name}”." for name in fates}
    reasons = nothing | {name: finding.reason for name, finding in found.items()}
    new_table = old.table.model_copy(update={"scope": option.place.table.scope, "fields": fields})
    changed = {name for name, fate in fates.items() if fate == "moved"}
    return Repair(with_former_scope(old.table, new_table), fates, reasons, option.proved() & changed, changed)


def _matched(old: OldTable, option: Option) -> dict[str, Found]:
    """Where each field was assigned to; in doubt where it is hardly alike, or of another shape than ever before."""
    new, proved = {field.name: field for field in option.place.table.fields}, option.proved()
    found = {}
    for field in old.table.fields:
        match = option.matches.get(field.name, Match("", 0.0, False))
        if (place := new.get(match.target)) is None:
            continue
        strange = match.score < CERTAIN or is_other_shape(
            old.before.profiles[field.name], option.place.columns.profiles[match.target]
        )
        sure = not match.torn and (field.name in proved or not strange)
        found[field.name] = Found(place, _reason(field, match, place, sure=sure), sure)
    return found


def _found_at(field: Field, found: Found | None) -> Field:
    return at_place(field, found.place, doubtful=not found.sure) if found else at_place(field, None)


def _fate_of(found: Found | None) -> Verdict:
    if found is None:
        return "removed"
    return "moved" if found.sure else "abstained"


def at_place(field: Field, place: Field | None, *, doubtful: bool = False) -> Field:
    """The field with its old name and type at a new place; without a place it stays a column without values."""
    if place is None:
        return field.model_copy(update={"selectors": ()})
    update = {"selectors": place.selectors, "many": place.many, "locale": place.locale, "label": place.label}
    return field.model_copy(update=update | ({"confidence": DOUBTFUL} if doubtful else {}))


def _reason(field: Field, match: Match, place: Field, *, sure: bool) -> str:
    if match.torn:
        return f"Two places look like “{field.name}”; a person has to choose."
    if not sure and match.score < CERTAIN:
        return f"“{place.name}” is only a little like “{field.name}” ({match.score:.2f}); a person has to decide."
    if not sure:
        return (
            f"The values of “{place.name}” are of another shape than those of “{field.name}”; a person has to decide."
        )
    return f"“{field.name}” now stands where “{place.name}” was found (likeness {min(1.0, match.score):.2f})."


def tried(
    healed: Blueprint, repairs: Sequence[Repair], was: Sequence[Extraction], after: Sequence[ParsedDocument]
) -> list[Repair]:
    """Let known rows decide: they prove a field that was torn between two places, and disprove a wrong one."""
    now = [extract(healed, document) for document in after]
    return [
        repair
        if repair.table.scope.kind == "document" or not repair.changed
        else _tried(repair, tally(repair.table.name, was, now))
        for repair in repairs
    ]


def _tried(repair: Repair, found: Mapping[str, Tally]) -> Repair:
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


def _disproved(found: Tally | None, kind: FieldType) -> bool:
    if found is None or found.known < FEWEST_KNOWN or kind == "url":
        return False
    return found.same + found.near < DISPROVED * found.known


def _fate(fate: Verdict, found: Tally | None, *, disproved: bool) -> tuple[Verdict, str]:
    """What known rows make of a field's fate; addresses change in a redesign, so they disprove nothing."""
    if found is None or found.known < FEWEST_KNOWN:
        return fate, ""
    if disproved:
        return "abstained", f"Known rows disprove the best place: {found.differing[0]}."
    if fate == "abstained" and found.same >= REPRODUCED * found.known:
        return "moved", f"{found.same} of {found.known} known rows read the same there."
    return fate, ""
