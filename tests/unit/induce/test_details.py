from collections.abc import Callable

import pytest

from core.errors import BadInput, NothingExtracted
from core.extract import extract
from core.induce import induce
from core.model.blueprint import Blueprint
from core.model.document import ParsedDocument
from core.parse import parse
from tests.engine_pages import BOOKS, book_page

Book = Callable[[int], ParsedDocument]


def values(blueprint: Blueprint, document: ParsedDocument) -> dict[str, object]:
    record = next(record for record in extract(blueprint, document).records if record.table == "page")
    return {name: value.value for name, value in record.fields.items()}


def test_fields_learned_on_some_pages_read_the_others(book: Book) -> None:
    blueprint = induce([book(0), book(1), book(2)])
    for number in (3, 4, 5):
        found = values(blueprint, book(number))
        assert found["title"] == BOOKS[number][0]
        assert found["publisher"] == BOOKS[number][2]
        assert found["isbn_13"] == BOOKS[number][3]


def test_types_follow_the_values(book: Book) -> None:
    blueprint = induce([book(0), book(1), book(2)])
    assert values(blueprint, book(4))["published"] == "2022-10-30"
    price = next(field for field in blueprint.tables[0].fields if field.type == "money")
    assert values(blueprint, book(4))[price.name] == {"amount": "18.20", "currency": "USD"}


def test_what_every_page_says_is_no_field(book: Book) -> None:
    blueprint = induce([book(0), book(1), book(2)])
    told = {example for field in blueprint.tables[0].fields for example in field.examples}
    assert "All prices include tax. Call us any time." not in told


def test_a_label_still_leads_to_its_value_when_the_rows_are_reordered(book: Book) -> None:
    blueprint = induce([book(0), book(1), book(2)])
    page = book_page(3).replace(b"<dt>Publisher:</dt><dd>North Quay</dd>", b"")
    page = page.replace(b"</dl>", b"<dt>Pages:</dt><dd>200</dd><dt>Publisher:</dt><dd>North Quay</dd></dl>")
    assert values(blueprint, parse(page))["publisher"] == "North Quay"


def test_the_same_pages_give_the_same_blueprint(book: Book) -> None:
    assert induce([book(0), book(1)]) == induce([book(0), book(1)])


def test_names_are_unique_snake_case_and_fields_few(book: Book) -> None:
    for table in induce([book(0), book(1), book(2)]).tables:
        names = [field.name for field in table.fields]
        assert len(set(names)) == len(names) <= 60
        assert all(name.isidentifier() and name == name.lower() and name != "table" for name in names)


def test_one_page_alone_gives_its_labelled_values(book: Book) -> None:
    found = values(induce([book(0)]), book(0))
    assert found["publisher"] == "Pier Press"
    assert found["title"] == "The tide clock"


def test_nothing_to_learn_from_is_said_plainly(book: Book) -> None:
    with pytest.raises(BadInput):
        induce([])
    with pytest.raises(BadInput, match="different kinds"):
        induce([book(0), parse(b'{"a": 1}')])
    with pytest.raises(NothingExtracted):
        induce([parse(b"<html><body></body></html>")])


def test_a_document_of_another_kind_gives_a_warning_and_no_record(book: Book) -> None:
    found = extract(induce([book(0), book(1)]), parse(b'{"a": 1}'))
    assert found.records == []
    assert found.warnings


def test_a_figure_among_items_that_differ_is_a_field_though_the_learn_pages_share_it() -> None:
    def car(engine: str, gears: str, price: int) -> ParsedDocument:
        specs = f"<ul id=specs><li>{engine}</li><li>{gears}</li></ul>"
        page = f"<html><body><h1>Car of {price}</h1><p>Sale ends in 30 days</p>{specs}<b>{price} EUR</b></body></html>"
        return parse(page.encode())

    blueprint = induce([car("1.6 l, 110 hp", f"{n} speed manual", 9000 + n) for n in (4, 5, 6)])
    found = values(blueprint, car("2.0 l, 150 hp", "7 speed automatic", 12000))
    assert "2.0 l, 150 hp" in found.values()
    assert "Sale ends in 30 days" not in found.values()


def test_a_date_and_a_bracket_within_longer_texts_are_fields_too() -> None:
    def page(n: int) -> ParsedDocument:
        head = f"<h1>Voyage {n} of the Aurora (leg {chr(65 + n)})</h1>"
        return parse(
            f"<html><body>{head}<p>Left Riga on {n} May 2024 with mail</p><i>{n * 7} t</i></body></html>".encode()
        )

    blueprint = induce([page(n) for n in range(1, 6)])
    found = values(blueprint, page(9))
    assert "2024-05-09" in found.values()
    assert "leg J" in found.values()


def test_rdfa_properties_are_read_with_the_type_of_their_thing() -> None:
    def page(n: int) -> ParsedDocument:
        return parse(
            f'<html><body><div vocab="https://schema.org/" typeof="Boat"><h1 property="name">Boat {n}</h1>'
            f'<span property="schema:length" content="{n}0">long</span></div></body></html>'.encode()
        )

    blueprint = induce([page(1), page(2), page(3)])
    record = extract(blueprint, page(4)).records[0]
    assert record.table == "boat"
    assert record.fields["length"].raw == "40"


