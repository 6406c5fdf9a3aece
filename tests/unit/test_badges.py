"""Words of the workbench: schedules and values as a person says them."""

import pytest

from pages._widgets.badges import schedule_words, value_words
from pages._widgets.source_detail import RHYTHMS


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "by hand"),
        (86_400, "every day"),
        (21_600, "every 6 hours"),
        (604_800, "every week"),
        (90, "every 90 seconds"),
    ],
)
def test_a_schedule_has_the_same_words_everywhere(seconds: int | None, words: str) -> None:
    assert schedule_words(seconds, None) == words
    assert seconds == 90 or RHYTHMS[words] == seconds


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"amount": "1029200.00", "currency": "EUR"}, "1029200.00 EUR"),
        ({"amount": "3", "unit": None}, "3"),
        ([{"amount": "1", "unit": "kg"}, None, "x"], "1 kg ·  · x"),
        ({"a": [1]}, '{"a": [1]}'),
        (True, "yes"),
        (4, "4"),
        (None, ""),
    ],
)
def test_a_value_is_shown_as_a_person_reads_it(value: object, words: str) -> None:
    assert value_words(value) == words
