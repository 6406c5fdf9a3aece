"""Types by what values are like and what names say, never by one case."""

import random
from collections.abc import Sequence
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.model.schema import ColumnType
from core.propose.evidence import FieldEvidence
from core.propose.hints import hints_of
from core.propose.types import is_closed, type_of
from core.signature import FieldSignature
from tests.effort import tries

DRAW = random.Random(15)


def evidence(name: str, values: Sequence[str]) -> FieldEvidence:
    signature = FieldSignature()
    for value in values:
        signature.add([value])
    return FieldEvidence(signature, hints_of(name))


def typed(name: str, values: Sequence[str]) -> ColumnType:
    return type_of(evidence(name, values))


def drawn(values: Sequence[str], times: int = 60) -> list[str]:
    return [DRAW.choice(values) for _ in range(times)]


WORDS = "river stone light winter garden window silver morning paper harbour mountain letter".split()
TITLES = [f"The {one} and the {other}" for one in WORDS for other in WORDS if one != other]


@pytest.mark.parametrize(
    ("name", "values", "wanted"),
    [
        ("a", ["2024-01-05", "2024-02-17", "2023-12-24"] * 5, "date"),
        ("a", ["20240105", "20240217", "20231224"] * 5, "date"),
        ("a", ["20240105 12:30", "20240217 08:15"] * 5, "datetime"),
        ("a", ["2024-01-05T10:30:00Z", "2024-02-17T08:00:00Z"] * 5, "datetime"),
        ("a", ["17. Januar 2024", "3 February 2023", "12 mars 2022"] * 4, "date"),
        ("a", ["EUR 12.50", "EUR 3.20", "EUR 199.00"] * 4, "money"),
        ("price", [str(DRAW.randint(5, 90_000)) for _ in range(40)], "money"),
        ("price per night", [f"{DRAW.randint(5, 900)}.99" for _ in range(40)], "money"),
        ("a", ["12 %", "3.5 %", "40 %"] * 4, "percent"),
        ("a", ["250 g", "1.5 g", "30 g", "12 g"] * 4, "quantity"),
        ("a", ["a@b.org", "c.d@e.net"] * 5, "email"),
        ("a", ["https://a.org/x", "http://b.net"] * 5, "url"),
        ("website", ["www.a.org", "b.net/start", "c.com"] * 5, "url"),
        ("a", ["+49 30 1234567", "+33 1 23 45 67 89", "(030) 1234567"] * 4, "phone"),
        ("fax", ["030 1234567", "040 9876543", "0211-55555"] * 4, "phone"),
        ("telephone", ["79 18 26", "3274850 Ext 12", "030/123 - 124"] * 4, "phone"),
        ("e-mail", ["a@b.org; c@b.org", "d@b.org (office)"] * 4, "email"),
        ("a", ["1 h 30 min", "45 min", "2 hours"] * 4, "duration"),
        ("running time", ["90 min", "112", "2 hours", "1h45m"] * 4, "duration"),
        ("a", ["12 %", "40", "3.5 %", "7"] * 4, "percent"),
        ("price", ["from EUR 12.50", "MSRP: EUR 40", "ab EUR 3", "7.20"] * 4, "money"),
        ("released", ["on 2021-05-03", "Published: 6 Jan 1996", "1 July 2019"] * 4, "date"),
        ("a", ["on 2021-05-03", "Published: 6 Jan 1996", "1 July 2019"] * 4, "date"),
        ("a", ["January 5, 2001", "March 2003", "1998", "12 May 1999", "2004-05"] * 4, "date"),
        ("a", [str(year) for year in range(1950, 1990)], "integer"),
        ("a", [f"Won {n} prizes" for n in range(40)], "string"),
        ("weight", ["46kg", "223", "119.4", "70"] * 4, "quantity"),
        ("a", ["23.0M", "7.1M", "273.5M"] * 4, "quantity"),
        ("pass rate %", ["64.7", "78.3", "80", "93%"] * 4, "percent"),
        ("released", ["3 May 2021 (Rome)", "14 June 2020 (Paris)", "1 July 2019"] * 4, "date"),
        ("budget", ["$2,000,000 (estimated)", "$1,500 (about)", "$40"] * 4, "money"),
        ("a", ["yes", "no", "No", "Yes"] * 5, "boolean"),
        ("a", ["true", "false"] * 10, "boolean"),
        ("a", ["0", "1"] * 30, "boolean"),
        ("has_lots", ["0", "1", "0", "0", "0", "0"] * 5, "boolean"),
        # counts whose twos did not come yet are no flags
        ("a", ["0"] * 38 + ["1"] * 2, "integer"),
        ("a", [str(number) for number in range(1, 40)], "integer"),
        ("a", ["1.5", "2", "3.25"] * 5, "decimal"),
        ("a", ["0.125", "0.500", "0.375"] * 5, "decimal"),
        ("year", [str(year) for year in range(1950, 2010)], "integer"),
        ("number of pages", [str(DRAW.randint(1, 900)) for _ in range(40)], "integer"),
        ("# of rooms", [str(DRAW.randint(1, 90)) for _ in range(40)], "integer"),
        ("case number", [str(DRAW.randint(1, 90_000)) for _ in range(40)], "identifier"),
        ("postal code", [str(DRAW.randint(10_000, 99_999)) for _ in range(40)], "identifier"),
        ("reference", ["2017/S 048-087730", "KU/174", "12 a", "A 4-17"] * 4, "identifier"),
        ("unit code", [f"{one}{two}" for one in "ABCDE" for two in "FGHIJ"], "identifier"),
        ("area code", [f"{one} {other}" for one in WORDS for other in WORDS], "string"),
        ("a", [f"{DRAW.randint(1, 99_999):07d}" for _ in range(40)], "identifier"),
        ("a", [f"AB-{DRAW.randint(100, 999)}/{DRAW.randint(10, 99)}" for _ in range(40)], "identifier"),
        ("a", [f"x{DRAW.randbytes(6).hex()}7" for _ in range(40)], "identifier"),
        ("a", drawn(["open", "closed", "cancelled"]), "enum"),
        ("currency", drawn(["EUR", "USD", "GBP"]), "enum"),
        # few names may be of a larger set, and a unit behind each of few numbers is a name
        ("a", ["open", "closed", "open"], "string"),
        ("style", drawn(["1Story", "2Story", "SLvl"]), "enum"),
        ("title", TITLES[:60], "string"),
        ("title", [str(DRAW.choice(["1984", "Solaris", "Stalker", "Ran", "Alien"])) for _ in range(4)], "string"),
        ("a", ["A long text that goes on. " * 12, "Another one that says much. " * 10] * 3, "text"),
        ("a", [], "string"),
        ("a", ["n/a", "-", ""], "string"),
        # a word that stands for a missing number is none
        ("a", ["NR"] * 40 + [str(number) for number in range(20, 60)], "integer"),
        ("发布日期", ["2024-01-05", "unbekannt", "2024-02-17"] * 3, "date"),
        ("Erscheinungsdatum", ["2024-01-05", "Frühjahr", "2024-02-17"] * 3, "date"),
    ],
)
def test_a_field_is_typed_by_its_values_and_its_name(name: str, values: list[str], wanted: str) -> None:
    assert typed(name, values) == wanted


