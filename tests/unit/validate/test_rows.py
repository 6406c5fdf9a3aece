"""Rows of extracted tables against an approved schema."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model.schema import ColumnType, ContractMode, SchemaField, SchemaTable, SiteLabel, TextPiece
from core.validate import FittedRow, SourceRow, fitted, without

SITE = "extracted.a"


def field(name: str, kind: ColumnType, label: str = "", **more: Any) -> SchemaField:
    return SchemaField(name=name, type=kind, sources=(SiteLabel(SITE, label or name),), **more)


def found_in(
    *fields: SchemaField,
    mode: ContractMode = "evolve",
    site: str = SITE,
    values: Any = None,
    types: Any = None,
    **texts: Any,
) -> FittedRow:
    row = SourceRow(site, values or {}, texts, types or {})
    return fitted(SchemaTable(name="t", fields=fields), row, mode)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("date", "3 March 2026", "2026-03-03"),
        ("date", "3 March 2026, 14:00", "2026-03-03"),
        ("datetime", "2026-03-03", "2026-03-03"),
        ("integer", "1,200", 1200),
        ("money", "12.50", {"amount": "12.50", "currency": "EUR"}),
        ("money", "USD 3", {"amount": "3", "currency": "USD"}),
        ("boolean", "1", True),
        ("enum", "open", "open"),
        ("string", "3 March 2026", "3 March 2026"),
    ],
)
def test_a_text_is_read_as_the_type_of_its_field(kind: ColumnType, text: str, value: object) -> None:
    found = found_in(field("x", kind, unit="EUR"), x=text)
    assert (found.values, found.misfits, found.said["x"].labels) == ({"x": value}, (), ("x",))


def test_what_was_read_as_that_type_is_taken_as_it_is() -> None:
    """Only the extractor knew that the site writes the day first."""
    found = found_in(field("x", "date"), values={"x": "2026-04-03"}, types={"x": "date"}, x="03/04/2026")
    assert found.values == {"x": "2026-04-03"}


def test_a_text_that_stands_in_place_of_a_value_is_none() -> None:
    """An extractor leaves what it cannot read as it is."""
    found = found_in(field("x", "date"), values={"x": "soon"}, types={"x": "date"}, x="soon")
    assert found.values == {"x": None}
    assert [tuple(one) for one in found.misfits] == [("x", "type", "soon")]


def test_a_value_that_is_none_of_the_type_is_told_with_its_text() -> None:
    found = found_in(field("x", "date"), x="soon")
    assert found.values == {"x": None}
    assert [tuple(one) for one in found.misfits] == [("x", "type", "soon")]


def test_a_required_value_is_missed_and_a_placeholder_is_none() -> None:
    found = found_in(field("x", "string", required=True), field("y", "string"), x="n/a", y=None)
    assert found.values == {"x": None, "y": None}
    assert [tuple(one) for one in found.misfits] == [("x", "missing", "")]


def test_the_first_column_that_says_something_is_taken_and_only_of_its_site() -> None:
    two = SchemaField(
        name="x", type="string", sources=(SiteLabel("extracted.b", "c"), SiteLabel(SITE, "a"), SiteLabel(SITE, "b"))
    )
    assert found_in(two, a="", b="said", c="elsewhere").values == {"x": "said"}
    assert found_in(two, site="extracted.b", a="a", c="said").said["x"].labels == ("c",)


def test_several_texts_are_a_list_or_told() -> None:
    assert found_in(field("x", "integer", many=True), x=["1", "2"]).values == {"x": [1, 2]}
    assert found_in(field("x", "string"), x=["a", "b"]).values == {"x": "a; b"}
    told = found_in(field("x", "integer"), x=["1", "2"])
    assert told.values == {"x": 1}
    assert [tuple(one) for one in told.misfits] == [("x", "several", "1; 2")]
    some = found_in(field("x", "integer", many=True), x=["1", "two"])
    assert some.values == {"x": [1]}
    assert [tuple(one) for one in some.misfits] == [("x", "type", "two")]


def test_choices_and_patterns_bind_only_where_nothing_new_is_let_in() -> None:
    fields = field("x", "enum", enum=("open", "closed")), field("y", "identifier", pattern=r"^A-\d$")
    assert found_in(*fields, x="new", y="B-1").misfits == ()
    bound = found_in(*fields, mode="discard_value", x="new", y="B-1")
    assert [tuple(one) for one in bound.misfits] == [("x", "choices", "new"), ("y", "pattern", "B-1")]
    assert found_in(*fields, mode="freeze", x="Open", y="A-1").misfits == ()
    assert without(bound.values | {"z": 1}, {misfit.field for misfit in bound.misfits}) == {
        "x": None,
        "y": None,
        "z": 1,
    }


texts = st.one_of(st.none(), st.text(max_size=20), st.lists(st.one_of(st.none(), st.text(max_size=20)), max_size=4))


@given(st.dictionaries(st.sampled_from("abc"), texts), st.sampled_from(ColumnType.__args__), st.booleans())  # type: ignore[attr-defined]
def test_whatever_a_row_says_it_is_a_row_with_all_fields(said: dict[str, Any], kind: ColumnType, many: bool) -> None:
    table = SchemaTable(name="t", fields=tuple(field(name, kind, many=many) for name in "abc"))
    found = fitted(table, SourceRow(SITE, {}, said, {}), "discard_row")
    assert set(found.values) == {"a", "b", "c"}
    assert {one.field for one in found.misfits} <= {"a", "b", "c"}
    assert set(found.said) <= {name for name, text in said.items() if text}


def test_columns_are_put_together_and_parts_of_texts_are_taken() -> None:
    name = SchemaField(
        name="name",
        type="string",
        joined=True,
        sources=tuple(SiteLabel(SITE, label) for label in ("name", "first", "last")),
    )
    assert found_in(name, name="Ann Berg").said["name"] == (("name",), ["Ann Berg"])
    assert found_in(name, first="Ann", last="Berg").values == {"name": "Ann Berg"}
    assert found_in(name, first="Ann", last="n/a").said["name"].labels == ("first",)
    assert found_in(name).values == {"name": None}

    def piece(position: int, rest: bool = False) -> SchemaField:
        return field("part", "string", "place", piece=TextPiece(",", position, rest))

    assert found_in(piece(0), place="Rome, Lazio, Italy").values == {"part": "Rome"}
    assert found_in(piece(1), place="Rome, Lazio, Italy").values == {"part": "Lazio"}
    assert found_in(piece(1, rest=True), place="Rome, Lazio, Italy").values == {"part": "Lazio, Italy"}
    assert found_in(piece(1), place="Rome").values == {"part": None}


def test_a_value_that_was_read_whole_is_no_value_of_a_part_of_it() -> None:
    part = field("day", "date", "when", piece=TextPiece(" to ", 1))
    found = found_in(part, values={"when": "2026-03-01"}, types={"when": "date"}, when="1 March 2026 to 5 March 2026")
    assert found.values == {"day": "2026-03-05"}
