"""What grew on pages since a blueprint was learned."""

from core.heal.newcomers import with_newcomers
from core.induce import induce
from core.model import Blueprint, ParsedDocument
from core.parse import parse

PAGE = """<html><body><h1>Notice {n} of the towns</h1><dl><dt>Reference</dt><dd>AM-{n:03}</dd>
<dt>Buyer</dt><dd>Town {n}</dd>{more}<dt>Closes</dt><dd>{n} March 2026</dd></dl></body></html>"""
LISTED = "<tr><td>AM-{n:03}</td><td>Town {n}</td><td>{n} March 2026</td>{more}</tr>"


def page(n: int, more: str = "") -> ParsedDocument:
    return parse(PAGE.format(n=n, more=more).encode(), media_type="text/html", url=f"https://alpha.example/{n}")


def pages(numbers: range, more: str = "") -> list[ParsedDocument]:
    return [page(n, more.format(n=n)) for n in numbers]


def listing(start: int, head: str = "", cell: str = "") -> ParsedDocument:
    rows = "".join(LISTED.format(n=n, more=cell.format(n=n)) for n in range(start, start + 8))
    head = f"<tr><th>Reference</th><th>Buyer</th><th>Closes</th>{head}</tr>"
    body = f"<html><body><h1>Notices</h1><table>{head}{rows}</table></body></html>"
    return parse(body.encode(), media_type="text/html", url=f"https://alpha.example/list/{start}")


BEFORE = pages(range(1, 5))
PRESENT = induce(BEFORE)


def fields(blueprint: Blueprint) -> list[str]:
    return [field.name for field in blueprint.tables[0].fields]


def test_a_label_that_came_is_read_beside_what_was_read() -> None:
    grown, why = with_newcomers(PRESENT, BEFORE, pages(range(5, 10), "<dt>Lot</dt><dd>Lot {n} of the works</dd>"))
    assert fields(grown) == [*fields(PRESENT), "lot"]
    assert why == {f"{PRESENT.tables[0].name}.lot": "“Lot” stands on 5 of 5 records"}


def test_what_stood_there_before_was_left_out_by_a_person_and_stays_so() -> None:
    table = PRESENT.tables[0]
    less = PRESENT.model_copy(
        update={"tables": (table.model_copy(update={"fields": tuple(f for f in table.fields if f.name != "buyer")}),)}
    )
    assert with_newcomers(less, BEFORE, pages(range(5, 10))) == (less, {})


def test_what_few_pages_show_or_another_field_reads_is_nothing_new() -> None:
    few = [*pages(range(5, 10)), *pages(range(10, 12), "<dt>Lot</dt><dd>Lot {n}</dd>")]
    assert with_newcomers(PRESENT, BEFORE, few) == (PRESENT, {})
    # the same value under another label is read where it stands already
    again = pages(range(5, 10), "<dt>Authority</dt><dd>Town {n}</dd>")
    assert with_newcomers(PRESENT, BEFORE, again) == (PRESENT, {})


def test_a_column_that_a_list_grew_is_read() -> None:
    present = induce([listing(1)])
    grown, why = with_newcomers(present, [listing(1)], [listing(9, "<th>Value</th>", "<td>EUR {n}00.50</td>")])
    assert fields(grown) == [*fields(present), "value"]
    assert len(why) == 1


def test_pages_of_which_nothing_can_be_learned_add_nothing() -> None:
    assert with_newcomers(PRESENT, BEFORE, []) == (PRESENT, {})
    empty = parse(b"<html><body><p>Sorry</p></body></html>", media_type="text/html", url="https://alpha.example/x")
    assert with_newcomers(PRESENT, BEFORE, [empty])[0] == PRESENT
