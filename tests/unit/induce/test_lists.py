import time
from typing import Any

import pytest

from core.evidence.resolve import resolve
from core.extract import PageIndex, extract, read_table
from core.extract.selectors import Match, slice_of
from core.induce import induce
from core.induce.cutting import cuts_for
from core.induce.html.columns import ListColumn
from core.induce.html.repeating import doubt_of
from core.model.document import ParsedDocument
from core.model.extraction import Evidence
from core.model.selector import AboveSelector, PathSelector, Slice
from core.parse import parse


def best(page: str, url: str = "https://l.test/") -> list[dict[str, Any]]:
    """The records of the largest list of a page."""
    document = parse(page.encode(), url=url)
    blueprint = induce([document])
    records = extract(blueprint, document).records
    names = [table.name for table in blueprint.tables if table.scope.kind != "document"]
    own = max(([r for r in records if r.table == name] for name in names), key=len)
    return [{name: value.value for name, value in record.fields.items()} for record in own]


def has(rows: list[dict[str, Any]], wanted: list[Any]) -> bool:
    return any([row.get(name) for row in rows] == wanted for name in rows[0])


def test_spanning_cells_hold_for_all_their_rows() -> None:
    page = "<table><tr><th>Year</th><th>Ship</th><th>Port</th></tr>" + "".join(
        f"<tr><td rowspan=2>{year}</td><td>Ship {year}a</td><td>Riga</td></tr>"
        f"<tr><td>Ship {year}b</td><td>Turku</td></tr>"
        for year in (2019, 2020, 2021)
    )
    rows = best(page + "</table>")
    assert has(rows, [2019, 2019, 2020, 2020, 2021, 2021])
    assert has(rows, ["Riga", "Turku"] * 3)


def test_flat_runs_are_records() -> None:
    page = "<dl>" + "".join(
        f"<dt>Entry {n}</dt><dd>Told by author {n}</dd><dd>Volume {n * 3}</dd>" for n in range(1, 7)
    )
    rows = best(f"<html><body><div id=all>{page}</dl></div></body></html>")
    assert has(rows, [f"Told by author {n}" for n in range(1, 7)])


def rows_below(numbers: range) -> str:
    """Lots of an auction over two or three rows of a table; only the first row has a number in its first cell."""
    note = "<tr><td></td><td><i>Withdrawn and offered again</i></td></tr>"
    return "".join(
        f"<tr><td>{n}0{n}</td><td>Barometer by maker {n}, Turku</td></tr>"
        f"<tr><td></td><td><p>Estimate {n}50 crowns</p><p><a href='/lot/{n}'>Picture</a></p></td></tr>"
        f"{note if n % 3 == 0 else ''}"
        for n in numbers
    )


def test_a_record_over_several_rows_begins_where_the_first_cell_is_filled() -> None:
    rows = best(f"<html><body><h1>Lots</h1><table>{rows_below(range(1, 9))}</table></body></html>")
    assert len(rows) == 8
    assert has(rows, [int(f"{n}0{n}") for n in range(1, 9)])
    assert has(rows, [f"Barometer by maker {n}, Turku" for n in range(1, 9)])
    assert has(rows, [f"https://l.test/lot/{n}" for n in range(1, 9)])


def test_what_stands_before_the_longest_part_belongs_to_the_record() -> None:
    """The largest block of each record is as regular as can be; what names it stands before it."""
    lots = "".join(
        "<hr><br>GREAT HALL<br>"
        + (f"<b><a href='/lot/{n}'>L-10{n}</a></b>" if n % 4 else f"<b>L-10{n}</b>")
        + f"<br><br><ul><b>Barometer {n}</b>; made in Turku by the master of house number {n * 17}</ul><br>"
        for n in range(1, 10)
    )
    rows = best(f"<html><body><center><b>Lots</b></center><p>Viewing at noon</p>{lots}</body></html>")
    assert has(rows, [f"L-10{n}" for n in range(1, 10)])
    assert has(rows, [f"Barometer {n}" for n in range(1, 10)])


