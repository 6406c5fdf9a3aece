"""A person points at a value, or names the columns wanted."""

from collections.abc import Callable

import pytest

from core.blueprint.codegen import generate
from core.errors import BadInput
from core.extract import extract
from core.heal import heal
from core.induce import induce
from core.induce.html.examples import with_example
from core.model.blueprint import Blueprint
from core.model.document import ParsedDocument
from core.parse import parse
from core.schema.resemblance import Wanted
from core.schema.wanted import WishAnswer, answers, wanted_columns, with_answers
from core.text.synonyms import term
from tests.engine_pages import BOOKS, book_page

Book = Callable[[int], ParsedDocument]


def raws(blueprint: Blueprint, document: ParsedDocument, field: str) -> list[object]:
    return [record.fields[field].raw for record in extract(blueprint, document).records if field in record.fields]


def test_one_value_on_one_page_teaches_the_field_for_the_others(book: Book) -> None:
    pages = [book(0), book(1), book(2)]
    taught = with_example(induce(pages), pages, "Who printed it", {1: [BOOKS[1][2]]})
    assert [raws(taught, book(n), "who_printed_it") for n in (3, 4, 5)] == [[BOOKS[n][2]] for n in (3, 4, 5)]
    field = next(field for table in taught.tables for field in table.fields if field.name == "who_printed_it")
    assert field.pinned
    assert "who_printed_it" in generate(taught)


def test_a_part_of_a_text_can_be_taught() -> None:
    pages = [
        parse(f"<html><body><h1>Ship {n}</h1><p>Built 19{n}0 at yard no {n} in Riga</p></body></html>".encode())
        for n in (1, 2, 3)
    ]
    taught = with_example(induce(pages), pages, "yard", {0: ["1"]})
    assert raws(taught, pages[2], "yard") == ["3"]


def test_a_value_in_a_list_teaches_a_column() -> None:
    rows = "".join(
        f"<li class=r><a href='/s/{n}'>Ship number {n}</a><i>Riga</i><b>{n}0 t, built 19{n}0</b></li>"
        for n in range(1, 8)
    )
    page = parse(f"<html><body><ul>{rows}</ul></body></html>".encode())
    taught = with_example(induce([page]), [page], "built", {0: ["1930"]})
    assert raws(taught, page, "built") == [f"19{n}0" for n in range(1, 8)]


def fleet(numbers: range, harbour: str) -> ParsedDocument:
    row = "<li class=r><a href='/s/{0}'>Ship number {0}</a><i>{1}</i><b>{0}0 t</b><em>{2}</em></li>"
    rows = "".join(row.format(n, "Riga", harbour) for n in numbers)
    return parse(f"<html><body><ul>{rows}</ul></body></html>".encode())


def test_values_of_several_list_pages_tell_columns_apart_that_agree_on_the_first() -> None:
    pages = [fleet(range(1, 8), "Riga"), fleet(range(8, 15), "Turku")]
    taught = with_example(induce(pages), pages, "harbour", {0: ["Riga"], 1: ["Turku"]})
    assert raws(taught, pages[1], "harbour") == ["Turku"] * 7


def test_a_value_deep_in_a_long_list_is_found() -> None:
    page = fleet(range(1, 1_500), "Turku")
    taught = with_example(induce([page]), [page], "weight", {0: ["14430 t"]})
    assert raws(taught, page, "weight")[1442] == "14430 t"


def test_a_taught_field_survives_a_redesign(book: Book) -> None:
    pages = [book(0), book(1), book(2)]
    taught = with_example(induce(pages), pages, "house", {0: [BOOKS[0][2]]})
    redesigned = [book_page(n).replace(b"<dt>", b"<div>").replace(b"</dt>", b"</div>") for n in (0, 1, 2)]
    after = [parse(page.replace(b"<dl", b"<section").replace(b"</dl", b"</section")) for page in redesigned]
    healed, _ = heal(taught, pages, after)
    assert raws(healed, after[1], "house") == [BOOKS[1][2]]


