"""What a document may cost: each reader refuses too much of anything before it does the work, and names the setting."""

import io
import json
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

import pytest
from lxml import etree

from core.bootstrap import build_pipeline
from core.errors import PipelineError, TooLarge, UnreadableDocument
from core.parse import archive, parse
from core.parse.limits import DEFAULTS, NO_LIMITS, Limits, limits_of
from core.parse.pdf.bomb import refuse_pdf_bomb
from core.parse.xml import forgiving_parser
from core.settings import load_settings
from tests.parts import parts_of

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{OFFICE}/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="s" sheetId="1" r:id="r1"/>'
    "</sheets></workbook>",
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" '
    f'Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}
SHEET = "xl/worksheets/sheet1.xml"


def workbook(rows: Iterable[bytes], cell: bytes = b"") -> bytes:
    """A workbook of one sheet; `cell` is what a row holds when rows are only repeated."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in PARTS.items():
            archive.writestr(name, f'<?xml version="1.0"?>{text}')
        with archive.open(SHEET, "w", force_zip64=True) as sheet:
            sheet.write(b'<?xml version="1.0"?><worksheet xmlns="' + MAIN.encode() + b'"><sheetData>')
            for row in rows:
                sheet.write(row)
            sheet.write(b"</sheetData></worksheet>")
    return file.getvalue()


def row_of(*texts: str) -> bytes:
    cells = "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in texts)
    return f"<row>{cells}</row>".encode()


def pdf_of(stream: bytes, filters: bytes = b"/FlateDecode") -> bytes:
    head = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    page = b"3 0 obj<</Type/Page/Parent 2 0 R/Contents 4 0 R/MediaBox[0 0 9 9]>>endobj\n"
    contents = b"4 0 obj<</Length %d/Filter%b>>stream\n%b\nendstream endobj\n" % (len(stream), filters, stream)
    return head + page + contents + b"trailer<</Root 1 0 R>>\n"


def small(**changes: float) -> Limits:
    return DEFAULTS._replace(**changes)  # type: ignore[arg-type]  # as the caller says


MANY = "<p>x</p>" * 60
CASES: dict[str, tuple[Callable[[], bytes], str, Limits, str]] = {
    "rows of a sheet": (lambda: workbook([row_of("a")] * 60), "x.xlsx", small(rows=50), "SDP_MAX_ROWS"),
    "cells of a sheet": (lambda: workbook([row_of(*"abcdef")] * 20), "x.xlsx", small(cells=100), "SDP_MAX_CELLS"),
    "columns of a sheet": (lambda: workbook([row_of(*"abcdef")] * 3), "x.xlsx", small(columns=5), "SDP_MAX_COLUMNS"),
    "a corner of a sheet": (
        lambda: workbook([b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>']),
        "x.xlsx",
        DEFAULTS,
        "SDP_MAX_ROWS",
    ),
    "an unpacked sheet": (
        lambda: workbook([row_of("a" * 100_000)] * 30),
        "x.xlsx",
        small(unpacked_bytes=2_000_000),
        "SDP_MAX_UNPACKED_BYTES",
    ),
    "rows of CSV": (lambda: b"a,b\n" * 60, "x.csv", small(rows=50), "SDP_MAX_ROWS"),
    "columns of CSV": (lambda: b"a,b,c,d\n" * 9, "x.csv", small(columns=3), "SDP_MAX_COLUMNS"),
    "cells of CSV": (lambda: b"a,b,c,d\n" * 9, "x.csv", small(cells=30), "SDP_MAX_CELLS"),
    "rows apart by blanks": (lambda: b"ash   1\noak   2\n" * 30, "x.csv", small(rows=50), "SDP_MAX_ROWS"),
    "values of JSON": (lambda: json.dumps([{"a": 1}] * 60).encode(), "x.json", small(cells=100), "SDP_MAX_CELLS"),
    "values of NDJSON": (lambda: b'{"a": 1}\n' * 60, "x.ndjson", small(cells=50), "SDP_MAX_CELLS"),
    "elements of a page": (lambda: f"<html>{MANY}".encode(), "x.html", small(elements=50), "SDP_MAX_ELEMENTS"),
    "elements of XML": (lambda: f"<r>{MANY}</r>".encode(), "x.xml", small(elements=50), "SDP_MAX_ELEMENTS"),
    "a stream of a PDF": (
        lambda: pdf_of(zlib.compress(b"0 " * 2_000_000, 9)),
        "x.pdf",
        small(unpacked_bytes=1_000_000),
        "SDP_MAX_UNPACKED_BYTES",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_too_much_is_refused_and_the_setting_is_named(name: str) -> None:
    make, url, limits, setting = CASES[name]
    with pytest.raises(TooLarge, match=rf"more than [\d,]+ [a-z ]+\. Split it, or raise {setting}"):
        parse(make(), url=url, limits=limits)


@pytest.mark.parametrize("name", [name for name in CASES if "corner" not in name])
def test_the_same_is_read_within_the_limits(name: str) -> None:
    make, url, limits, _ = CASES[name]
    assert limits != DEFAULTS
    parse(make(), url=url)
    parse(make(), url=url, limits=NO_LIMITS)


def test_a_row_that_is_cut_in_two_while_unpacking_is_counted_once() -> None:
    padding = [row_of("a" * (1 << 20))[:-6] + b"</row>"] * 3
    rows = [*padding, *[row_of("b")] * 47]
    parse(workbook(rows), url="x.xlsx", limits=small(rows=50))
    with pytest.raises(TooLarge):
        parse(workbook([*rows, row_of("c")]), url="x.xlsx", limits=small(rows=50))


@pytest.mark.parametrize("size", [*range(16, 60), 1 << 20])
def test_rows_and_cells_are_counted_exactly_wherever_a_chunk_ends(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is kept: the reader of workbooks would count too, but only what it holds already."""
    monkeypatch.setattr(archive, "UNPACKED_AT_ONCE", size)
    content = workbook([row_of("a", "b")] * 7)
    archive.refuse_bomb(content, small(rows=7, cells=14))
    with pytest.raises(TooLarge, match="rows"):
        archive.refuse_bomb(content, small(rows=6))
    with pytest.raises(TooLarge, match="cells"):
        archive.refuse_bomb(content, small(cells=13))