def boxes(classes: list[str], offset: int = 0) -> str:
    """Lots of an auction in one box a day; the first box is open."""
    return "".join(
        f"<div class='{name}'><table><tr><th>Lot</th><th>Thing</th></tr>"
        + "".join(f"<tr><td>L-{offset + day}{n}</td><td>Barometer {day}{n}</td></tr>" for n in range(1, 6))
        + "</table></div>"
        for day, name in enumerate(classes, 1)
    )


def test_boxes_that_are_open_and_closed_hold_one_list() -> None:
    rows = best(f"<html><body>{boxes(['box open', 'box', 'box', 'box'])}</body></html>")
    assert has(rows, [f"L-{day}{n}" for day in range(1, 5) for n in range(1, 6)])


def test_a_list_in_two_layouts_is_one_table() -> None:
    """Some lots are set in a box of their own, at another depth; their fields have the same classes."""
    large = (
        "<div class='lot best'><div class=box><b><h3 class=name>Barometer {0}</h3></b><p><i class=town>Turku</i></p>"
        "<div><em class=price>{0}50 crowns</em></div></div></div>"
    )
    small = (
        "<div class=lot><h3 class=name>Barometer {0}</h3><i class=town>Riga</i><em class=price>{0}00 crowns</em></div>"
    )
    lots = "".join((large if n % 3 == 0 else small).format(n) for n in range(1, 14))
    rows = best(f"<html><body><div class=lots>{lots}</div></body></html>")
    assert has(rows, [f"Barometer {n}" for n in range(1, 14)])
    assert has(rows, ["Turku" if n % 3 == 0 else "Riga" for n in range(1, 14)])


def test_a_copy_for_other_screens_is_no_part_of_the_list() -> None:
    box = boxes(["box"]) * 2
    rows = best(f"<html><body>{box.replace('box', 'box wide', 1)}</body></html>")
    assert has(rows, [f"L-1{n}" for n in range(1, 6)])


def test_a_menu_is_no_part_of_a_list_that_looks_alike() -> None:
    menu = "".join(f"<li><a href='/about/{name}'>{name} of the house</a></li>" for name in ("History", "People", "Map"))
    lots = "".join(f"<li><a href='/lot/{n}'>L-10{n} Barometer</a></li>" for n in range(1, 7))
    rows = best(f"<html><body><div class=links><ul>{menu}</ul></div><ul class=lots>{lots}</ul></body></html>")
    assert len(rows) == 6


def test_what_delimiters_part_within_brackets_are_columns() -> None:
    towns, makers = (
        ("Turku", "Riga", "Narva", "Visby", "Lund"),
        ("M. Ahola", "K. Berg", "J. Tamm", "A. Lind", "O. Krog"),
    )
    lots = "".join(
        f"<li><a href='/lot/{n}'>Barometer {n}</a><i>25-LOT-{n}77 ({towns[n % 5]} - {makers[n * 2 % 5]})</i></li>"
        for n in range(1, 9)
    )
    rows = best(f"<html><body><ul class=lots>{lots}</ul></body></html>")
    assert has(rows, [towns[n % 5] for n in range(1, 9)])
    assert has(rows, [makers[n * 2 % 5] for n in range(1, 9)])


def test_headings_over_many_rows_begin_no_record() -> None:
    page = "".join(
        f"<tr><td><b>Hall {hall}</b></td></tr>"
        + "".join(f"<tr><td></td><td>Lot {hall}{n}</td><td>{n * 7} crowns</td></tr>" for n in range(1, 8))
        for hall in range(1, 5)
    )
    assert len(best(f"<html><body><table>{page}</table></body></html>")) == 28


