"""What one site of a platform teaches for another."""

import pytest

from core.induce import induce
from core.model import Lesson, ParsedDocument
from core.parse import parse
from core.schema.transfer import guided, signature
from tests.benchmarks.heal.lessons import repaired
from tests.benchmarks.heal.platforms import PLATFORMS, SKINS
from tests.benchmarks.heal.second_sites import approved, first_try, site


@pytest.mark.parametrize("name", PLATFORMS)
def test_a_second_site_goes_by_the_names_and_taught_fields_of_the_first(name: str) -> None:
    platform = PLATFORMS[name]
    known, truth = site(platform, SKINS[0], platform.things[0])
    others, wanted = site(platform, SKINS[1], platform.things[1])
    some = slice(1 if platform.a_page > 1 else 4)
    lesson = approved(induce(known[some]), known[some], truth[some], platform.wanted)
    learned = induce(others[some])
    taught = guided(learned, lesson, others[some])
    assert taught is not None
    assert first_try(learned, others, wanted)[0] < len(platform.wanted)
    assert first_try(taught.blueprint, others, wanted)[0] == len(platform.wanted)
    assert len(signature(lesson) & signature(learned)) >= len(signature(lesson)) / 2


def test_what_does_not_read_here_decides_nothing() -> None:
    board, shop = PLATFORMS["notice board"], PLATFORMS["shop"]
    known, truth = site(board, SKINS[0], board.things[0])
    others, _ = site(shop, SKINS[1], shop.things[1])
    lesson = approved(induce(known[:1]), known[:1], truth[:1], board.wanted)
    assert guided(induce(others), lesson, others) is None


def listing(kind: str, third: str, values: list[str]) -> ParsedDocument:
    """A list of the one software: its class, the label of its third column, and what stands there."""
    rows = "".join(
        f"<div class='row'><h3 class='what'><a href='/{kind}/{n}'>Works at quay {n}</a></h3>"
        f"<p class='who'>Harbour office {n}</p><p class='pair'><small>{third}</small><b>{value}</b></p></div>"
        for n, value in enumerate(values)
    )
    return parse(
        f"<html><body><section class='{kind}'><div><div>{rows}</div></div></section></body></html>".encode(),
        url=f"https://site.test/{kind}",
    )


def test_another_list_of_the_same_software_keeps_its_own_name_and_the_labels_it_prints() -> None:
    tenders = induce([listing("tender", "Announced", [f"{n} May 2026" for n in range(3, 11)])])
    page = listing("award", "Bids", [str(n * n % 7) for n in range(8)])
    learned = induce([page])
    taught = guided(learned, tenders, [page])
    assert taught is not None
    assert (tenders.tables[0].name, taught.blueprint.tables[0].name) == ("tender", "award")
    names = [field.name for field in taught.blueprint.tables[0].fields]
    assert "bids" in names
    assert "announced" not in names


def test_a_name_that_says_nothing_is_not_taken_over_for_one_that_does() -> None:
    page = listing("tender", "Announced", [f"{n} May 2026" for n in range(3, 11)])
    learned = induce([page])
    nameless = learned.model_copy(update={"tables": (learned.tables[0].model_copy(update={"name": "records"}),)})
    for one, other in ((learned, nameless), (nameless, learned)):
        taught = guided(one, other, [page])
        assert taught is not None
        assert taught.blueprint.tables[0].name == "tender"


@pytest.mark.parametrize("held", [True, False])
def test_a_repair_that_held_decides_the_next_one_and_one_that_did_not_is_not_repeated(held: bool) -> None:
    platform = PLATFORMS["event calendar"]
    first, second = platform.things[0][:6], platform.things[1]
    taught = repaired(platform, SKINS[0], first, first)
    lesson = Lesson("lesson", taught.before, taught.after, held=held, likeness=1.0)
    alone = repaired(platform, SKINS[1], second[:6], second[6:])
    told = repaired(platform, SKINS[1], second[:6], second[6:], [lesson])
    assert (told.right > alone.right) == held
    assert told.wrong == 0
