"""Every value of a document that is no page stands at its place when the document is drawn."""

import pytest
from lxml import html

from core.evidence.resolve import resolve
from core.extract import extract
from core.induce import induce
from core.model import Evidence
from core.parse import parse
from pages._widgets.drawn import DRAWN_LINES, DRAWN_ROWS, drawn

CSV = b"Day,Place,Share\n" + b"".join(b"2021-03-%02d,Harbour <%d>,%d.5\n" % (n, n, n) for n in range(1, 9))
JSON = b'{"items": [{"ref": "A-1", "buyer": {"name": "Mere & Sons"}}, {"ref": "A-2", "buyer": {"name": "Tarrin"}}]}'
XML = (
    b"<?xml version='1.0'?><rss version='2.0'><channel><title>News</title>"
    + b"".join(
        b"<item><title>Notice %d</title><link>https://n.test/%d</link><guid>n%d</guid></item>" % (n, n, n)
        for n in range(1, 5)
    )
    + b"</channel></rss>"
)
TEXT = "\n\n".join(f"Reference: AM-{n}\nBuyer: City of Mere {n}\nValue: {n}50 EUR" for n in range(1, 6)).encode()


@pytest.mark.parametrize("content", [CSV, JSON, XML, TEXT], ids=["csv", "json", "xml", "text"])
def test_the_values_that_were_read_stand_where_they_are_marked(content: bytes) -> None:
    document = parse(content)
    page = drawn(document)
    tree = html.document_fromstring(page.html)
    records = extract(induce([document]), document).records
    places = [e for record in records for cell in record.fields.values() for e in each(cell.evidence)]
    assert len(places) >= len(records) > 0
    for evidence in places:
        place = page.place_of(evidence.locator)
        assert place is not None, evidence
        [node] = tree.xpath(place.path)
        whole = " ".join(node.text_content()[place.start : place.end].split())
        assert whole[evidence.start : evidence.end] == resolve(evidence, document)


def each(evidence: object) -> list[Evidence]:
    return [evidence] if isinstance(evidence, Evidence) else list(evidence)  # type: ignore[call-overload,no-any-return]


def test_of_a_long_document_the_beginning_or_the_part_around_a_value_is_drawn() -> None:
    document = parse(b"Day,Share\n" + b"".join(b"%d,%d\n" % (n, n) for n in range(3 * DRAWN_ROWS)))
    page, far = drawn(document), f"cell:!R{2 * DRAWN_ROWS}C2"
    assert not page.whole
    assert page.place_of("cell:!R3C2") is not None
    assert page.place_of(far) is None
    there = drawn(document, far)
    place = there.place_of(far)
    assert place is not None
    [cell] = html.document_fromstring(there.html).xpath(place.path)
    assert cell.text_content() == str(2 * DRAWN_ROWS - 2)


def test_of_a_long_list_the_part_around_a_value_is_drawn() -> None:
    items = ",".join(f'{{"ref": "A-{n}"}}' for n in range(2 * DRAWN_LINES))
    document, far = parse(f'{{"items": [{items}]}}'.encode()), f"json:/items/{2 * DRAWN_LINES - 9}/ref"
    place = drawn(document, far).place_of(far)
    assert place is not None
    [value] = html.document_fromstring(drawn(document, far).html).xpath(place.path)
    assert value.text_content() == f"A-{2 * DRAWN_LINES - 9}"


def test_a_document_nested_without_end_is_drawn_too() -> None:
    assert "…" in drawn(parse(b"[" * 900 + b"1" + b"]" * 900)).html