def lantern(name: str, told: str, *, told_first: bool = False) -> ParsedDocument:
    """A page whose title is preceded by the motto of the site; what is told of the thing may come first."""
    parts = [f"<h1>{name}</h1>", f"<p class='told'>{told}</p>"]
    content = "".join(parts[::-1] if told_first else parts)
    page = f"<html><body><p class='motto'>Working for the valley</p><main><div>{content}</div></main></body></html>"
    return parse(page.encode())


def test_the_motto_before_a_title_is_no_label_of_it() -> None:
    learned = [lantern("Copper kettle", "It whistles."), lantern("Oak stool", "It has three legs.")]
    blueprint = induce(learned)
    other = lantern("Bread knife", "It has long teeth.", told_first=True)
    titles = [field.name for field in blueprint.tables[0].fields if field.examples[:1] == ("Copper kettle",)]
    assert titles
    assert all(values(blueprint, other)[name] == "Bread knife" for name in titles)


def notice(number: int, *, fax: bool) -> ParsedDocument:
    rows = [("Reference", f"N-{number}7"), ("Country", f"Land {number}"), ("Deadline", f"1{number} May 2024")]
    rows += [("Fax", f"555-010{number}")] if fax else []
    rows += [("Officer", f"Kim Reed {number}")]
    lines = "".join(f"<div class=row><span>{name}:</span> <b>{value}</b></div>" for name, value in rows)
    page = f"<html><h1>Works {number}</h1><div class=facts>{lines}</div><div id=foot>Office of works</div></html>"
    return parse(page.encode(), url=f"https://n.test/{number}")


@pytest.mark.parametrize("pages", [1, 5])
def test_what_labels_name_is_said_once(pages: int) -> None:
    """Neither whole rows nor labels nor the second value of whatever rows there are become fields beside them."""
    documents = [notice(number, fax=number % 2 == 0) for number in range(pages)]
    said = values(induce(documents), documents[0])
    assert {said.get("reference"), said.get("country"), said.get("officer")} == {"N-07", "Land 0", "Kim Reed 0"}
    texts = [str(value) for value in said.values()]
    assert not [text for text in texts if text.endswith(":") or "Officer" in text]
    assert texts.count("Land 0") == 1


def test_the_same_value_behind_two_labels_of_one_page_is_two_fields() -> None:
    rows = {"Ship": "Aava", "Built at": "Turku yard", "Repaired at": "Turku yard", "Captain": "Kim Reed"}
    lines = "".join(f"<p><b>{name}:</b> <span>{value}</span></p>" for name, value in rows.items())
    document = parse(f"<html><h1>Ferry 4</h1>{lines}</html>".encode())
    said = values(induce([document]), document)
    assert (said["built_at"], said["repaired_at"]) == ("Turku yard", "Turku yard")


def test_what_follows_a_label_is_one_list_and_not_its_second_and_third_item_too() -> None:
    def film(*kinds: str) -> ParsedDocument:
        links = "".join(f"<a href='/k/{kind}'>{kind}</a> | " for kind in kinds)
        page = f"<html><h1>Film of {kinds[0]}</h1><div><h4>Genres:</h4> {links}</div><p>Of 19{len(kinds)}4</p></html>"
        return parse(page.encode(), url=f"https://f.test/{'-'.join(kinds)}")

    films = [
        film("Crime", "Drama", "War"),
        film("Comedy", "Music"),
        film("War", "Crime", "Family"),
        film("Drama", "Play"),
    ]
    said = values(induce(films), films[0])
    assert ["Crime", "Drama", "War"] in said.values()
    assert not {"Drama", "|"} & {value for value in said.values() if isinstance(value, str)}


def award(number: int, value: str) -> ParsedDocument:
    rows = {
        "Title": f"Works {number}",
        "Contract value": value,
        "Vendor": f"Builder {number}",
        "Country": "",
        "Year": f"201{number}",
    }
    lines = "".join(
        f"<div class=row><label>{name}</label>" + (f"<span class=value>{said}</span>" if said else "") + "</div>"
        for name, said in rows.items()
    )
    return parse(f"<html><div id=main>{lines}</div></html>".encode(), url=f"https://a.test/{number}")


def test_a_label_with_nothing_behind_it_does_not_take_the_next_label_for_its_value() -> None:
    pages = [award(1, "88727.00"), award(2, ""), award(3, "912.50"), award(4, "")]
    blueprint = induce(pages)
    assert [values(blueprint, page).get("contract_value") for page in pages] == ["88727.00", None, "912.50", None]
    labels = {"Title", "Contract value", "Vendor", "Country", "Year"}
    assert not [said for page in pages for said in values(blueprint, page).values() if said in labels]


def test_a_heading_that_stands_directly_in_the_body_is_read_once() -> None:
    pages = [parse(f"<html><body><h1>Lot {n}</h1><p>Town {n}</p></body></html>".encode()) for n in range(4)]
    said = values(induce(pages), pages[0])
    assert [value for value in said.values() if "Lot 0" in str(value)] == ["Lot 0"]
