"""Values are told apart by what they are written like."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.match.formats import FORMATS, first_number, format_of

KINDS = [*FORMATS, "none"]


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("info@example.org", "email"),
        ("https://example.org/a.jpg", "picture"),
        ("https://example.org/a", "web address"),
        ("2024-05-01", "iso date"),
        ("May 3, 2010", "month date"),
        ("3. März 2010", "month date"),
        ("PT1H30M", "iso duration"),
        ("(212) 555-1234", "dialled"),
        ("9780306406157", "isbn"),
        ("$ 1,250.00", "money"),
        ("12.5 %", "percent"),
        ("4.5/5", "stars"),
        ("1999", "year"),
        ("Smith, John", "last name first"),
        ("John Smith", "two words"),
        ("yes", "truth"),
        ("", "none"),
    ],
)
def test_the_format_of_a_value(value: str, kind: str) -> None:
    assert KINDS[format_of(value)] == kind


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("1,234,567 people", 1234567),
        ("1.234,56 €", 1234.56),
        ("3 Mar 2010", 2010),
        ("6' 10\"", 6),
        ("PG-13", 13),
        ("-5", -5),
        ("1,5", 1.5),
    ],
)
def test_the_first_number_of_a_value(value: str, number: float) -> None:
    assert first_number(value) == number


@given(st.text(max_size=200) | st.text("0123456789.,' \u00a0\u202f+-", max_size=20))
def test_any_text_has_a_format_and_a_number_or_none(text: str) -> None:
    assert 0 <= format_of(text) <= len(FORMATS)
    assert isinstance(first_number(text), float)
