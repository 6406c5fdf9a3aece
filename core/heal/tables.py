"""One table as the old blueprint reads it, on archived and on fresh pages, and what a repair makes of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from statistics import fmean

from core.compare.columns import (
    FEWEST_CELLS,
    Columns,
    has_its_shape,
    is_other_category,
    likeness,
    shapes_shared,
    texts_of,
)
from core.compare.rows import CellTally, paired, sampled, tallied
from core.heal.oddity import oddity
from core.model import Extraction, Field, Record, RecordSet, Verdict
from core.model.scope import DocumentScope, ElementScope, Scope
from core.model.selector import AboveSelector, InlineSelector, LabelSelector
from core.values import is_loose

# the likeness, and the share of texts of its type (of what it was), with which a column where it always was is itself:
# a little above the likeness at which the assignment takes a column elsewhere (0.42), as staying has no rival
SELF_LIKENESS = 0.45
SELF_TYPED = 0.5
# how far the shares of texts with digits are apart when words became numbers, or numbers words
OTHER_NATURE = 0.6
# the share of the weight of its fields that a table may lose and still be healthy: a field here and there is empty on
# any day. Lower raises calm alarms, higher misses a lost column of a wide table
TOLERATED = 0.15
# the share of the records before, below which there are too few to be a short day
SCARCE = 0.5
# the share of the weight of the fields with which a table is gone, and of texts with a slash that are addresses
GONE_SHARE = 0.5
ADDRESS_SHARE = 0.5
# by how much confidence falls with each later selector of a field (0.05, core/extract/cells.py), less some rounding
ONE_SELECTOR = 0.04
# known values, or pages, that prove something: a single one may be chance, or an odd page
FEWEST_KNOWN = 2
# the share of known values that are read again when a place is proved; the rest is what the page changed meanwhile
# (a price, a status). The same wherever known values or known rows decide
REPRODUCED = 0.8
# a column all of whose known rows read otherwise is another one, unless this share of its texts is of the old ones
OLD_TEXTS = 0.5


@dataclass
class Repair:
    """What becomes of a table: its new form, the fate of each field, and why.

    `proved` are the fields that known values tell to be right, `taught` those that a lesson placed; `changed` those
    that are read from another place.
    """

    table: RecordSet
    fates: dict[str, Verdict]
    reasons: dict[str, str] = field(default_factory=dict)
    proved: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    taught: set[str] = field(default_factory=set)


class OldTable:
    """A table of the blueprint to be healed; `was` and `now` are its readings of the archived and the fresh pages.

    `same` pairs archived and fresh pages that show the same thing, by number.
    """

    def __init__(
        self,
        table: RecordSet,
        was: Sequence[Extraction],
        now: Sequence[Extraction],
        same: Sequence[tuple[int, int]] = (),
    ) -> None:
        self.table = table
        self.same = same
        self.was = [extraction.of(table.name) for extraction in was]
        self.now = [extraction.of(table.name) for extraction in now]

    @cached_property
    def before(self) -> Columns:
        """Its columns on the archived pages."""
        return Columns(self.table, flat(self.was))

    @cached_property
    def after(self) -> Columns:
        """Its columns on the fresh pages, by the old selectors."""
        return Columns(self.table, flat(self.now))

    @cached_property
    def kept(self) -> frozenset[str]:
        """The fields whose old selectors still read what looks like them."""
        return frozenset(name for name in self.before.profiles if self._is_itself(name)) - self.shifted

    @cached_property
    def shifted(self) -> frozenset[str]:
        """The fields whose own place is gone or taken: what is read now is something else than what is known."""
        return frozenset(
            name
            for name in self.before.profiles
            if (self._falls_back(name) and not self._holds(name)) or self._is_contradicted(name)
        )

    def _is_contradicted(self, name: str) -> bool:
        """Whether no known value is read again, but texts that the column never had."""
        found, new = self._known_cells.get(name), self.after.profiles.get(name)
        if new is None or found is None or found.known < FEWEST_KNOWN or not is_loose(new.field.type):
            return False
        if new.address or sum("/" in value for value in new.values) > ADDRESS_SHARE * len(new.values):
            return False
        old = self.before.profiles[name]
        if self._is_shared(new.field, found):
            return False  # however many records repeat it, it is one text that changed
        return not found.same and len(new.values & old.values) < OLD_TEXTS * len(new.values)

    def _is_shared(self, field: Field, found: CellTally) -> bool:
        """Whether all known records have their value from one text: a heading above them, what every page says."""
        above = any(isinstance(selector, AboveSelector) for selector in field.selectors[:1])
        return above or (isinstance(self.table.scope, DocumentScope) and found.texts < FEWEST_KNOWN)

    def _falls_back(self, name: str) -> bool:
        """Whether later selectors do the work of the first: each is a little less sure than the one before."""
        was, now = _confidence(name, self.before.records), _confidence(name, self.after.records)
        return now is not None and was is not None and now < was - ONE_SELECTOR

    def _holds(self, name: str) -> bool:
        """Whether known values are read again; where nothing is known, whether the column never had a label to lose.

        A single page about one thing proves nothing: it may be an odd one.
        """
        found = self._known_cells.get(name)
        if found is not None and found.known >= FEWEST_KNOWN:
            return found.same >= REPRODUCED * found.known
        if isinstance(self.table.scope, DocumentScope) and len(self.now) < FEWEST_KNOWN:
            return True
        if self._says_one_thing(name) or self._echoes(name):
            return False
        if self._is_unmistakable(name):
            return True
        lead = next(field for field in self.table.fields if field.name == name).selectors[0]
        return not (isinstance(lead, LabelSelector | InlineSelector) or lead.path_text.startswith("["))

    def _says_one_thing(self, name: str) -> bool:
        """Whether all fresh pages say the same where every archived one said something else: a text of the template."""
        old, new = self.before.profiles[name], self.after.profiles[name]
        return min(old.count, new.count) >= FEWEST_KNOWN and len(old.values) == old.count and len(new.values) == 1

    def _is_unmistakable(self, name: str) -> bool:
        """Whether the values still have the one shape that the column always had, and no other column has."""
        old, new = self.before.profiles[name], self.after.profiles[name]
        same = next(group for group in self.before.groups if name in group)
        others = (found for other, found in self.before.profiles.items() if other not in same)
        return has_its_shape(old, new) and not any(shapes_shared(old, other) for other in others)

    def _echoes(self, name: str) -> bool:
        """Whether a later selector finds on all fresh pages what another field says, as on no archived page."""
        if not self._falls_back(name):
            return False
        others = (found.name for found in self.table.fields if found.name != name)
        return any(
            not self._falls_back(other)
            and self._is_itself(other)
            and agreeing(name, other, self.after.records) == len(self.after.records) >= FEWEST_KNOWN
            and not agreeing(name, other, self.before.records)
            for other in others
        )

    @cached_property
    def _known_cells(self) -> dict[str, CellTally]:
        if not isinstance(self.table.scope, DocumentScope):
            return tallied(paired(sampled(self.before.records), sampled(self.after.records), same_page=False))
        pairs = [(self.was[i], self.now[j]) for i, j in self.same]
        found = tallied([(old[0], new[0]) for old, new in pairs if old and new])
        return {name: tally for name, tally in found.items() if name not in self.volatile}

    @cached_property
    def volatile(self) -> frozenset[str]:
        """The fields of which two archived pages of one thing say something else: what they said proves nothing."""
        if not isinstance(self.table.scope, DocumentScope):
            return frozenset()
        shown: dict[int, list[Record]] = {}
        for old, new in self.same:
            shown.setdefault(new, []).extend(self.was[old][:1])
        pairs = [(records[0], other) for records in shown.values() for other in records[1:]]
        return frozenset(name for name, tally in tallied(pairs).items() if tally.same < tally.known)

    def known_texts(self, name: str) -> list[tuple[list[str], int]]:
        """What archived pages say of a field, each with the number of the fresh page that shows the same thing."""
        if name in self.volatile:
            return []
        then = ((self.was[old][:1], new) for old, new in self.same)
        return [
            (texts_of(record.fields[name]), new) for records, new in then for record in records if name in record.fields
        ]

    def _is_itself(self, name: str) -> bool:
        old, new = self.before.profiles[name], self.after.profiles.get(name)
        if new is None or likeness(old, new) < SELF_LIKENESS or new.typed < SELF_TYPED * old.typed:
            return False
        if min(old.count, new.count) < FEWEST_CELLS:
            return True
        return abs(old.numbered - new.numbered) < OTHER_NATURE and not is_other_category(old, new)

    @cached_property
    def weights(self) -> Mapping[str, float]:
        """How much each field that had values counts; fields that say the same count once."""
        shares = {name: 1 / len(group) for group in self.before.groups for name in group}
        return {
            found.name: found.confidence * found.fill * shares[found.name]
            for found in self.table.fields
            if found.name in self.before.profiles
        }

    @property
    def scarce(self) -> bool:
        """Whether the old selectors find far fewer records: a short day, or a part of them is not found any more."""
        return len(self.after.records) < SCARCE * len(self.before.records)

    @property
    def healthy(self) -> bool:
        """Whether nearly everything that was read is still read and looks like itself."""
        lost = sum(weight for name, weight in self.weights.items() if name not in self.kept)
        return bool(self.after.records) and lost <= TOLERATED * sum(self.weights.values())

    @property
    def gone(self) -> bool:
        """Whether most of it is not found any more."""
        lost = sum(self.weights[name] for name in self.lost)
        return not self.after.records or lost >= GONE_SHARE * sum(self.weights.values())

    @property
    def lost(self) -> frozenset[str]:
        """The fields that had values and have none on the fresh pages."""
        return frozenset(self.before.profiles) - frozenset(self.after.profiles)

    @cached_property
    def thinned(self) -> frozenset[str]:
        """The fields of a page about one thing that are read on some of the known pages, and not on others any more."""
        if not isinstance(self.table.scope, DocumentScope):
            return frozenset()
        pairs = [(self.was[i][0], self.now[j][0]) for i, j in self.same if self.was[i] and self.now[j]]
        missing = Counter(name for old, new in pairs for name in old.fields if name not in new.fields)
        here = {name for _, new in pairs for name in new.fields}
        return frozenset(name for name, count in missing.items() if count >= FEWEST_KNOWN and name in here)

    def shut(self) -> Repair:
        """The table as it is, without the fields that read something else than what is known."""
        repair = self.unchanged()
        if not self.shifted:
            return repair
        why = "What stands in its place on the fresh pages is something else."
        shut = tuple(
            found.model_copy(update={"selectors": ()}) if found.name in self.shifted else found
            for found in self.table.fields
        )
        fates: dict[str, Verdict] = repair.fates | dict.fromkeys(self.shifted, "removed")
        reasons = repair.reasons | dict.fromkeys(self.shifted, why)
        table = self.table.model_copy(update={"fields": shut, "scope": self._scope_without_shifted()})
        return Repair(table, fates, reasons, changed=set(self.shifted))

    def _scope_without_shifted(self) -> Scope:
        """The scope for records that lack the places of the fields that are gone."""
        scope = self.table.scope
        if not isinstance(scope, ElementScope):
            return scope
        gone = {sel.path_text for found in self.table.fields if found.name in self.shifted for sel in found.selectors}
        fewer = sum(key in gone for key in scope.required_keys)
        return scope.model_copy(update={"at_least": max(1, scope.at_least - fewer)}) if fewer else scope

    def unchanged(self) -> Repair:
        """The table as it is. A field here and there may look odd; a single odd page is no alarm."""
        fates: dict[str, Verdict] = {}
        reasons = {}
        for found in self.table.fields:
            missing = found.name in self.before.profiles and found.name not in self.kept
            why = "It is missing or looks different on the fresh pages." if missing else self.oddity(found)
            fates[found.name] = "abstained" if why else "kept"
            if why:
                reasons[found.name] = why
        return Repair(self.table, fates, reasons)

    def oddity(self, found: Field) -> str:
        """Why a field is doubtful that reads something like itself and that no known value proves; "" if it is not."""
        known = self._known_cells.get(found.name)
        if known is not None and known.same >= REPRODUCED * known.known:
            return ""
        return oddity(found, self.before.records, self.after.records)


def agreeing(name: str, other: str, records: Sequence[Record]) -> int:
    """In how many records two fields say the same."""
    both = ((r.fields[name], r.fields[other]) for r in records if name in r.fields and other in r.fields)
    return sum(
        texts_of(one) == texts_of(two) or (one.value is not None and one.value == two.value) for one, two in both
    )


def _confidence(name: str, records: Sequence[Record]) -> float | None:
    found = [record.fields[name].confidence for record in records if name in record.fields]
    return fmean(found) if found else None


def flat(pages: Sequence[Sequence[Record]]) -> list[Record]:
    """The records of all pages."""
    return [record for page in pages for record in page]
