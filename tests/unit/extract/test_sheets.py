"""CSV files and workbooks: dialects, headers, notes and totals around the table, types by the column."""

import io
import zipfile
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
from core.model.document import ParsedDocument, Sheet
from core.parse import parse
from core.parse.table import read_csv, read_workbook
from jobs.portal import content
from jobs.portal.server import PortalServer


def read(text: str, url: str = "boats.csv") -> tuple[Blueprint, list[dict[str, Any]]]:
    parsed = parse(text.encode(), url=url)
    blueprint = induce([parsed])
    return blueprint, rows(blueprint, parsed)


def rows(blueprint: Blueprint, parsed: ParsedDocument) -> list[dict[str, Any]]:
    records = extract(blueprint, parsed).records
    for record in records:
        for cell in record.fields.values():
            assert resolve(cell.evidence, parsed) == cell.raw
    return [
        {name: cell.value for name, cell in record.fields.items()}
        for record in records
        if record.table == blueprint.tables[0].name
    ]


@pytest.fixture(scope="module")
def portal() -> Iterator[PortalServer]:
    with PortalServer() as server:
        yield server


def test_the_portals_table_gives_every_tender(portal: PortalServer) -> None:
    url = f"{portal.url}/tenders.csv"
    parsed = parse(httpx.get(url, trust_env=False).content, url=url)
    found = rows(induce([parsed]), parsed)
    assert [row["reference"] for row in found] == [tender.reference for tender in content.TENDERS]
    for row, tender in zip(found, content.TENDERS, strict=True):
        assert (row["title"], row["buyer"], row["city"]) == (tender.title, tender.buyer.name, tender.buyer.city)
        assert (row["published"], row["cpv_code"]) == (tender.published.isoformat(), tender.category_code)
        assert row.get("estimated_value") == (tender.value.amount if tender.value else None)
        assert row.get("currency") == (tender.value.currency if tender.value else None)


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_delimiters(mark: str) -> None:
    lines = [["name", "built"], ["Heron", "1987"], ["Tern", "2003"]]
    _, found = read("\n".join(mark.join(line) for line in lines))
    assert found == [{"name": "Heron", "built": 1987}, {"name": "Tern", "built": 2003}]


def test_columns_apart_by_blanks() -> None:
    _, found = read("name         built  port\nGrey Heron   1987   Bergen\nTern         2003   Oslo\n")
    assert found[0] == {"name": "Grey Heron", "built": 1987, "port": "Bergen"}


def test_titles_notes_totals_and_blank_rows_are_no_records() -> None:
    text = (
        "Landings of the year\n\nPort;Boat;Tons\n\nBergen;Heron;12,5\nOslo;Tern;1.003,25\n\nMoss;Gull;7,0\n"
        "Total;;1.022,75\n\nSource: harbour office\n"
    )
    blueprint, found = read(text)
    assert [row["boat"] for row in found] == ["Heron", "Tern", "Gull"]
    assert found[1]["tons"] == "1003.25"
    assert blueprint.tables[0].fields[2].locale == ","


def test_single_letters_name_columns() -> None:
    table = b"Station,X,Y\nHarbour,12.5,60.1\nMill,12.9,60.4\nBridge,13.0,60.2\n"
    [found] = induce([parse(table, url="stations.csv")]).tables
    assert [field.label for field in found.fields] == ["Station", "X", "Y"]


def test_without_a_header_columns_are_numbered() -> None:
    blueprint, found = read("1,Heron,2.5\n2,Tern,3.5\n3,Gull,4.0\n")
    assert found[0] == {"column_1": 1, "column_2": "Heron", "column_3": "2.5"}
    assert len(found) == 3
    later = parse(b"9,Auk,1.5\n", url="boats.csv")
    assert rows(blueprint, later) == [{"column_1": 9, "column_2": "Auk", "column_3": "1.5"}]


def test_columns_are_found_by_their_label_when_they_move() -> None:
    blueprint, _ = read("name,built,port\nHeron,1987,Bergen\nTern,2003,Oslo\n")
    moved = parse(b"Report of today\n\nport,name,flag,built\nMoss,Auk,NO,1999\n", url="boats.csv")
    assert rows(blueprint, moved) == [{"name": "Auk", "built": 1999, "port": "Moss"}]


def test_a_table_of_other_columns_gives_nothing() -> None:
    blueprint, _ = read("name,built,port\nHeron,1987,Bergen\nTern,2003,Oslo\n")
    assert rows(blueprint, parse(b"fruit,colour,price\nplum,blue,2\nfig,green,3\n", url="x.csv")) == []


