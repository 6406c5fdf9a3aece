"""How likely each field of a blueprint is the one that a person means by a name, a type and a description.

Each sign speaks for or against a field with a weight. The weights are log-odds fitted to half of a set of saved pages
with known columns; `python -m tests.benchmarks --only cases` measures them. The likelihoods of all fields, and that
none is meant, add up to one: where two are as likely, neither is sure.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from math import exp
from typing import NamedTuple

from core.model import Blueprint, Field, FieldType, RecordSet
from core.model.selector import EmbeddedSelector, Selector
from core.text.synonyms import term, types_of

# what each sign adds to the logarithm of the odds; the signs themselves are made below, by words, type and place
SIGN_WEIGHTS = {
    "same": 1.1,
    "synonym": 1.1,
    "alone so called": 2.5,  # fitted to 0.7, which leaves too much doubt about a column of exactly that name
    "alone with this meaning": 0.6,
    "words": 4.1,
    "described": 2.0,  # no saved wish has a description: set by hand to half of what words count
    "other meaning": -1.5,
    "numbered": -0.2,
    "type asked for": 1.9,
    "type near": -0.9,
    "other type": -2.5,
    "type of the word": 1.4,
    "not of the word": -1.3,
    "only one": 2.1,
    "link": -1.8,
    "file": 1.6,
    "prose": 3.2,
    "main table": 1.9,
    "sure": 5.0,
    "early": 0.8,
}
# that none of the fields is meant, in log-odds as the signs and fitted with them
NONE_MEANT = 9.6

# words that tell little about a column: they stand in the names of many
LIGHT = frozenset("of the a and no number name date in for to on by is s url text identifier value field nr".split())
LIGHT_WEIGHT = 0.35
# how much a word counts as another one: the same but for its ending, of the same term, with the same beginning; the
# weight of words was fitted over these, which were set by hand
INFLECTED_WORD, RELATED_WORD, BEGUN_WORD = 0.95, 0.8, 0.5
# letters that stay when an ending is cut off, and letters of a beginning: with fewer, "bus" is "buses" is "busy"
STEM_LETTERS, BEGINNING = 4, 5
# how much of a likeness is that the wanted words are in the name, the rest is that the name has no others: a wanted
# "price" is in "price per unit", and better in "price"
WANTED_SHARE = 0.65
# words of a value that reads like a title: longer ones are descriptions
PROSE_WORDS = range(3, 31)
ENDINGS = ("ies", "es", "s", "ing", "ed")
NUMBERED = re.compile(r"_\d+$")
PICTURE = re.compile(r"\.(jpe?g|png|webp|gif|avif)\b", re.I)
FILE = re.compile(r"\.(pdf|docx?|xlsx?|mp3|mp4|zip)\b", re.I)
OF_ITSELF = frozenset({"text", "name", "url"})
TEXTS = frozenset({"string", "text", "identifier"})
ALIKE_TYPES = (
    TEXTS,
    frozenset({"integer", "decimal", "money", "quantity", "percent"}),
    frozenset({"date", "datetime"}),
)
DATES = ALIKE_TYPES[2]

FieldPlace = tuple[str, str]
ColumnMark = tuple[str, ...]


class Wanted(NamedTuple):
    """A column that a person asks for."""

    name: str
    description: str = ""
    type: FieldType | None = None


class Likely(NamedTuple):
    """A field, as table and name, and how likely it is meant; fields that read the same stand for each other."""

    place: FieldPlace
    likelihood: float


class Wish(NamedTuple):
    """What is wanted of a blueprint, worked out once for all its fields.

    `kinds` are the types that are asked for or that the name tells; `telling` the columns of the main table that are of
    one that few columns are of; `namesakes` the columns that go by the wanted name, or by one that means the same.
    """

    wanted: Wanted
    main: str
    kinds: frozenset[str]
    telling: frozenset[ColumnMark]
    namesakes: frozenset[ColumnMark]


def wish(blueprint: Blueprint, wanted: Wanted) -> Wish:
    """What is wanted, seen from a blueprint."""
    kinds = frozenset({wanted.type}) if wanted.type else types_of(_plain(wanted.name))
    few = frozenset() if kinds & TEXTS else kinds | (DATES if kinds & DATES else frozenset())
    main = blueprint.tables[0]
    telling = frozenset(_column(main, field) for field in main.fields if field.type in few)
    alike = (pair for pair in _options(blueprint) if any(_is_called(wanted, pair[1])))
    return Wish(wanted, main.name, kinds, telling, frozenset(_column(table, field) for table, field in alike))


def likely(blueprint: Blueprint, wanted: Wanted) -> list[Likely]:
    """The fields of the main tables, one for all that read the same, with their likelihoods, in their order."""
    options, seen = _options(blueprint), wish(blueprint, wanted)
    odds = [exp(_log_odds(signs(seen, table, field))) for table, field in options]
    whole = exp(NONE_MEANT) + sum(odds)
    found = []
    for group in _groups(options):
        table, field = options[max(group, key=lambda at: odds[at])]
        found.append(Likely((table.name, field.name), sum(odds[at] for at in group) / whole))
    return found


def _groups(options: Sequence[tuple[RecordSet, Field]]) -> list[list[int]]:
    """The positions of fields that are about the same: they read the same, or are variants of one embedded value."""
    groups: list[list[int]] = []
    known: dict[ColumnMark, list[int]] = {}
    for at, (table, field) in enumerate(options):
        marks = [_column(table, field), (table.name, "", _embedded(field.selectors[0]) or str(at))]
        group = next((known[mark] for mark in marks if mark in known), None)
        if group is None:
            groups.append(group := [])
        group.append(at)
        known.update({mark: known.get(mark, group) for mark in marks})
    return groups


def _embedded(selector: Selector) -> str:
    """The path of an embedded value without what tells its variants apart: all texts, the text, name or address."""
    if not isinstance(selector, EmbeddedSelector):
        return ""
    steps = selector.path.partition("//")[0].split("/")
    return "/".join(steps[:-1] if len(steps) > 2 and steps[-1] in OF_ITSELF else steps)


def _log_odds(found: dict[str, float]) -> float:
    return sum(SIGN_WEIGHTS[name] * value for name, value in found.items())


def signs(seen: Wish, table: RecordSet, field: Field) -> dict[str, float]:
    """What speaks for and against a field, by name; each 0..1."""
    return _of_words(seen, table, field) | _of_type(seen, table, field) | _of_place(seen, table, field)


def _of_words(seen: Wish, table: RecordSet, field: Field) -> dict[str, float]:
    wanted, called = seen.wanted, _called(field)
    same, synonym = _is_called(wanted, field)
    sole = table.name == seen.main and seen.namesakes == {_column(table, field)}
    shared = max((_likeness(_plain(wanted.name), name) for name in called), default=0.0)
    told = max((_likeness(_plain(wanted.description), name) for name in called), default=0.0)
    return {
        "same": same,
        "synonym": synonym,
        "alone so called": sole and same,
        "alone with this meaning": sole and synonym,
        "words": shared,
        "described": max(0.0, told - shared),
        "other meaning": not shared and any(map(term, called)),
        "numbered": NUMBERED.search(field.name) is not None,
    }


def _is_called(wanted: Wanted, field: Field) -> tuple[bool, bool]:
    """Whether a field goes by the wanted name, and else whether by one that means the same."""
    name, called = _plain(wanted.name), _called(field)
    same = any(_stem(name) == _stem(other) for other in called)
    return same, not same and bool(term(name)) and any(term(name) == term(other) for other in called)


def _called(field: Field) -> list[str]:
    return [plain for name in (field.name, field.label) if (plain := _plain(name))]


def _of_type(seen: Wish, table: RecordSet, field: Field) -> dict[str, float]:
    wanted, kinds = seen.wanted, seen.kinds
    asked, fits = wanted.type is not None, field.type in kinds
    near = any({wanted.type, field.type} <= family for family in ALIKE_TYPES)
    only = len(seen.telling) if _column(table, field) in seen.telling else 0
    return {
        "type asked for": asked and fits,
        "type near": asked and not fits and near,
        "other type": asked and not fits and not near,
        "type of the word": not asked and fits,
        "not of the word": not asked and bool(kinds) and not fits,
        "only one": 1 / only if only else 0.0,
        "link": field.type == "url" and "url" not in kinds,
        "file": "url" in kinds and _is_file(term(wanted.name), field),
        "prose": term(wanted.name) == "title" and _is_prose(field),
    }


def _is_file(meaning: str, field: Field) -> bool:
    """Whether the addresses of a field lead to pictures, where those are wanted, or else to documents."""
    return bool((PICTURE if meaning == "image" else FILE).search(" ".join(field.examples)))


def _is_prose(field: Field) -> bool:
    words = sum(len(example.split()) for example in field.examples) / max(1, len(field.examples))
    return field.type in ("string", "text") and round(words) in PROSE_WORDS


def _of_place(seen: Wish, table: RecordSet, field: Field) -> dict[str, float]:
    return {
        "main table": table.name == seen.main,
        "sure": field.confidence,
        "early": 1 / (1 + table.fields.index(field)),
    }


def _options(blueprint: Blueprint) -> list[tuple[RecordSet, Field]]:
    return [(table, field) for table in blueprint.tables if table.parent is None for field in table.fields]


def _column(table: RecordSet, field: Field) -> ColumnMark:
    """What a field is known by: its table and what it reads."""
    return (table.name, *field.examples)


@lru_cache(maxsize=20_000)
def _likeness(wanted: str, name: str) -> float:
    """How alike two names are by their words, 0..1."""
    mine, theirs = wanted.split(), name.split()
    if not mine or not theirs:
        return 0.0
    return WANTED_SHARE * _share_held(mine, theirs) + (1 - WANTED_SHARE) * _share_held(theirs, mine)


def _share_held(words: Sequence[str], others: Sequence[str]) -> float:
    """How much of some words stands among others."""
    weights = [LIGHT_WEIGHT if word in LIGHT else 1.0 for word in words]
    found = (weight * max(_alike(word, other) for other in others) for word, weight in zip(words, weights, strict=True))
    return sum(found) / sum(weights)


def _alike(word: str, other: str) -> float:
    if word == other:
        return 1.0
    if _stem(word) == _stem(other):
        return INFLECTED_WORD
    if term(word) and term(word) == term(other):
        return RELATED_WORD
    return BEGUN_WORD if len(other) >= BEGINNING and word.startswith(other[:BEGINNING]) else 0.0


def _stem(word: str) -> str:
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) >= STEM_LETTERS + len(ending):
            return word.removesuffix(ending) + ("y" if ending == "ies" else "")
    return word


def _plain(name: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", NUMBERED.sub("", name.strip()).casefold()))
