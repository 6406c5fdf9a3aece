"""Feeds and other XML: the same names in all feeds, nested elements with their parents, namespaces kept apart."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import PipelineError
from core.evidence.resolve import resolve
from core.extract import extract
from core.induce import induce
from core.model import Blueprint
from core.model.document import ParsedDocument
from core.parse import parse
from jobs.portal import content
from jobs.portal.server import PortalServer


def rows(blueprint: Blueprint, parsed: ParsedDocument, table: str) -> list[dict[str, Any]]:
    records = extract(blueprint, parsed).records
    for cell in (cell for record in records for cell in record.fields.values()):
        pairs = zip(cell.raw, cell.evidence, strict=True) if isinstance(cell.raw, list) else [(cell.raw, cell.evidence)]
        assert all(resolve(evidence, parsed) == raw for raw, evidence in pairs)
    return [{n: c.value for n, c in record.fields.items()} for record in records if record.table == table]


def read(text: str | bytes, table: str) -> list[dict[str, Any]]:
    parsed = parse(text.encode() if isinstance(text, str) else text, url="https://example.test/feed")
    return rows(induce([parsed]), parsed, table)


@pytest.fixture(scope="module")
def portal() -> Iterator[PortalServer]:
    with PortalServer() as server:
        yield server


def test_the_portals_feed_gives_every_tender_in_it(portal: PortalServer) -> None:
    url = f"{portal.url}/feed.xml"
    parsed = parse(httpx.get(url, trust_env=False).content, url=url)
    blueprint = induce([parsed])
    found = rows(blueprint, parsed, "entries")
    assert len(found) == 25
    for row, tender in zip(found, content.TENDERS, strict=False):
        assert (row["title"], row["categories"]) == (tender.title, [tender.category])
        assert row["link"] == row["id"] == f"{portal.url}/tenders/{tender.reference}"
        assert row["published"] == f"{tender.published.isoformat()}T06:00:00+00:00"
        assert row["summary"].endswith(tender.description)
    assert extract(blueprint, parsed).detail_urls == tuple(row["link"] for row in found)


RSS = """<?xml version="1.0"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:odd="http://example.test/odd"
     xmlns:content="http://purl.org/rss/1.0/modules/content/">
 <channel><title>Harbour news</title><link>https://example.test/</link><description>What came in</description>
  <item><odd:title>not this</odd:title><title>Heron is back</title><link>/news/1</link><guid>n1</guid>
   <dc:creator>Ada Berg</dc:creator><category>boats</category><category>spring</category>
   <pubDate>Wed, 04 Mar 2026 08:00:00 GMT</pubDate><description>Short</description>
   <content:encoded><![CDATA[<p>Long <b>text</b></p>]]></content:encoded>
   <enclosure url="/audio/1.mp3" length="42" type="audio/mpeg"/><odd:depth>12</odd:depth></item>
  <item><title>Tern sails</title><link>/news/2</link><guid>n2</guid><author>bo@example.test (Bo Lind)</author>
   <pubDate>Thu, 05 Mar 2026 09:30:00 +0100</pubDate></item>
 </channel></rss>"""


def test_rss() -> None:
    first, second = read(RSS, "entries")
    assert (first["title"], first["link"], first["id"]) == ("Heron is back", "https://example.test/news/1", "n1")
    assert (first["author"], first["categories"]) == ("Ada Berg", ["boats", "spring"])
    assert (first["summary"], first["content"]) == ("Short", "Long text")
    assert (first["enclosure_url"], first["other_depth"]) == ("https://example.test/audio/1.mp3", 12)
    assert (second["author"], second["author_email"]) == ("Bo Lind", "bo@example.test")
    assert second["published"] == "2026-03-05T09:30:00+01:00"
    assert read(RSS, "feed")[0]["subtitle"] == "What came in"


ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Harbour</title><id>urn:h</id>
 <entry><id>urn:1</id><title>Heron</title><updated>2026-03-04T08:00:00Z</updated><author><name>Ada</name></author>
  <link rel="self" href="/api/1"/><link rel="alternate" href="/news/1"/><category term="boats"/>
  <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">A <b>long</b> way</div></content></entry>
 <entry><id>urn:2</id><title>Tern</title><published>2026-03-05</published><link href="/news/2"/></entry></feed>"""


def test_codes_in_the_links_of_a_feed_are_a_column() -> None:
    items = "".join(
        f"<item><title>Ship {n} sails</title><link>https://l.test/docs/24-10{n}.pdf</link></item>" for n in range(1, 6)
    )
    found = read(f"<rss version='2.0'><channel><title>Voyages</title>{items}</channel></rss>", "entries")
    assert [row["link_identifier"] for row in found] == [f"24-10{n}" for n in range(1, 6)]