def test_words_for_nothing_are_no_values() -> None:
    blueprint, found = read("name,tons\nHeron,NA\nTern,?\nGull,3\nAuk,4\nNA,5\n")
    assert [row.get("tons") for row in found] == [None, None, 3, 4, 5]
    assert (found[4]["name"], blueprint.tables[0].fields[1].type) == ("NA", "integer")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_encodings(encoding: str) -> None:
    text = "name;hafen;länge\nMöwe;Kübeck;12\nAlk;Föhr;14\nLerche;Süderende bei Nacht;9\n"
    parsed = parse(text.encode(encoding), url="boote.csv")
    assert rows(induce([parsed]), parsed)[0] == {"name": "Möwe", "hafen": "Kübeck", "lange": 12}


PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def workbook(sheets: dict[str, tuple[list[list[object]], list[str]]]) -> bytes:
    """A small XLSX file: rows and merged ranges of each sheet."""
    buffer = io.BytesIO()
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    with zipfile.ZipFile(buffer, "w") as file:
        root = f'<Relationship Id="r0" Type="{office}/officeDocument" Target="xl/workbook.xml"/>'
        file.writestr("_rels/.rels", f'<Relationships xmlns="{PACKAGE}">{root}</Relationships>')
        names = "".join(f'<sheet name="{n}" sheetId="{i}" r:id="r{i}"/>' for i, n in enumerate(sheets, 1))
        file.writestr("xl/workbook.xml", f'<workbook {space} xmlns:r="{office}"><sheets>{names}</sheets></workbook>')
        links = "".join(
            f'<Relationship Id="r{i}" Type="{office}/worksheet" Target="worksheets/sheet{i}.xml"/>'
            for i in range(1, len(sheets) + 1)
        )
        file.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{PACKAGE}">{links}</Relationships>')
        for i, (cells, merged) in enumerate(sheets.values(), 1):
            body = "".join(f'<row r="{r}">{_row(r, row)}</row>' for r, row in enumerate(cells, 1))
            spans = "".join(f'<mergeCell ref="{span}"/>' for span in merged)
            tail = f"<mergeCells>{spans}</mergeCells>" if merged else ""
            file.writestr(
                f"xl/worksheets/sheet{i}.xml", f"<worksheet {space}><sheetData>{body}</sheetData>{tail}</worksheet>"
            )
    return buffer.getvalue()


def _row(number: int, row: list[object]) -> str:
    return "".join(_cell(f"{'ABCDEFG'[at]}{number}", value) for at, value in enumerate(row) if value is not None)


def _cell(place: str, value: object) -> str:
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'
    return f'<c r="{place}"><v>{value}</v></c>'


def test_merged_headers_name_the_columns_below_them() -> None:
    cells: list[list[object]] = [
        ["Port", "Boats", None, "Crew"],
        [None, "built", "lost", None],
        ["Bergen", 12, 1, 40.5],
        ["Oslo", 8, 0, 31],
    ]
    parsed = parse(workbook({"Fleet": (cells, ["A1:A2", "B1:C1", "D1:D2"])}), url="fleet.xlsx")
    assert rows(induce([parsed]), parsed) == [
        {"port": "Bergen", "boats_built": 12, "boats_lost": 1, "crew": "40.5"},
        {"port": "Oslo", "boats_built": 8, "boats_lost": 0, "crew": "31"},
    ]


def test_every_sheet_of_its_own_columns_is_a_table() -> None:
    boats: list[list[object]] = [["name", "tons"], ["Heron", 12], ["Tern", 9], ["Gull", 4]]
    ports: list[list[object]] = [["port", "depth"], ["Bergen", 12.5], ["Oslo", 9.25]]
    parsed = parse(workbook({"Boats": (boats, []), "Ports": (ports, [])}), url="fleet.xlsx")
    blueprint = induce([parsed])
    assert [table.name for table in blueprint.tables] == ["boats", "ports"]
    assert len(extract(blueprint, parsed).records) == 5


@given(st.text(max_size=300))
def test_any_text_reads_as_a_table_or_one_of_our_errors(text: str) -> None:
    learn_or_refuse(lambda: read_csv(text))


@given(st.binary(max_size=200))
def test_any_bytes_read_as_a_workbook_or_one_of_our_errors(content: bytes) -> None:
    learn_or_refuse(lambda: read_workbook(b"PK\x03\x04" + content))


@given(st.lists(st.lists(st.sampled_from(["", "a", "7", "2026-01-02", "Total", "NA", "b c"]), max_size=5), max_size=9))
def test_any_grid_gives_records_with_evidence(cells: list[list[str]]) -> None:
    learn_or_refuse(lambda: [Sheet("s", cells)])


def learn_or_refuse(sheets: Any) -> None:
    with suppress(PipelineError):
        parsed = ParsedDocument("table", "", "0", sheets())
        rows(induce([parsed]), parsed)
