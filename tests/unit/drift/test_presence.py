"""Columns that are missing more often than chance explains, also among the documents where they belong."""

import random

import pytest

from core.drift.presence import losses
from core.drift.statistics import detect_drift

LEVEL = 0.008
Document = dict[str, list[str]]


def notices(count: int, awarded: float, rng: random.Random) -> list[Document]:
    """Notices, some of which are awarded: those alone name a supplier and a date of award, and no deadline."""
    found = []
    for number in range(count):
        late = (
            {"supplier": ["Oakfield"], "award_date": ["1 May"]} if rng.random() < awarded else {"deadline": ["2 May"]}
        )
        found.append({"title": [f"Notice {number}"]} | late)
    return found


def without(documents: list[Document], name: str, count: int) -> list[Document]:
    """The same, with a field gone from the first of those that have it."""
    having = [number for number, document in enumerate(documents) if name in document][:count]
    return [
        {key: texts for key, texts in document.items() if key != name or number not in having}
        for number, document in enumerate(documents)
    ]


def test_what_is_missing_beside_its_companion_is_found_however_few_pages_have_both() -> None:
    rng = random.Random(1)
    baseline, window = notices(200, 0.4, rng), notices(40, 0.4, rng)
    assert losses(baseline, window, LEVEL) == []
    found = {loss.name: loss for loss in losses(baseline, without(window, "supplier", 6), LEVEL)}
    assert found["supplier"].among == "with “award_date”"
    assert found["supplier"].was == 1.0


def test_what_stands_where_another_column_does_not_is_said_so() -> None:
    rng = random.Random(2)
    found = losses(notices(200, 0.4, rng), without(notices(40, 0.4, rng), "deadline", 7), LEVEL)
    assert {loss.among for loss in found if loss.name == "deadline"} & {"without “award_date”", "without “supplier”"}
    sentences = [
        finding.sentence
        for finding in detect_drift(notices(200, 0.4, rng), without(notices(40, 0.4, rng), "deadline", 9))
    ]
    assert any("of the pages without “" in sentence for sentence in sentences)


def test_a_block_that_is_gone_as_a_whole_is_found() -> None:
    rng = random.Random(3)
    window = without(without(notices(40, 0.6, rng), "supplier", 40), "award_date", 40)
    found = {loss.name for loss in losses(notices(200, 0.6, rng), window, LEVEL)}
    assert {"supplier", "award_date"} <= found


@pytest.mark.parametrize("awarded", [0.1, 0.4, 0.8])
def test_chance_hardly_ever_loses_columns_that_go_together(awarded: float) -> None:
    alarms = 0
    for number in range(200):
        rng = random.Random(number)
        alarms += bool(losses(notices(200, awarded, rng), notices(40, awarded, rng), LEVEL))
    assert alarms <= 5  # two are expected at most; six would be a chance of one in a hundred


def test_more_awarded_pages_than_ever_do_not_make_the_supplier_missing() -> None:
    rng = random.Random(4)
    assert not [
        loss for loss in losses(notices(200, 0.3, rng), notices(40, 0.9, rng), LEVEL) if loss.name == "supplier"
    ]


def test_nothing_is_missing_where_nothing_is_known() -> None:
    assert losses([{}] * 10, [{}] * 10, LEVEL) == []
    assert losses([{"a": ["1"]}] * 10, [{}] * 10, LEVEL)[0].name == "a"
