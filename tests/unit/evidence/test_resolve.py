from collections.abc import Callable, Iterator

import pytest

from core.errors import BadInput
from core.evidence.resolve import resolve
from core.extract import extract
from core.induce import induce
from core.model.document import ParsedDocument
from core.model.extraction import Evidence
from core.parse import parse
from tests.engine_pages import book_page

API = (
    b'{"items": [{"id": 1, "tags": ["a", "b"], "at": {"x/y": 1, "city": "Oslo"}}, {"id": 2, "at": {"city": "Bergen"}}]}'
)
SHEET = b"Name,Amount\nOak,3\nElm,4\nAsh,5\n"
FEED = b"""<?xml version="1.0"?><rss xmlns:d="http://purl.org/dc/elements/1.1/"><channel><title>News</title>
<item><title>One thing</title><link>https://n.test/1</link><d:date>2024-01-02</d:date></item>
<item><title>Two things</title><link>https://n.test/2</link><d:date>2024-01-03</d:date></item>
<item><title>Three things</title><link>https://n.test/3</link><d:date>2024-01-04</d:date></item></channel></rss>"""
STATE = b"""<html><body><h1>Green lamp</h1><p>Price: 40</p><script>window.__DATA__ = {"product": {"name": "Green lamp",
"maker": "Lumen works of the north", "sizes": [{"cm": 10}],
filler: 'some more text so that it counts'}};</script>
</body></html>"""


def pairs(document: ParsedDocument) -> Iterator[tuple[str, Evidence]]:
    for record in extract(induce([document]), document).records:
        for value in record.fields.values():
            raws = value.raw if isinstance(value.raw, list) else [value.raw]
            places = value.evidence if isinstance(value.evidence, list) else [value.evidence]
            assert len(raws) == len(places)
            yield from zip(raws, places, strict=True)


@pytest.mark.parametrize("content", [API, SHEET, FEED, STATE, book_page(0)])
def test_every_value_is_found_again_at_its_evidence(content: bytes) -> None:
    document = parse(content, url="https://e.test/")
    found = list(pairs(document))
    assert len(found) >= 3
    assert all(resolve(evidence, document) == raw for raw, evidence in found)


@pytest.mark.parametrize("name", ["notices", "kitchen", "library"])
def test_every_value_of_a_golden_page_is_found_again(name: str, site: Callable[[str], ParsedDocument]) -> None:
    document = site(name)
    assert all(resolve(evidence, document) == raw for raw, evidence in pairs(document))


@pytest.mark.parametrize(
    "locator", ["xpath:/html/body/p[7]", "xpath:/html/body/@id", "nonsense", "json:/a", "cell:!R1C1"]
)
def test_a_place_that_is_not_there_is_an_error(locator: str) -> None:
    with pytest.raises(BadInput):
        resolve(Evidence(locator), parse(b"<p>x</p>"))


def test_who_wants_only_values_gets_the_same_ones(book: Callable[[int], ParsedDocument]) -> None:
    documents = [book(number) for number in range(3)]
    blueprint = induce(documents)
    whole, bare = (extract(blueprint, documents[0], located=located) for located in (True, False))
    assert [{n: c.value for n, c in r.fields.items()} for r in whole.records] == [
        {n: c.value for n, c in r.fields.items()} for r in bare.records
    ]
    assert all(cell.evidence is None for record in bare.records for cell in record.fields.values())
