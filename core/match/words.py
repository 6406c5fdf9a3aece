"""The words of a field's name, and how far one word stands for another."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import Indel

from core.match.vocabulary import family

# words of a name that are compared: longer names are sentences, whose beginning says enough
MOST_WORDS = 8
# letters of a name that are looked at
LONGEST_NAME = 200
# likeness of two words of one family, of an abbreviation and what it is short for, and of the initials of several words
FAMILY_LIKENESS, SHORT_LIKENESS = 0.9, 0.75
# likeness of spelling from which two words may be one: below, they only share letters
SPELLED_ALIKE = 0.75
# letters that an abbreviation has at least: one letter may be short for anything
SHORTEST_SHORT = 2
# pairs of words that are remembered
WORD_PAIRS_CACHED = 100_000
# words that stand in the names of many fields, and what they count beside others
LIGHT = frozenset("of the a an and for in to by on at is de la der die das des du le el los y et und von".split())
LIGHT_WEIGHT = 0.2
_BREAKS = re.compile(r"[^\W\d_]+|\d+")
_HUMPS = re.compile(r"(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_STEPS = re.compile(r"[./>\\|@\[\]]+|::")
# names that programs make up: a word for any column with a number, a letter with a number, digits alone
_MADE_UP = re.compile(
    r"(unnamed|untitled|column|col|columna|colonne|spalte|field|feld|campo|champ|attribute|attr|variable|var|feature|feat|"
    r"prop|property|value|val|header|key|item|data|[a-z]{0,2})[\s_:.#-]*\d+",
)
# a hash: a short word of the letters a to f with digits among them
_HASH = re.compile(r"(?=.*\d)[a-z]?[0-9a-f]{4,}")


class NameWords(NamedTuple):
    """A name as words in lower case without accents: of its last step, and of the steps before; and whether it tells.

    `plain` is the name as one word. A name that a program made up, such as col1, tells nothing.
    """

    plain: str
    words: tuple[str, ...]
    before: tuple[str, ...]
    tells: bool

    @property
    def initials(self) -> str:
        """The first letters of its words; "" of fewer than two."""
        return "".join(word[0] for word in self.words) if len(self.words) > 1 else ""


@lru_cache(maxsize=20_000)
def name_words(name: str) -> NameWords:
    """The words of a name, which may be a path."""
    steps = [step for step in _STEPS.split(name[-LONGEST_NAME:]) if _words(step)]
    last = _words(steps[-1]) if steps else ()
    before = tuple(word for step in steps[:-1] for word in _words(step))
    plain = "".join(last)
    return NameWords(plain, last[:MOST_WORDS], before[-MOST_WORDS:], not _is_made_up(_folded(name)))


def _words(text: str) -> tuple[str, ...]:
    return tuple(_BREAKS.findall(_folded(_HUMPS.sub(" ", text))))


def _folded(text: str) -> str:
    """In lower case, without accents; umlauts as in ASCII names."""
    plain = text.casefold().translate({228: "ae", 246: "oe", 252: "ue"})
    return "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))


def _is_made_up(plain: str) -> bool:
    bare = plain.strip()
    return len(bare) <= 1 or bare.isdigit() or bool(_MADE_UP.fullmatch(bare) or _HASH.fullmatch(bare))


def word_weight(word: str) -> float:
    """What a word counts in a name."""
    return LIGHT_WEIGHT if word in LIGHT else 1.0


@lru_cache(maxsize=WORD_PAIRS_CACHED)
def word_likeness(one: str, other: str) -> float:
    """How far a word stands for another one, 0..1."""
    if one == other:
        return 1.0
    if one.isdigit() or other.isdigit():
        return 0.0
    if (kin := family(one)) >= 0 and kin == family(other):
        return FAMILY_LIKENESS
    if one[0] != other[0]:
        return 0.0
    short, long = sorted((one, other), key=lambda word: (len(word), word))
    spelled = Indel.normalized_similarity(one, other)
    return max(SHORT_LIKENESS if _is_short_for(short, long) else 0.0, spelled if spelled >= SPELLED_ALIKE else 0.0)


def _is_short_for(short: str, long: str) -> bool:
    """Whether the letters of one word stand in another in their order, and it begins alike: "qty", "quantity"."""
    if len(short) < SHORTEST_SHORT or len(short) > len(long) - 2:
        return False
    rest = iter(long)
    return all(letter in rest for letter in short)