def test_amounts_with_a_currency_beside_them_are_money() -> None:
    assert type_of(evidence("total", ["12", "400", "3500"] * 4), in_currency=True) == "money"


def test_a_closed_set_needs_repeats_and_no_new_values() -> None:
    assert is_closed(evidence("a", ["x", "y", "z"] * 10))
    assert not is_closed(evidence("a", ["x", "y", "z"]))
    assert not is_closed(evidence("a", ["x"] * 30 + [f"new {number}" for number in range(5)]))
    assert not is_closed(evidence("a", ["x"] * 30))


@pytest.mark.parametrize(
    ("label", "hints"),
    [
        ("PostalCode", {"code"}),
        ("E_MAIL", {"email"}),
        ("E-Mail-Adresse", {"email"}),
        ("Fecha de publicación", {"date"}),
        ("number of pages", {"count"}),
        ("Aktenzeichen", {"number"}),
        ("Unit price", {"price"}),
        ("something else", set()),
        ("", set()),
        ("\x00\ud7ff" * 500, set()),
    ],
)
def test_a_name_says_what_its_values_are(label: str, hints: set[str]) -> None:
    assert hints_of(label) == hints


@settings(max_examples=tries(200), deadline=None)
@given(st.text(max_size=20), st.lists(st.text(max_size=60), max_size=30))
def test_any_values_under_any_name_have_a_type(name: str, values: list[str]) -> None:
    first = typed(name, values)
    assert first in get_args(ColumnType)
    assert typed(name, values[::-1]) == first