def test_the_scope_of_records_over_several_rows_holds_on_other_pages() -> None:
    def page(numbers: range) -> ParsedDocument:
        return parse(f"<html><body><table>{rows_below(numbers)}</table></body></html>".encode(), url="https://l.test/")

    blueprint = induce([page(range(1, 9))])
    main = blueprint.tables[0].name
    assert len([r for r in extract(blueprint, page(range(20, 43))).records if r.table == main]) == 23


def test_records_begin_behind_an_empty_line_not_at_the_link_within() -> None:
    """Else each row would join the end of one record to the beginning of the next."""
    menu = "".join(f"<a href='/menu/{n}'>Other lists of the court, part {n}</a><br>" for n in range(4))
    lines = "".join(
        f"<br>Sailed 0{n}/11/24, No. 24-10{n}<br>\n<a href='/pdf/{n}.pdf'>Voyage of the Ship {n}</a><br>\n"
        f"Registered with the Harbour Office of Port {n}, Northern District<br>\n"
        for n in range(1, 9)
    )
    rows = best(f"<html><h1>Voyages</h1><hr>{menu}<hr>{lines}</html>")
    assert len(rows) == 8
    assert has(rows, [f"Voyage of the Ship {n}" for n in range(1, 9)])
    assert has(rows, [f"Registered with the Harbour Office of Port {n}, Northern District" for n in range(1, 9)])
    assert any([str(row.get(name, ""))[-5:] for row in rows] == [f"4-10{n}" for n in range(1, 9)] for name in rows[0])


def test_rows_of_two_colours_are_one_record_each() -> None:
    page = "".join(
        f"<div class='row{' shaded' if n % 2 else ''}'><a href='/s/{n}'>Ship number {n}</a></div>" for n in range(300)
    )
    document = parse(f"<html><body><div class=panel><div class=all>{page}</div></div></body></html>".encode())
    main, *_ = induce([document]).tables
    assert len(read_table(main, PageIndex(document))) == 300


def test_data_beside_the_text_and_addresses_that_a_click_opens_are_columns() -> None:
    rows = "".join(
        f"<tr data-notice='N-{n}7' data-row={n} data-open=true onclick=\"show('/notice/{n}?from=list')\">"
        f"<td>Road works in district {n}</td><td data-amount='{n}300.50'>about {n} thousand</td></tr>"
        for n in range(1, 7)
    )
    document = parse(f"<table><tr><th>Title<th>Value</tr>{rows}</table>".encode(), url="https://l.test/list")
    found = extract(induce([document]), document)
    first = {name: cell.value for name, cell in found.records[0].fields.items()}
    assert first["notice"] == "N-17"
    assert first["amount"] == "1300.50"
    assert not {"row", "open"} & set(first)
    assert found.detail_urls[0] == "https://l.test/notice/1?from=list"
    cells = [cell for record in found.records for cell in record.fields.values()]
    assert all(isinstance(c.evidence, Evidence) and resolve(c.evidence, document) == c.raw for c in cells)


def test_addresses_that_look_like_codes_are_made_absolute() -> None:
    rows = "".join(
        f"<li><a href='Rulings/222AP3{n}.pdf'>Harbour Company {n} v. Port of Riga</a> decided <b>2024-05-1{n}</b></li>"
        for n in range(1, 8)
    )
    found = best(f"<html><h1>Rulings</h1><ul>{rows}</ul></html>", "https://l.test/court/list.html")
    assert has(found, [f"https://l.test/court/Rulings/222AP3{n}.pdf" for n in range(1, 8)])


