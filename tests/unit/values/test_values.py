from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model.blueprint import FieldType
from core.values import READERS, column_type, read_value
from core.values.dates import find_dates, parse_date, parse_duration


@pytest.mark.parametrize(
    ("text", "order", "iso"),
    [
        ("May 3, 2024", "", "2024-05-03"),
        ("3 May 2024", "", "2024-05-03"),
        ("2. März 2020", "", "2020-03-02"),
        ("3 de abril de 2021", "", "2021-04-03"),
        ("13.4.2024", "", "2024-04-13"),
        ("03/04/2024", "mdy", "2024-03-04"),
        ("03/04/2024", "dmy", "2024-04-03"),
        ("2024-05-06T10:11:12Z", "", "2024-05-06T10:11:12+00:00"),
        ("Mon, 02 Jan 2006 15:04:05 +0100", "", "2006-01-02T15:04:05+01:00"),
        ("20240102", "", "2024-01-02"),
        ("Filed on May 3, 2024 at last", "", None),
        ("31.02.2024", "", None),
        ("1234567", "", None),
    ],
)
def test_dates(text: str, order: str, iso: str | None) -> None:
    assert parse_date(text, order) == iso


def test_dates_inside_a_text_are_found_with_their_place() -> None:
    text = "Filed May 3, 2024, heard on 2024-06-01."
    assert [(text[found.start : found.end], found.iso) for found in find_dates(text)] == [
        ("May 3, 2024", "2024-05-03"),
        ("2024-06-01", "2024-06-01"),
    ]


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("14-Aug-2014 17:00 (GMT 3.00) Baghdad, Riyadh", "2014-08-14T17:00:00+03:00"),
        ("1 May 2024 17:00 (GMT -5.30)", "2024-05-01T17:00:00-05:30"),
        ("1 May 2024 17:00 UTC+2", "2024-05-01T17:00:00+02:00"),
        ("1 May 2024 17:00 (UTC)", "2024-05-01T17:00:00+00:00"),
        ("1 May 2024 17:00 GMT 3 officers", "2024-05-01T17:00:00+00:00"),
        ("1 May 2024 17:00 GMT+99:00", "2024-05-01T17:00:00"),
    ],
)
def test_the_time_zone_of_a_deadline_is_read_as_pages_write_it(text: str, iso: str) -> None:
    assert [found.iso for found in find_dates(text)] == [iso]


@pytest.mark.parametrize(
    ("text", "iso"), [("1 hr 30 min", "PT1H30M"), ("90 minutes", "PT1H30M"), ("PT5M", "PT5M"), ("soon", None)]
)
def test_durations(text: str, iso: str | None) -> None:
    assert parse_duration(text) == iso


@pytest.mark.parametrize(
    ("kind", "text", "locale", "value"),
    [
        ("money", "$1,200.50", "", {"amount": "1200.50", "currency": "USD"}),
        ("money", "1.200,50 €", ",", {"amount": "1200.50", "currency": "EUR"}),
        ("money", "CHF 15.-", "", {"amount": "15", "currency": "CHF"}),
        ("percent", "12,5 %", ",", "12.5"),
        ("quantity", "250 g", "", {"amount": "250", "unit": "g"}),
        ("integer", "1'250", "", 1250),
        ("decimal", "3,75", ",", "3.75"),
        ("email", "a.b@c.org", "", "a.b@c.org"),
        ("boolean", "Yes", "", True),
        ("boolean", "N", "", False),
        ("integer", "twelve", "", None),
    ],
)
def test_typed_values(kind: FieldType, text: str, locale: str, value: Any) -> None:
    assert read_value(text, kind, locale) == value


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        (["$3", "$4.50", "$1,000"], "money"),
        (["23-1234", "24-99"], "identifier"),
        (["00123", "00456"], "identifier"),
        (["20-73486", "21-35530"], "identifier"),
        (["978-3-16-148410-0", "978-0-306-40615-7"], "identifier"),
        (["617-555-0192", "617-555-0117"], "phone"),
        (["+49 30 555 0117", "030-5550192"], "phone"),
        (["1", "2", "300"], "integer"),
        (["May 3, 2024", "June 1, 2024", "n/a", "July 4, 2024", "May 9, 2023", "May 1, 2023"], "date"),
        (["a few words", "and others"], "string"),
        (["word " * 80], "text"),
        ([], "string"),
    ],
)
def test_a_column_has_the_strictest_type_that_most_texts_have(texts: list[str], kind: str) -> None:
    assert column_type(texts)[0] == kind


def test_the_order_of_day_and_month_is_settled_by_the_column() -> None:
    assert column_type(["03/04/2024", "25/12/2023"]) == ("date", "dmy")


@given(st.text(max_size=80))
def test_no_text_breaks_a_reader(text: str) -> None:
    for kind in READERS:
        read_value(text, kind)
    list(find_dates(text))
