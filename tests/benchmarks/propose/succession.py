"""How surely it is told what became of the labels of a site: `python -m tests.benchmarks.propose.succession [SITES]`.

Made-up sites, 200 rows before and a window of rows since; one thing happens to one column, or nothing does. It holds
the numbers of core/propose/label_drift.py.
"""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from random import Random

from core.model.schema import SchemaField, SchemaTable, SiteLabel
from core.propose.label_drift import SiteRows, label_drifts
from tests.benchmarks.match.tables import Column, made_sites

ROWS, WINDOWS = 200, (20, 40, 80)
SITE = "extracted.site"
# what happens to a column, and what should be told of it
FAULTS: dict[str, list[str]] = {
    "nothing": [],
    "lost": ["lost"],
    "a label of another site": ["renamed"],
    "a label that says nothing": ["renamed"],
    "a new column": ["new"],
    "one lost, another one new": ["lost", "new"],
}


def rows_of(columns: Sequence[Column], start: int, end: int) -> list[dict[str, list[str]]]:
    """Some rows of a site."""
    return [{column.name: [column.texts[n]] for column in columns if column.texts[n]} for n in range(start, end)]


def told(columns: Sequence[Column], changed: Sequence[Column], window: int) -> list[str]:
    """The kinds of what is told when the columns of a site are other ones from some row on."""
    fields = tuple(SchemaField(name=one.name, type="string", sources=(SiteLabel(SITE, one.name),)) for one in columns)
    rows = SiteRows(rows_of(columns, 0, ROWS), rows_of(changed, ROWS, ROWS + window))
    known = [column.name for column in columns]
    return [drift.kind for drift in label_drifts(SchemaTable(name="t", fields=fields), SITE, known, rows)]


def cases(seed: int, window: int) -> Iterator[tuple[str, list[str]]]:
    """What is told of one site after each fault."""
    r = Random(seed)
    mine, other = made_sites(seed, 2, ROWS + window, False)
    names = {column.name for column in mine}
    # a column that most rows leave empty is not missed in a short window
    full = [column for column in mine if column.about and sum(map(bool, column.texts)) > 0.8 * len(column.texts)]
    chosen = r.choice(full)
    labels = [column.name for column in other if column.about == chosen.about and column.name not in names]
    new = [column for column in other if column.about not in {one.about for one in mine} and column.name not in names]
    yield "nothing", told(mine, mine, window)
    yield "lost", told(mine, [column for column in mine if column is not chosen], window)
    if labels:
        yield "a label of another site", told(mine, _renamed(mine, chosen, labels[0]), window)
    yield "a label that says nothing", told(mine, _renamed(mine, chosen, "f7a3"), window)
    if new:
        came = r.choice(new)
        yield "a new column", told(mine, [*mine, came], window)
        yield "one lost, another one new", told(mine, [*(one for one in mine if one is not chosen), came], window)


def _renamed(columns: Sequence[Column], one: Column, name: str) -> list[Column]:
    return [column._replace(name=name) if column is one else column for column in columns]


def table(sites: int) -> list[str]:
    """For each fault and window: how often just the right thing is told."""
    lines = [
        "| what happens | " + " | ".join(f"{window} rows" for window in WINDOWS) + " |",
        "|---" * (1 + len(WINDOWS)) + "|",
    ]
    right: Counter[tuple[str, int]] = Counter()
    tried: Counter[tuple[str, int]] = Counter()
    for window in WINDOWS:
        for seed in range(sites):
            for fault, kinds in cases(seed, window):
                tried[fault, window] += 1
                right[fault, window] += kinds == FAULTS[fault]
    for fault in FAULTS:
        shares = (f"{right[fault, window] / max(1, tried[fault, window]):.0%}" for window in WINDOWS)
        lines.append(f"| {fault} | {' | '.join(shares)} |")
    return lines


if __name__ == "__main__":
    print("\n".join(table(int(sys.argv[1]) if len(sys.argv) > 1 else 50)))