@pytest.mark.parametrize(("name", "values"), [("", ["x"]), ("price", []), ("price", ["not on the page at all"])])
def test_what_cannot_be_taught_is_one_clear_error(book: Book, name: str, values: list[str]) -> None:
    pages = [book(0), book(1)]
    with pytest.raises(BadInput):
        with_example(induce(pages), pages, name, {0: values})


def test_wanted_columns_are_found_by_standard_terms_and_kept_apart(book: Book) -> None:
    blueprint = induce([book(0), book(1), book(2)])
    found = answers(blueprint, wanted_columns("imprint\nisbn\nzeppelin (money): its fare"))
    assert [answer.field for answer in found] == ["publisher", "isbn_13", ""]
    named = with_answers(blueprint, [answer._replace(score=1.0) for answer in found])
    assert raws(named, book(4), "imprint") == [BOOKS[4][2]]
    assert [field.name for field in named.tables[0].fields[:2]] == ["imprint", "isbn"]


NOTICES = "".join(
    f"<tr><td>{n + 3} May 2026</td><td><a href='/files/{n}.pdf'>Notice on berth {n} and its moorings</a></td>"
    f"<td>{n * 7}00.00 EUR</td><td>Pilot {n * 3 % 8}</td></tr>"
    for n in range(9)
)
LIST = f"<html><body><main><table class='notices'>{NOTICES}</table></main></body></html>"


@pytest.mark.parametrize(
    ("line", "type_"),
    [
        ("filed (date)", "date"),
        ("date", "date"),
        ("fee (money)", "money"),
        ("document (url)", "url"),
        ("title", "string"),
    ],
)
def test_a_column_without_a_name_of_its_own_is_found_by_its_type_and_values(line: str, type_: str) -> None:
    blueprint = induce([parse(LIST.encode(), url="https://harbour.test/notices")])
    [answer] = answers(blueprint, wanted_columns(line))
    found = blueprint.table(answer.table)
    assert found is not None
    assert next(field.type for field in found.fields if field.name == answer.field) == type_


def test_what_is_wanted_is_not_surely_what_has_another_name_and_type() -> None:
    blueprint = induce([parse(LIST.encode(), url="https://harbour.test/notices")])
    found = answers(blueprint, wanted_columns("judge\nlower court\nblood group\ntide (quantity)"))
    assert not any(answer.sure for answer in found)


def test_only_what_is_sure_takes_a_name_and_nobody_else_loses_a_column(book: Book) -> None:
    blueprint = induce([book(0), book(1), book(2)])
    before = blueprint.tables[0].fields
    answer = WishAnswer(Wanted("title"), blueprint.tables[0].name, "publisher", 0.5)
    assert with_answers(blueprint, [answer]) == blueprint
    after = with_answers(blueprint, [answer._replace(score=0.9)]).tables[0].fields
    assert (after[0].name, after[0].examples) == ("title", next(f.examples for f in before if f.name == "publisher"))
    assert {field.selectors for field in after} == {field.selectors for field in before}
    assert len({field.name for field in after}) == len(before)


def test_two_fields_that_are_as_likely_leave_the_column_open() -> None:
    pages = [
        parse(f"<html><body><h1>P{n}</h1><p>Fare A: {n}1 EUR</p><p>Fare B: {n}7 EUR</p></body></html>".encode())
        for n in range(3)
    ]
    assert answers(induce(pages), [Wanted("fare")])[0].field == ""


def test_a_type_that_does_not_exist_is_said() -> None:
    with pytest.raises(BadInput, match="blob"):
        wanted_columns("name (blob)")


@pytest.mark.parametrize(("word", "meaning"), [("closing_date", "deadline"), ("Zutaten", "ingredients"), ("x", "")])
def test_words_have_standard_terms(word: str, meaning: str) -> None:
    assert term(word) == meaning
