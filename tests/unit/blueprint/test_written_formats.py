"""The module written for a blueprint gives the same rows as the blueprint, for every format that is not a page."""

from contextlib import suppress
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.blueprint.codegen import generate
from core.errors import PipelineError
from core.extract import extract
from core.flow.lake_rows import plain_rows
from core.induce import induce
from core.model import Blueprint
from core.parse import parse

FILES = {
    "boats.json": b'{"items": [{"name": "Heron", "a/b": 1, "crew": [{"role": "mate"}]}, {"name": "Tern"}]}',
    "flags.json": b'{"Heron": {"flag": "NO", "tons": 3}, "Tern": {"flag": "SE", "tons": 4}, "Gull": {"flag": "FI"}}',
    "boats.csv": b"Boats of the year\n\nname,tons\nHeron,12.5\nTern,3.25\nGull,NA\n",
    "bare.csv": b"1,Heron,2.5\n2,Tern,3.5\n3,Gull,4.0\n",
    "feed.xml": b"<rss><channel><item><title>Heron</title><author>a@b.test (Ada)</author></item></channel></rss>",
    "fleet.xml": b"<fleet><boat sail='7'><name>Heron</name></boat><boat sail='9'><name>Tern</name></boat></fleet>",
}


@pytest.mark.parametrize("name", FILES)
def test_the_written_module_gives_the_same_rows(name: str) -> None:
    document = SimpleNamespace(content=FILES[name], url=f"https://example.test/{name}")
    parsed = parse(document.content, url=document.url)
    blueprint = induce([parsed])
    space: dict[str, object] = {"__name__": "extractor"}
    exec(compile(generate(blueprint), "<extractor>", "exec"), space)
    rows = list(space["extract"](document))  # type: ignore[operator]
    assert rows == list(plain_rows(extract(blueprint, parsed)))
    assert rows


@pytest.mark.parametrize("name", FILES)
def test_a_blueprint_survives_being_written_to_a_file(name: str) -> None:
    blueprint = induce([parse(FILES[name], url=f"https://example.test/{name}")])
    assert Blueprint.model_validate_json(blueprint.model_dump_json(exclude_defaults=True)) == blueprint


def test_a_page_of_errors_in_place_of_data_gives_no_record() -> None:
    blueprint = induce([parse(FILES["boats.json"], url="https://example.test/boats.json")])
    page = parse(b"<html><body><h1>Out of order</h1></body></html>", url="https://example.test/boats.json")
    assert extract(blueprint, page).records == []


STARTS = [
    b"",
    b"%PDF-1.4\n",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"{",
    b"[",
    b"<?xml ",
    b"<rss>",
    b"a,b\n1,2\n",
    b"Boat: ",
]


@settings(deadline=None)
@given(st.sampled_from(STARTS), st.binary(max_size=120), st.sampled_from(["", "x.csv", "x.json", "x.xml", "x.pdf"]))
def test_any_bytes_give_rows_or_one_of_our_errors(start: bytes, rest: bytes, url: str) -> None:
    with suppress(PipelineError):
        parsed = parse(start + rest, url=url)
        extract(induce([parsed]), parsed)
