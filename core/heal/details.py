"""Repairs the table of a page about one thing, field by field: what known values prove is found wherever it stands."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from core.compare.columns import Assignment, Columns, Known, assign, texts_of
from core.compare.values import are_alike
from core.heal.fallback import with_former
from core.heal.lists import SURE_LIKENESS, at_place
from core.heal.pages import FreshPages, FreshTable
from core.heal.tables import REPRODUCED, OldTable, Repair
from core.model import Field, Record, Verdict
from core.model.scope import DocumentScope
from core.model.selector import Selector
from core.values import is_loose

# letters from which on a known value tells where it stands: a shorter one ("4", "EUR") stands in many places, and is
# looked for under its own label only. A file name is known again from its own length on ("1.jpg" is every site's)
TELLING_LETTERS = 5
TELLING_FILE_NAME = 8
ADDRESS_TEXT = re.compile(r"(https?:)?/\S*$")
# words of a text from which on it is compared by its words: of short ones each other word is another value
FEWEST_WORDS = 6
# letters of a text that are compared: an article is known by its beginning
MOST_LETTERS = 20_000
# how much of a known value is read again (the worst of the pages, below REPRODUCED) where a place is thought of at all:
# from here on it is proposed to a person, and where the old place reads as much, the field is not looked for elsewhere
PARTLY_REPRODUCED = 0.5
# how much of a known value must stand where looks alone would place a field: below, the page denies the place
NOT_DENIED = 0.3
# places that read a known value nearly equally well are equals, and the more trusted sort is taken
AS_GOOD = 0.02
# the likeness from which on a place without known values is proposed; from SURE_LIKENESS on it is taken
LEAST_PROPOSED = 0.5
# letters of a value that a sentence quotes
MOST_QUOTED_LETTERS = 60
STANDARD = ("jsonld", "microdata", "meta")
TRUSTED = ("jsonld", "microdata", "label", "inline", "section", "meta")

Texts = list[str]
Readings = dict[int, Texts]


class Finding(NamedTuple):
    """What becomes of one field: its form, its fate and why, and whether known values prove it or a lesson says it."""

    field: Field
    fate: Verdict
    reason: str = ""
    proved: bool = False
    taught: bool = False

    @property
    def changed(self) -> bool:
        """Whether it is read from another place."""
        return self.fate == "moved"


class Offer(NamedTuple):
    """A place on the fresh pages that may be a field's, and what it reads on each of them."""

    field: Field
    readings: Readings
    learned: bool


def repair_details(old: OldTable, fresh: FreshPages) -> Repair:
    """Each field kept where known values or its looks allow, moved where they stand now, or left to a person."""
    offers = list(_offers(fresh))
    found = {field.name: _judge_field(field, old, fresh, offers) for field in old.table.fields}
    found |= {name: _follow_lesson(old, name, fresh) for name, finding in found.items() if finding is None}
    left = [field for field in old.table.fields if found[field.name] is None]
    found |= _match_unknown(left, old, fresh, _places_taken(found.values(), old, offers))
    findings = [finding for finding in found.values() if finding is not None]
    return Repair(
        old.table.model_copy(update={"fields": tuple(_keep_former(finding, old) for finding in findings)}),
        {finding.field.name: finding.fate for finding in findings},
        {finding.field.name: finding.reason for finding in findings if finding.reason},
        {finding.field.name for finding in findings if finding.proved},
        {finding.field.name for finding in findings if finding.changed},
        {finding.field.name for finding in findings if finding.taught},
    )


def _keep_former(finding: Finding, old: OldTable) -> Field:
    """A field that moved or is gone keeps its old selectors for pages of the old layout, if they find nothing here."""
    name = finding.field.name
    if finding.fate not in ("moved", "removed") or name not in old.lost | old.thinned:
        return finding.field
    before = next(field for field in old.table.fields if field.name == name)
    return with_former(before, finding.field, old.before.records)


def _offers(fresh: FreshPages) -> Iterator[Offer]:
    """What was learned first, best first, then whatever a selector can read."""
    for place in fresh.places:
        if isinstance(place.table.scope, DocumentScope):
            for field in place.table.fields:
                yield Offer(field, _readings(field.name, place.pages), True)
    for candidate in fresh.candidates:
        readings = {number: list(reading) for number, reading in enumerate(candidate.readings) if reading}
        yield Offer(_as_field(candidate.selector), readings, False)


def _as_field(selector: Selector) -> Field:
    many, label = selector.reads_many, selector.label_text
    return Field(name="value", type="string", selectors=(selector,), many=many, label=label)


def _readings(name: str, pages: Sequence[Sequence[Record]]) -> Readings:
    return {
        number: texts_of(records[0].fields[name])
        for number, records in enumerate(pages)
        if records and name in records[0].fields
    }


