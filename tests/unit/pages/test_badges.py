"""Words of the workbench: schedules, values and runs as a person says them."""

from datetime import UTC, datetime

import pytest

from core.model import Run
from pages._widgets.badges import at_least, brought, schedule_words, value_words
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


@pytest.mark.parametrize(
    ("documents", "unchanged", "records", "said"),
    [
        (68, 0, 128, "68 documents, 128 records"),
        (68, 68, 0, "68 documents, none changed"),
        (68, 66, 4, "68 documents: 66 unchanged, 2 read anew with 4 records"),
        (0, 0, 0, "0 documents, 0 records"),
    ],
)
def test_what_a_run_brought_tells_the_unchanged_from_the_empty(
    documents: int, unchanged: int, records: int, said: str
) -> None:
    counts = {"documents": documents, "unchanged": unchanged, "records": records}
    assert brought(Run(run_id="r", source_id="s", reason="", started_at=datetime.now(UTC), **counts)) == said


def test_a_number_that_nobody_counted_to_its_end_says_so() -> None:
    assert (at_least(1000, True), at_least(1000, False)) == ("1,000+", "1,000")
