"""What a repair of the first site of a platform is worth for the second: `python -m tests.benchmarks.heal.lessons`.

The software is updated: other class names, other elements, and the parts of each record in the opposite order. On the
first site the known things are shown again in the new design; their repair is the lesson. The second site shows other
things before and after, so nothing is known there. Printed: how many of the wanted columns go on by themselves at the
first try and read right, and how many go on and are wrong; without and with the lesson.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lxml import html

from core.heal import heal
from core.induce import induce
from core.model import Blueprint, Lesson, ParsedDocument
from core.parse import parse
from tests.benchmarks.heal.healers import columns
from tests.benchmarks.heal.platforms import PLATFORMS, SKINS, Platform, Skin, Thing, shown
from tests.benchmarks.heal.redesigns import rename
from tests.benchmarks.heal.second_sites import Truth, approved, compared, site

TAGS = {"span": "b", "em": "i", "h3": "h4", "p": "div"}
DETAILS = 3


class Repaired(NamedTuple):
    """A blueprint before and after, and how many wanted columns go on right and wrong."""

    before: Blueprint
    after: Blueprint
    right: int
    wrong: int


def updated(page: bytes, blocks: str) -> bytes:
    """A page after the update of the software; `blocks` are the elements whose parts change their order."""
    tree = html.document_fromstring(page.decode())
    for block in tree.xpath(blocks):
        block[:] = list(block)[::-1]
    for node in tree.xpath("//main//*"):
        node.tag = TAGS.get(node.tag, node.tag)
    rename(tree)
    return bytes(html.tostring(tree, doctype="<!doctype html>"))


def repaired(
    platform: Platform, skin: Skin, old: Sequence[Thing], new: Sequence[Thing], lessons: Sequence[Lesson] = ()
) -> Repaired:
    """The repair of one site, from pages with `old` things to updated ones with `new` things."""
    pages, said = site(platform, skin, old)
    blueprint = approved(induce(pages), pages, said, platform.wanted)
    fresh, truth = _after(platform, skin, new)
    healed, report = heal(blueprint, pages, fresh, lessons)
    table = blueprint.tables[0].name
    read = [columns(healed, page) for page in fresh]
    names = [field.name for field in blueprint.tables[0].fields if field.name in platform.wanted]
    right = {name for name in names if [one.get((table, name), []) for one in read] == [page[name] for page in truth]}
    going_on = {name for name in names if report.fields[f"{table}.{name}"] in ("kept", "moved")}
    return Repaired(blueprint, healed, len(going_on & right), len(going_on - right))


def _after(platform: Platform, skin: Skin, things: Sequence[Thing]) -> tuple[list[ParsedDocument], Truth]:
    groups = [things[start : start + platform.a_page] for start in range(0, len(things), platform.a_page)]
    pages = [updated(shown(platform, skin, group), platform.blocks) for group in groups]
    truth = [{name: [thing[name] for thing in group] for name in platform.wanted} for group in groups]
    return [parse(page, url=f"https://site.test/new/{n}") for n, page in enumerate(pages)], truth


def measured() -> Iterator[tuple[str, int, int, int, int, int]]:
    """Each platform, either site as the first: wanted, right without and with the lesson, wrong without and with."""
    for name, platform in PLATFORMS.items():
        half = platform.a_page if platform.a_page > 1 else DETAILS
        for first, second in ((0, 1), (1, 0)):
            known, others = platform.things[first][:half], platform.things[second]
            taught = repaired(platform, SKINS[first], known, known)
            lesson = Lesson("lesson", taught.before, taught.after, held=True, likeness=1.0)
            alone = repaired(platform, SKINS[second], others[:half], others[half:])
            told = repaired(platform, SKINS[second], others[:half], others[half:], [lesson])
            which = f"{name}, {SKINS[second].name} after {SKINS[first].name}"
            yield which, len(platform.wanted), alone.right, told.right, alone.wrong, told.wrong


def table() -> Iterator[str]:
    """One row a pair of sites."""
    heads = ("wanted", "right without", "right with the lesson", "wrong without", "wrong with")
    return compared(heads, list(measured()))


def main() -> None:
    """Print the table."""
    for line in table():
        print(line, flush=True)


if __name__ == "__main__":
    main()
