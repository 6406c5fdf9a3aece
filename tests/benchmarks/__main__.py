"""`python -m tests.benchmarks`: measures our own pages and flow, and saved pages if they are named.

python -m tests.benchmarks [--cases DIR] [--feeds DIR] [--columns DIR] [--printed DIR] [--only PART...] [--out FILE]
"""

import argparse
import io
from collections.abc import Callable, Iterable
from contextlib import redirect_stdout
from pathlib import Path

from tests.benchmarks import clustering, clusters_in_service, columns, feeds, speed, wanted
from tests.benchmarks.cases import Case, own_cases, saved_cases
from tests.benchmarks.flow.__main__ import main as flow
from tests.benchmarks.heal import drift, lab, lessons, printed, second_sites
from tests.benchmarks.match import __main__ as match
from tests.benchmarks.page import Section, merged
from tests.benchmarks.propose import sites, succession
from tests.benchmarks.speed import Ratio

PARTS = ("speed", "flow", "heal", "match", "cluster", "propose", "cases", "feeds", "columns", "printed")
SEEDS, TRIALS = 5, 20
PAIRS, SITE_CASES = 100, 40


def main() -> None:
    options = _options()
    made = [
        section for name, make in _sections(options).items() if name in (options.only or [name]) for section in make()
    ]
    kept = options.out.read_text(encoding="utf-8") if options.out and options.out.exists() and options.only else ""
    text = merged(kept, made)
    print(text)
    if options.out:
        options.out.write_text(text, encoding="utf-8")


def _sections(options: argparse.Namespace) -> dict[str, Callable[[], Iterable[Section]]]:
    """What can be measured, by the name that `--only` takes."""
    saved = list(saved_cases(options.cases)) if options.cases else []
    found: dict[str, Callable[[], Iterable[Section]]] = {
        "speed": lambda: [_speed("our own pages (sample portal, bookshop, golden pages)", own_cases()), _scaling()],
        "flow": lambda: [Section("The durable flow", _printed(flow))],
        "heal": lambda: [_repairs(), _drift(), _lessons()],
        "match": lambda: [_matching()],
        "propose": lambda: [_proposals(), _successions()],
        "cluster": lambda: [
            Section("Clusters of documents", clustering.table()),
            Section("Clusters in service", clusters_in_service.table()),
        ],
    }
    if saved:
        found["cases"] = lambda: [_speed("saved pages", saved), _wanted(saved)]
    if options.feeds:
        found["feeds"] = lambda: [_feeds(options.feeds)]
    if options.columns:
        found["columns"] = lambda: [_columns(options.columns)]
    if options.printed:
        found["printed"] = lambda: [_printed_fields(options.printed)]
    return found


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.benchmarks", description=__doc__)
    parser.add_argument(
        "--cases", type=Path, help="a folder of saved cases: pages/NAME/case.json, lists/NAME/case.json"
    )
    parser.add_argument("--feeds", type=Path, help="a folder of feeds with expectations: feedparser/, gofeed/")
    parser.add_argument("--printed", type=Path, help="a folder of what pages of sites print: page, label, values")
    parser.add_argument("--columns", type=Path, help="a folder of CSV files with their types: data/, truth_types/")
    parser.add_argument(
        "--only", nargs="+", metavar="PART", help=f"of {', '.join(PARTS)}: the other sections of --out stay as they are"
    )
    parser.add_argument("--out", type=Path, help="where the table goes")
    return parser.parse_args()


def _speed(origin: str, cases: list[Case]) -> Section:
    found = speed.learned(cases)
    others, share, count = speed.autoscraper(found)
    pages = sum(len(each.case.pages) for each in found)
    lines = [
        *_table(speed.extraction(found) + speed.learning(found) + others),
        "",
        f"AutoScraper, given the texts of the first record of one page, found {share:.0%} of those of the other pages",
        f"({count} templates).",
    ]
    return Section(f"Speed on {origin}", [f"{pages} pages.", "", *lines])


def _scaling() -> Section:
    lines = [f"| {size:,} | {seconds:.2f} | {each:.0f} |" for size, seconds, each in speed.scaling()]
    return Section("Learning grows with the page", ["| bytes | seconds | µs a node |", "|---|---|---|", *lines])


