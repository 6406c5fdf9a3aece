"""What one site of a platform teaches for another."""

import pytest

from core.induce import induce
from core.model import Lesson
from core.precedent import guided, signature
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
