"""What the values of one field say about its type, as shares: read once from its signature, asked by all rules."""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from core.model.blueprint import FieldType
from core.propose.hints import NameHint
from core.signature import FieldSignature
from core.signature.kinds import kind_of
from core.values.dates import HAS_YEAR

FIGURES = re.compile(r"\d+")
DIGIT = re.compile(r"\d")
# a remark in brackets behind a value, and a word before it; so many words are passed over
BEHIND = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*$")
BEFORE = re.compile(r"^\s*[^\W\d_]+\s*[:.]?\s+")
WORDS_BEFORE = 2
# words that stand for a missing number, as "NR" or "n.d." do: so many different ones, so long, and each seen so often
MOST_STAND_INS = 2
LONGEST_STAND_IN = 20
LEAST_STAND_IN = 3


@dataclass(frozen=True)
class FieldEvidence:
    """The values of a field: shares of the readers that take them, and the texts that were kept, with their counts."""

    signature: FieldSignature
    hints: frozenset[NameHint]

    @cached_property
    def texts(self) -> Mapping[str, int]:
        """The kept values and how often each was seen."""
        return self.signature.sketch.values

    @cached_property
    def _kept(self) -> int:
        return sum(self.texts.values())

    def share(self, *kinds: FieldType) -> float:
        """The share of the values that one of the readers takes; words in place of missing numbers are none."""
        wanted, values = set(kinds), self.signature.values - self.stand_ins
        taken = sum(times for found, times in self.signature.kinds.items() if wanted & found)
        return min(1.0, taken / values) if values else 0.0

    @cached_property
    def stand_ins(self) -> int:
        """How many values are a word that stands for a missing one: the only words in a column of figures."""
        words = {text: times for text, times in self.texts.items() if not DIGIT.search(text)}
        few = 0 < len(words) <= MOST_STAND_INS < len(self.texts) - len(words)
        if few and all(len(text) <= LONGEST_STAND_IN and times >= LEAST_STAND_IN for text, times in words.items()):
            return sum(words.values())
        return 0

    def plainly(self, *kinds: FieldType) -> float:
        """The share of the kept values that one of the readers takes, if need be without the words around.

        "3 May 2021 (Rome)" is a date, and "from EUR 12" an amount.
        """
        wanted = set(kinds)
        return self.fitting(lambda text: any(wanted & kind_of(part).kinds for part in _parts(text)))

    def fitting(self, fits: Callable[[str], object]) -> float:
        """The share of the kept values, by their counts, for which something holds."""
        return sum(times for text, times in self.texts.items() if fits(text)) / self._kept if self._kept else 0.0

    @property
    def mean_length(self) -> float:
        """Characters of a value in the mean."""
        return self.signature.lengths.mean

    @property
    def distinct(self) -> int:
        """How many different values there are."""
        return self.signature.sketch.distinct

    @cached_property
    def unseen(self) -> float:
        """The probability that the next value is a new one (Good and Turing: the share of values seen once)."""
        if not self._kept:
            return 1.0
        once = sum(times == 1 for times in self.texts.values())
        # half a value more, so that few values never make it nothing
        return (once + 0.5) / self._kept

    @cached_property
    def figures(self) -> list[str]:
        """The kept values that are nothing but figures."""
        return [text for text in self.texts if FIGURES.fullmatch(text.strip())]

    @property
    def years(self) -> bool:
        """Whether all figures are years."""
        return bool(self.figures) and all(HAS_YEAR.fullmatch(text.strip()) for text in self.figures)

    def hinted(self, *hints: NameHint) -> bool:
        """Whether the name says one of these things."""
        return not self.hints.isdisjoint(hints)

    @property
    def expected_twos(self) -> float:
        """How many twos there would be, were these counts with so many ones (Poisson); flags have none."""
        ones = self.fitting(lambda text: text.strip() == "1")
        return self.signature.values * (ones * ones / 2) * math.exp(-ones)


def _parts(text: str) -> Iterator[str]:
    """A text, and what is left of it without the words around."""
    yield text
    bare = BEHIND.sub("", text)
    yield bare
    for _ in range(WORDS_BEFORE):
        bare = BEFORE.sub("", bare)
        yield bare
