"""Repairs a blueprint after a redesign, without a language model: keeps or moves what can be proved, says the rest.

The fresh pages are read twice, with the old blueprint and with what is learned from them anew. A table of one thing is
healed field by field: known values of the same thing decide. A table of many records stays where its columns still
look like themselves; otherwise the learned table whose columns fit best takes its place, columns being assigned
jointly, with the choice to leave a field unmatched (Kuhn–Munkres); a field with two nearly equal candidates is left to
a person, and so is what known rows disprove.

The numbers of this room are held by `make bench ONLY=heal`: redesigned golden pages, how many fields are read exactly
again, how many are stood by with a wrong value, and how often a removed field is answered with something else. Single
cases stand in `tests/unit/heal`; those of them that must raise no alarm in `test_calm.py`. Where no source stands
beside a number, it was set by hand on such pages, and what it weighs is said: repairs that are missed are left to a
person and cost time, wrong ones cost trust, so doubt falls to the side of asking. Shares are 0..1.
"""

from collections.abc import Sequence

from core.extract import extract
from core.heal.details import repair_details
from core.heal.diagnosis import changes, outline
from core.heal.halves import is_half_migrated
from core.heal.lists import at_place, judge_by_known_rows, repair_list
from core.heal.pages import FreshPages, same_things
from core.heal.tables import OldTable, Repair
from core.model import Blueprint, Field, HealReport, Lesson, ParsedDocument, RecordSet, Verdict
from core.model.scope import DocumentScope

__all__ = ["changes", "heal", "leave_doubtful_empty", "outline"]

# a table is found again with this share of the weight of its fields, a field that is only proposed counting half, or
# with as many fields as this that known values prove; else the page is perhaps another one and nothing is claimed
FEWEST_SOLVED = 0.25
PROPOSED = 0.5
FEWEST_PROOFS = 2
# beside a main table that is well, a smaller list moves only if known rows prove this share of what changes
FEWEST_PROVED = 0.5
# fields that known values prove on a page about one thing, so that its lists must show known rows too
FEWEST_SHOWN = 3
ANOTHER_PAGE = "Too little of the page can be found again: is it another page?"


def heal(
    blueprint: Blueprint,
    before: Sequence[ParsedDocument],
    after: Sequence[ParsedDocument],
    lessons: Sequence[Lesson] = (),
) -> tuple[Blueprint, HealReport]:
    """The blueprint for the fresh pages, and what became of each field.

    Args:
        blueprint: the one that read the archived pages.
        before: archived pages that it read well.
        after: fresh pages.
        lessons: repairs of like redesigns; where they led is looked at too, those that did not hold are avoided.

    Returns:
        The blueprint itself when it still fits (verdict "healthy") or nothing could be proved ("abstained"); otherwise
        one that reads the fresh pages, with the old names and types.
    """
    was = [extract(blueprint, document) for document in before]
    now = [extract(blueprint, document) for document in after]
    same = same_things(before, after)
    tables = [OldTable(table, was, now, same) for table in blueprint.tables]
    calm = tables[0].healthy or not tables[0].before.profiles
    fresh = FreshPages(blueprint.kind, before, after, same, lessons)
    if calm and not any(_is_troubled(table, fresh) for table in tables):
        return blueprint, _report("healthy", [table.unchanged() for table in tables])
    if fresh.learned is None and not calm:
        return blueprint, _abstain(blueprint, "Nothing that repeats was found on the fresh pages.")
    main = _repair_table(tables[0], fresh, calm=calm)
    fresh.shows_the_known = isinstance(tables[0].table.scope, DocumentScope) and len(main.proved) >= FEWEST_SHOWN
    repairs = [main, *(_repair_table(table, fresh, calm=calm) for table in tables[1:])]
    if calm and not any(repair.changed for repair in repairs):
        return blueprint, _report("healthy", repairs)
    healed = _put_together(blueprint, repairs, fresh)
    return _judge(blueprint, healed, tables, judge_by_known_rows(healed, repairs, was, after))


def leave_doubtful_empty(before: Blueprint, healed: Blueprint, report: HealReport) -> Blueprint:
    """The healed blueprint as it may go into service: fields in doubt that are read from another place stay empty."""
    return healed.model_copy(
        update={
            "tables": tuple(
                table.model_copy(
                    update={"fields": tuple(_without_doubt(field, table, before, report) for field in table.fields)}
                )
                for table in healed.tables
            )
        }
    )


def _without_doubt(field: Field, table: RecordSet, before: Blueprint, report: HealReport) -> Field:
    old = before.table(table.name)
    same = old is not None and old.scope == table.scope and field in old.fields
    doubtful = report.fields.get(f"{table.name}.{field.name}") == "abstained" and not same
    return at_place(field, None) if doubtful else field


