"""Repairs a blueprint after a redesign, without a language model: keeps or moves what can be proved, says the rest.

Each old field has a profile: what its values looked like on archived pages. The fresh pages are read twice, with the
old blueprint and with one learned from them anew. A table goes on as it is when its fields still look like
themselves; otherwise the learned table whose columns fit best takes its place, columns being assigned jointly, with
the choice to leave a field unmatched (Kuhn–Munkres), and a field with two nearly equal candidates is left to a person.
"""

from collections.abc import Sequence
from typing import Literal

from core.errors import NothingExtracted
from core.extract import extract
from core.induce import induce
from core.matching import Match, Profile, assign, likeness, profiles
from core.model import Blueprint, Extraction, Field, HealReport, ParsedDocument, RecordSet, Verdict

SELF_LIKENESS = 0.45
TOLERATED = 0.15
FEWEST_ROWS = 0.2

Fates = dict[str, Verdict]
Reasons = dict[str, str]


def heal(
    blueprint: Blueprint, before: Sequence[ParsedDocument], after: Sequence[ParsedDocument]
) -> tuple[Blueprint, HealReport]:
    """The blueprint for the fresh pages, and what became of each field.

    Args:
        blueprint: the one that read the archived pages.
        before: archived pages that it read well.
        after: fresh pages.

    Returns:
        The blueprint itself when it still fits (verdict "healthy") or nothing could be proved ("abstained"); otherwise
        one that reads the fresh pages, with the old names and types.
    """
    was = [extract(blueprint, document) for document in before]
    now = [extract(blueprint, document) for document in after]
    tables = {table.name: _Table(table, was, now) for table in blueprint.tables}
    if all(table.healthy for table in tables.values() if table.matters(blueprint)):
        return blueprint, _healthy(blueprint)
    try:
        learned = induce(list(after))
    except NothingExtracted:
        return blueprint, _abstained(blueprint, "Nothing that repeats was found on the fresh pages.")
    read = [extract(learned, document) for document in after]
    return _repaired(blueprint, tables, learned, read)


class _Table:
    """One table on the archived and on the fresh pages, as the old blueprint reads it."""

    def __init__(self, table: RecordSet, was: Sequence[Extraction], now: Sequence[Extraction]) -> None:
        self.table = table
        self.rows_before, self.before = profiles(table, was)
        self.rows_after, self.after = profiles(table, now)
        self.kept = {name for name in self.before if self._same(name)}

    def _same(self, name: str) -> bool:
        return name in self.after and likeness(self.before[name], self.after[name]) >= SELF_LIKENESS

    def matters(self, blueprint: Blueprint) -> bool:
        """Whether losing the table counts: the main one, and those that held a fair share of the rows."""
        return self.table is blueprint.tables[0] and bool(self.before)

    @property
    def healthy(self) -> bool:
        """Whether nearly everything that was read is still read and looks like itself."""
        if self.rows_after < FEWEST_ROWS * self.rows_before:
            return False
        weights = {
            field.name: field.confidence * field.fill for field in self.table.fields if field.name in self.before
        }
        lost = sum(weight for name, weight in weights.items() if name not in self.kept)
        return lost <= TOLERATED * sum(weights.values())


def _healthy(blueprint: Blueprint) -> HealReport:
    fates: Fates = {f"{table.name}.{field.name}": "kept" for table in blueprint.tables for field in table.fields}
    return HealReport("healthy", fates)


def _abstained(blueprint: Blueprint, reason: str) -> HealReport:
    names = [f"{table.name}.{field.name}" for table in blueprint.tables for field in table.fields]
    return HealReport("abstained", dict.fromkeys(names, "abstained"), dict.fromkeys(names, reason))


def _repaired(
    blueprint: Blueprint, tables: dict[str, _Table], learned: Blueprint, read: Sequence[Extraction]
) -> tuple[Blueprint, HealReport]:
    candidates = {table.name: profiles(table, read) for table in learned.tables}
    repaired: list[RecordSet] = []
    fates: Fates = {}
    reasons: Reasons = {}
    for table in tables.values():
        new, found, why = _repair_table(table, learned, candidates)
        repaired.append(new)
        fates |= {f"{table.table.name}.{name}": verdict for name, verdict in found.items()}
        reasons |= {f"{table.table.name}.{name}": reason for name, reason in why.items()}
    main = tables[blueprint.tables[0].name]
    counted = [fates[f"{main.table.name}.{name}"] for name in main.before]
    solved = sum(fate in ("kept", "moved") for fate in counted)
    if not solved:
        return blueprint, HealReport("abstained", dict.fromkeys(fates, "abstained"), reasons)
    verdict: Literal["healed", "partial"] = "healed" if solved == len(counted) else "partial"
    healed = blueprint.model_copy(
        update={
            "tables": tuple(repaired),
            "pagination": learned.pagination or blueprint.pagination,
            "learned_from": learned.learned_from,
        }
    )
    return healed, HealReport(verdict, fates, reasons)


def _repair_table(
    table: _Table, learned: Blueprint, candidates: dict[str, tuple[int, dict[str, Profile]]]
) -> tuple[RecordSet, Fates, Reasons]:
    """The table in its best new place, or as it was when no place is better."""
    options = [(found, assign(table.before, candidates[found.name][1])) for found in learned.tables]
    place, matches = max(options, key=lambda option: _worth(table, option[1]), default=(None, {}))
    stays = sum(likeness(table.before[name], table.after[name]) for name in table.kept)
    if place is None or (table.rows_after and stays >= _worth(table, matches)):
        return _as_it_was(table)
    return _moved(table, place, matches)


def _worth(table: _Table, matches: dict[str, Match]) -> float:
    return sum(match.score for match in matches.values() if match.target)


def _as_it_was(table: _Table) -> tuple[RecordSet, Fates, Reasons]:
    fates: Fates = {}
    for field in table.table.fields:
        known = field.name in table.before
        fates[field.name] = "kept" if field.name in table.kept or not known else "removed"
    return table.table, fates, {}


def _moved(table: _Table, place: RecordSet, matches: dict[str, Match]) -> tuple[RecordSet, Fates, Reasons]:
    new_fields = {field.name: field for field in place.fields}
    fields: list[Field] = []
    fates: Fates = {}
    reasons: Reasons = {}
    for field in table.table.fields:
        match = matches.get(field.name, Match("", 0.0, False))
        found = new_fields.get(match.target)
        fields.append(_at(field, found))
        fates[field.name] = "moved" if found else ("abstained" if match.torn else "removed")
        reasons[field.name] = _reason(field, match, found)
    update = {"scope": place.scope, "fields": tuple(fields)}
    return table.table.model_copy(update=update), fates, reasons


def _at(field: Field, place: Field | None) -> Field:
    """The field with its old name and type at a new place; without a place it stays a column without values."""
    if place is None:
        return field.model_copy(update={"selectors": ()})
    update = {"selectors": place.selectors, "many": place.many, "locale": place.locale, "label": place.label}
    return field.model_copy(update=update)


def _reason(field: Field, match: Match, place: Field | None) -> str:
    if place is not None:
        return f"“{field.name}” now stands where “{place.name}” was found (likeness {match.score:.2f})."
    if match.torn:
        return f"Two places look like “{field.name}”; a person has to choose."
    return f"Nothing on the fresh pages looks like “{field.name}”."
