"""What becomes of single columns of a redesigned list of judgments, none of whose rows is known."""

from collections.abc import Sequence

import pytest

from core.extract import extract
from core.heal import heal, leave_doubtful_empty
from core.heal.tables import OldTable
from core.induce import induce
from core.model import Blueprint, Field, RecordSet
from core.model.document import ParsedDocument
from core.model.scope import RowsScope
from core.model.selector import PathSelector
from core.parse import parse

HEADERS = ("Filed", "Case No.", "Parties", "Cite as")
HEIRS = ("Alba", "Bruno", "Clara", "Dario", "Edda", "Felix", "Greta", "Hugo", "Ines", "Jonas")


def judgments(
    start: int,
    headers: Sequence[str] = HEADERS,
    *,
    number: str = "{n}-0{n}7",
    cell: str = "{}",
    linked: Sequence[str] = (),
    spread: int = 5,
) -> ParsedDocument:
    """Ten judgments, `spread` of them in one volume.

    `linked` are the files that their numbers lead to by turns, `cell` is what stands around the text of a cell.
    """
    rows = ""
    for n, heir in zip(range(start, start + 10), HEIRS, strict=True):
        case = number.format(n=n)
        link = f"<a href='{linked[n % len(linked)].format(case)}'>{case}</a>" if linked else case
        texts = (
            f"{n % 28 + 1} May 20{n}",
            link,
            f"{heir} v. Harbour {n}",
            f"{200 + start + (n - start) // spread} Ald. {7 * n + 300}",
        )
        rows += "<tr>" + "".join(f"<td>{cell.format(text)}</td>" for text in texts) + "</tr>"
    head = "".join(f"<th>{name}</th>" for name in headers)
    page = f"<html><body><h1>Judgments</h1><table><tr>{head}</tr>{rows}</table></body></html>"
    return parse(page.encode(), url=f"https://court.test/{start}")


def column(blueprint: Blueprint, page: ParsedDocument, name: str) -> list[str]:
    cells = (record.fields.get(name) for record in extract(blueprint, page).records)
    return [str(cell.raw) if cell else "" for cell in cells]


def named(blueprint: Blueprint, example: str) -> str:
    return next(field.name for field in blueprint.tables[0].fields if example in field.examples)


@pytest.mark.parametrize(("number", "header"), [("{n}-0{n}7", "Number"), ("Room {n}", "Place")])
def test_a_column_under_another_header_is_itself_while_its_values_are_built_as_ever(number: str, header: str) -> None:
    before = judgments(20)
    blueprint = induce([before])
    name, is_itself = named(blueprint, "20-0207"), header == "Number"
    after = judgments(60, ("Filed", header, "Parties", "Cite as"), number=number)
    healed, report = heal(blueprint, [before], [after])
    assert (report.fields[f"{blueprint.tables[0].name}.{name}"] == "kept") == is_itself
    in_service = leave_doubtful_empty(blueprint, healed, report)
    assert column(in_service, after, name) == ([f"{n}-0{n}7" for n in range(60, 70)] if is_itself else [""] * 10)


def test_parts_of_a_text_are_cut_from_it_where_it_stands_now() -> None:
    before, after = judgments(20), judgments(60, cell="<span class='cell'><b>{}</b></span>", spread=10)
    blueprint = induce([before])
    volume, page = named(blueprint, "220"), named(blueprint, "440")
    healed, report = heal(blueprint, [before], [after])
    assert column(healed, after, volume) == ["260"] * 10
    assert column(healed, after, page) == [str(7 * n + 300) for n in range(60, 70)]
    assert report.reasons[f"{blueprint.tables[0].name}.{volume}"] == "It is cut from “cite_as” as before."


def test_a_column_that_said_mostly_what_another_says_is_proposed_where_that_one_is() -> None:
    before = judgments(20, linked=("/files/{}.pdf", "/files/{}.pdf", "/files/{}.pdf", "/files/{}-amended.pdf"))
    blueprint = induce([before])
    table = blueprint.tables[0]
    both = [field.name for field in table.fields if field.type != "url" and "20-0207" in field.examples]
    assert len(both) == 2
    after = judgments(60, ("Date", "Number", "Who", "Citation"), cell="<span class='cell'><b>{}</b></span>")
    healed, report = heal(blueprint, [before], [after])
    assert {report.fields[f"{table.name}.{name}"] for name in both} == {"moved", "abstained"}
    assert all(column(healed, after, name)[0] == "60-0607" for name in both)


def cards(start: int, number: str, title: str) -> ParsedDocument:
    """Ten cards, with or without an element for the number and for the title."""
    texts = ((number.format(n=n), title.format(heir=heir)) for n, heir in enumerate(HEIRS, start))
    page = "".join(
        f"<li class='card'>{one}{other}<i>{n % 28 + 1} May 2026</i></li>" for n, (one, other) in enumerate(texts)
    )
    return parse(f"<html><body><ul class='all'>{page}</ul></body></html>".encode(), url=f"https://court.test/{start}")


