"""How many injected faults the drift tests find, and how often they cry wolf: `python -m tests.benchmarks.heal.drift`.

Each trial draws 200 documents of a generated source as the baseline and a window of 20, 40 or 80, then breaks one
column of the window. `false alarm` is the share of unbroken windows with any finding; the other figures are the share
of trials in which the broken column (of a swap: one of the two) is named. Each is the mean over the families and over
as many seeds as asked for, with the lowest and the highest seed.

`best possible` is what no test could surpass on columns that lose three values of ten: it knows how often each column
was there, spends the whole level on presence, and shares it as suits the columns of the family best (Neyman–Pearson).
"""

import random
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import NamedTuple

from core.drift import LEVEL, detect
from tests.benchmarks.heal.families import FAMILIES, Document, Family

Fault = Callable[[list[Document], str, random.Random], set[str]]

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
    """The share of windows with a false alarm, and of each fault the share found; one number a seed."""

    alarms: list[float]
    found: dict[str, list[float]]


def measured(size: int, seeds: int, trials: int) -> Figures:
    """The figures of one window size: `trials` of each fault and family and seed, and five times as many calm ones."""
    alarms = [_share(size, seed, None, 5 * trials) for seed in range(seeds)]
    found = {name: [_share(size, seed, fault, trials) for seed in range(seeds)] for name, fault in FAULTS.items()}
    return Figures(alarms, found)


def _share(size: int, seed: int, fault: Fault | None, trials: int) -> float:
    named = [
        trial(family, size, f"{seed} {kind} {number}", fault)
        for kind, family in FAMILIES.items()
        for number in range(trials)
    ]
    return sum(named) / len(named)


def trial(family: Family, size: int, seed: str, fault: Fault | None) -> bool:
    """Whether the broken column is named; without a fault whether anything is."""
    rng = random.Random(seed)
    scale = rng.uniform(0.2, 5)
    baseline = [family.document(rng, scale) for _ in range(BASELINE)]
    window = [family.document(rng, scale) for _ in range(size)]
    columns = family.amounts if fault is other_unit else sorted({name for found in baseline for name in found})
    broken = fault(window, rng.choice(columns), rng) if fault else set()
    named = {finding.field for finding in detect(baseline, window)}
    return bool(named & broken) if fault else bool(named)


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
    yield "| window | false alarm | " + " | ".join(FAULTS) + " | best possible at 30 % |"
    yield "|---" * (len(FAULTS) + 3) + "|"
    for size in windows:
        figures = measured(size, seeds, trials)
        cells = [_words(figures.alarms), *(_words(found) for found in figures.found.values())]
        yield f"| {size} | " + " | ".join(cells) + f" | {best_possible(size):.3f} |"


def _words(shares: Sequence[float]) -> str:
    return f"{sum(shares) / len(shares):.3f} ({min(shares):.2f}–{max(shares):.2f})"


def main(seeds: int = 5, trials: int = 20) -> None:
    """Print one row a window size."""
    for line in table(seeds, trials):
        print(line, flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
