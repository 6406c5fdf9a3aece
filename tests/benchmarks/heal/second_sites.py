"""What the first site of a platform teaches for the second: `python -m tests.benchmarks.heal.second_sites`.

On the first site a person names the columns that are wanted, teaches those that were not found by one value, and drops
the rest. The second site runs the same software with another skin and other content. Printed: the share of the wanted
columns that are right at the first try there, under the wanted name and with all values of pages not learned from;
without and with what was decided for the first. `under any name` is what learning alone reads at all.
"""

from collections.abc import Iterator, Sequence

from core.blueprint.edit import with_table
from core.errors import BadInput
from core.induce import induce
from core.induce.html.examples import with_example
from core.model import Blueprint, Field, ParsedDocument
from core.parse import parse
from core.schema.transfer import guided
from tests.benchmarks.heal.healers import columns
from tests.benchmarks.heal.platforms import PLATFORMS, SKINS, Platform, Skin, Thing, shown

DETAILS = 4

Truth = list[dict[str, list[str]]]


def site(platform: Platform, skin: Skin, things: Sequence[Thing]) -> tuple[list[ParsedDocument], Truth]:
    """The pages of a site, and what each wanted column says on each of them."""
    groups = [things[start : start + platform.a_page] for start in range(0, len(things), platform.a_page)]
    pages = [parse(shown(platform, skin, group), url=f"https://site.test/{n}") for n, group in enumerate(groups)]
    return pages, [{name: [thing[name] for thing in group] for name in platform.wanted} for group in groups]


def approved(learned: Blueprint, pages: Sequence[ParsedDocument], truth: Truth, wanted: Sequence[str]) -> Blueprint:
    """What a person makes of a learned blueprint: wanted columns under their names, nothing else in the main table."""
    table = max(learned.tables, key=lambda table: len(_right(learned, pages, truth, table.name)))
    names = {place: name for name, place in _right(learned, pages, truth, table.name).items()}
    kept = [field.model_copy(update={"name": names[field.name]}) for field in table.fields if field.name in names]
    found = with_table(learned, table.name, lambda found: found.model_copy(update={"fields": tuple(kept)}))
    for name in (name for name in wanted if name not in names.values()):
        try:
            found = with_example(found, pages, name, {0: truth[0][name][:1]})
        except BadInput:
            continue
    first = [table.name, *(other.name for other in found.tables if other.name != table.name)]
    return found.model_copy(update={"tables": tuple(found.table(name) for name in first)})


def _right(blueprint: Blueprint, pages: Sequence[ParsedDocument], truth: Truth, table: str) -> dict[str, str]:
    """For each wanted column the field of a table that reads exactly its values on all pages."""
    read = [columns(blueprint, page) for page in pages]
    fields: tuple[Field, ...] = next(found.fields for found in blueprint.tables if found.name == table)
    right = {}
    for name in truth[0]:
        alike = (
            field.name
            for field in fields
            if [one.get((table, field.name), []) for one in read] == [page[name] for page in truth]
        )
        if (place := next(alike, None)) is not None and place not in right.values():
            right[name] = place
    return right


def first_try(blueprint: Blueprint, pages: Sequence[ParsedDocument], truth: Truth) -> tuple[int, int]:
    """How many wanted columns are right under their names, and under any name, in whatever table."""
    found = [_right(blueprint, pages, truth, table.name) for table in blueprint.tables]
    named = {name for right in found for name, place in right.items() if place == name}
    return len(named), len({name for right in found for name in right})


def measured() -> Iterator[tuple[str, int, int, int, int]]:
    """Each platform, either site as the first: wanted columns, any name, right without, right with the lesson."""
    for name, platform in PLATFORMS.items():
        known = slice(1 if platform.a_page > 1 else DETAILS)
        for first, second in ((0, 1), (1, 0)):
            pages, truth = site(platform, SKINS[first], platform.things[first])
            lesson = approved(induce(pages[known]), pages[known], truth[known], platform.wanted)
            others, wanted = site(platform, SKINS[second], platform.things[second])
            learned = induce(others[known])
            taught = guided(learned, lesson, others[known])
            alone, anyhow = first_try(learned, others, wanted)
            told, _ = first_try(taught.blueprint if taught else learned, others, wanted)
            yield f"{name}, {SKINS[second].name} after {SKINS[first].name}", len(platform.wanted), anyhow, alone, told


def table() -> Iterator[str]:
    """One row a pair of sites."""
    return compared(("wanted", "under any name", "right without", "right with the lesson"), list(measured()))


def compared(heads: Sequence[str], rows: Sequence[tuple[str, *tuple[int, ...]]]) -> Iterator[str]:
    """One row a pair of sites; the last one sums the wanted columns and gives the others as shares of them."""
    yield f"| second site | {' | '.join(heads)} |"
    yield "|---" * (len(heads) + 1) + "|"
    for name, *counts in rows:
        yield f"| {name} | " + " | ".join(map(str, counts)) + " |"
    total, *found = (sum(counts) for counts in zip(*(counts for _, *counts in rows), strict=True))
    yield f"| all | {total} | " + " | ".join(f"{100 * count / total:.0f} %" for count in found) + " |"


def main() -> None:
    """Print the table."""
    for line in table():
        print(line, flush=True)


if __name__ == "__main__":
    main()
