"""Lists whose pages differ in a number of the address: what is guessed, what proves it, and that every walk ends."""

import json
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import core.pagination.numbered
from core.blueprint.codegen import generate
from core.extract import extract
from core.induce import induce
from core.induce.pagination.numbered import guesses, proves
from core.model import Blueprint, Extraction, ParsedDocument
from core.model.pagination import NumberedPagination
from core.pagination.numbered import MOST_PAGES, address_of, number_of
from core.pagination.repeats import is_repetition, is_short, listed, to_compare
from core.pagination.totals import is_last_page
from core.parse import parse
from tests.effort import tries

SHIPS = "http://ships.test/list"
NAMES = ("Aurora", "Borealis", "Corona", "Deneb", "Electra", "Fornax", "Gemma", "Hydra")


def html(numbers: Sequence[int], beside: str = "") -> bytes:
    rows = "".join(
        f"<tr><td><a href='/ship/{n}'>{NAMES[n % 8]} {n}</a></td><td>{n * 7 % 90 + 10} m</td><td>in port</td></tr>"
        for n in numbers
    )
    head = "<tr><th>Ship</th><th>Length</th><th>State</th></tr>"
    return f"<html><body><h1>Ships</h1><table>{head}{rows}</table>{beside}</body></html>".encode()


def page(url: str, numbers: Sequence[int] = range(10), beside: str = "") -> ParsedDocument:
    return parse(html(numbers, beside), url=url)


def guessed(url: str, beside: str = "") -> list[tuple[str, int, int, str]]:
    document = page(url, beside=beside)
    blueprint = induce([document])
    found = guesses(blueprint, document, extract(blueprint, document))
    return [(g.pagination.number_at, g.pagination.first, g.pagination.step, g.probe) for g in found]


@pytest.mark.parametrize(
    ("url", "beside", "expected"),
    [
        (f"{SHIPS}?page=1&sort=x", "", [("?page={}", 1, 1, f"{SHIPS}?page=2&sort=x")]),
        (f"{SHIPS}?a[page]=3", "", [("?a[page]={}", 3, 1, f"{SHIPS}?a[page]=4")]),
        (f"{SHIPS}/page/2/", "", [("/page/{}", 2, 1, f"{SHIPS}/page/3/")]),
        (f"{SHIPS}?start=0&rows=10", "", [("?start={}", 0, 10, f"{SHIPS}?start=10&rows=10")]),
        (f"{SHIPS}?start=1&rows=10", "", [("?start={}", 1, 10, f"{SHIPS}?start=11&rows=10")]),
        (f"{SHIPS}?offset=0", "", [("?offset={}", 0, 10, f"{SHIPS}?offset=9")]),
        (SHIPS, "<a href='?from=10'>+</a><a href='?from=30'>++</a>", [("?from={}", 0, 10, f"{SHIPS}?from=10")]),
        (SHIPS, "<a href='?p=2'>+</a><a href='?p=9'>++</a>", [("?p={}", 1, 1, f"{SHIPS}?p=2")]),
        (SHIPS, "<a href='/list/page/9'>end</a>", [("/page/{}", n, 1, f"{SHIPS}/page/{n + 1}") for n in (0, 1)]),
        (SHIPS, "<a href='/list/9'>9</a>", [("/{}", n, 1, f"{SHIPS}/{n + 1}") for n in (0, 1)]),
        (SHIPS, "<form><input name=page value=2></form>", [("?page={}", 1, 1, f"{SHIPS}?page=2")]),
        (SHIPS, "<button data-page=1>more</button>", [("?page={}", n, 1, f"{SHIPS}?page={n + 1}") for n in (0, 1)]),
        (SHIPS, "<p>1–10 of 350</p>", [("?page={}", n, 1, f"{SHIPS}?page={n + 1}") for n in (0, 1)]),
        (SHIPS, "", []),
        (SHIPS, "<p>1–10 of 10</p><button data-page=1>more</button>", []),
        (SHIPS, "<a href='/list/9'>Ship nine</a>", []),
        (SHIPS, "<a href='http://other.test/list?page=2'>more</a>", []),
        (SHIPS, "<form method=post><input name=page></form>", []),
        (f"{SHIPS}?p=1437", "", []),
        (f"{SHIPS}?page=1", "<a rel=next href='?page=2'>next</a>", []),
    ],
)
def test_what_the_address_and_the_page_suggest(
    url: str, beside: str, expected: list[tuple[str, int, int, str]]
) -> None:
    assert guessed(url, beside) == expected


