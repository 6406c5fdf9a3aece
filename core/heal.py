"""Repairs a blueprint after a redesign, without a language model: keeps or moves what can be proved, says the rest.

Each old field has a profile: what its values looked like on archived pages. The fresh pages are read twice, with the
old blueprint and with one learned from them anew. A table goes on as it is when its fields still look like
themselves; otherwise the learned table whose columns fit best takes its place, columns being assigned jointly, with
the choice to leave a field unmatched (Kuhn–Munkres), and a field with two nearly equal candidates is left to a person.
"""

from collections.abc import Iterable, Sequence
from typing import Literal

from core.errors import BadInput, NothingExtracted
from core.extract import extract
from core.induce import induce
from core.matching import Match, assign, likeness, profiles
from core.model import Blueprint, Extraction, Field, HealReport, ParsedDocument, RecordSet, Verdict
from core.replay import Tally, agreements, rows_of, tally

SELF_LIKENESS = 0.45
SELF_TYPED = 0.5
FEWEST_SOLVED = 0.25
TOLERATED = 0.15
FEWEST_ROWS = 0.2
LEAST_KNOWN = 2
DISPROVED = 0.5
PROVED = 0.9

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
        return blueprint, _healthy(tables.values())
    try:
        learned = induce([document for document in after if document.kind == blueprint.kind])
    except (NothingExtracted, BadInput):
        return blueprint, _abstained(blueprint, "Nothing that repeats was found on the fresh pages.")
    read = [extract(learned, document) for document in after]
    healed, fates, reasons = _repaired(blueprint, tables, learned, read)
    fresh = [extract(healed, document) for document in after]
    return _judged(blueprint, *_tried_on_known_rows(healed, fates, reasons, was, fresh))


class _Table:
    """One table on the archived and on the fresh pages, as the old blueprint reads it."""

    def __init__(self, table: RecordSet, was: Sequence[Extraction], now: Sequence[Extraction]) -> None:
        self.table = table
        self.rows = [record for extraction in was for record in rows_of(extraction, table.name)]
        self.rows_before, self.before = profiles(table, was)
        self.rows_after, self.after = profiles(table, now)
        self.kept = {name for name in self.before if self._same(name)}

    def _same(self, name: str) -> bool:
        old, new = self.before[name], self.after.get(name)
        return new is not None and likeness(old, new) >= SELF_LIKENESS and new.typed >= SELF_TYPED * old.typed

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


class _Candidate:
    """One table that was learned on the fresh pages."""

    def __init__(self, table: RecordSet, read: Sequence[Extraction]) -> None:
        self.profiles = profiles(table, read)[1]
        self.rows = [record for extraction in read for record in rows_of(extraction, table.name)]

    def matches(self, table: _Table) -> dict[str, Match]:
        """Which of its columns the fields of an old table are."""
        return assign(table.before, self.profiles, agreements(table.rows, self.rows))


def _healthy(tables: Iterable[_Table]) -> HealReport:
    """All is well, although a field here and there may look odd; a single odd page is no alarm."""
    fates: Fates = {}
    reasons: Reasons = {}
    for table in tables:
        for field in table.table.fields:
            odd = field.name in table.before and field.name not in table.kept
            fates[f"{table.table.name}.{field.name}"] = "abstained" if odd else "kept"
            if odd:
                reasons[f"{table.table.name}.{field.name}"] = "It is missing or looks different on the fresh pages."
    return HealReport("healthy", fates, reasons)


def _abstained(blueprint: Blueprint, reason: str) -> HealReport:
    names = [f"{table.name}.{field.name}" for table in blueprint.tables for field in table.fields]
    return HealReport("abstained", dict.fromkeys(names, "abstained"), dict.fromkeys(names, reason))


