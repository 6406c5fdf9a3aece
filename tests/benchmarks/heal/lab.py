"""Heal lab: redesigns our own golden pages and lets healers repair: `python -m tests.benchmarks.heal.lab [SEEDS]`.

A field is exact when its whole list of values is right. `removed` redesigns take one field away: whoever still answers
it with something else healed falsely. `wrong` is the share of fields that a healer stands by and reads otherwise.
Scrapling and AutoScraper are left out where they are not installed (tests/benchmarks/requirements.txt).
"""

import importlib.util
import sys
from collections import defaultdict
from collections.abc import Iterator

from tests.benchmarks.heal.golden import Case, cases, truth
from tests.benchmarks.heal.healers import Answer, Healer, autoscraper, doctor, scrapling, unhealed
from tests.benchmarks.heal.redesigns import REDESIGNS, Redesign, both, remove, rename, reorder

HEALERS: dict[str, tuple[str, Healer]] = {
    "this project": ("core", doctor),
    "unhealed": ("core", unhealed),
    "Scrapling 0.5": ("scrapling", scrapling),
    "AutoScraper 1.1.14": ("autoscraper", autoscraper),
}
REMOVED = {"list": ("buyer", "title", "status", "supplier"), "page": ("buyer", "city", "contact", "procedure")}


def trials(seeds: int) -> Iterator[tuple[str, Case, str]]:
    """Every redesign of every golden page: its name, the pages, and the field it takes away."""
    for seed in range(seeds):
        for number, plain in enumerate(cases(seed)):
            for name, redesign in REDESIGNS.items():
                yield name, redesigned(cases(seed)[number], redesign), ""
            for gone in (field for field in REMOVED[plain.kind] if field in plain.fields):
                yield "removed", redesigned(cases(seed)[number], remove(gone)), gone
                yield "removed", redesigned(cases(seed)[number], both(remove(gone), reorder, rename)), gone


def redesigned(case: Case, redesign: Redesign) -> Case:
    """The case with its fresh pages in the new design."""
    for page in {id(page): page for page in (*case.fresh, case.test)}.values():
        redesign(page)
    return case


class Score:
    """What one healer did."""

    def __init__(self) -> None:
        self.exact: dict[str, list[bool]] = defaultdict(list)
        self.by_redesign: dict[str, list[bool]] = defaultdict(list)
        self.wrong: list[bool] = []
        self.removed: list[bool] = []
        self.milliseconds: list[float] = []

    def add(self, name: str, case: Case, answer: Answer, gone: str) -> None:
        """Count one trial."""
        self.milliseconds.append(1000 * answer.seconds / max(1, answer.columns))
        for field in case.fields:
            texts = answer.texts.get(field, [])
            if field == gone:
                self.removed.append(bool(texts))
                continue
            right = texts == truth(case.test, field)
            self.wrong.append(field in answer.claimed and not right)
            if not gone:
                self.exact[case.kind].append(right)
                self.by_redesign[name].append(right)


def share(found: list[bool]) -> str:
    """A share in percent."""
    return f"{100 * sum(found) / len(found):.1f} %" if found else "–"


def main(seeds: int = 2) -> None:
    """Run all healers over all trials and print two tables."""
    present = {name: healer for name, (module, healer) in HEALERS.items() if importlib.util.find_spec(module)}
    scores = {name: Score() for name in present}
    for redesign, case, gone in trials(seeds):
        for name, healer in present.items():
            scores[name].add(redesign, case, healer(case), gone)
    print("| healer | lists exact | pages exact | stands by a wrong value | removed field answered | ms a field |")
    print("|---|---|---|---|---|---|")
    for name, score in scores.items():
        figures = (share(score.exact["list"]), share(score.exact["page"]), share(score.wrong))
        false = f"{sum(score.removed)} of {len(score.removed)}"
        print(
            f"| {name} | "
            + " | ".join(figures)
            + f" | {false} | {sum(score.milliseconds) / len(score.milliseconds):.1f} |"
        )
    print("\n| redesign | " + " | ".join(scores) + " |\n|---" + "|---" * len(scores) + "|")
    for redesign in REDESIGNS:
        print(f"| {redesign} | " + " | ".join(share(score.by_redesign[redesign]) for score in scores.values()) + " |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2)
