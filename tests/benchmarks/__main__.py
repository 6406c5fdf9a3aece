"""`python -m tests.benchmarks`: measures speed on our own pages, and speed and quality on saved ones if they are named.

python -m tests.benchmarks [--cases DIR] [--feeds DIR] [--out docs/benchmarks.md]
"""

import argparse
import io
import subprocess
from contextlib import redirect_stdout
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks import feeds, speed, wanted
from tests.benchmarks.cases import Case, own_cases, saved_cases
from tests.benchmarks.heal import drift, lab, lessons, second_sites
from tests.benchmarks.speed import Ratio

SEEDS, TRIALS = 5, 20


def main() -> None:
    options = _options()
    lines = [
        *_head(),
        *_speed("our own pages (sample portal, bookshop, golden pages)", own_cases()),
        *_scaling(),
        *_repairs(),
        *_drift(),
        *_lessons(),
    ]
    if options.cases:
        saved = list(saved_cases(options.cases))
        lines += _speed("saved pages", saved) + _wanted(saved)
    if options.feeds:
        lines += _feeds(options.feeds)
    text = "\n".join(lines) + "\n"
    print(text)
    if options.out:
        options.out.write_text(text, encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.benchmarks", description=__doc__)
    parser.add_argument(
        "--cases", type=Path, help="a folder of saved cases: pages/NAME/case.json, lists/NAME/case.json"
    )
    parser.add_argument("--feeds", type=Path, help="a folder of feeds with expectations: feedparser/, gofeed/")
    parser.add_argument("--out", type=Path, help="where the table goes")
    return parser.parse_args()


def _head() -> list[str]:
    commit = subprocess.run(["git", "rev-parse", "--short=12", "HEAD"], capture_output=True, text=True, check=False)
    day = datetime.now(UTC).strftime("%Y-%m-%d")
    return [
        "# Benchmarks",
        "",
        f"Measured on {day} at commit {commit.stdout.strip() or 'unknown'} by `make bench`: processor time, the best",
        "of three rounds (one over saved pages), on the same pages in the same run. Ratios travel; seconds",
        "depend on the machine.",
        "",
    ]


def _speed(origin: str, cases: list[Case]) -> list[str]:
    found = speed.learned(cases)
    others, share, count = speed.autoscraper(found)
    pages = sum(len(each.case.pages) for each in found)
    return [
        f"## Speed on {pages} {origin}",
        "",
        *_table(speed.extraction(found) + speed.learning(found) + others),
        "",
        f"AutoScraper, given the texts of the first record of one page, found {share:.0%} of those of the other pages",
        f"({count} templates).",
        "",
    ]


def _scaling() -> list[str]:
    lines = [f"| {size:,} | {seconds:.2f} | {each:.0f} |" for size, seconds, each in speed.scaling()]
    return ["## Learning grows with the page", "", "| bytes | seconds | µs a node |", "|---|---|---|", *lines, ""]


def _repairs() -> list[str]:
    """What the heal lab prints: the Doctor beside other tools on redesigns of our own pages."""
    printed = io.StringIO()
    with redirect_stdout(printed):
        lab.main(1)
    return ["## Repairs of redesigned pages of our own", "", *printed.getvalue().splitlines(), ""]


def _drift() -> list[str]:
    """Injected faults in generated sources: how many are noticed, and how often chance raises an alarm."""
    return [
        "## Faults noticed in windows of 40 documents",
        "",
        "Mean over three generated sources and five seeds (lowest and highest seed), baseline 200 documents.",
        "",
        *drift.table(SEEDS, TRIALS, (40,)),
        "",
        "`best possible` is the power of the best test of that level on columns that lose three values of ten, some of",
        "which were not always there before.",
        "",
    ]


def _lessons() -> list[str]:
    """First tries on second sites: what was decided for the first, and a repair of the first that held."""
    return [
        "## What the first site of a platform teaches for the second",
        "",
        "Columns that are right at the first try, under the wanted name and on pages that were not learned from.",
        "",
        *second_sites.table(),
        "",
        "Columns that go on by themselves after an update of the software, on a second site of which nothing is known.",
        "",
        *lessons.table(),
        "",
    ]


def _table(ratios: list[Ratio]) -> list[str]:
    return [
        "| what | ratio | bar | ours, s | other, s |",
        "|---|---|---|---|---|",
        *(f"| {each.what} | {each.value:.2f} | {each.bar} | {each.ours:.3f} | {each.other:.3f} |" for each in ratios),
    ]


def _wanted(saved: list[Case]) -> list[str]:
    found = wanted.summary(wanted.met(saved))
    lines = [f"| {what} | {value:.3f} | {bar} |" for what, value, bar in found]
    return ["## What people want of saved pages", "", "| what | value | bar |", "|---|---|---|", *lines, ""]


def _feeds(folder: Path) -> list[str]:
    found = feeds.measured(folder)
    lines = [f"| {each.name} | {each.share:.3f} | {each.met} of {each.asked} | {each.left_out} |" for each in found]
    return ["## Feeds", "", "| set | met | expectations | left out |", "|---|---|---|---|", *lines, ""]


if __name__ == "__main__":
    main()