def test_bytes_are_counted_exactly_and_the_parts_too(monkeypatch: pytest.MonkeyPatch) -> None:
    content = workbook([row_of("a" * 100)] * 50)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        members = packed.infolist()
    size = sum(member.file_size for member in members)
    monkeypatch.setattr(archive, "UNPACKED_AT_ONCE", 100)
    archive.refuse_bomb(content, small(unpacked_bytes=size))
    with pytest.raises(TooLarge):
        archive.refuse_bomb(content, small(unpacked_bytes=size - 1))
    monkeypatch.setattr(archive, "MOST_MEMBERS", len(members))
    archive.refuse_bomb(content, DEFAULTS)
    monkeypatch.setattr(archive, "MOST_MEMBERS", len(members) - 1)
    with pytest.raises(UnreadableDocument, match="parts"):
        archive.refuse_bomb(content, DEFAULTS)


def test_the_bytes_of_all_streams_of_a_pdf_are_added_up() -> None:
    stream = b"stream\n" + zlib.compress(b"0" * 1000) + b"\nendstream "
    refuse_pdf_bomb(stream * 3, small(unpacked_bytes=3000))
    with pytest.raises(TooLarge):
        refuse_pdf_bomb(stream * 3, small(unpacked_bytes=2999))


def test_a_workbook_with_one_wrong_byte_is_read_or_refused_in_one_sentence() -> None:
    whole = workbook([row_of("a", "bb", "ccc")] * 40)
    for at in range(len(whole)):
        for change in (0x01, 0xFF):
            with suppress(PipelineError):
                parse(whole[:at] + bytes([whole[at] ^ change]) + whole[at + 1 :], url="x.xlsx")


def test_a_part_that_is_larger_than_it_says_is_refused() -> None:
    lying = bytearray(workbook([row_of("a" * 1000)] * 2000))
    at = lying.rfind(b"PK\x01\x02")
    lying[at + 24 : at + 28] = (10).to_bytes(4, "little")
    with pytest.raises(UnreadableDocument, match="cannot be unpacked"):
        parse(bytes(lying), url="x.xlsx")


