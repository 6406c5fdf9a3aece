"""Columns that stand on fewer documents than chance explains, all of them together held to one level.

Presence is discrete: a column that always stood there cannot fail by chance. So the level is shared among the levels
that the columns can attain, not among the columns. A column is also compared among documents that have its companion,
and among those that have not: the companion is the column that tells most about whether it is there. What stands with
each award date misses nothing by chance on a page with an award date, however seldom those pages are.

Sources: Fisher's exact test, over strata the exact form of Mantel & Haenszel, "Statistical Aspects of the Analysis of
Data from Retrospective Studies" (JNCI, 1959); levels added up as in Westfall & Wolfinger, "Multiple Tests with
Discrete Distributions" (The American Statistician, 1997).
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from numpy import bool_, float64
    from numpy.typing import NDArray

    Marks = NDArray[bool_]

# the least fall of the share of documents that have a column: higher misses partial losses (the benchmark loses three
# values of ten), lower alarms at what changes from week to week
LEAST_LOSS = 0.12
# documents, or values, below which no test is tried: with four before and four after, chance alone takes a column from
# all of the later ones once in seventy times
FEWEST_DOCUMENTS = 8
# how much of a column's presence its companion explains (φ², 0..1), and how surely (χ² with one degree of freedom, that
# chance exceeds once in 16,000 pairs): by chance no column becomes a companion, as there is a pair for any two
LEAST_EXPLAINED = 0.2
SURELY = 16.0
# of sums of floats, what is rounding and no difference
ROUNDING = 1e-9


class Loss(NamedTuple):
    """A column that is missing more often: how unlikely by chance, and on which share of the documents it stood and
    stands; `among` tells which documents if not all: "with “award_date”".
    """

    name: str
    among: str
    p: float
    was: float
    now: float


class Stratum(NamedTuple):
    """Documents before and after in which a column is there or not; which of these are the later ones."""

    documents: int
    present: int
    later: int


class Comparison:
    """One column before and after, over all documents or over two strata of them."""

    def __init__(self, before: "Marks", after: "Marks", by: tuple["Marks", "Marks"] | None = None) -> None:
        sides = [(before, after)] if by is None else [(before[by[0]], after[by[1]]), (before[~by[0]], after[~by[1]])]
        # documents of a kind that was never there before say nothing
        self.sides = [(old, new) for old, new in sides if len(old)]
        self.strata = [Stratum(len(o) + len(n), int(o.sum() + n.sum()), len(n)) for o, n in self.sides]
        self.later = sum(stratum.later for stratum in self.strata)
        self.observed = sum(int(new.sum()) for _, new in self.sides)

    @cached_property
    def levels(self) -> "NDArray[float64]":
        """The p-value of each number of later documents that have the column: the sum of hypergeometric counts."""
        import numpy
        from scipy.stats import hypergeom

        chances = numpy.ones(1)
        for documents, present, later in self.strata:
            chances = numpy.convolve(chances, hypergeom.pmf(numpy.arange(later + 1), documents, present, later))
        return numpy.cumsum(chances)

    @cached_property
    def most(self) -> int:
        """The largest number of later documents with the column that would be a loss worth a word; -1 if none is."""
        documents = sum(stratum.documents for stratum in self.strata)
        expected = sum(stratum.later * stratum.present / stratum.documents for stratum in self.strata)
        earlier = documents - self.later
        return int(expected - LEAST_LOSS * earlier * self.later / documents + ROUNDING) if expected else -1

    @property
    def p(self) -> float | None:
        """How likely chance alone would leave as few; None where too few are missing to matter."""
        return float(self.levels[self.observed]) if self.later and self.observed <= self.most else None

    def attained(self, p: float) -> float:
        """The largest level, not above this one, that this comparison could have come to."""
        import numpy

        levels = self.levels[: self.most + 1]
        count = int(numpy.searchsorted(levels, p, side="right"))
        return float(levels[count - 1]) if count else 0.0

    @property
    def fullest(self) -> int:
        """The number of the side, of those with later documents, on which most of the column was."""
        later = (number for number, (_, new) in enumerate(self.sides) if len(new))
        return max(later, key=lambda number: float(self.sides[number][0].mean()))


DocumentTexts = Mapping[str, Sequence[str]]


def losses(baseline: Sequence[DocumentTexts], window: Sequence[DocumentTexts], level: float) -> list[Loss]:
    """The columns that are missing in the window; in windows without a fault any is found in `level` of them at most.

    Documents are {field: [texts]}; a field without texts is missing.
    """
    compared = list(_comparisons(baseline, window))
    found = [(name, companion, one, p) for name, companion, one in compared if (p := one.p) is not None and p < level]
    return [
        _loss(name, companion, p, one)
        for name, companion, one, p in found
        if sum(other.attained(p * (1 + ROUNDING)) for _, _, other in compared) < level
    ]


def _loss(name: str, companion: str, p: float, one: Comparison) -> Loss:
    number = one.fullest
    old, new = one.sides[number]
    among = f"{('with', 'without')[number]} “{companion}”" if companion else ""
    return Loss(name, among, p, float(old.mean()), float(new.mean()))


def _comparisons(
    baseline: Sequence[DocumentTexts], window: Sequence[DocumentTexts]
) -> Iterator[tuple[str, str, Comparison]]:
    names = sorted({name for document in baseline for name in document})
    before, after = _marks(baseline, names), _marks(window, names)
    for number, (name, other) in enumerate(zip(names, _companions(before), strict=True)):
        yield name, "", Comparison(before[:, number], after[:, number])
        if other is not None:
            beside = (before[:, other], after[:, other])
            yield name, names[other], Comparison(before[:, number], after[:, number], beside)


def _marks(documents: Sequence[DocumentTexts], names: Sequence[str]) -> "Marks":
    """Which document has which column."""
    import numpy

    return numpy.array([[bool(document.get(name)) for name in names] for document in documents], dtype=bool)


def _companions(marks: "Marks") -> list[int | None]:
    """For each column the one that explains most of whether it is there, if that is enough and no chance.

    What is explained is the squared coefficient of correlation of both being there (φ²); times the number of documents
    it is the χ² statistic of their independence.
    """
    import numpy

    documents, counts = len(marks), marks.sum(axis=0)
    both = documents * (marks.T.astype(float) @ marks) - numpy.outer(counts, counts)
    spread = numpy.sqrt(counts * (documents - counts).astype(float))
    apart = numpy.outer(spread, spread)
    explained = numpy.divide(both, apart, out=numpy.zeros_like(both), where=apart > 0) ** 2
    explained[:, (counts < FEWEST_DOCUMENTS) | (documents - counts < FEWEST_DOCUMENTS)] = 0.0
    numpy.fill_diagonal(explained, 0.0)
    best = explained.argmax(axis=1) if len(counts) else []
    least = max(LEAST_EXPLAINED, SURELY / documents)
    return [int(other) if explained[number, other] >= least else None for number, other in enumerate(best)]