def _judge_field(field: Field, old: OldTable, fresh: FreshPages, offers: Sequence[Offer]) -> Finding | None:
    """What known values say of a field; None when they say nothing and its looks have changed."""
    now, known = _readings(field.name, old.now), old.known_texts(field.name)
    if not known:
        return _by_looks(field, old) if field.name in old.kept or field.name not in old.before.profiles else None
    if field.name in old.thinned and (both := _in_both(field, known, now, offers)):
        return both
    here = sameness(known, now)
    if here >= REPRODUCED:
        return Finding(field, "kept", proved=True)
    offer, there = (None, 0.0) if _is_named(field, known, now) else _elsewhere(field, known, offers)
    if offer is not None and here < PARTLY_REPRODUCED <= there:
        if there >= REPRODUCED:
            return Finding(at_place(field, offer.field), "moved", _moved_to(field, offer), proved=True)
        return Finding(at_place(field, offer.field, doubtful=True), "abstained", _moved_to(field, offer, there))
    if field.name in old.shifted:
        return None
    if not any(number in now for _, number in known):
        return None
    return _judge_other_text(field, known, now, old)


def _by_looks(field: Field, old: OldTable) -> Finding:
    """A field that looks like itself, where nothing is known of what the pages show."""
    why = old.oddity(field)
    return Finding(field, "abstained" if why else "kept", why)


def _in_both(
    field: Field, known: Sequence[tuple[Texts, int]], now: Readings, offers: Sequence[Offer]
) -> Finding | None:
    """The place of a field on the pages that have been redesigned already, when the others still read well."""
    present, missing = ([one for one in known if (one[1] in now) is here] for here in (True, False))
    if sameness(present, now) < REPRODUCED:
        return None
    fitting = [offer for offer in offers if all(_agrees(one, offer.readings) for one in present)]
    offer, there = _elsewhere(field, missing, fitting)
    if offer is None or there < REPRODUCED:
        return None
    return Finding(at_place(field, offer.field), "moved", _moved_to(field, offer), proved=True)


def _agrees(known: tuple[Texts, int], readings: Readings) -> bool:
    return known[1] not in readings or sameness([known], readings) >= REPRODUCED


def _is_named(field: Field, known: Sequence[tuple[Texts, int]], now: Readings) -> bool:
    """Whether the pages still give it under a name of the standard: what they say there now is its value."""
    standard = bool(field.selectors) and field.selectors[0].kind in STANDARD
    return standard and all(number in now for _, number in known)


def _follow_lesson(old: OldTable, name: str, fresh: FreshPages) -> Finding | None:
    """Where a lesson says that a field of these selectors went, if something stands there."""
    field = next(field for field in old.table.fields if field.name == name)
    for place in fresh.places:
        before = (
            next((f for f in place.taught.fields if f.selectors[:1] == field.selectors[:1]), None)
            if place.taught
            else None
        )
        after = next((f for f in place.table.fields if before is not None and f.name == before.name), None)
        if after is not None and after.selectors and _readings(after.name, place.pages):
            why = "A like page was repaired this way before, and it held."
            return Finding(at_place(field, after), "moved", why, taught=True)
    return None


def sameness(known: Sequence[tuple[Texts, int]], now: Readings) -> float:
    """How much of what is known is read again, 0..1: the worst of the pages."""
    return min(_shared(texts, now.get(number, [])) for texts, number in known)


def _shared(before: Texts, after: Texts) -> float:
    """Items that two cells share, in any order; of long texts the words, for they may be worded or cut anew."""
    if not after:
        return 0.0
    if all(ADDRESS_TEXT.match(text) for text in (*before, *after)):
        return _dice(Counter(map(_file_name, before)), Counter(map(_file_name, after)))
    if len(before) == len(after) == 1 and are_alike(before[0].casefold(), after[0].casefold()):
        return 1.0
    items = _dice(Counter(map(_bare, before)), Counter(map(_bare, after)))
    left, right = _words(tuple(before)), _words(tuple(after))
    return max(items, _dice(left, right)) if min(left.total(), right.total()) >= FEWEST_WORDS else items


def _file_name(text: str) -> str:
    """The name of the file in an address, which outlives a move; the whole address when that is short."""
    name = text.rpartition("/")[2]
    return name.casefold() if len(name) >= TELLING_FILE_NAME else text.casefold()