def test_a_stream_that_is_packed_twice_is_refused() -> None:
    twice = zlib.compress(zlib.compress(b"0 " * 2_000_000, 9), 9)
    with pytest.raises(UnreadableDocument, match="packed twice"):
        parse(pdf_of(twice, b"[/FlateDecode /FlateDecode]"), url="x.pdf")


def test_a_million_rows_from_a_small_file_cost_little(tmp_path: Path) -> None:
    """In a process of its own, whose memory is bounded: 300 MB are enough to refuse the file."""
    bomb = tmp_path / "bomb.xlsx"
    bomb.write_bytes(workbook([row_of("a" * 40) * 10_000] * 100))
    code = (
        "import resource, sys; from pathlib import Path\n"
        "from core.errors import TooLarge; from core.parse import parse\n"
        "resource.setrlimit(resource.RLIMIT_DATA, (300_000_000, 300_000_000))\n"
        "try: parse(Path(sys.argv[1]).read_bytes(), url='bomb.xlsx')\n"
        "except TooLarge as error: print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(bomb)], capture_output=True, text=True, check=True, timeout=100
    )
    assert "more than 250,000 rows. Split it, or raise SDP_MAX_ROWS" in done.stdout


def test_the_settings_reach_the_readers(tmp_path: Path) -> None:
    pipeline = build_pipeline(load_settings(data_dir=tmp_path, max_rows=2, read_seconds=3.5))
    with pytest.raises(TooLarge, match="SDP_MAX_ROWS"):
        parts_of(pipeline).archive.parser(b"a,b\n1,2\n3,4\n", url="x.csv")
    assert limits_of(pipeline.settings).seconds == 3.5
    assert limits_of(load_settings(data_dir=tmp_path)) == DEFAULTS


FAR = "<!-- " + "far down " * 20_000 + "-->"


@pytest.mark.parametrize(
    "definition", ['<!ENTITY c SYSTEM "file:///etc/hostname">', '<!ENTITY b "bb"><!ENTITY c "&b;&b;">']
)
def test_entities_are_refused_wherever_they_are_defined(definition: str) -> None:
    text = f"<?xml version='1.0'?>{FAR}<!DOCTYPE a [{FAR}{definition}]><a>&c;</a>"
    with pytest.raises(UnreadableDocument, match="entities of its own"):
        parse(text.encode(), url="x.xml")


def test_an_entity_that_a_text_only_speaks_of_is_none() -> None:
    tree = parse(b"<a><![CDATA[<!ENTITY c SYSTEM 'x'> and &c;]]></a>", url="x.xml").root
    assert [node.text for node in tree.nodes if node.text] == ["<!ENTITY c SYSTEM 'x'> and &c;"]


def test_the_xml_parser_itself_resolves_nothing(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("TOP-SECRET")
    text = f'<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c SYSTEM "{secret.as_uri()}">]><a>&b;|&c;</a>'
    root = etree.fromstring(text.encode(), forgiving_parser())
    assert "".join(root.itertext()).replace("&b;", "").replace("&c;", "") == "|"


@pytest.mark.parametrize("text", [r'{"a": "\ud800", "b": 1}', r'{"a": "x\udc00", "\ud801": 1}'])
def test_half_a_surrogate_pair_becomes_a_replacement_character(text: str) -> None:
    value = parse(text.encode(), url="x.json").root
    assert value["a"] in {"\ufffd", "x\ufffd"}
    json.dumps(value, ensure_ascii=False).encode()


def test_a_whole_surrogate_pair_stays() -> None:
    assert parse(rb'{"a": "\ud83d\ude00"}', url="x.json").root == {"a": "\U0001f600"}


def test_a_number_of_thousands_of_digits_keeps_them() -> None:
    digits = "9" * 5_000
    assert parse(b'{"a": ' + digits.encode() + b', "b": 9007199254740993}', url="x.json").root == {
        "a": digits,
        "b": 9007199254740993,
    }
