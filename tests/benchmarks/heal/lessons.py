"""What a lesson is worth on the second site of a platform: `python -m tests.benchmarks.heal.lessons`.

Site one is redesigned with half of its records known; its repair is the lesson. Site two, of the same platform, has no
record in common before and after, so nothing is known there. Printed: the share of its marked fields that are right at
the first try, and the share that the Doctor stands by although they are wrong; without and with the lesson.
"""

from lxml import html

from core.heal import heal
from core.induce import induce
from core.model import Blueprint, Lesson
from core.parse import parse
from jobs.portal.content import AWARDED, TENDERS
from tests.benchmarks.heal.golden import AWARD_LIST, TENDER_LIST, render, truth, unmarked
from tests.benchmarks.heal.healers import Place, columns, names_of
from tests.benchmarks.heal.redesigns import REDESIGNS, Redesign

Pages = tuple[html.HtmlElement, html.HtmlElement]
LISTS = (("tenders.html", TENDER_LIST, TENDERS), ("awards.html", AWARD_LIST, AWARDED))
HARD = ("rename", "retag", "rename + reorder + relabel", "rename + reorder + relabel + wrap + retag")


def site(template: str, fields: dict[str, str], records: list[tuple[int, int]], redesign: Redesign) -> Pages:
    """A list before and after, with the records of each by number."""
    tenders = next(found for name, _, found in LISTS if name == template)
    (a, b), (c, d) = records
    before = render(template, fields, tenders=tenders[a:b], number=1, last=3)
    after = render(template, fields, tenders=tenders[c:d], number=1, last=3)
    redesign(after)
    return before, after


def repaired(pages: Pages, lessons: tuple[Lesson, ...], fields: list[str]) -> tuple[Blueprint, Blueprint, int, int]:
    """The blueprints before and after, how many marked fields are right, and how many are claimed and wrong."""
    before, after = (parse(unmarked(page), url=f"https://lab.test/{id(page)}") for page in pages)
    blueprint = induce([before])
    names: dict[str, Place] = names_of(blueprint, [before], [pages[0]], fields)
    healed, report = heal(blueprint, [before], [after], lessons)
    read = columns(healed, after)
    right = {name for name, place in names.items() if read.get(place, []) == truth(pages[1], name)}
    claimed = {name for name, place in names.items() if report.fields.get(".".join(place)) in ("kept", "moved")}
    return blueprint, healed, len(right), len(claimed - right)


def main() -> None:
    """Print one row a redesign."""
    print("| redesign | right without | right with the lesson | wrong without | wrong with |\n|---|---|---|---|---|")
    totals = [0, 0, 0, 0, 0]
    for name in HARD:
        counted = [0, 0, 0, 0, 0]
        for template, fields, _ in LISTS:
            known = site(template, fields, [(0, 14), (7, 21)], REDESIGNS[name])
            old, new, _, _ = repaired(known, (), list(fields))
            lesson = Lesson("lesson", old, new, held=True, likeness=1.0)
            unknown = site(template, fields, [(21, 30), (30, 39)], REDESIGNS[name])
            _, _, alone, wrong_alone = repaired(unknown, (), list(fields))
            _, _, taught, wrong_taught = repaired(unknown, (lesson,), list(fields))
            found = (alone, taught, wrong_alone, wrong_taught, len(fields))
            counted = [total + more for total, more in zip(counted, found, strict=True)]
        totals = [total + more for total, more in zip(totals, counted, strict=True)]
        print(_row(name, counted))
    print(_row("all", totals))


def _row(name: str, counted: list[int]) -> str:
    return f"| {name} | " + " | ".join(f"{100 * count / counted[4]:.0f} %" for count in counted[:4]) + " |"


if __name__ == "__main__":
    main()