@pytest.mark.parametrize(("copies", "first"), [(1, "list"), (3, "page")])
def test_a_page_that_is_learned_alone_is_sooner_a_list(copies: int, first: str) -> None:
    """A third of the text stands in the records; beside them are links to elsewhere and a few sentences."""
    rows = "".join(f"<li><a href='/s/{n}'>Ship number {n}</a> <b>2024-05-1{n}</b></li>" for n in range(1, 9))
    said = "<p>The harbour office keeps the register of ships. Ask at the desk between nine and five.</p>"
    other = "".join(f"<div><span>Office number {n} of the town</span></div>" for n in range(3))
    pages = [
        parse(
            f"<html><h1>Ships of {year}</h1>{said}<div>{other * 3}</div><ul class=list>{rows}</ul></html>".encode(),
            url=f"https://l.test/{year}",
        )
        for year in range(2020, 2020 + copies)
    ]
    main, *_ = induce(pages).tables
    assert ("page" if main.scope.kind == "document" else "list") == first


def test_what_cells_say_of_themselves_names_their_columns() -> None:
    kinds = ["Works", "Works", "Supplies", "Works", "Services", "Works"]
    rows = "".join(
        f"<div class=line><div class=c data-label='Deadline'><span>1{n} May 2024</span></div><div class=c>{kind}</div>"
        f"<div class=c aria-label='Awarding body'>Town council {n}</div><div class=c>Land of {n}</div></div>"
        for n, kind in enumerate(kinds)
    )
    document = parse(f"<html><h1>Notices</h1><div class=all>{rows}</div></html>".encode(), url="https://l.test/")
    table = induce([document]).tables[0]
    names = {field.name: field.label for field in table.fields}
    assert names["deadline"] == "Deadline"
    assert names["awarding_body"] == "Awarding body"
    # what stands before most of the values is a value too
    assert "works" not in names


@pytest.mark.parametrize(
    "around", ["<div class=list>{header}{rows}</div>", "<div>{header}</div><div class=list>{rows}</div>"]
)
def test_a_row_of_names_above_a_grid_names_its_columns(around: str) -> None:
    header = "<div class=head><div>Notice</div><div>Awarding body</div><div>Closing</div><div></div></div>"
    rows = "".join(
        f"<div class=line><div><a href='/n/{n}'>Works at bridge {n}</a></div><div>Town council {n}</div>"
        f"<div><span>1{n} May 2024</span></div><div>Open</div></div>"
        for n in range(6)
    )
    page = f"<html><h1>Notices</h1>{around.format(header=header, rows=rows)}</html>"
    first = best(page)[0]
    assert first["closing"] == "2024-05-10"
    assert first["awarding_body"] == "Town council 0"
    assert first["notice"] == "Works at bridge 0"


def test_a_header_that_each_cell_repeats_is_no_column() -> None:
    """Tables that are stacked on narrow screens print the header in each cell too."""
    cells = "".join(
        f"<tr><td><b>Ship</b> <span>Ship {n}</span></td><td><b>Port of call</b> <span>Port {n}</span></td></tr>"
        for n in range(6)
    )
    rows = best(f"<table><tr><th>Ship</th><th>Port of call</th></tr>{cells}</table>")
    assert has(rows, [f"Port {n}" for n in range(6)])
    assert not {"Ship", "Port of call"} & {str(value) for row in rows for value in row.values()}


def test_links_are_absolute_by_the_base_of_the_page() -> None:
    items = "".join(
        f'<li class=i><a href="p{n}.html">Paper number {n}</a><span>by someone {n}</span></li>' for n in range(5)
    )
    document = parse(
        f'<html><head><base href="/papers/"></head><body><ul>{items}</ul></body></html>'.encode(),
        url="https://u.test/x/y",
    )
    found = extract(induce([document]), document)
    assert found.detail_urls == tuple(f"https://u.test/papers/p{n}.html" for n in range(5))


