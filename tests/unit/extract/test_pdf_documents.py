"""PDF documents: tables by alignment and by drawn lines, prose left out, broken and locked files refused."""

from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import PipelineError, UnreadableDocument
from core.evidence.resolve import resolve
from core.extract import extract
from core.induce import induce
from core.parse import parse
from core.parse.pdf import read_pdf
from tests.effort import tries

BOATS = [["Boat", "Built", "Tons"], ["Heron", "1987", "12.5"], ["Grey Tern", "2003", "9.0"], ["Gull", "1999", "4.25"]]


class Put(NamedTuple):
    """A text at a place on a page, or a line from it to another."""

    x: float
    y: float
    text: str = ""
    to: tuple[float, float] | None = None


def pdf(*pages: list[Put], turned: bool = False) -> bytes:
    """A small PDF file of text and lines, written by hand."""
    streams = [_stream(page, turned) for page in pages]
    kids = " ".join(f"{4 + 2 * at} 0 R" for at in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for at, stream in enumerate(streams):
        box = "/MediaBox [0 0 600 800] /Resources << /Font << /F 3 0 R >> >>"
        objects.append(f"<< /Type /Page /Parent 2 0 R {box} /Contents {5 + 2 * at} 0 R >>")
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    body, places = "%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{text}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\n"
    return f"{body}{end}startxref\n{len(body)}\n%%EOF\n".encode("latin-1")


def _stream(page: list[Put], turned: bool) -> str:
    return "\n".join(_drawn(put) if put.to else _shown(put, turned) for put in page)


def _drawn(put: Put) -> str:
    assert put.to is not None
    return f"{put.x} {put.y} m {put.to[0]} {put.to[1]} l S"


def _shown(put: Put, turned: bool) -> str:
    matrix = f"0 1 -1 0 {600 - put.y * 0.7} {put.x}" if turned else f"1 0 0 1 {put.x} {put.y}"
    return f"BT /F 10 Tf {matrix} Tm ({put.text}) Tj ET"


def aligned(rows: list[list[str]], top: float = 700, step: float = 14) -> list[Put]:
    """Rows without any line between them."""
    return [Put(60 + 120 * x, top - step * y, text) for y, row in enumerate(rows) for x, text in enumerate(row) if text]


def ruled(rows: list[list[list[str]]], top: float = 700) -> list[Put]:
    """Rows of cells of several text lines each, with lines drawn around every cell."""
    found, y = [], top
    width = 150 * len(rows[0])
    for row in rows:
        found.append(Put(50, y, to=(50 + width, y)))
        for x, lines in enumerate(row):
            found += [Put(55 + 150 * x, y - 12 - 12 * n, text) for n, text in enumerate(lines)]
        y -= 12 * max(len(lines) for lines in row) + 8
    found.append(Put(50, y, to=(50 + width, y)))
    return found + [Put(50 + 150 * x, top, to=(50 + 150 * x, y)) for x in range(len(rows[0]) + 1)]


def tables(content: bytes) -> list[list[list[str]]]:
    return [sheet.rows for sheet in read_pdf(content)]


def test_aligned_columns_are_a_table() -> None:
    assert tables(pdf(aligned(BOATS))) == [BOATS]


def test_a_table_along_the_long_side_of_the_paper() -> None:
    assert tables(pdf(aligned(BOATS), turned=True)) == [BOATS]


def test_drawn_cells_keep_their_lines_together() -> None:
    rows = [
        [["Boat"], ["What is known", "about it"]],
        [["Heron"], ["built of oak", "in the north", "and painted"]],
        [["Tern"], ["lost"]],
    ]
    wanted = [[" ".join(lines) for lines in row] for row in rows]
    assert tables(pdf(ruled(rows))) == [wanted]


def test_wrapped_first_cells_belong_to_their_row() -> None:
    rows = [["Work", "Hours"], ["Painting of the hull", "12"], ["and of the deck", ""], ["Sails", "30"], ["Ropes", "4"]]
    assert tables(pdf(aligned(rows, step=12)))[0][1] == ["Painting of the hull and of the deck", "12"]


def test_prose_is_no_table() -> None:
    lines = [
        "The harbour was full of boats of all kinds when we came, and nobody",
        "could say how long they had been lying there in the rain, or whose",
        "they were. We asked the keeper of the light, but he only shook his head",
    ]
    assert tables(pdf([Put(60, 700 - 14 * y, text) for y, text in enumerate(lines * 4)])) == []


def test_records_come_with_evidence_over_pages_of_one_table() -> None:
    more = [BOATS[0], ["Auk", "2011", "3.5"], ["Lark", "1975", "8.75"]]
    parsed = parse(pdf(aligned(BOATS), aligned(more)), url="https://example.test/boats.pdf")
    blueprint = induce([parsed])
    records = extract(blueprint, parsed).records
    values = [{name: cell.value for name, cell in record.fields.items()} for record in records]
    assert values[1] == {"boat": "Grey Tern", "built": 2003, "tons": "9.0"}
    assert [row["boat"] for row in values] == ["Heron", "Grey Tern", "Gull", "Auk", "Lark"]
    for cell in (cell for record in records for cell in record.fields.values()):
        assert resolve(cell.evidence, parsed) == cell.raw


def test_a_table_goes_on_over_the_page_without_its_header() -> None:
    parsed = parse(pdf(aligned(BOATS)), url="https://example.test/boats.pdf")
    blueprint = induce([parsed])
    longer = parse(pdf(aligned(BOATS), aligned([["Auk", "2011", "3.5"], ["Lark", "1975", "8.75"]])), url="boats.pdf")
    names = [record.fields["boat"].value for record in extract(blueprint, longer).records]
    assert names == ["Heron", "Grey Tern", "Gull", "Auk", "Lark"]


def test_lines_of_labels_and_values_are_one_record() -> None:
    said = ["Vessel: Heron", "Date of survey: 2026-03-04", "Surveyor: Ada Berg"]
    lines = [Put(60, 760 - 14 * y, text) for y, text in enumerate(said)]
    parsed = parse(pdf(lines + aligned(BOATS)), url="https://example.test/survey.pdf")
    blueprint = induce([parsed])
    extraction = extract(blueprint, parsed)
    last = extraction.records[-1]
    assert {name: cell.value for name, cell in last.fields.items()} == {
        "vessel": "Heron",
        "date_of_survey": "2026-03-04",
        "surveyor": "Ada Berg",
    }
    assert all(resolve(cell.evidence, parsed) == cell.raw for cell in last.fields.values())
    assert len(extraction.records) == 4


def test_broken_files_are_refused() -> None:
    with pytest.raises(UnreadableDocument, match="PDF"):
        parse(b"%PDF-1.7\nnothing else", url="x.pdf")


@settings(max_examples=tries(60), deadline=None)
@given(st.integers(0, 1200), st.binary(min_size=1, max_size=40))
def test_any_damage_gives_tables_or_one_of_our_errors(at: int, noise: bytes) -> None:
    whole = pdf(aligned(BOATS))
    try:
        sheets = read_pdf(whole[:at] + noise + whole[at + len(noise) :])
    except PipelineError:
        return
    assert all(sheet.rows for sheet in sheets)