def test_a_json_list_is_guessed_by_its_address() -> None:
    body = json.dumps([{"name": f"Ship {n}", "length": n * 7} for n in range(10)]).encode()
    document = parse(body, url="http://ships.test/api?page=1")
    blueprint = induce([document])
    (guess,) = guesses(blueprint, document, extract(blueprint, document))
    assert guess.probe == "http://ships.test/api?page=2"


@pytest.mark.parametrize(("total", "probes"), [(35, ["?page=1", "?page=2"]), (10, [])])
def test_an_api_that_holds_more_than_it_answers_is_asked_for_pages(total: int, probes: list[str]) -> None:
    ships = [{"name": f"Ship {n}", "length": n * 7} for n in range(10)]
    document = parse(json.dumps({"total": total, "items": ships}).encode(), url="http://ships.test/api")
    blueprint = induce([document])
    found = guesses(blueprint, document, extract(blueprint, document))
    assert [guess.probe for guess in found] == [f"http://ships.test/api{probe}" for probe in probes]


@pytest.mark.parametrize(
    ("probe", "is_proof"),
    [
        (html(range(10, 20)), True),
        (html(range(10, 13)), True),
        (html([0, *range(10, 19)]), True),  # one record is pinned to the top of every page
        (html(range(10)), False),
        (html(range(5, 15)), False),
        (html([]), False),
        (b"<html><body><h1>No such page</h1><p>Try the search.</p></body></html>", False),
    ],
)
def test_a_guess_is_proved_by_other_records_of_the_list(probe: bytes, is_proof: bool) -> None:
    document = page(f"{SHIPS}?page=1")
    blueprint = induce([document])
    first = extract(blueprint, document)
    (guess,) = guesses(blueprint, document, first)
    assert proves(guess, blueprint, first, extract(blueprint, parse(probe, url=guess.probe))) is is_proof


@pytest.mark.parametrize(("numbers", "is_proof"), [(range(9, 19), True), (range(90, 100), False)])
def test_a_step_that_nothing_shows_is_proved_by_the_last_record(numbers: range, is_proof: bool) -> None:
    document = page(f"{SHIPS}?offset=0")
    blueprint = induce([document])
    first = extract(blueprint, document)
    (guess,) = guesses(blueprint, document, first)
    assert proves(guess, blueprint, first, extract(blueprint, page(guess.probe, numbers))) is is_proof


@pytest.mark.parametrize(
    ("beside", "is_last"),
    [
        ("<p>1–10 of 350</p>", False),
        ("<p>Showing 341 to 350 of 350 entries</p>", True),
        ("<p>Results <b>1</b> - <b>10</b> of about <b>1,350</b></p>", False),
        ("<p>Seite 3 von 17</p>", False),
        ("<p>Page 17 of 17</p>", True),
        ("<div data-total-pages='3'></div>", True),
        ("<script>var list = {totalPages: 4, size: 10}</script>", False),
        ("<p>Page 1 of 2</p><p>Page 2 of 2</p>", None),
        ("<p>5-9 of 12 people liked this</p>", None),
        ("", None),
    ],
)
def test_what_a_page_says_about_how_much_there_is(beside: str, is_last: bool | None) -> None:
    assert is_last_page(page(SHIPS, beside=beside).root, 10, 3) is is_last


@pytest.mark.parametrize(
    ("records", "beside", "goes_on"),
    [
        (10, "", True),
        (3, "", True),
        (0, "", False),
        (10, "<p>Page 1 of 9</p>", True),
        (10, "<p>Page 9 of 9</p>", False),
    ],
)
def test_an_empty_page_or_one_that_says_so_is_the_last(
    numbered: Blueprint, records: int, beside: str, goes_on: bool
) -> None:
    found = extract(numbered, page(f"{SHIPS}?page=1", range(records), beside))
    assert found.next_url == (f"{SHIPS}?page=2" if goes_on else None)


