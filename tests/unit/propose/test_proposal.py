"""Documents in, typed tables out: names, tables, units, what is lost, and input that nobody would wish for."""

import random
from collections.abc import Mapping, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from core.model.schema import SchemaField, SchemaProposal
from core.propose import SiteDocument, propose
from core.propose.code import json_schema, pydantic_source, zod_source
from tests.effort import tries

DRAW = random.Random(15)


def proposal(*documents: Mapping[str, Sequence[str]], site: str = "") -> SchemaProposal:
    return propose([SiteDocument(fields, site) for fields in documents])


def fields(made: SchemaProposal, table: int = 0) -> dict[str, SchemaField]:
    return {field.name: field for field in made.tables[table].fields}


def notice(number: int) -> dict[str, list[str]]:
    return {
        "Notice ID": [f"N-{number:04d}"],
        "Title": [f"Works at place {number}"],
        "Deadline": [f"2024-05-{number % 28 + 1:02d}"],
        "Estimated value": [f"EUR {number * 100 + 5}.00"],
        "Status": [("open", "closed")[number % 2]],
        "CPV codes": ["45000000", "71000000"][: number % 2 + 1],
        **({"Remark": ["n/a"]} if number % 2 else {"Remark": ["see above"]}),
    }


NOTICES = [notice(number) for number in range(60)]


def test_a_table_of_notices_is_proposed() -> None:
    made = proposal(*NOTICES)
    [table] = made.tables
    assert table.key == ("notice_id",)
    assert made.documents == 60
    assert {name: field.type for name, field in fields(made).items()} == {
        "notice_id": "identifier",
        "title": "string",
        "deadline": "date",
        "estimated_value": "money",
        "status": "enum",
        "cpv_codes": "enum",
        "remark": "string",
    }


def test_fields_say_what_their_values_are_like() -> None:
    found = fields(proposal(*NOTICES))
    assert found["notice_id"].pattern == r"^N-\d{4}$"
    assert found["notice_id"].aliases == ("Notice ID",)
    assert found["estimated_value"].unit == "EUR"
    assert found["estimated_value"].range == (5.0, 5905.0)
    assert found["status"].enum == ("closed", "open") or found["status"].enum == ("open", "closed")
    assert found["cpv_codes"].many
    assert not found["title"].many
    assert (found["remark"].required, found["remark"].filled) == (False, 0.5)
    assert found["title"].required
    assert len(found["title"].examples) == 3


def test_values_that_a_type_cannot_take_are_counted() -> None:
    documents = [{"day": ["2024-05-01"] if number % 10 else ["soon"]} for number in range(100)]
    field = fields(proposal(*documents))["day"]
    assert (field.type, field.lost) == ("date", 0.1)


def order(number: int) -> dict[str, list[str]]:
    many = number % 3 + 1
    return {
        "id": [str(number)],
        "buyer.name": [f"Town {number}"],
        "value.amount": [str(number * 1000 + 7)],
        "value.currency": ["EUR"],
        "items.id": [f"{number}-{item}" for item in range(many)],
        "items.price": ["1.50"] * many,
        "items.unit.name": ["kg"] * many,
        "tags": ["x"] * (2 if number % 2 else 1),
    }


ORDERS = [order(number) for number in range(40)]


def test_a_repeated_group_of_paths_is_a_child_table() -> None:
    made = proposal(*ORDERS)
    main, child = made.tables
    assert (child.name, child.parent) == ("items", main.name)
    assert {alias for field in child.fields for alias in field.aliases} == {
        "items.id",
        "items.price",
        "items.unit.name",
    }
    assert fields(made)["tags"].many
    assert not any(field.many for field in child.fields)
    assert main.key == ("id",)


def test_lists_that_differ_in_length_stay_lists() -> None:
    documents = [{"a.x": ["1"] * (number % 3 + 1), "a.y": ["1"] * (number % 2 + 1)} for number in range(20)]
    assert [table.name for table in proposal(*documents).tables] == ["documents"]


