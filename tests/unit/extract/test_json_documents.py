"""JSON documents and APIs: every record found, nested ones with their parent, and the way to the next page."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import PipelineError
from core.evidence.resolve import resolve
from core.extract import extract
from core.extract.json_records import json_next
from core.induce import induce
from core.model import Blueprint, Extraction
from core.model.document import ParsedDocument
from core.parse import parse
from jobs.portal import content
from jobs.portal.server import PortalServer


def document(value: Any, url: str = "https://example.test/api/ships?page=1") -> ParsedDocument:
    return parse(json.dumps(value).encode(), url=url, media_type="application/json")


def learned(value: Any) -> tuple[Blueprint, Extraction]:
    parsed = document(value)
    blueprint = induce([parsed])
    return blueprint, extract(blueprint, parsed)


def rows(extraction: Extraction, table: str) -> list[dict[str, Any]]:
    found = [record for record in extraction.records if record.table == table]
    return [{name: cell.value for name, cell in record.fields.items()} for record in found]


def evidence_holds(extraction: Extraction, parsed: ParsedDocument) -> bool:
    cells = [cell for record in extraction.records for cell in record.fields.values()]
    pairs = [
        pair
        for cell in cells
        for pair in (
            zip(cell.raw, cell.evidence, strict=True) if isinstance(cell.raw, list) else [(cell.raw, cell.evidence)]
        )
    ]
    return bool(pairs) and all(resolve(evidence, parsed) == raw for raw, evidence in pairs)


@pytest.fixture(scope="module")
def portal() -> Iterator[PortalServer]:
    with PortalServer() as server:
        yield server


def test_the_portals_api_gives_every_tender_over_all_pages(portal: PortalServer) -> None:
    url: str | None = f"{portal.url}/api/tenders"
    blueprint, found, lots = None, [], []
    while url:
        parsed = parse(httpx.get(url, trust_env=False).content, url=url)
        blueprint = blueprint or induce([parsed])
        extraction = extract(blueprint, parsed)
        assert evidence_holds(extraction, parsed)
        found += rows(extraction, blueprint.tables[0].name)
        lots += rows(extraction, "lots")
        url = extraction.next_url
    assert [row["reference"] for row in found] == [tender.reference for tender in content.TENDERS]
    for row, tender in zip(found, content.TENDERS, strict=True):
        assert (row["title"], row["buyer_name"], row["buyer_city"]) == (
            tender.title,
            tender.buyer.name,
            tender.buyer.city,
        )
        assert (row["published"], row["deadline"]) == (tender.published.isoformat(), tender.deadline.isoformat())
        assert row.get("estimated_value_currency") == (tender.value.currency if tender.value else None)
        assert (row["category_code"], row["status"]) == (tender.category_code, tender.status)
    assert [lot["title"] for lot in lots] == [lot.title for tender in content.TENDERS for lot in tender.lots]


def test_a_child_record_knows_its_parent() -> None:
    _, extraction = learned(
        {"items": [{"name": "Ada", "boats": []}, {"name": "Bo", "boats": [{"sail": 7}, {"sail": 9}]}, {"name": "Cy"}]}
    )
    boats = [record for record in extraction.records if record.table == "boats"]
    assert [(record.parent, record.fields["sail"].value) for record in boats] == [(1, 7), (1, 9)]


def test_one_object_is_one_record_with_its_lists_below() -> None:
    blueprint, extraction = learned({"name": "Heron", "built": 1987, "crew": [{"role": "mate"}, {"role": "cook"}]})
    assert rows(extraction, blueprint.tables[0].name) == [{"name": "Heron", "built": 1987}]
    assert (blueprint.tables[1].parent, len(rows(extraction, "crew"))) == (blueprint.tables[0].name, 2)


def test_an_object_of_alike_objects_is_a_table_with_the_key_as_a_column() -> None:
    blueprint, extraction = learned({name: {"tons": len(name), "flag": "NO"} for name in ("Heron", "Tern", "Gull/2~")})
    assert [row["key"] for row in rows(extraction, blueprint.tables[0].name)] == ["Heron", "Tern", "Gull/2~"]
    assert evidence_holds(
        extraction, document({name: {"tons": len(name), "flag": "NO"} for name in ("Heron", "Tern", "Gull/2~")})
    )


def test_rows_in_lists_take_their_names_from_the_first() -> None:
    blueprint, extraction = learned([["port", "ships"], ["Bergen", 12], ["Oslo", 8], ["Moss", 3]])
    assert rows(extraction, blueprint.tables[0].name)[0] == {"port": "Bergen", "ships": 12}
    assert len(extraction.records) == 3


def test_types_come_from_json_where_it_has_them() -> None:
    blueprint, extraction = learned(
        [{"n": 1, "share": 0.5, "open": True, "zip": "00712", "tags": ["a", "b"], "at": "2026-03-04"}] * 2
    )
    types = {field.name: (field.type, field.many) for field in blueprint.tables[0].fields}
    assert types == {
        "n": ("integer", False), "share": ("decimal", False), "open": ("boolean", False),
        "zip": ("identifier", False), "tags": ("string", True), "at": ("date", False),
    }  # fmt: skip
    assert rows(extraction, blueprint.tables[0].name)[0]["tags"] == ["a", "b"]


def test_lines_of_json_are_records() -> None:
    parsed = parse(b'{"id": 1}\n{"id": 2}\n\n{"id": 3}\n', url="ships.ndjson")
    assert len(extract(induce([parsed]), parsed).records) == 3


@pytest.mark.parametrize(
    ("body", "url", "following"),
    [
        ({"next": "/api?page=2"}, "https://h.test/api", "https://h.test/api?page=2"),
        ({"links": {"next": {"href": "https://h.test/b"}}}, "https://h.test/a", "https://h.test/b"),
        ({"links": [{"rel": "next", "href": "?page=3"}]}, "https://h.test/a?page=2", "https://h.test/a?page=3"),
        ({"@odata.nextLink": "https://h.test/x?$skip=5"}, "https://h.test/x", "https://h.test/x?$skip=5"),
        ({"nextPageToken": "Zz"}, "https://h.test/a?q=1", "https://h.test/a?q=1&pageToken=Zz"),
        ({"meta": {"next_cursor": "c2"}}, "https://h.test/a?cursor=c1", "https://h.test/a?cursor=c2"),
        ({"total": 50, "per_page": 20}, "https://h.test/a?page=2", "https://h.test/a?page=3"),
        ({"total": 50, "per_page": 20}, "https://h.test/a?page=3", None),
        ({"total": 30}, "https://h.test/a?offset=10&limit=10", "https://h.test/a?limit=10&offset=20"),
        ({"total": 20}, "https://h.test/a?offset=10&limit=10", None),
        ({"next": None, "items": [{"next": "https://h.test/other"}]}, "https://h.test/a", None),
    ],
)
def test_the_next_page_is_found(body: dict[str, Any], url: str, following: str | None) -> None:
    assert json_next(document(body, url)) == following


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=30,
)


@given(JSON.filter(lambda value: isinstance(value, dict | list)))
def test_any_json_gives_records_with_evidence_or_one_of_our_errors(value: Any) -> None:
    parsed = ParsedDocument("json", "", "0", value)
    try:
        extraction = extract(induce([parsed]), parsed)
    except PipelineError:
        return
    assert not extraction.records or evidence_holds(extraction, parsed)