ADDRESSES = st.sampled_from(
    [
        SHIPS,
        f"{SHIPS}/",
        f"{SHIPS}?sort=x",
        f"{SHIPS}?pages=3&page=7&q=%20",
        f"{SHIPS}?page=7",
        f"{SHIPS}/page/7/?q=1#a",
    ]
)


@given(ADDRESSES, st.sampled_from(["?page={}", "?a%5Bp%5D={}", "/page/{}", "/seite-{}"]), st.integers(0, 10**6))
def test_an_address_holds_the_number_that_was_put_in(url: str, pattern: str, number: int) -> None:
    pagination = NumberedPagination(number_at=pattern, first=3)
    made = address_of(pagination, url, number)
    assert number_of(pagination, made) == number
    assert address_of(pagination, made, number_of(pagination, url)) in (
        address_of(pagination, url, number_of(pagination, url)),
        url.partition("#")[0],
    )


Site = Callable[[int], Sequence[int]]


def walked(site: Site, blueprint: Blueprint) -> list[Extraction]:
    """What a run reads of a site that answers every number."""
    read: dict[str, Extraction] = {}
    url: str | None = f"{SHIPS}?page=1"
    before: tuple[str, ...] = ()
    while url:
        assert blueprint.pagination
        found = extract(blueprint, page(url, site(number_of(blueprint.pagination, url))), located=False)
        records, earlier = listed(blueprint, found), [listed(blueprint, read[address]) for address in before]
        if any(is_repetition(records, those) for those in earlier):
            break
        read[url] = found
        before = to_compare(len(read), url, before)
        url = None if is_short(records, earlier) else found.next_url
    return list(read.values())


@pytest.fixture(scope="module")
def numbered() -> Blueprint:
    learned = induce([page(f"{SHIPS}?page=1")])
    return learned.model_copy(update={"pagination": NumberedPagination(number_at="?page={}")})


@settings(max_examples=tries(40), deadline=None)
@given(tail=st.integers(0, 6), cycle=st.integers(1, 6))
def test_a_site_that_repeats_itself_is_left(numbered: Blueprint, tail: int, cycle: int) -> None:
    def site(number: int) -> range:
        index = number - 1 if number <= tail else tail + (number - 1 - tail) % cycle
        return range(index * 10, index * 10 + 10)

    read = walked(site, numbered)
    assert tail + cycle <= len(read) <= 3 * (tail + cycle) + 2


def test_the_last_page_for_ever_is_read_once(numbered: Blueprint) -> None:
    read = walked(lambda number: range(min(number, 4) * 10, min(number, 4) * 10 + 10), numbered)
    assert len(read) == 4


def test_a_site_that_makes_up_records_for_ever_is_left(numbered: Blueprint, monkeypatch: pytest.MonkeyPatch) -> None:
    # a hundred times fewer than in service: every page is read here
    few = MOST_PAGES // 100
    monkeypatch.setattr(core.pagination.numbered, "MOST_PAGES", few)
    assert len(walked(lambda number: range(number * 10, number * 10 + 10), numbered)) == few + 1


def test_a_shorter_page_ends_the_list(numbered: Blueprint) -> None:
    assert len(walked(lambda number: range(number * 10, number * 10 + (10 if number < 5 else 3)), numbered)) == 5


def test_the_written_module_holds_the_pattern(numbered: Blueprint) -> None:
    written: dict[str, Blueprint] = {}
    exec(compile(generate(numbered), "extractor", "exec"), written)
    assert written["BLUEPRINT"].pagination == numbered.pagination


def test_a_person_is_told_how_a_list_goes_on(numbered: Blueprint) -> None:
    assert numbered.pagination
    assert numbered.pagination.words == "by the number in the address, ?page=…, up by 1"
    linked = induce([page(f"{SHIPS}?page=1", beside="<a href='?page=2'>Next</a>")])
    assert linked.pagination
    assert linked.pagination.words == "by the link “next”"
