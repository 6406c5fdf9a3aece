"""What a lesson is worth on the second site of a platform: `python -m tests.benchmarks.heal.lessons`.

Both sites show tenders on pages of one template. Site one is redesigned and its known pages are fetched again; their
repair is the lesson. Site two, of the same platform, has other tenders before and after, so nothing is known there.
Printed: the share of its marked fields that are right at the first try, and of those that the Doctor stands by although
they are wrong; without and with the lesson.
"""

from collections.abc import Sequence

from lxml import html

from core.heal import heal
from core.induce import induce
from core.model import Blueprint, Lesson
from core.parse import parse
from jobs.portal.content import TENDERS, Tender
from tests.benchmarks.heal.golden import TENDER_PAGE, render, truth, unmarked
from tests.benchmarks.heal.healers import columns, names_of
from tests.benchmarks.heal.redesigns import REDESIGNS, Redesign

PLAIN = [tender for tender in TENDERS if tender.value and tender.lots]
FIELDS = list(TENDER_PAGE)


def pages(tenders: Sequence[Tender], redesign: Redesign | None = None) -> list[html.HtmlElement]:
    """The pages of some tenders, in a new design if one is given."""
    found = [render("tender.html", TENDER_PAGE, tender=tender, json_ld=None) for tender in tenders]
    for page in found if redesign else ():
        assert redesign is not None
        redesign(page)
    return found


def repaired(
    before: Sequence[html.HtmlElement], after: Sequence[html.HtmlElement], site: str, lessons: Sequence[Lesson] = ()
) -> tuple[Blueprint, Blueprint, int, int]:
    """The blueprints before and after, how many marked fields are right, and how many are claimed and wrong."""
    old = [parse(unmarked(page), url=f"https://{site}.test/old/{number}") for number, page in enumerate(before)]
    new = [parse(unmarked(page), url=f"https://{site}.test/new/{number}") for number, page in enumerate(after)]
    blueprint = induce(old)
    names = names_of(blueprint, old, before, FIELDS)
    healed, report = heal(blueprint, old, new, lessons)
    read = [columns(healed, page) for page in new]
    right = {
        name
        for name, place in names.items()
        if [one.get(place, []) for one in read] == [truth(page, name) for page in after]
    }
    claimed = {name for name, place in names.items() if report.fields.get(".".join(place)) in ("kept", "moved")}
    return blueprint, healed, len(right), len(claimed - right)


def main() -> None:
    """Print one row a redesign."""
    print("| redesign | right without | right with the lesson | wrong without | wrong with |\n|---|---|---|---|---|")
    rows = []
    for name, redesign in REDESIGNS.items():
        known, other, later = PLAIN[:3], PLAIN[3:6], PLAIN[6:9]
        old, new, _, _ = repaired(pages(known), pages(known, redesign), "one")
        lesson = Lesson("lesson", old, new, held=True, likeness=1.0)
        _, _, alone, wrong_alone = repaired(pages(other), pages(later, redesign), "two")
        _, _, taught, wrong_taught = repaired(pages(other), pages(later, redesign), "two", [lesson])
        rows.append((alone, taught, wrong_alone, wrong_taught))
        print(_row(name, rows[-1], len(FIELDS)))
    print(_row("all", [sum(column) for column in zip(*rows, strict=True)], len(rows) * len(FIELDS)))


def _row(name: str, counts: Sequence[int], fields: int) -> str:
    return f"| {name} | " + " | ".join(f"{100 * count / fields:.0f} %" for count in counts) + " |"


if __name__ == "__main__":
    main()
