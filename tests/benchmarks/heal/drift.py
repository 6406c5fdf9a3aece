"""How many injected faults the drift tests find, and how often they cry wolf: `python -m tests.benchmarks.heal.drift`.

Each trial draws 200 documents of a generated source as the baseline and a window of 20, 40 or 80, then breaks one
column of the window. `false alarm` is the share of unbroken windows with any finding; the other figures are the share
of trials in which the broken column (of a swap: one of the two) is named. Each is the mean over the families and over
as many seeds as asked for, with the lowest and the highest seed.

`best possible` is what no test could surpass on columns that lose three values of ten: it knows how often each column
was there, spends the whole level on presence, and shares it as suits the columns of the family best (Neyman–Pearson).
`the plain way` is Fisher's exact test with the level divided by the number of columns: it tells how hard the columns
of this benchmark are. A second table tells that loss apart by how often the column was there before.
"""

import random
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import NamedTuple

from core.drift.statistics import LEVEL, ColumnStatistics, detect_drift, statistics_of
from tests.benchmarks.heal.families import FAMILIES, Document, Family

Fault = Callable[[list[Document], str, random.Random], set[str]]
Notice = Callable[[Sequence[Document], Sequence[Document]], set[str]]

BASELINE = 200
WINDOWS = (20, 40, 80)
LOST = 0.3
NUMBER = re.compile(r"[0-9][0-9,]*(\.[0-9]+)?")


def lost(window: list[Document], name: str, rng: random.Random) -> set[str]:
    """The column is gone."""
    for found in window:
        found.pop(name, None)
    return {name}


def lost_in_part(window: list[Document], name: str, rng: random.Random) -> set[str]:
    """The column is gone from three documents of ten."""
    for found in window:
        if rng.random() < LOST:
            found.pop(name, None)
    return {name}


def renamed(window: list[Document], name: str, rng: random.Random) -> set[str]:
    """The column goes by another name."""
    for found in window:
        if name in found:
            found[f"{name}_2"] = found.pop(name)
    return {name}


def swapped(window: list[Document], name: str, rng: random.Random) -> set[str]:
    """Two columns have changed places."""
    other = rng.choice([key for key in sorted({key for found in window for key in found}) if key != name])
    for found in window:
        mine, theirs = found.pop(name, None), found.pop(other, None)
        found |= ({name: theirs} if theirs else {}) | ({other: mine} if mine else {})
    return {name, other}


def other_unit(window: list[Document], name: str, rng: random.Random) -> set[str]:
    """A number is given in another unit, without a word."""
    for found in window:
        if name in found:
            found[name] = [NUMBER.sub(_scaled, found[name][0], count=1)]
    return {name}


def _scaled(number: re.Match[str]) -> str:
    value = float(number[0].replace(",", "")) * 0.45
    return f"{value:,.2f}" if "." in number[0] else f"{value:.0f}"


def boilerplate(window: list[Document], name: str, rng: random.Random) -> set[str]:
    """The place now holds a text of the template."""
    for found in window:
        found[name] = ["Sign in to see this"]
    return {name}


FAULTS: dict[str, Fault] = {
    "lost": lost,
    "30 % lost": lost_in_part,
    "renamed": renamed,
    "swapped": swapped,
    "unit × 0.45": other_unit,
    "boilerplate": boilerplate,
}


class Figures(NamedTuple):
    """The share of windows with a false alarm, of each fault the share found, and of the partial loss the plain way.

    One number a seed.
    """

    alarms: list[float]
    found: dict[str, list[float]]
    plain: list[float]


def measured(size: int, seeds: int, trials: int) -> Figures:
    """The figures of one window size: `trials` of each fault and family and seed, and five times as many calm ones."""
    alarms = [_share(size, seed, None, 5 * trials) for seed in range(seeds)]
    found = {name: [_share(size, seed, fault, trials) for seed in range(seeds)] for name, fault in FAULTS.items()}
    plain = [_share(size, seed, lost_in_part, trials, plainly) for seed in range(seeds)]
    return Figures(alarms, found, plain)


def noticed(baseline: Sequence[Document], window: Sequence[Document]) -> set[str]:
    """The columns that the drift tests name."""
    return {finding.field for finding in detect_drift(baseline, window)}


def plainly(baseline: Sequence[Document], window: Sequence[Document]) -> set[str]:
    """The columns that Fisher's exact test on presence names when all columns have the same share of the level."""
    from scipy.stats import fisher_exact

    names = _names(baseline)
    counts = {name: [_counts(statistics_of(documents, name)) for documents in (baseline, window)] for name in names}
    return {name for name, both in counts.items() if fisher_exact(both).pvalue < LEVEL / len(names)}


