"""The key of a table: the fewest fields that tell its rows apart, and how likely they are to do so with more rows.

Values that are unique in a sample may be so by chance. Of two fields, chance is the birthday bound: how many pairs of
rows would agree in both were they independent; where several would and none does, it is no chance. Of one field nothing
but its name and the room of its values tells: numbers of five figures hardly meet among three hundred rows, and will
among thirty thousand. `tests/unit/propose/test_keys.py` and the schema benchmark tell when a number here is wrong.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from core.model.schema import ColumnType
from core.propose.hints import NameHint, hints_of

# rows that are looked at: with more, the pairs of fields take too long, and chance is judged well enough
ROWS_LOOKED_AT = 20_000
# fields of which pairs are tried, the best first
FIELDS_PAIRED = 24
# fewest rows whose values tell anything about a key
LEAST_ROWS = 2
# pairs of rows that would agree by chance, from which on it says something that none do: e^-3 is one in twenty
ENOUGH_MEETINGS = 3.0
# characters in the mean of a value that may tell rows apart; longer ones are prose
LONGEST_KEY_VALUE = 120
# rank of what a name says about telling rows apart, the best first; a classification is named by a code, too
_STRENGTH: tuple[tuple[NameHint, float], ...] = (("id", 0.95), ("number", 0.85), ("url", 0.8), ("code", 0.7))
# how likely a unique field is to be a key when neither name nor room say so, and as the first column, which tables of
# statistics begin their rows with
BY_CHANCE, BY_PLACE = 0.25, 0.55
# certainty from which a key is proposed
LEAST_CERTAIN = 0.5
# what telling rows apart by an entity and a time is worth: tables of statistics do
ENTITY_AND_TIME = 0.9

SINGLE_TYPES: frozenset[ColumnType] = frozenset({"identifier", "integer", "string", "url", "email", "phone"})
PAIR_TYPES: frozenset[ColumnType] = SINGLE_TYPES | {"enum", "date", "datetime"}


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
    guesses = [*_singles(complete, len(kept)), *(_pairs(complete) if not any(c.unique for c in complete) else ())]
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


def _singles(candidates: list[_Candidate], rows: int) -> Iterable[KeyGuess]:
    for candidate in candidates:
        if candidate.column.type in SINGLE_TYPES and candidate.unique:
            yield KeyGuess((candidate.column.name,), _certainty(candidate, rows))


def _certainty(candidate: _Candidate, rows: int) -> float:
    """How likely a unique field is to stay so: by its name, else by what chance would have brought."""
    hints = hints_of(candidate.column.label)
    named = max((worth for hint, worth in _STRENGTH if hint in hints), default=0.0)
    if "count" in hints or "period" in hints:
        named = 0.0
    by_place = BY_PLACE if candidate.place == 0 else BY_CHANCE
    certain = max(named, by_place, _by_room(candidate.values, rows))
    # of equals the one that stands nearer to the beginning and to the root
    return certain * 0.97**candidate.column.depth * (1 - 0.001 * min(candidate.place, 100))


def _by_room(values: list[str], rows: int) -> float:
    """How unlikely it is that numbers drawn from between the least and the greatest never met."""
    if not all(value.isdecimal() and len(value) < 18 for value in values):
        return 0.0
    numbers = [int(value) for value in values]
    room = max(numbers) - min(numbers) + 1
    return (1 - math.exp(-rows * (rows - 1) / (2 * room))) * 0.9


def _pairs(candidates: list[_Candidate]) -> Iterable[KeyGuess]:
    best = sorted(candidates, key=lambda candidate: (-_worth(candidate), candidate.place))[:FIELDS_PAIRED]
    for one, other in combinations(sorted(best, key=lambda candidate: candidate.place), 2):
        if len(set(zip(one.values, other.values, strict=True))) == len(one.values):
            yield KeyGuess((one.column.name, other.column.name), _pair_certainty(one, other))


def _worth(candidate: _Candidate) -> float:
    """How apt a field is for being one of two: identifiers, then times, then words."""
    hints = hints_of(candidate.column.label)
    named = max((worth for hint, worth in _STRENGTH if hint in hints), default=0.0)
    return max(named, 0.75 * _is_time(candidate), 0.6 * (candidate.column.type in ("identifier", "string", "enum")))


def _is_time(candidate: _Candidate) -> bool:
    return candidate.column.type in ("date", "datetime") or "period" in hints_of(candidate.column.label)


def _pair_certainty(one: _Candidate, other: _Candidate) -> float:
    meetings = _agreeing(one.values) * _agreeing(other.values) * math.comb(len(one.values), 2)
    informative = 1 - math.exp(-meetings)
    timed = _is_time(one) != _is_time(other)
    worth = math.sqrt(_worth(one) * _worth(other))
    certain = (ENTITY_AND_TIME if timed else 0.75) * worth * (0.5 + 0.5 * informative)
    return certain * 0.97 ** (one.column.depth + other.column.depth) * (1 - 0.001 * min(one.place + other.place, 100))


def _agreeing(values: list[str]) -> float:
    """The share of the pairs of rows that have the same value."""
    pairs = sum(math.comb(times, 2) for times in Counter(values).values())
    # one pair more, as a column whose values never met so far may meet
    return (pairs + 1) / (math.comb(len(values), 2) + 1)
