import re
from collections.abc import Callable, Sequence
from itertools import product

import pytest

from core.extract import extract
from core.heal import heal, leave_doubtful_empty
from core.induce import induce
from core.model import Blueprint, Field, RecordSet
from core.model.document import ParsedDocument
from core.model.scope import DocumentScope
from core.model.selector import LabelSelector, PathSelector
from core.parse import parse
from tests.engine_pages import SITES, book_page

Book = Callable[[int], ParsedDocument]


def test_fresh_pages_of_the_same_template_are_healthy(book: Book) -> None:
    learned = [book(0), book(1), book(2)]
    blueprint = induce(learned)
    same, report = heal(blueprint, learned, [book(3), book(4)])
    assert report.verdict == "healthy"
    assert same == blueprint
    assert report.fields["page.publisher"] == "kept"


def test_a_short_list_is_no_alarm(site: Callable[[str], ParsedDocument]) -> None:
    before = site("notices")
    rows = (SITES / "notices" / "page.html").read_text().split("<tr class=")
    after = parse("<tr class=".join(rows[:4]).encode() + b"</table>")
    assert heal(induce([before]), [before], [after])[1].verdict == "healthy"


def test_a_page_that_lost_its_fields_is_not_healthy(book: Book) -> None:
    learned = [book(0), book(1), book(2)]
    _, report = heal(induce(learned), learned, [parse(b"<html><body><h2>Please log in</h2></body></html>")])
    assert report.verdict == "abstained"
    assert report.fields["page.publisher"] == "abstained"
    assert report.reasons["page.publisher"]


def test_a_field_of_another_type_is_named(book: Book) -> None:
    learned = [book(0), book(1), book(2)]
    changed = [
        parse(book_page(n).replace(b"<dd>978", b"<dd>ask us about ").replace(b"<dd>May", b"<dd>soon")) for n in (3, 4)
    ]
    _, report = heal(induce(learned), learned, changed)
    assert report.fields["page.isbn_13"] == "abstained"
    assert report.fields["page.publisher"] == "kept"


NOTICES = [
    (f"Notice {number:03d}", f"Supply of {what} for the {whom} of Aldermoor", f"{number + 1} May 2026")
    for number, (what, whom) in enumerate(product("chairs lamps desks".split(), "school harbour museum port".split()))
]


def notice_list(old: Sequence[tuple[str, ...]], new: Sequence[tuple[str, ...]]) -> ParsedDocument:
    """A list whose older records still stand in a table, while the others stand in cards."""
    rows = "".join(f"<tr class='row'><td>{a}</td><td class='what'>{b}</td><td>{c}</td></tr>" for a, b, c in old)
    cards = "".join(f"<article><b>{a}</b><h3>{b}</h3><time>{c}</time></article>" for a, b, c in new)
    table = f"<table class='list'>{rows}</table>" if old else ""
    return parse(f"<html><body><h1>Notices</h1><div class='deck'>{cards}</div>{table}</body></html>".encode())


def said(blueprint: Blueprint, page: ParsedDocument) -> list[tuple[str, ...]]:
    """What is read of the notices as the page shows them, without the parts that are cut out of longer texts."""
    records = [record for record in extract(blueprint, page).records if record.table == blueprint.tables[0].name]
    texts = {text for notice in NOTICES for text in notice}
    return sorted(tuple(sorted({str(cell.raw) for cell in r.fields.values()} & texts)) for r in records)


@pytest.mark.parametrize("moved", [2, 3, 6, 9, 12])
def test_a_half_migrated_list_is_read_in_both_layouts_and_no_record_twice(moved: int) -> None:
    before, after = notice_list(NOTICES, []), notice_list(NOTICES[moved:], NOTICES[:moved])
    blueprint = induce([before])
    known = said(blueprint, before)
    assert known == sorted(tuple(sorted(notice)) for notice in NOTICES)
    healed, report = heal(blueprint, [before], [after])
    assert report.verdict in ("healed", "partial")
    assert said(healed, after) == known
    assert said(healed, before) == known
    assert said(healed, notice_list([], NOTICES)) == known


