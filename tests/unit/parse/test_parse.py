import io
import json
import time
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadInput, TooLarge, UnreadableDocument
from core.model.document import ParsedDocument
from core.parse import parse
from tests.effort import tries


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"<!doctype html><title>x</title>", "html"),
        (b"<div>no head at all</div>", "html"),
        (b'<?xml version="1.0"?><rss><channel/></rss>', "xml"),
        (b'<?xml version="1.0"?><!DOCTYPE html><html><body/></html>', "html"),
        (b"<notices><notice>1</notice></notices>", "xml"),
        (b'{"a": 1}', "json"),
        (b'[{"a": 1}, {"a": 2}]', "json"),
        (b'{"a": 1}\n{"a": 2}\n', "json"),
        (b"a,b\n1,2\n3,4\n", "table"),
        (b"a\tb\n1\t2\n3\t4\n", "table"),
        (b"a;b\n1,5;2\n3,5;4\n", "table"),
        (b"just some words", "text"),
        (b"\xef\xbb\xbf<p>mark first</p>", "html"),
    ],
)
def test_kinds_are_told_by_the_bytes(content: bytes, kind: str) -> None:
    assert parse(content).kind == kind


@pytest.mark.parametrize(
    "content", [b"", b" \n ", b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0d" * 9, b"\x1f\x8b\x08rest", b"%PDF-1.7"]
)
def test_what_nobody_can_read_is_refused_in_one_sentence(content: bytes) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        parse(content)
    assert caught.value.advice


@pytest.mark.parametrize("content", [b'{"a": ', b"[1, 2"])
def test_broken_json_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableDocument, match="broken"):
        parse(content, media_type="application/json")


@pytest.mark.parametrize(
    "declared",
    [
        '<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">',
        '<!ENTITY c SYSTEM "file:///etc/passwd">',
        '<!ENTITY % p "x"><!ENTITY c "%p;">',
        '<!ENTITY c "' + "b" * 60_000 + '">',
    ],
)
def test_entities_of_xml_that_could_do_harm_are_refused(declared: str) -> None:
    bomb = f'<?xml version="1.0"?><!DOCTYPE a [{declared}]><a>{"&c;" * 20}</a>'
    with pytest.raises(UnreadableDocument, match="entities"):
        parse(bomb.encode())


def test_plain_entities_of_xml_are_put_in() -> None:
    tree = parse(b'<!DOCTYPE a [<!ENTITY b "tag:x,">]><a>&b;1<c><![CDATA[&b;]]></c>&none;</a>', url="x.xml").root
    assert [node.text for node in tree.nodes if node.text][:2] == ["tag:x,1", "&b;"]


def test_xml_that_no_reader_reads_to_its_end_says_so() -> None:
    deep, deeper = (parse(("<a>" * depth + "x" + "</a>" * depth).encode(), url="x.xml") for depth in (900, 5_000))
    assert (deep.warnings, len(deep.root.nodes)) == ((), 901)
    assert "left out" in deeper.warnings[0]


ATTRIBUTES = b" ".join(b"a%d='1'" % number for number in range(30_000))
SLOW = {
    "comments": b"<p>" + b"<!--" * 200_000,
    "ampersands": b"<p>" + b"&" * 500_000,
    "angles": b"<p>" + b"<" * 500_000,
    "tables in tables": b"<table><tr><td>" * 5_000,
    "inline left open": b"".join(b"<b id=%d><p>" % number for number in range(500)),
    "quotes": b"a,b\n" + b'"' * 300_000,
    "columns": b"a," * 100_000 + b"\n" + b"1," * 100_000,
    "brackets": b"[" * 100_000,
    "objects": b'{"a":' * 50_000,
    "labels": b"Label: x\n" * 50_000,
    "words": (b"a" * 38 + b" ") * 20_000,
}


@pytest.mark.parametrize("content", SLOW.values(), ids=SLOW)
def test_no_input_of_a_megabyte_takes_a_reader_long(content: bytes) -> None:
    start = time.process_time()
    with suppress(BadInput):
        parse(content)
    assert time.process_time() - start < 10


def test_a_picture_inside_a_page_is_no_reason_to_refuse_it() -> None:
    content = b"<p>before</p><img src='data:image/png;base64," + b"QUJD" * 100_000 + b"'><p>behind</p>"
    assert [node.text for node in parse(content).root.nodes if node.text] == ["before", "behind"]


@pytest.mark.parametrize(
    "content",
    [
        b"<div>" * 50_000,
        b"<p " + b"a=1 " * 100_000 + b">x</p>",
        b"".join(b"<b id=%d><p>" % number for number in range(5_000)),
        b"<?xml version='1.0'?><r " + ATTRIBUTES + b"/>",
    ],
    ids=["deep", "wide", "left open", "wide in XML"],
)
def test_absurd_pages_are_refused_before_they_cost_minutes(content: bytes) -> None:
    with pytest.raises(TooLarge):
        parse(content)


@pytest.mark.parametrize(
    ("content", "charset", "word"),
    [
        ("<p>größe</p>".encode(), None, "größe"),
        ('<meta charset="iso-8859-1"><p>größe</p>'.encode("latin-1"), None, "größe"),
        ("<p>größe</p>".encode("latin-1"), "iso-8859-1", "größe"),
        ("<p>größe</p>".encode("utf-16"), None, "größe"),
        ('<meta charset="utf-16"><p>größe</p>'.encode(), None, "größe"),
        (
            '<!--<meta charset="koi8-r">--><meta charset="bogus"><meta charset="iso-8859-1"><p>größe</p>'.encode(
                "latin-1"
            ),
            None,
            "größe",
        ),
        ('<?xml version="1.0" encoding="windows-1251"?><html><p>слово</p></html>'.encode("cp1251"), None, "слово"),
    ],
)
def test_encodings_are_found_by_evidence(content: bytes, charset: str | None, word: str) -> None:
    assert any(node.text == word for node in parse(content, charset=charset).root.nodes)


LINES = "A line of words that says something.\r\nAnother line, with änd ümlaut.\r\n" * 8


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_texts_without_a_mark_are_told_by_their_zeros(encoding: str) -> None:
    assert parse(LINES.encode(encoding)).root == LINES


def test_texts_with_escape_sequences_are_decoded() -> None:
    assert parse("日本語のテキスト, 二行目".encode("iso2022_jp")).root == "日本語のテキスト, 二行目"


def test_letters_decide_between_the_encodings_of_central_europe() -> None:
    text = "Žluťoučký kůň úpěl ďábelské ódy. Šestnáct žáků šlo do školy. " * 6
    assert parse(text.encode("iso8859_2")).root == text
    assert parse(text.encode("cp1250")).root == text


def test_csv_keeps_cells_with_line_ends_and_quotes() -> None:
    sheet = parse(b'name,note\nA,"two\nlines"\nB,"say ""so"""\n', url="x.csv").root[0]
    assert sheet.rows == [["name", "note"], ["A", "two\nlines"], ["B", 'say "so"']]


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", "hello")
    with pytest.raises(UnreadableDocument, match="workbook"):
        parse(packed.getvalue())


@settings(max_examples=tries(150), deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_any_bytes_give_a_document_or_one_of_our_errors(content: bytes) -> None:
    with suppress(BadInput):
        assert isinstance(parse(content), ParsedDocument)


@settings(max_examples=tries(50), deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=20,
    ).filter(lambda value: isinstance(value, list | dict))
)
def test_any_json_is_read_as_it_was_written(value: object) -> None:
    assert parse(json.dumps(value).encode(), media_type="application/json").root == value