def test_atom() -> None:
    first, second = read(ATOM, "entries")
    assert (first["title"], first["link"], first["id"]) == ("Heron", "https://example.test/news/1", "urn:1")
    assert (first["author"], first["categories"], first["content"]) == ("Ada", ["boats"], "A long way")
    assert (first["updated"], second["published"]) == ("2026-03-04T08:00:00+00:00", "2026-03-05")
    assert second["link"] == "https://example.test/news/2"


def test_what_atom_packs_is_unpacked() -> None:
    text = ATOM.replace("<title>Heron</title>", '<title type="application/octet-stream">SGVyb24gJiBjbw==</title>')
    text = text.replace("<title>Tern</title>", '<title mode="base64">no base64 at all</title>')
    assert [row["title"] for row in read(text, "entries")] == ["Heron & co", "no base64 at all"]


def test_addresses_are_seen_from_the_base_that_the_feed_names() -> None:
    text = ATOM.replace("<feed ", '<feed xml:base="http://other.test/a/" ').replace(
        "<entry><id>urn:2", '<entry xml:base="b/"><id>urn:2'
    )
    first, second = read(text.replace('href="/news/2"', 'href="news/2"'), "entries")
    assert (first["link"], second["link"]) == ("http://other.test/news/1", "http://other.test/a/b/news/2")


def test_control_characters_of_windows_texts_are_read_as_meant() -> None:
    assert read(RSS.replace("Tern sails", "Tern\x92s sails"), "entries")[1]["title"] == "Tern’s sails"


def test_the_next_page_of_a_feed() -> None:
    text = ATOM.replace("<entry>", '<link rel="next" href="?page=2"/><entry>', 1)
    parsed = parse(text.encode(), url="https://example.test/feed")
    assert extract(induce([parsed]), parsed).next_url == "https://example.test/feed?page=2"


def test_json_feeds_have_the_same_names() -> None:
    text = """{"version": "https://jsonfeed.org/version/1.1", "title": "Harbour", "home_page_url": "https://example.test/",
      "items": [{"id": "1", "url": "https://example.test/1", "title": "Heron", "tags": ["boats"],
       "date_published": "2026-03-04T08:00:00Z", "content_text": "A long way", "authors": [{"name": "Ada"}]}]}"""
    first = read(text, "entries")[0]
    assert (first["link"], first["title"], first["categories"]) == ("https://example.test/1", "Heron", ["boats"])
    assert (first["published"], first["content"]) == ("2026-03-04T08:00:00+00:00", "A long way")
    assert read(text, "feed")[0]["link"] == "https://example.test/"
    assert read(text, "authors") == [{"name": "Ada"}]


def test_rdf_items_stand_beside_their_channel() -> None:
    text = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        "<channel><title>Harbour</title></channel><item><title>Heron</title><link>/1</link></item></rdf:RDF>"
    )
    assert read(text, "entries")[0]["title"] == "Heron"
    assert read(text, "feed")[0]["title"] == "Harbour"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-32-be", "iso-8859-1"])
def test_encodings_of_feeds(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><rss><channel><title>Møwe</title></channel></rss>'
    assert read(text.encode(encoding), "feed")[0]["title"] == "Møwe"


def test_repeated_elements_are_records_with_their_parents() -> None:
    text = """<fleet xmlns:c="urn:c"><boat sail="7"><name>Heron</name><home><port>Moss</port></home>
      <crew><c:person><role>mate</role></c:person><c:person><role>cook</role></c:person></crew><tag>a</tag><tag>b</tag></boat>
      <boat sail="9"><name>Tern</name><crew><c:person><role>mate</role></c:person></crew></boat></fleet>"""
    parsed = parse(text.encode(), url="fleet.xml")
    blueprint = induce([parsed])
    assert rows(blueprint, parsed, "boat") == [
        {"sail": 7, "name": "Heron", "port": "Moss", "tag": ["a", "b"]},
        {"sail": 9, "name": "Tern"},
    ]
    people = [record for record in extract(blueprint, parsed).records if record.table == "person"]
    assert [(record.parent, record.fields["role"].value) for record in people] == [
        (0, "mate"),
        (0, "cook"),
        (1, "mate"),
    ]


MARKUP = st.lists(
    st.sampled_from(
        ["<a>", "</a>", "<b x='1'>", "</b>", "<c/>", "text", "12", "<d>2026-01-02</d>", "&amp;", "<![CDATA[x]]>"]
    ),
    max_size=20,
)


@given(MARKUP.map(lambda parts: "<?xml version='1.0'?><r>" + "".join(parts) + "</r>"))
def test_any_xml_gives_records_with_evidence_or_one_of_our_errors(text: str) -> None:
    try:
        parsed = parse(text.encode(), url="r.xml")
        blueprint = induce([parsed])
    except PipelineError:
        return
    for table in blueprint.tables:
        rows(blueprint, parsed, table.name)


@given(st.binary(max_size=200))
def test_any_bytes_read_or_give_one_of_our_errors(content: bytes) -> None:
    with suppress(PipelineError):
        parse(b"<?xml version='1.0'?><r>" + content, url="r.xml")