@pytest.mark.parametrize(
    ("texts", "wanted"),
    [
        (["23-11 Ash v. Elm", "23-12 Oak v. Fir", "24-1 Box v. Yew"], ["23-11", "23-12", "24-1"]),
        (["23-11 Ash v. Elm", "23-12 Oak v. Fir", "24-1 Box v. Yew"], ["Ash v. Elm", "Oak v. Fir", "Box v. Yew"]),
        (["Filed May 3, 2024 by A", "Filed June 4, 2024 by B"], ["May 3, 2024", "June 4, 2024"]),
        (["Judge: Lind", "Judge: Moe"], ["Lind", "Moe"]),
        (["One (first)", "Two (second)", "Three (third)"], ["first", "second", "third"]),
        (["https://l.test/docs/23-11.pdf", "https://l.test/docs/23-12.pdf?v=2"], ["23-11", "23-12"]),
        (["/show?kind=a&no=117", "/show?kind=a&no=98"], ["117", "98"]),
        (["a1, north, oak", "b2, south, elm", "c3, west, ash"], ["north", "south", "west"]),
    ],
)
def test_parts_of_texts_are_cut_out(texts: list[str], wanted: list[str]) -> None:
    def apply(rules: tuple[Slice, ...], text: str) -> str:
        spot: Match | None = Match(text, 0, len(text), str)
        for rule in rules:
            spot = slice_of(spot, rule) if spot else None
        return spot.raw if spot else ""

    assert any([apply(rules, text) for text in texts] == wanted for rules in cuts_for(texts))


def test_a_hostile_address_is_cut_in_no_time() -> None:
    texts = [f"/{n}/" + "a" * 100_000 + "." for n in range(3)]
    began = time.process_time()
    cuts_for(texts)
    assert time.process_time() - began < 5  # minutes where the name at the end is looked for from each character


def test_large_pages_do_not_take_minutes() -> None:
    rows = "".join(
        f"<div class='card'><h3><a href='/i/{n}'>Item {n} of many</a></h3>"
        f"<p>Text {n} with some words</p><span>{n * 3} kg</span></div>"
        for n in range(2500)
    )
    document = parse(f"<html><body>{rows}</body></html>".encode())
    assert len(PageIndex(document).tree.nodes) > 20_000
    assert len(extract(induce([document]), document).records) >= 2500


WORDS = "amber basil cedar delta ember fjord grove heron iris jade karst linden maple north ocean pearl".split()


def told_of(number: int) -> str:
    return "The court held " + " ".join(WORDS[(number * 7 + step * 3) % 16] for step in range(12)) + f" {number}."


def header(number: int, tag: str = "h3") -> str:
    title = f"{WORDS[number % 16].title()} v. {WORDS[number * 5 % 16].title()} {number}"
    when = f"<span class=when>{number % 28 + 1} May 2020</span>"
    return f"<{tag} class=case><a href='/c/{number}'>{title}</a> {when}</{tag}>"


def decisions(
    tag: str = "h3", about: str = "<p class=about>{}</p>", wrap: str = "<div>{}</div>", last: int = 29
) -> str:
    """Flat headers; after each third one there is what the court held, up to the `last` one."""
    told = (about.format(told_of(n)) if n % 3 == 2 and n <= last else "" for n in range(30))
    return wrap.format("".join(header(n, tag) + text for n, text in enumerate(told)))


def row_of(number: int) -> str:
    when, who = f"{number % 28 + 1} May 2020", f"Judge {number % 7}"
    return f"<tr><td><a href='/c/{number}'>Case {number}</a></td><td>{when}</td><td>{who}</td></tr>"


TABLE = "".join(row_of(n) + (f"<tr><td colspan=3>{told_of(n)}</td></tr>" if n % 3 == 2 else "") for n in range(30))
MONTHS = "".join(f"<h2>Month {n // 10}</h2>" * (n % 10 == 0) + header(n) + f"<p>{told_of(n)}</p>" for n in range(30))