def _bare(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


@lru_cache(maxsize=20_000)
def _words(texts: tuple[str, ...]) -> Counter[str]:
    return Counter(re.findall(r"\w+", " ".join(texts).casefold()[:MOST_LETTERS]))


def _dice(left: Counter[str], right: Counter[str]) -> float:
    """The Sørensen–Dice coefficient of two bags."""
    total = left.total() + right.total()
    return 2 * (left & right).total() / total if total else 0.0


def _elsewhere(field: Field, known: Sequence[tuple[Texts, int]], offers: Sequence[Offer]) -> tuple[Offer | None, float]:
    """The place that reads most of what is known, of equals the most trusted; a short value needs the same name."""
    telling = any(len(texts) > 1 or len(texts[0]) >= TELLING_LETTERS for texts, _ in known)
    found = [
        (sameness(known, offer.readings), offer)
        for offer in offers
        if telling or (field.label and field.label == offer.field.label)
    ]
    best = max((score for score, _ in found), default=0.0)
    equals = [offer for score, offer in found if score >= best - AS_GOOD]
    return min(equals, key=lambda offer: _distrust(field, offer), default=None), best


def _distrust(field: Field, offer: Offer) -> tuple[bool, bool, bool, bool]:
    """Best is the same sort of place under the same name, then what was learned, then what names its values."""
    before, now = field.selectors[0], offer.field.selectors[0]
    same = before.kind == now.kind and _tail(before) == _tail(now)
    return (offer.field.many != field.many, not same, not offer.learned, now.kind not in TRUSTED)


def _tail(selector: Selector) -> str:
    return selector.label_text or selector.path_text.rpartition("/")[2]


def _judge_other_text(field: Field, known: Sequence[tuple[Texts, int]], now: Readings, old: OldTable) -> Finding:
    """The place is still there and says something else: of the same kind, or nobody knows. It is left as it is."""
    typed = field.type != "url" and not is_loose(field.type)
    needed = REPRODUCED if field.many else PARTLY_REPRODUCED
    if field.name in old.kept and (typed or sameness(known, now) >= needed):
        return Finding(field, "kept")
    said = " · ".join(next(now[number] for _, number in known if number in now))[:MOST_QUOTED_LETTERS]
    return Finding(field, "abstained", f"Where “{field.name}” stood, a page that is known now says “{said}”.")


def _places_taken(found: Iterable[Finding | None], old: OldTable, offers: Sequence[Offer]) -> set[tuple[str, ...]]:
    """What the fields that have a place read on the fresh pages: nobody else's place."""
    names = {finding.field.name for finding in found if finding is not None and finding.fate == "kept"}
    moved = {finding.field.selectors for finding in found if finding is not None and finding.changed}
    kept = [_readings(name, old.now) for name in names]
    return {_key(each) for each in kept} | {_key(offer.readings) for offer in offers if offer.field.selectors in moved}


def _key(readings: Readings) -> tuple[str, ...]:
    return tuple(" · ".join(readings[number]).casefold() for number in sorted(readings))


def _match_unknown(
    left: Sequence[Field], old: OldTable, fresh: FreshPages, taken: set[tuple[str, ...]]
) -> dict[str, Finding | None]:
    """The fields of which nothing is known, assigned jointly to what was learned and is nobody's."""
    place = next((place for place in fresh.places if isinstance(place.table.scope, DocumentScope)), None)
    if not left:
        return {}
    assignments = _assign_to_free(left, old, place, taken) if place is not None else {}
    new = {field.name: field for field in place.table.fields} if place is not None else {}
    offers = {name: _readings(name, place.pages) for name in new} if place is not None else {}
    return {
        field.name: _judge_likeness(field, _credible(field, assignments.get(field.name), old, fresh, offers), new, old)
        for field in left
    }


def _credible(
    field: Field, assignment: Assignment | None, old: OldTable, fresh: FreshPages, offers: Mapping[str, Readings]
) -> Assignment | None:
    """An assignment, unless the page shows a thing that is known and the place says nothing of what is known of it."""
    known = old.known_texts(field.name)
    if assignment is None or not assignment.target or not known or not (is_loose(field.type) or field.type == "url"):
        return assignment
    return assignment if sameness(known, offers[assignment.target]) >= NOT_DENIED else None


def _assign_to_free(
    left: Sequence[Field], old: OldTable, place: FreshTable, taken: set[tuple[str, ...]]
) -> dict[str, Assignment]:
    free = [field for field in place.table.fields if _key(_readings(field.name, place.pages)) not in taken]
    wanted = old.table.model_copy(update={"fields": tuple(left)})
    offered = place.table.model_copy(update={"fields": tuple(free)})
    before, after = Columns(wanted, old.before.records), Columns(offered, place.columns.records)
    return assign(before, after, Known({}, {}), {})


def _judge_likeness(field: Field, assignment: Assignment | None, new: dict[str, Field], old: OldTable) -> Finding:
    if assignment is not None and assignment.target and assignment.score >= LEAST_PROPOSED:
        likeness = min(1.0, assignment.score)
        reason = f"“{field.name}” probably stands where “{assignment.target}” was found (likeness {likeness:.2f})."
        if not assignment.torn and assignment.score >= SURE_LIKENESS:
            return Finding(at_place(field, new[assignment.target]), "moved", reason)
        doubtful = at_place(field, new[assignment.target], doubtful=True)
        return Finding(doubtful, "abstained", f"{reason[:-1]}, and a person has to decide.")
    if field.name in old.lost or field.name in old.shifted:
        return Finding(at_place(field, None), "removed", f"Nothing on the fresh pages looks like “{field.name}”.")
    return Finding(field, "abstained", f"“{field.name}” looks different on the fresh pages.")


def _moved_to(field: Field, offer: Offer, share: float = 1.0) -> str:
    selector = offer.field.selectors[0]
    what = "Its known value stands" if share >= REPRODUCED else f"Only {share:.0%} of its known value stands"
    return f"{what} at {selector.kind} “{selector.label_text or selector.path_text}” now."
