"""JSON documents, sheets and feeds: learned and read like pages."""

import json

import pytest

from core.extract import extract
from core.induce import induce
from core.model.blueprint import FieldType
from core.parse import parse

ANSWER = {
    "meta": {"total": 3},
    "next": "/api/items?page=2",
    "items": [
        {"id": 7, "title": "Oak", "price": {"amount": "3.50"}, "tags": ["tree", "hard"], "madeAt": "2024-01-02"},
        {"id": 8, "title": "Elm", "price": {"amount": "4.00"}, "tags": [], "madeAt": "2024-02-03"},
        {"id": 9, "title": "Ash", "price": {"amount": "5.25"}, "tags": ["tree"], "madeAt": "2024-03-04"},
    ],
}


def test_lists_of_objects_are_tables() -> None:
    document = parse(json.dumps(ANSWER).encode(), url="https://api.test/api/items")
    blueprint = induce([document])
    found = extract(blueprint, document)
    rows = [record.fields for record in found.records if record.table == "items"]
    assert [row["title"].value for row in rows] == ["Oak", "Elm", "Ash"]
    assert [row["made_at"].value for row in rows] == ["2024-01-02", "2024-02-03", "2024-03-04"]
    assert rows[0]["tags"].value == ["tree", "hard"]
    assert "tags" not in rows[1]
    assert found.next_url == "https://api.test/api/items?page=2"
    assert blueprint.tables[0].name == "items"


def test_the_last_page_of_an_answer_leads_nowhere() -> None:
    document = parse(json.dumps(ANSWER).encode(), url="https://api.test/api/items")
    last = parse(json.dumps(ANSWER | {"next": None}).encode(), url="https://api.test/api/items")
    assert extract(induce([document]), last).next_url is None


def test_lines_of_json_are_records() -> None:
    document = parse(b'{"a": 1, "b": "x"}\n{"a": 2, "b": "y"}\n')
    assert [r.fields["a"].value for r in extract(induce([document]), document).records] == [1, 2]


def test_a_preamble_is_no_header() -> None:
    text = "Report of the harbour office\n\nShip,Arrived,Tons\nAnna,2024-01-02,1200\nBrage,2024-01-05,800\n"
    document = parse(text.encode(), url="ships.csv")
    rows = extract(induce([document]), document).records
    assert [row.fields["ship"].value for row in rows] == ["Anna", "Brage"]
    assert rows[0].fields["arrived"].value == "2024-01-02"
    assert rows[0].fields["tons"].value == 1200
    assert rows[0].fields["ship"].evidence.locator == "cell:!R4C1"


def test_columns_are_found_by_their_header_when_they_move() -> None:
    blueprint = induce([parse(b"name;age\nAda;36\nBob;41\n")])
    moved = parse(b"age;city;name\n52;Rome;Eve\n23;Oslo;Sam\n")
    assert [row.fields["name"].value for row in extract(blueprint, moved).records] == ["Eve", "Sam"]


def test_a_table_without_header_gets_numbered_columns() -> None:
    document = parse(b"1,2.5\n2,3.5\n3,4.5\n")
    assert set(extract(induce([document]), document).records[0].fields) == {"column_1", "column_2"}


@pytest.mark.parametrize(("name", "kind"), [("title", "string"), ("link", "url"), ("published", "datetime")])
def test_feeds_are_lists_of_items(name: str, kind: FieldType) -> None:
    items = "".join(
        f"<item><title>Story about {word}</title><link>https://n.test/{word}</link>"
        f"<pubDate>Tue, 0{n + 1} Oct 2024 10:00:00 +0000</pubDate>"
        f"<description>All we know of {word} so far.</description></item>"
        for n, word in enumerate(["rain", "snow", "fog", "hail"])
    )
    document = parse(f"<rss><channel><title>Weather</title>{items}</channel></rss>".encode())
    blueprint = induce([document])
    table = next(table for table in blueprint.tables if table.scope.path_text.endswith("item"))
    field = next(field for field in table.fields if field.name == name)
    assert field.type == kind
    assert len([record for record in extract(blueprint, document).records if record.table == table.name]) == 4
