"""The key of a table: the fewest fields that tell its rows apart, and how likely they are to do so with more rows.

Values that are unique in a sample may be so by chance. Of two fields, chance is the birthday bound: how many pairs of
rows would agree in both were they independent; where several would and none does, it is no chance. Of one field nothing
but its name and the room of its values tells: numbers of five figures hardly meet among three hundred rows, and will
among thirty thousand. `tests/unit/propose/test_keys.py` and the schema benchmark tell when a number here is wrong.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import combinations
from typing import NamedTuple

from core.model.schema import ColumnType
from core.propose.hints import NameHint, hints_of
from core.values.dates import guess_order, parse_date

# rows that are looked at: with more, the pairs of fields take too long, and chance is judged well enough
ROWS_LOOKED_AT = 20_000
# fields of which pairs are tried, the best first
FIELDS_PAIRED = 24
# fewest rows whose values tell anything about a key
LEAST_ROWS = 2
# characters in the mean of a value that may tell rows apart; longer ones are prose
LONGEST_KEY_VALUE = 120
# rank of what a name says about telling rows apart, the best first; a classification is named by a code, too
_STRENGTH: tuple[tuple[NameHint, float], ...] = (("id", 0.95), ("number", 0.85), ("url", 0.8), ("code", 0.7))
# how likely a unique field is to be a key when neither name nor room say so, and as the first column, which tables of
# statistics begin their rows with
BY_CHANCE, BY_PLACE = 0.25, 0.55
# certainty from which a key is proposed
LEAST_CERTAIN = 0.5
# how sure a pair can be at best: of an entity and a time, as in tables of statistics, and of any two
ENTITY_AND_TIME, ANY_TWO = 0.9, 0.75
# how apt a time, and fields of a type whose name says nothing, are for being one of two
TIME_WORTH = 0.75
PAIR_WORTH: dict[ColumnType, float] = {"identifier": 0.7, "string": 0.6, "enum": 0.6}
# what each step of a path, and each column before, takes from how sure a field is: keys stand near the root and first
BY_STEP, BY_COLUMN = 0.97, 0.001

# how sure numbers and times can be at best that hold by their room alone
BY_ROOM = 0.9
# figures of a number that is reckoned with
LONGEST_NUMBER = 17

TIMES: frozenset[ColumnType] = frozenset({"date", "datetime"})
SINGLE_TYPES: frozenset[ColumnType] = TIMES | {"identifier", "integer", "string", "url", "email", "phone"}
PAIR_TYPES: frozenset[ColumnType] = SINGLE_TYPES | {"enum"}


class KeyColumn(NamedTuple):
    """A field that might be of the key: its name, its label, its type, and how deep in its path it stands."""

    name: str
    label: str
    type: ColumnType
    depth: int = 0


class KeyGuess(NamedTuple):
    """The fields of a key (none: no key was found), and how likely it is to hold over more rows, 0..1."""

    fields: tuple[str, ...]
    holds: float


class _Candidate(NamedTuple):
    column: KeyColumn
    place: int
    values: list[str]

    @property
    def unique(self) -> bool:
        return len(set(self.values)) == len(self.values)


def key_of(columns: Sequence[KeyColumn], rows: Iterable[Mapping[str, str]]) -> KeyGuess:
    """The key of rows that hold one text for each field that they have; of several, the most certain one."""
    kept = [row for _, row in zip(range(ROWS_LOOKED_AT), rows, strict=False)]
    if len(kept) < LEAST_ROWS:
        return KeyGuess((), 0.0)
    complete = _complete(columns, kept)
    # with one that is unique, a pair would not be minimal
    guesses = [*_singles(complete), *_pairs([candidate for candidate in complete if not candidate.unique])]
    best = max(guesses, key=lambda guess: guess.holds, default=KeyGuess((), 0.0))
    return best if best.holds >= LEAST_CERTAIN else KeyGuess((), 0.0)


def _complete(columns: Sequence[KeyColumn], rows: list[Mapping[str, str]]) -> list[_Candidate]:
    """The fields that all rows have, of types that may tell rows apart."""
    found = []
    for place, column in enumerate(columns):
        if column.type in PAIR_TYPES and all(row.get(column.name) for row in rows):
            values = [row[column.name] for row in rows]
            if sum(map(len, values)) <= LONGEST_KEY_VALUE * len(values):
                found.append(_Candidate(column, place, values))
    return found


def _singles(candidates: list[_Candidate]) -> Iterable[KeyGuess]:
    for candidate in candidates:
        if candidate.column.type in SINGLE_TYPES and candidate.unique:
            yield KeyGuess((candidate.column.name,), _certainty(candidate))


def _certainty(candidate: _Candidate) -> float:
    """How likely a unique field is to stay so: by its name, else by what chance would have brought."""
    certain = max(_named(candidate), _by_place(candidate), _by_room(candidate))
    return certain * _near(candidate)


def _named(candidate: _Candidate) -> float:
    """What the name says about telling rows apart; a number that counts does not."""
    hints = hints_of(candidate.column.label)
    if "count" in hints:
        return 0.0
    return max((worth for hint, worth in _STRENGTH if hint in hints), default=0.0)


def _by_place(candidate: _Candidate) -> float:
    if candidate.column.type in TIMES:
        return 0.0
    return BY_PLACE if candidate.place == 0 else BY_CHANCE


def _by_room(candidate: _Candidate) -> float:
    """How unlikely it is that as many numbers or times, drawn from between the first and the last, never met.

    The room is counted in the steps that they keep: a table of weeks has one row a week, and notices come on any day.
    """
    points = _points(candidate)
    if len(points) < LEAST_ROWS:
        return 0.0
    apart = [point - points[0] for point in points]
    room = (max(apart) - min(apart)) // max(1, math.gcd(*apart)) + 1
    return BY_ROOM * (1 - math.exp(-math.comb(len(points), 2) / room))


def _points(candidate: _Candidate) -> list[int]:
    """The values as whole numbers, moments in seconds; none where one is neither."""
    if candidate.column.type in TIMES:
        order = guess_order(candidate.values)
        read = [parse_date(value, order) for value in candidate.values]
        return [_seconds(iso) for iso in read if iso] if all(read) else []
    plain = all(value.isdecimal() and len(value) <= LONGEST_NUMBER for value in candidate.values)
    return [int(value) for value in candidate.values] if plain else []


def _seconds(iso: str) -> int:
    moment = datetime.fromisoformat(iso)
    return round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def _pairs(candidates: list[_Candidate]) -> Iterable[KeyGuess]:
    best = sorted(candidates, key=lambda candidate: (-_worth(candidate), candidate.place))[:FIELDS_PAIRED]
    for one, other in combinations(sorted(best, key=lambda candidate: candidate.place), 2):
        if len(set(zip(one.values, other.values, strict=True))) == len(one.values):
            yield KeyGuess((one.column.name, other.column.name), _pair_certainty(one, other))


def _worth(candidate: _Candidate) -> float:
    """How apt a field is for being one of two: by its name, as a time, or by its type."""
    by_type = PAIR_WORTH.get(candidate.column.type, 0.0)
    return max(_named(candidate), TIME_WORTH if _is_time(candidate) else by_type)


def _is_time(candidate: _Candidate) -> bool:
    return candidate.column.type in TIMES or "period" in hints_of(candidate.column.label)


def _pair_certainty(one: _Candidate, other: _Candidate) -> float:
    meetings = _agreeing(one.values) * _agreeing(other.values) * math.comb(len(one.values), 2)
    informative = 1 - math.exp(-meetings)
    timed = _is_time(one) != _is_time(other)
    worth = math.sqrt(_worth(one) * _worth(other))
    certain = (ENTITY_AND_TIME if timed else ANY_TWO) * worth * (1 + informative) / 2
    return certain * _near(one) * _near(other)


def _near(candidate: _Candidate) -> float:
    """How near a field stands to the root and to the beginning."""
    return BY_STEP**candidate.column.depth * (1 - BY_COLUMN * min(candidate.place, 100))


def _agreeing(values: list[str]) -> float:
    """The share of the pairs of rows that have the same value."""
    pairs = sum(math.comb(times, 2) for times in Counter(values).values())
    # one pair more, as a column whose values never met so far may meet
    return (pairs + 1) / (math.comb(len(values), 2) + 1)