def _is_troubled(table: OldTable, fresh: FreshPages) -> bool:
    """Whether there is anything to look into: fields or records that are not read any more, or read wrongly."""
    return bool(table.lost or table.thinned or table.scarce or table.shifted) or is_half_migrated(table, fresh)


def _repair_table(table: OldTable, fresh: FreshPages, *, calm: bool) -> Repair:
    """The repair of one table. While the main one is well only what known values prove is changed elsewhere."""
    if not table.before.profiles or (calm and not _is_troubled(table, fresh)):
        return table.unchanged()
    if isinstance(table.table.scope, DocumentScope):
        repair = repair_details(table, fresh)
        return _only_proved(table, repair) if calm else repair
    if calm and not table.scarce and not table.gone and not is_half_migrated(table, fresh):
        return table.shut()
    repair = repair_list(table, fresh)
    fewer = (table.scarce and table.after.records) or is_half_migrated(table, fresh)
    weak = calm and not fewer and len(repair.proved) < FEWEST_PROVED * len(repair.changed)
    return table.shut() if weak else repair


def _only_proved(old: OldTable, repair: Repair) -> Repair:
    """The table with those fields moved that had gone missing and that known values or a lesson place, or shut."""
    shut = {name for name in old.shifted if repair.fates.get(name) in ("moved", "removed")}
    sure = (repair.proved | repair.taught) & repair.changed
    moved = {name for name in sure if name in old.lost | old.thinned} | shut
    same = old.unchanged()
    new = {field.name: field for field in repair.table.fields}
    fields = tuple(new[field.name] if field.name in moved else field for field in old.table.fields)
    doubtful = {name for name, fate in repair.fates.items() if fate == "abstained"}
    fates = same.fates | {name: repair.fates[name] for name in moved | doubtful}
    reasons = same.reasons | {name: repair.reasons.get(name, "") for name in moved | doubtful}
    return Repair(old.table.model_copy(update={"fields": fields}), fates, reasons, repair.proved, moved)


def _put_together(blueprint: Blueprint, repairs: Sequence[Repair], fresh: FreshPages) -> Blueprint:
    learned = fresh.learned
    update = {
        "tables": tuple(repair.table for repair in repairs),
        "pagination": (learned.pagination if learned else None) or blueprint.pagination,
        "learned_from": learned.learned_from if learned else blueprint.learned_from,
    }
    return blueprint.model_copy(update=update)


def _judge(
    blueprint: Blueprint, healed: Blueprint, tables: Sequence[OldTable], repairs: Sequence[Repair]
) -> tuple[Blueprint, HealReport]:
    """The verdict over the whole, by what is found again of the main table."""
    pairs = list(zip(tables, repairs, strict=True))
    if not any(_is_found(table, repair) for table, repair in pairs):
        return blueprint, _abstain(blueprint, ANOTHER_PAGE)
    kept = [repair if _is_found(table, repair) else _disclaim(table) for table, repair in pairs]
    final = healed.model_copy(update={"tables": tuple(repair.table for repair in kept)})
    whole = all(fate in ("kept", "moved") for fate in repairs[0].fates.values())
    return final, _report("healed" if whole else "partial", kept)


def _is_found(table: OldTable, repair: Repair) -> bool:
    """Whether enough of a table is found again to believe that it is the same one."""
    places = {field.name for field in repair.table.fields if field.selectors}
    credit = {"kept": 1.0, "moved": 1.0, "abstained": PROPOSED}
    solved = sum(weight * credit.get(repair.fates[name], 0) for name, weight in table.weights.items() if name in places)
    return solved >= FEWEST_SOLVED * sum(table.weights.values()) > 0 or len(repair.proved) >= FEWEST_PROOFS


def _disclaim(table: OldTable) -> Repair:
    """A table that is not found again: left as it was, nothing claimed of it."""
    if not table.before.profiles:
        return table.unchanged()
    names = [field.name for field in table.table.fields]
    return Repair(table.table, dict.fromkeys(names, "abstained"), dict.fromkeys(names, ANOTHER_PAGE))


def _report(verdict: str, repairs: Sequence[Repair]) -> HealReport:
    fates: dict[str, Verdict] = {}
    reasons: dict[str, str] = {}
    for repair in repairs:
        fates |= {f"{repair.table.name}.{name}": fate for name, fate in repair.fates.items()}
        reasons |= {f"{repair.table.name}.{name}": why for name, why in repair.reasons.items()}
    return HealReport(verdict, fates, reasons)  # type: ignore[arg-type]


def _abstain(blueprint: Blueprint, reason: str) -> HealReport:
    names = [f"{table.name}.{field.name}" for table in blueprint.tables for field in table.fields]
    return HealReport("abstained", dict.fromkeys(names, "abstained"), dict.fromkeys(names, reason))