@pytest.mark.parametrize("known", [3, 6])
def test_moved_records_that_are_all_new_are_read_too_or_left_to_a_person(known: int) -> None:
    blueprint = induce([notice_list(NOTICES[:6], [])])
    after = notice_list(NOTICES[:known], NOTICES[6 : 12 - known])
    healed, report = heal(blueprint, [notice_list(NOTICES[:6], [])], [after])
    whole = len(extract(healed, after).records) == len(NOTICES[:known]) + len(NOTICES[6 : 12 - known])
    assert whole or set(report.fields.values()) == {"abstained"}


def renamed_list(old: Sequence[tuple[str, ...]], new: Sequence[tuple[str, ...]]) -> ParsedDocument:
    """Both layouts with other elements and classes than before."""
    rows = "".join(f"<div class='line'><p>{a}</p><p class='it'>{b}</p><em>{c}</em></div>" for a, b, c in old)
    cards = "".join(f"<section><i>{a}</i><h4>{b}</h4><span>{c}</span></section>" for a, b, c in new)
    page = f"<html><body><h1>Notices</h1><main class='pile'>{cards}</main><article>{rows}</article></body></html>"
    return parse(page.encode())


def test_a_half_migrated_list_is_read_in_both_layouts_after_the_next_redesign_too() -> None:
    before, halves = notice_list(NOTICES, []), notice_list(NOTICES[6:], NOTICES[:6])
    blueprint = induce([before])
    once, report = heal(blueprint, [before], [halves])
    healed, again = heal(
        leave_doubtful_empty(blueprint, once, report), [halves], [renamed_list(NOTICES[6:], NOTICES[:6])]
    )
    assert set(again.fields.values()) <= {"moved", "abstained"}
    assert said(healed, renamed_list(NOTICES[6:], NOTICES[:6])) == said(blueprint, before)


def test_a_hidden_copy_of_the_list_in_its_earlier_layout_is_not_read_again() -> None:
    before = notice_list(NOTICES, [])
    blueprint = induce([before])
    healed, _ = heal(blueprint, [before], [notice_list(NOTICES[6:], NOTICES[:6])])
    assert said(healed, notice_list(NOTICES, NOTICES)) == said(blueprint, before)


def test_a_field_that_moved_on_some_of_the_pages_is_read_on_all_of_them(book: Book) -> None:
    learned = [book(n) for n in range(4)]
    fresh = [book(0), book(1), *(moved_isbn(n) for n in (2, 3))]
    blueprint = induce(learned)
    healed, report = heal(blueprint, learned, fresh)
    assert report.fields["page.isbn_13"] == "moved"
    assert [isbn(healed, page) for page in fresh] == [isbn(blueprint, page) for page in learned]


def moved_isbn(number: int) -> ParsedDocument:
    """A book page whose ISBN stands in another block, without its label."""
    page = book_page(number).decode()
    found = re.search(r"<dt>ISBN-13:</dt>\s*<dd>([^<]+)</dd>", page)
    assert found is not None
    moved = page.replace(found[0], "").replace(
        "</body>", f"<footer><code class='ean'>{found[1]}</code></footer></body>"
    )
    return parse(moved.encode(), url=f"https://books.test/b/{number}")


def isbn(blueprint: Blueprint, page: ParsedDocument) -> object:
    return next(record.fields["isbn_13"].value for record in extract(blueprint, page).records if record.table == "page")


def kettle(number: int, *, described: bool = True) -> ParsedDocument:
    """A page of a shop; its description stands between two facts."""
    told = f"<div class='told'><p>Number {number} boils {number + 2} litres of water.</p></div>" if described else ""
    facts = (f"<table><tr><td>{label}</td><td>{label[:2]}{number}</td></tr></table>" for label in ("Group", "Made in"))
    page = f"<html><body><h1>Kettle {number}</h1>{told.join(facts)}</body></html>"
    return parse(page.encode(), url=f"https://kettles.test/{number}")


