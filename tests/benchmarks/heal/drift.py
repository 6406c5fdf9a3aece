"""How many injected faults the drift tests find, and how often they cry wolf: `python -m tests.benchmarks.heal.drift`.

Each trial draws 200 documents as the baseline and a window of 20, 40 or 80 from one generated source, then breaks one
column of the window. `false alarm` is the share of unbroken windows with any finding; the other figures are the share
of trials in which the broken column (of a swap: one of the two) is named.
"""

import random
import re
import sys
from collections.abc import Callable, Sequence

from core.drift import detect

Document = dict[str, list[str]]
Fault = Callable[[list[Document], str, random.Random], set[str]]

BASELINE = 200
WINDOWS = (20, 40, 80)
TOWNS = "Riga Turku Gdansk Lisbon Porto Bergen Ghent Graz Split Zadar Brno Pecs Vaasa Umea Cork Derry Bath Lund".split()
NAMES = "Alba Bruno Clara Dario Edda Felix Greta Hugo Ines Jonas Klara Lorenz Mira Nils Olga Pavel Rosa Sven".split()
WORKS = "bridge school harbour library tram depot hospital museum archive stadium market theatre".split()
VERBS = "repair extend paint survey clean equip insure rewire furnish inspect".split()
STATES = "open closed awarded cancelled".split()
NUMBER = re.compile(r"[0-9][0-9,]*(\.[0-9]+)?")


def document(rng: random.Random, scale: float) -> Document:
    """One generated document: codes, dates, amounts, names, categories and texts, some of them not always there."""
    work, verb = rng.choice(WORKS), rng.choice(VERBS)
    found = {
        "reference": [f"{rng.choice('ABC')}-{rng.randint(2020, 2026)}-{rng.randint(100, 9999)}"],
        "title": [f"{verb.title()} the {work} of {rng.choice(TOWNS)}"],
        "published": [f"{rng.randint(1, 28):02d}.{rng.randint(1, 12):02d}.{rng.randint(2022, 2026)}"],
        "price": [f"EUR {rng.lognormvariate(9, 0.9) * scale:,.2f}"],
        "area": [f"{rng.lognormvariate(4, 0.7):.0f} m²"],
        "bids": [str(rng.randint(1, 40))],
        "town": [rng.choice(TOWNS)],
        "contact": [f"{rng.choice(NAMES)} {rng.choice(NAMES)}son"],
        "status": [rng.choice(STATES)],
        "note": [" ".join(rng.choice(WORKS + VERBS + TOWNS) for _ in range(rng.randint(5, 30)))],
        "link": [f"/tenders/{rng.randint(1, 99999)}"],
    }
    for name, fill in (("area", 0.8), ("contact", 0.9), ("note", 0.7)):
        if rng.random() > fill:
            del found[name]
    return found


def lost(window: list[Document], name: str, rng: random.Random) -> set[str]:
    """The column is gone."""
    for found in window:
        found.pop(name, None)
    return {name}


def lost_in_part(window: list[Document], name: str, rng: random.Random) -> set[str]:
    """The column is gone from three documents of ten."""
    for found in window:
        if rng.random() < 0.3:
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


FAULTS: dict[str, tuple[Fault, Sequence[str]]] = {
    "lost": (lost, ()),
    "30 % lost": (lost_in_part, ()),
    "renamed": (renamed, ()),
    "swapped": (swapped, ()),
    "unit × 0.45": (other_unit, ("price", "area")),
    "boilerplate": (boilerplate, ()),
}


def trial(size: int, seed: int, fault: Fault | None, columns: Sequence[str]) -> bool:
    """Whether the broken column is named; without a fault whether anything is."""
    rng = random.Random(seed)
    scale = rng.uniform(0.2, 5)
    baseline = [document(rng, scale) for _ in range(BASELINE)]
    window = [document(rng, scale) for _ in range(size)]
    broken = fault(window, rng.choice(list(columns) or sorted(baseline[0])), rng) if fault else set()
    named = {finding.field for finding in detect(baseline, window)}
    return bool(named & broken) if fault else bool(named)


def main(trials: int = 200) -> None:
    """Print one row a window size."""
    print("| window | false alarm | " + " | ".join(FAULTS) + " |")
    print("|---" * (len(FAULTS) + 2) + "|")
    for size in WINDOWS:
        calm = sum(trial(size, seed, None, ()) for seed in range(2 * trials)) / (2 * trials)
        found = [
            sum(trial(size, 7_000 + seed, fault, columns) for seed in range(trials)) / trials
            for fault, columns in FAULTS.values()
        ]
        print(f"| {size} | {calm:.3f} | " + " | ".join(f"{share:.2f}" for share in found) + " |", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
