"""Golden folders: each holds a page and what must be read from it."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from core.extract import extract
from core.induce import induce
from core.model.document import ParsedDocument
from tests.engine_pages import SITES

NAMES = sorted(folder.name for folder in SITES.iterdir() if (folder / "expected.json").exists())


def columns(document: ParsedDocument, table: str) -> dict[str, list[Any]]:
    records = [record for record in extract(induce([document]), document).records if record.table == table]
    names = dict.fromkeys(name for record in records for name in record.fields)
    return {name: [record.fields[name].value for record in records if name in record.fields] for name in names}


@pytest.mark.parametrize("name", NAMES)
def test_the_page_is_read_as_expected(name: str, site: Callable[[str], ParsedDocument]) -> None:
    expected = json.loads((SITES / name / "expected.json").read_text())
    read = columns(site(name), expected["table"])
    for column, values in expected.get("columns", {}).items():
        assert read[column] == values, column
    for values in expected.get("values", []):
        assert values in read.values(), values
    assert max(len(values) for values in read.values()) == expected["records"]


def test_pages_lead_on_to_the_next_page_and_to_their_records(site: Callable[[str], ParsedDocument]) -> None:
    expected = json.loads((SITES / "notices" / "expected.json").read_text())
    document = site("notices")
    found = extract(induce([document]), document)
    assert found.next_url == expected["next"]
    assert found.detail_urls[0] == expected["first_detail"]
    assert len(found.detail_urls) == expected["records"]