def test_a_text_of_the_template_does_not_take_the_place_of_a_field_that_is_gone() -> None:
    fallback = LabelSelector(label="Group", offset=2)
    told = Field(name="told", type="string", selectors=(PathSelector(path_key="div.told>p/text"), fallback))
    facts = [
        Field(name=name, type="string", selectors=(LabelSelector(label=label),))
        for name, label in (("group", "Group"), ("made_in", "Made in"))
    ]
    blueprint = Blueprint(kind="html", tables=(RecordSet(name="kettle", scope=DocumentScope(), fields=(told, *facts)),))
    fresh = [kettle(n, described=False) for n in (7, 8, 9)]
    assert [record.fields["told"].raw for page in fresh for record in extract(blueprint, page).records] == [
        "Made in"
    ] * 3
    healed, report = heal(blueprint, [kettle(n) for n in range(4)], fresh)
    assert report.fields["kettle.told"] == "removed"
    assert report.fields["kettle.group"] == "kept"
    assert not any("told" in record.fields for page in fresh for record in extract(healed, page).records)


def docket(start: int, number: str, names: Sequence[str]) -> ParsedDocument:
    """A list of judgments whose numbers have a certain form; `names` are the classes of its parts."""
    a, b, c = names
    rows = "".join(
        f"<div class='row{a}'><b class='{a}'>{number.format(n=n)}</b><p class='{b}'>Case of heir {n} of Aldermoor</p>"
        f"<i class='{c}'>{n % 28 + 1} {'May' if start < 20 else 'August'} 2026</i></div>"
        for n in range(start, start + 9)
    )
    return parse(f"<html><body><h1>Judgments</h1><div class='all'>{rows}</div></body></html>".encode())


@pytest.mark.parametrize(("number", "fate"), [("{n}-{n}7", "moved"), ("CV.{n}.{n}7/A", "abstained")])
def test_numbers_of_another_form_than_ever_before_are_left_to_a_person(number: str, fate: str) -> None:
    before = docket(10, "{n}-{n}7", ("no", "who", "day"))
    after = docket(40, number, ("key", "parties", "when"))
    blueprint = induce([before])
    table = blueprint.tables[0]
    name = next(field.name for field in table.fields if "10-107" in field.examples)
    _, report = heal(blueprint, [before], [after])
    assert report.fields[f"{table.name}.{name}"] == fate


def test_what_a_person_decided_of_a_field_outlives_its_move() -> None:
    before, after = notice_list(NOTICES, []), notice_list([], NOTICES)
    learned = induce([before])
    table, *others = learned.tables
    mine = [
        field.model_copy(update={"name": f"my_{n}", "type": "string", "pinned": True, "examples": (f"mine {n}",)})
        for n, field in enumerate(table.fields)
    ]
    blueprint = learned.model_copy(update={"tables": (table.model_copy(update={"fields": tuple(mine)}), *others)})
    healed, report = heal(blueprint, [before], [after])
    assert "moved" in report.fields.values()
    kept = [(field.name, field.type, field.pinned, field.examples) for field in healed.tables[0].fields]
    assert kept == [(field.name, field.type, field.pinned, field.examples) for field in mine]


def test_a_fallback_that_says_what_another_field_says_does_not_keep_a_field() -> None:
    told = Field(
        name="told",
        type="string",
        selectors=(PathSelector(path_key="div.told>p/text"), PathSelector(path_key="h1/text")),
    )
    facts = [
        Field(name="name", type="string", selectors=(PathSelector(path_key="h1/text"),)),
        Field(name="group", type="string", selectors=(LabelSelector(label="Group"),)),
    ]
    blueprint = Blueprint(kind="html", tables=(RecordSet(name="kettle", scope=DocumentScope(), fields=(told, *facts)),))
    _, report = heal(blueprint, [kettle(n) for n in range(4)], [kettle(n, described=False) for n in (7, 8, 9)])
    assert report.fields["kettle.told"] in ("removed", "abstained")
    assert report.fields["kettle.name"] == "kept"