def _tried_on_known_rows(
    healed: Blueprint, fates: Fates, reasons: Reasons, was: Sequence[Extraction], now: Sequence[Extraction]
) -> tuple[Blueprint, Fates, Reasons]:
    """Let known rows decide: they prove a field that was torn between two places, and disprove a wrong one."""
    tables = []
    for table in healed.tables:
        tallies = tally(table.name, was, now)
        fields = []
        for field in table.fields:
            key = f"{table.name}.{field.name}"
            fates[key], reasons[key] = _tried(fates[key], reasons.get(key, ""), tallies.get(field.name))
            fields.append(_at(field, None) if fates[key] == "abstained" else field)
        tables.append(table.model_copy(update={"fields": tuple(fields)}))
    return healed.model_copy(update={"tables": tuple(tables)}), fates, reasons


def _tried(fate: Verdict, reason: str, found: Tally | None) -> tuple[Verdict, str]:
    """What known rows make of a field's fate."""
    if found is None or found.known < LEAST_KNOWN:
        return fate, reason
    if found.same < DISPROVED * found.known:
        return "abstained", f"Known rows disprove the best place: {found.differing[0]}."
    if fate == "abstained" and found.same >= PROVED * found.known:
        return "moved", f"{found.same} of {found.known} known rows read the same there."
    return fate, reason


def _judged(blueprint: Blueprint, healed: Blueprint, fates: Fates, reasons: Reasons) -> tuple[Blueprint, HealReport]:
    """The verdict over the whole, by the fields of the main table."""
    counted = [fates[f"{blueprint.tables[0].name}.{field.name}"] for field in blueprint.tables[0].fields]
    solved = sum(fate in ("kept", "moved") for fate in counted)
    if solved < FEWEST_SOLVED * len(counted):
        return blueprint, _abstained(blueprint, "Too little of the page can be found again: is it another page?")
    verdict: Literal["healed", "partial"] = "healed" if solved == len(counted) else "partial"
    return healed, HealReport(verdict, fates, reasons)


def _repaired(
    blueprint: Blueprint, tables: dict[str, _Table], learned: Blueprint, read: Sequence[Extraction]
) -> tuple[Blueprint, Fates, Reasons]:
    candidates = {table.name: _Candidate(table, read) for table in learned.tables}
    repaired: list[RecordSet] = []
    fates: Fates = {}
    reasons: Reasons = {}
    for table in tables.values():
        new, found, why = _repair_table(table, learned, candidates)
        repaired.append(new)
        fates |= {f"{table.table.name}.{name}": verdict for name, verdict in found.items()}
        reasons |= {f"{table.table.name}.{name}": reason for name, reason in why.items()}
    healed = blueprint.model_copy(
        update={
            "tables": tuple(repaired),
            "pagination": learned.pagination or blueprint.pagination,
            "learned_from": learned.learned_from,
        }
    )
    return healed, fates, reasons


def _repair_table(
    table: _Table, learned: Blueprint, candidates: dict[str, _Candidate]
) -> tuple[RecordSet, Fates, Reasons]:
    """The table in its best new place, or as it was when no place is better."""
    options = [(found, candidates[found.name].matches(table)) for found in learned.tables]
    place, matches = max(options, key=lambda option: _worth(table, option[1]), default=(None, {}))
    stays = sum(likeness(table.before[name], table.after[name]) for name in table.kept)
    if place is None or (table.rows_after and stays >= _worth(table, matches)):
        return _as_it_was(table)
    return _moved(table, place, matches)


def _worth(table: _Table, matches: dict[str, Match]) -> float:
    return sum(match.score for match in matches.values() if match.target and not match.torn)


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
        fates[field.name] = "abstained" if match.torn else ("moved" if found else "removed")
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
    if place is not None and not match.torn:
        return f"“{field.name}” now stands where “{place.name}” was found (likeness {match.score:.2f})."
    if match.torn:
        return f"Two places look like “{field.name}”; a person has to choose."
    return f"Nothing on the fresh pages looks like “{field.name}”."