@pytest.mark.parametrize(
    "page",
    [
        decisions(),
        decisions(about="<p>{}</p>"),
        decisions(about="<div class=more><div><p>{}</p></div></div>"),
        decisions(about="<p>{}</p>", wrap="<div><p>These are the decisions of the court.</p>{}</div>"),
        decisions("div", about="<div class=about>{}</div>"),
        decisions("dt", about="<dd>{}</dd>", wrap="<dl>{}</dl>"),
        f"<table>{TABLE}</table>",
        f"<table><thead><tr><th>Case</th><th>Decided</th><th>Judge</th></tr></thead><tbody>{TABLE}</tbody></table>",
    ],
    ids=["paragraph", "no class", "wrapped", "below a note", "boxes", "definitions", "rows", "rows below a header"],
)
def test_what_stands_between_headers_belongs_to_the_one_before(page: str) -> None:
    rows = best(page)
    assert len(rows) == 30
    for number, row in enumerate(rows):
        said = [value for value in row.values() if str(value).startswith("The court held")]
        assert said == ([told_of(number)] if number % 3 == 2 else []), number


def test_columns_keep_the_names_of_their_headers_where_a_row_goes_on_below() -> None:
    head = "<tr><th>Case</th><th>Decided</th><th>Judge</th></tr>"
    rows = best(f"<table><thead>{head}</thead><tbody>{TABLE}</tbody></table>")
    assert {"case", "decided", "judge"} <= rows[0].keys()


def test_a_heading_over_several_records_is_no_part_of_the_one_before_it() -> None:
    rows = best(f"<div>{MONTHS}</div>")
    assert [row["heading"] for row in rows] == [f"Month {n // 10}" for n in range(30)]
    assert all(told_of(number) in row.values() for number, row in enumerate(rows))


def test_what_stands_before_the_first_header_belongs_to_the_one_after() -> None:
    rows = best("<div>" + "".join(f"<p class=about>{told_of(n)}</p>{header(n)}" for n in range(30)) + "</div>")
    assert len(rows) == 30
    assert all(told_of(number) in row.values() for number, row in enumerate(rows))


def test_a_header_with_nothing_behind_it_is_a_record_all_the_same() -> None:
    assert len(best(decisions(last=20))) == 30
    noted = best(decisions(about="<p>{}</p>", wrap="<div><p>These are the decisions.</p>{}</div>", last=20))
    assert [told_of(n) in row.values() for n, row in enumerate(noted)] == [n % 3 == 2 and n <= 20 for n in range(30)]
    assert (
        len(best("<div>" + "".join(header(n) + f"<p>{told_of(n)}</p>" * (n < 28) for n in range(30)) + "</div>")) == 30
    )


REPEATS = "repeats: 10 different values in 29 rows"


def column(selects: type[AboveSelector | PathSelector], texts: list[str]) -> ListColumn:
    return ListColumn([selects(path_key="p/text")], [(text,) if text else () for text in texts])


