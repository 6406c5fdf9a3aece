"""The injected faults of `drift` in what pages of real sites print: files of pages, their labels and values.

The pages of a site are its baseline, and a window is drawn from them with replacement, so that nothing but the injected
fault differs. A column that is there on a fifth of the pages cannot be missed in 40 by any test, so the figures are
told apart by how often a column is there at least. `the plain way` is Fisher's exact test, the level shared evenly.
"""

import json
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.heal.drift import FAULTS, NUMBER, Fault, Notice, lost_in_part, noticed, other_unit, plainly
from tests.benchmarks.heal.families import Document

WINDOW = 40
TRIALS = 30
SUPPORTS = (0.05, 0.5, 0.75, 0.95)
MOSTLY = 0.8

Site = list[Document]


def table(folder: Path) -> Iterator[str]:
    """The figures over all sites of a folder of `SITE.json`, one row for each least support of a column."""
    sites = {path.stem: _pages(path) for path in sorted(folder.glob("*.json"))}
    yield "| columns on at least | columns | false alarm | " + " | ".join(FAULTS) + " | 30 % lost, the plain way |"
    yield "|---" * (len(FAULTS) + 4) + "|"
    for support in SUPPORTS:
        columns = sum(len(_columns(site, support)) for site in sites.values())
        shares = [_share(sites, support, fault) for fault in (None, *FAULTS.values())]
        shares.append(_share(sites, support, lost_in_part, plainly))
        yield f"| {support:.0%} | {columns} | " + " | ".join(f"{share:.3f}" for share in shares) + " |"


def _pages(path: Path) -> Site:
    pages = json.loads(path.read_text("utf-8"))
    return [{label: list(values) for label, values in page.items() if values} for page in pages.values()]


def _columns(site: Site, support: float) -> list[str]:
    counts = Counter(label for page in site for label in page)
    return sorted(label for label, count in counts.items() if count >= support * len(site))


def _numbers(site: Site, label: str) -> bool:
    values = [page[label][0].strip() for page in site if label in page]
    return sum(NUMBER.fullmatch(value) is not None for value in values) > MOSTLY * len(values)


def _share(sites: dict[str, Site], support: float, fault: Fault | None, notice: Notice = noticed) -> float:
    named = [
        _is_noticed(site, columns, fault, random.Random(f"{name} {number}"), notice)
        for name, site in sites.items()
        if (columns := [c for c in _columns(site, support) if fault is not other_unit or _numbers(site, c)])
        for number in range(TRIALS)
    ]
    return sum(named) / max(1, len(named))


def _is_noticed(
    site: Site, columns: list[str], fault: Fault | None, rng: random.Random, notice: Notice = noticed
) -> bool:
    """Whether the broken column is named in a window; without a fault whether any is."""
    window = [dict(rng.choice(site)) for _ in range(WINDOW)]
    broken = fault(window, rng.choice(columns), rng) if fault else set()
    named = notice(site, window)
    return bool(named & broken) if fault else bool(named)