def test_a_currency_beside_an_amount_makes_it_money() -> None:
    amount = fields(proposal(*ORDERS))["value_amount"]
    assert (amount.type, amount.unit) == ("money", "EUR")


def test_units_in_several_spellings_are_one() -> None:
    written = ["12 kg", "3.5 kgs", "40 Kilo", "7 kg."]
    field = fields(proposal(*({"weight": [written[n % 4]]} for n in range(40))))["weight"]
    assert (field.type, field.unit) == ("quantity", "kg")


def test_several_currencies_are_said() -> None:
    written = ["EUR 12", "EUR 15", "USD 30"]
    field = fields(proposal(*({"price": [written[n % 3]]} for n in range(30))))["price"]
    assert (field.type, field.unit) == ("money", "")
    assert field.description == "“price”; in EUR (67%), USD (33%)"


def test_labels_with_points_are_no_paths() -> None:
    made = proposal({"Ed. Rate": ["1"], "Ed. Year": ["2"]}, {"Ed. Rate": ["1"], "Ed. Year": ["2"]})
    assert set(fields(made)) == {"ed_rate", "ed_year"}


def test_fields_of_one_name_get_names_of_their_own() -> None:
    made = proposal({"Name": ["a"], "name ": ["b"], "NAME": ["c"], "???": ["d"], "1st": ["e"], "日付": ["f"]})
    names = [field.name for field in made.tables[0].fields]
    assert len(set(names)) == len(names) == 6
    assert {"field", "n_1st", "日付"} <= set(names)


def test_no_field_is_called_as_a_child_table() -> None:
    documents = [order(number) | {"items": ["x"]} for number in range(20)]
    main, child = proposal(*documents).tables
    assert child.name not in {field.name for field in main.fields}


def test_absurd_documents_have_a_sane_answer() -> None:
    assert proposal().tables[0].fields == ()
    assert proposal({}).tables[0].fields == ()
    assert fields(proposal({"a": []}, {"a": [""]}))["a"].filled == 0
    assert fields(proposal({"": ["x"]}))["field"].aliases == ("",)
    wide = proposal({f"field {n}": ["1"] for n in range(5_000)})
    assert (len(wide.tables[0].fields), wide.unseen) == (2_000, 3_000)
    assert len(proposal(*({f"{k}\0{n % 7}": ["x\0"] for k in range(300)} for n in range(30))).tables[0].fields) == 2_100


def test_a_million_nulls_are_no_values() -> None:
    documents = [{"a": ["null"] * 100_000, "b": ["1"]} for _ in range(10)]
    assert fields(proposal(*documents))["a"].filled == 0


def test_mixed_types_are_words() -> None:
    mixed = ["12", "2024-01-01", "yes", "a@b.org", "EUR 5", "some words", "3 kg"]
    assert fields(proposal(*({"a": [DRAW.choice(mixed)]} for _ in range(70))))["a"].type in ("string", "enum")


texts = st.sampled_from(["1", "2", "x", "2024-01-01", "n/a", "EUR 5"])
names = st.sampled_from(["a.b", "a.c", "Price", "id", "prices", "", "class"])
documents = st.lists(
    st.builds(
        SiteDocument, st.dictionaries(names, st.lists(texts, max_size=3), max_size=5), st.sampled_from(["", "s", "t"])
    ),
    max_size=12,
)


@settings(max_examples=tries(100), deadline=None)
@given(documents)
def test_every_label_is_taken_and_all_can_be_written(found: list[SiteDocument]) -> None:
    made = propose(found)
    assert {alias for table in made.tables for field in table.fields for alias in field.aliases} == {
        label for document in found for label in document.fields
    }
    for table in made.tables:
        assert len({field.name for field in table.fields}) == len(table.fields)
        assert set(table.key) <= {field.name for field in table.fields}
        assert all(0 <= field.filled <= 1 and 0 <= field.lost <= 1 for field in table.fields)
    compile(pydantic_source(made.tables), "written.py", "exec")
    assert json_schema(made.tables)
    assert zod_source(made.tables)
    assert SchemaProposal.model_validate_json(made.model_dump_json()) == made