@pytest.mark.parametrize(
    ("found", "doubt"),
    [
        (column(AboveSelector, ["", *(told_of(n // 3) for n in range(29))]), REPEATS),
        (
            column(AboveSelector, ["", *(f"Part {n // 3}" for n in range(29))]),
            "repeats: 10 different values in 29 rows",
        ),
        (column(AboveSelector, [f"Part {n // 3}" for n in range(30)]), ""),
        (column(PathSelector, [told_of(n // 3) for n in range(30)]), "repeats: 10 different values in 30 rows"),
        (column(PathSelector, [told_of(n) for n in range(30)]), ""),
        (column(PathSelector, ["open" if n < 15 else "closed" for n in range(30)]), ""),
        (column(PathSelector, [told_of(n % 10) for n in range(30)]), ""),
    ],
)
def test_long_texts_that_go_on_over_rows_without_a_heading_are_doubted(found: ListColumn, doubt: str) -> None:
    assert doubt_of(found) == doubt


def test_categories_and_headings_that_repeat_are_not_doubted() -> None:
    states = "".join(f"<li class=item><b>Case {n}</b> <i>{'open' if n < 15 else 'closed'}</i></li>" for n in range(30))
    for page in (f"<ul>{states}</ul>", f"<div>{MONTHS}</div>"):
        learned = induce([parse(f"<html><body>{page}</body></html>".encode(), url="https://l.test/")])
        assert not any(field.doubt for table in learned.tables for field in table.fields)


def test_records_within_records_are_a_child_table() -> None:
    def bid(ship: int, n: int) -> str:
        return f"<div class=bid><b>Bidder {ship}{n}</b><i>{ship * 100 + n} EUR</i><u>Town of {chr(65 + n)}</u></div>"

    cards = "".join(
        f"<div class=ship><h3><a href='/s/{k}'>Ship number {k}</a></h3><p>Built in yard {k * 3} at the river</p>"
        f"<em>19{k}0</em><div class=bids>{''.join(bid(k, n) for n in range(1 + 5 * k % 7))}</div></div>"
        for k in range(1, 9)
    )
    document = parse(f"<html><body><main>{cards}</main></body></html>".encode(), url="https://l.test/")
    blueprint = induce([document])
    child = next(table for table in blueprint.tables if table.parent)
    records = [record for record in extract(blueprint, document).records if record.table == child.name]
    assert child.parent == blueprint.tables[0].name
    assert [record.parent for record in records] == [k - 1 for k in range(1, 9) for _ in range(1 + 5 * k % 7)]


def test_a_short_list_below_large_menus_is_the_main_thing() -> None:
    menu = "".join(f"<li><a href='/m/{n}'>Menu entry number {n} with words</a></li>" for n in range(40))
    rows = "".join(
        f"<tr><td><a href='/f/{n}.mp3'>Ship {n}</a></td><td>20-{n}0</td><td>May {n}, 2024</td></tr>"
        for n in range(1, 6)
    )
    page = (
        f"<html><body><div class=header-outline><ul class=menu>{menu}</ul><h1>Results</h1><table>"
        f"<tr><th>Ship</th><th>Number</th><th>Date</th></tr>{rows}</table></div></body></html>"
    )
    blueprint = induce([parse(page.encode(), url="https://l.test/")])
    assert blueprint.tables[0].scope.kind == "rows"
    assert {"number", "date"} <= {field.name for field in blueprint.tables[0].fields}


def test_a_bare_table_with_headers_is_a_list() -> None:
    names = ["Aurora", "Borealis", "Corvus", "Draco", "Electra", "Fornax", "Gemini", "Hydra"]
    rows = "".join(f"<tr><td>{name}</td><td>{name[::-1]}</td><td>Port {name[0]}</td></tr>" for name in names)
    page = f"<html><body><table><tr><th>Ship</th><th>Master</th><th>Home</th></tr>{rows}</table></body></html>"
    assert [row["master"] for row in best(page)] == [name[::-1] for name in names]
    assert induce([parse(page.encode())]).tables[0].scope.kind == "rows"


def two_paragraphs(number: int, *, told: bool) -> str:
    """A cell whose first paragraph names a case, while the second, if there is one, tells about it."""
    brief = f"<p><a href='/c/{number}'>Case of heir {number}</a><br>M20{number}-CV<br>Judge Holly {number}</p>"
    return brief + (f"<p>An heir of the house {number} sued.<br>The court of Aldermoor agreed.</p>" if told else "")


def test_paragraphs_that_say_another_thing_each_are_no_child_table() -> None:
    rows = "".join(
        f"<tr><td>{two_paragraphs(n, told=n % 4 > 0)}</td><td>Town {n}</td><td>{n} May 2026</td><td>{n} EUR</td></tr>"
        for n in range(10, 26)
    )
    document = parse(f"<html><body><table>{rows}</table></body></html>".encode(), url="https://court.test/")
    assert not [table for table in induce([document]).tables if table.parent]
    found = {
        str(cell.raw) for record in extract(induce([document]), document).records for cell in record.fields.values()
    }
    assert {"Case of heir 11", "/c/11", "M2011-CV", "11 May 2026"} <= found