def test_what_a_column_that_is_lost_reads_by_mistake_is_no_reason_to_doubt_another() -> None:
    fields = (
        Field(name="number", type="identifier", selectors=(PathSelector(path_key="p/text"),)),
        Field(
            name="title",
            type="string",
            selectors=(PathSelector(path_key="h3/text"), PathSelector(path_key="p/text")),
        ),
        Field(name="day", type="date", selectors=(PathSelector(path_key="i/text"),)),
    )
    scope = RowsScope(element_path="ul.all>li.card", required_keys=("i/text",))
    blueprint = Blueprint(kind="html", tables=(RecordSet(name="cards", scope=scope, fields=fields),))
    before, after = (
        cards(10, "<p>2019 ND {n}</p>", "<h3>{heir} v. Harbour</h3>"),
        cards(60, "", "<p>{heir} v. Museum</p>"),
    )
    table = OldTable(blueprint.tables[0], [extract(blueprint, before)], [extract(blueprint, after)])
    assert "title" not in table.shifted
    _, report = heal(blueprint, [before], [after])
    assert report.fields["cards.title"] in ("kept", "moved")
    assert report.fields["cards.number"] not in ("kept", "moved")


def table(headers: Sequence[str], rows: Sequence[Sequence[str]], around: str = "{}") -> ParsedDocument:
    """A page with one table; `around` is what stands around the text of a cell."""
    body = "".join("<tr>" + "".join(f"<td>{around.format(text)}</td>" for text in row) + "</tr>" for row in rows)
    head = "".join(f"<th>{name}</th>" for name in headers)
    return parse(f"<html><body><h1>Judgments</h1><table><tr>{head}</tr>{body}</table></body></html>".encode())


WRAPPED = "<span class='cell'><b>{}</b></span>"


def test_a_day_that_was_written_twice_is_found_where_it_is_written_once() -> None:
    days = [(f"2019/03/{n}", f"{n} March 2019", f"{heir} v. Harbour", f"{n}0-A") for n, heir in enumerate(HEIRS, 11)]
    fresh = [(f"Apr {n} 2026 4:0{n % 10}PM", f"{heir} v. Museum", f"{n}7-A") for n, heir in enumerate(HEIRS, 11)]
    before, after = table(("Sort", "Day", "Who", "No."), days), table(("Filed", "Parties", "Number"), fresh, WRAPPED)
    blueprint = induce([before])
    dates = [field.name for field in blueprint.tables[0].fields if field.type == "date"]
    healed, report = heal(blueprint, [before], [after])
    assert len(dates) == 2
    assert {report.fields[f"{blueprint.tables[0].name}.{name}"] for name in dates} <= {"moved", "abstained"}
    assert all(column(healed, after, name)[0] == "Apr 11 2026 4:01PM" for name in dates)


def test_a_link_goes_with_a_part_of_the_text_it_stood_on() -> None:
    was = [
        (
            f"{n} May 2026",
            f"<a href='/old/{n}.pdf'>{heir} against the Harbour (filed by the town of Mere, {n} pages)</a>",
        )
        for n, heir in enumerate(HEIRS, 11)
    ]
    now = [
        (
            f"{n} June 2026",
            f"<a href='/cases/x{n}y'>20{n}</a>",
            f"<a href='/file?id={n}7'>{heir} against the Museum</a>",
        )
        for n, heir in enumerate(HEIRS, 41)
    ]
    before, after = table(("Date", "Opinion"), was), table(("On", "Case", "Subject"), now, WRAPPED)
    blueprint = induce([before])
    url = next(field.name for field in blueprint.tables[0].fields if field.type == "url")
    healed, _ = heal(blueprint, [before], [after])
    assert column(healed, after, url)[0] == "/file?id=417"


def test_one_word_in_place_of_another_in_all_known_rows_is_not_the_column() -> None:
    rows = [(f"{n}-A", f"{heir} v. Harbour of Mere", "Open") for n, heir in enumerate(HEIRS, 11)]
    before, after = (
        table(("No.", "Parties", "State"), [(*row[:2], word) for row in rows]) for word in ("Open", "View")
    )
    fields = tuple(
        Field(name=name, type="string", selectors=(PathSelector(path_key=f"td:{place}/text"),))
        for place, name in enumerate(("number", "parties", "state"), 1)
    )
    scope = RowsScope(element_path="tbody>tr", required_keys=("td:1/text", "td:2/text"), at_least=2)
    blueprint = Blueprint(kind="html", tables=(RecordSet(name="cases", scope=scope, fields=fields),))
    _, report = heal(blueprint, [before], [after])
    assert report.fields["cases.state"] in ("removed", "abstained")
    assert report.fields["cases.parties"] in ("kept", "moved")