def _counts(found: ColumnStatistics) -> tuple[int, int]:
    return found.present, found.documents - found.present


def _share(size: int, seed: int, fault: Fault | None, trials: int, notice: Notice = noticed) -> float:
    named = [
        trial(family, size, f"{seed} {kind} {number}", fault, notice=notice)
        for kind, family in FAMILIES.items()
        for number in range(trials)
    ]
    return sum(named) / len(named)


def trial(family: Family, size: int, seed: str, fault: Fault | None, name: str = "", notice: Notice = noticed) -> bool:
    """Whether the broken column, one of chance unless it has a name, is noticed; without a fault whether any is."""
    rng = random.Random(seed)
    scale = rng.uniform(0.2, 5)
    baseline = [family.document(rng, scale) for _ in range(BASELINE)]
    window = [family.document(rng, scale) for _ in range(size)]
    columns = family.amounts if fault is other_unit else _names(baseline)
    broken = fault(window, name or rng.choice(columns), rng) if fault else set()
    named = notice(baseline, window)
    return bool(named & broken) if fault else bool(named)


def _names(documents: Sequence[Document]) -> list[str]:
    return sorted({name for found in documents for name in found})


def by_fill(size: int, seeds: int, trials: int) -> Iterator[str]:
    """How often a loss of three values of ten is found, by how often the column was there."""
    yield "| column was there | 30 % lost | the plain way | best possible for it alone |"
    yield "|---|---|---|---|"
    fills = sorted({fill for family in FAMILIES.values() for fill in family.fills.values()}, reverse=True)
    for fill in (1.0, *fills):
        ours, plain = (_words(_thinned(fill, size, seeds, trials, notice)) for notice in (noticed, plainly))
        best = max(power for _, power in _powers(fill, size))
        yield f"| {fill:.0%} | {ours} | {plain} | {best:.3f} |"


def _thinned(fill: float, size: int, seeds: int, trials: int, notice: Notice) -> list[float]:
    """The share of trials in which a column that was there that often is noticed when it is thinned; one a seed."""
    family, name = next(
        (family, name)
        for family in FAMILIES.values()
        for name in family.make(random.Random(0), 1.0)
        if family.fills.get(name, 1.0) == fill
    )
    return [
        sum(trial(family, size, f"{seed} {number}", lost_in_part, name, notice) for number in range(trials)) / trials
        for seed in range(seeds)
    ]


def best_possible(size: int) -> float:
    """The mean power over the columns of all families of the best shares of the level."""
    families = [_best(family, size) for family in FAMILIES.values()]
    return sum(families) / len(families)


def _best(family: Family, size: int) -> float:
    columns = len(family.make(random.Random(0), 1.0))
    choices = product(*(list(_powers(fill, size)) for fill in family.fills.values()))
    partial = max(sum(power for _, power in one) for one in choices if sum(level for level, _ in one) <= LEVEL)
    return (columns - len(family.fills) + partial) / columns


def _powers(fill: float, size: int) -> Iterator[tuple[float, float]]:
    """Level and power of each threshold on how many documents of a window have the column."""
    from scipy.stats import binom

    for count in range(-1, size):
        if (level := float(binom.cdf(count, size, fill))) <= LEVEL:
            yield level, float(binom.cdf(count, size, fill * (1 - LOST)))


def table(seeds: int, trials: int, windows: Sequence[int] = WINDOWS) -> Iterator[str]:
    """The figures, one row a window size."""
    yield "| window | false alarm | " + " | ".join(FAULTS) + " | 30 % lost, the plain way | best possible |"
    yield "|---" * (len(FAULTS) + 4) + "|"
    for size in windows:
        figures = measured(size, seeds, trials)
        cells = [figures.alarms, *figures.found.values(), figures.plain]
        yield f"| {size} | " + " | ".join(map(_words, cells)) + f" | {best_possible(size):.3f} |"


def _words(shares: Sequence[float]) -> str:
    return f"{sum(shares) / len(shares):.3f} ({min(shares):.2f}–{max(shares):.2f})"


def main(seeds: int = 5, trials: int = 20) -> None:
    """Print the faults, one row a window size, and the partial loss by how often the column was there."""
    for line in table(seeds, trials):
        print(line, flush=True)
    for size in WINDOWS:
        print(f"\nThree values of ten lost, windows of {size} documents\n")
        for line in by_fill(size, seeds, 2 * trials):
            print(line, flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