def _printed(run: Callable[[], None]) -> list[str]:
    """The lines that a benchmark prints."""
    printed = io.StringIO()
    with redirect_stdout(printed):
        run()
    return printed.getvalue().strip().splitlines()


def _repairs() -> Section:
    """What the heal lab prints: the Doctor beside other tools on redesigns of our own pages."""
    return Section("Repairs of redesigned pages of our own", _printed(lambda: lab.main()))


def _drift() -> Section:
    """Injected faults in generated sources: how many are noticed, and how often chance raises an alarm."""
    lines = [
        "Mean over three generated sources and five seeds (lowest and highest seed), baseline 200 documents.",
        "",
        *drift.table(SEEDS, TRIALS, (40,)),
        "",
        "`best possible` is the power of the best test of that level on columns that lose three values of ten, if it",
        "knew how often each was there before; `the plain way` is Fisher's exact test, the level shared evenly. What",
        "is missed are columns that were not always there before:",
        "",
        *drift.by_fill(40, SEEDS, 2 * TRIALS),
    ]
    return Section("Faults noticed in windows of 40 documents", lines)


def _matching() -> Section:
    """Columns of two made-up tables, beside other tools where they are installed."""
    return Section(
        "Columns of two tables that are the same",
        [
            f"Mean F1 over {PAIRS} pairs of made-up tables that were never learned from, by sort, and seconds of",
            "the processor a pair; of other tools, which have no threshold, the best for these very tables.",
            "",
            *_printed(lambda: match.measured(match.unseen_pairs(PAIRS), match.tools())),
        ],
    )


def _proposals() -> Section:
    """Labels of several sites that become one field."""
    said = (
        "Mean fit (F1) of fields to what labels of made-up sites are about; hidden labels say nothing, only values do."
    )
    return Section("Fields of several sites", [said, "", *_printed(lambda: sites.main(SITE_CASES))])


def _successions() -> Section:
    """What became of the labels of a site since its table was approved."""
    said = f"How often just the right thing is told, {SITE_CASES} made-up sites, 200 rows before, by the rows since."
    return Section("What became of labels", [said, "", *succession.table(SITE_CASES)])


def _lessons() -> Section:
    """First tries on second sites: what was decided for the first, and a repair of the first that held."""
    lines = [
        "Columns that are right at the first try, under the wanted name and on pages that were not learned from.",
        "",
        *second_sites.table(),
        "",
        "Columns that go on by themselves after an update of the software, on a second site of which nothing is known.",
        "",
        *lessons.table(),
    ]
    return Section("What the first site of a platform teaches for the second", lines)


def _table(ratios: list[Ratio]) -> list[str]:
    return [
        "| what | ratio | bar | ours, s | other, s |",
        "|---|---|---|---|---|",
        *(f"| {each.what} | {each.value:.2f} | {each.bar} | {each.ours:.3f} | {each.other:.3f} |" for each in ratios),
    ]


def _wanted(saved: list[Case]) -> Section:
    found = wanted.summary(wanted.met(saved)) + wanted.answered(wanted.asked(saved))
    lines = [f"| {what} | {value:.3f} | {bar} |" for what, value, bar in found]
    return Section("What people want of saved pages", ["| what | value | bar |", "|---|---|---|", *lines])


def _feeds(folder: Path) -> Section:
    found = feeds.measured(folder)
    lines = [f"| {each.name} | {each.share:.3f} | {each.met} of {each.asked} | {each.left_out} |" for each in found]
    return Section("Feeds", ["| set | met | expectations | left out |", "|---|---|---|---|", *lines])


def _printed_fields(folder: Path) -> Section:
    lines = [
        f"Windows of {printed.WINDOW} pages drawn from those of a site, {printed.TRIALS} of each fault and site.",
        "A fault strikes one of the columns that are there that often.",
        "",
        *printed.table(folder),
    ]
    return Section("Faults noticed in what saved pages print", lines)


def _columns(folder: Path) -> Section:
    found = columns.measured(folder)
    lines = [f"| ptype | {found.share:.3f} | {found.right} of {found.asked} | ≥ .90 |"]
    return Section(
        "Types of the columns of CSV files", ["| set | right | columns | bar |", "|---|---|---|---|", *lines]
    )


if __name__ == "__main__":
    main()
