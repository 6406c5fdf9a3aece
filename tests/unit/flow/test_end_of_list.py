"""When a page that does not come is the end of a list, and how that is said."""

import pytest

from core.errors import PageGone
from core.flow.end_of_list import End, end_of_list, is_made_up, is_past_end, why_ended
from core.model import Blueprint, Extraction, Fetched, FetchRequest, FieldValue, RawDocument, Record, RecordSet
from core.model.pagination import LinkPagination, NumberedPagination, RelLink
from core.model.scope import RowsScope
from core.parse import parse
from tests.contract.nouns import a_document

URL = "https://a.example/?page=7"


NUMBERED = Blueprint(kind="html", tables=(), pagination=NumberedPagination(number_at="?page={}"))
LINKED = Blueprint(kind="html", tables=(), pagination=LinkPagination(link=RelLink()))
SINGLE = Blueprint(kind="html", tables=())


def refused(status: int | None) -> PageGone:
    fetched = Fetched(URL, status, "text/html", "utf-8", b"") if status else None
    return PageGone("It is gone.", fetched=fetched)


def request(page: int) -> FetchRequest:
    return FetchRequest(source_id="s", url=URL, page=page)


@pytest.mark.parametrize("status", [200, 204, 400, 404, 410, 416, 422])
def test_a_host_that_knows_no_such_page_ends_a_list_of_numbered_ones(status: int) -> None:
    assert is_past_end(request(7), refused(status), NUMBERED)


@pytest.mark.parametrize("status", [None, 301, 401, 403, 405, 429, 500, 503])
def test_a_host_that_refuses_for_another_reason_ends_nothing(status: int | None) -> None:
    assert not is_past_end(request(7), refused(status), NUMBERED)


def test_the_first_page_of_a_list_is_never_behind_its_end() -> None:
    assert not is_past_end(request(1), refused(404), NUMBERED)
    assert is_past_end(request(2), refused(404), NUMBERED)


@pytest.mark.parametrize("read_by", [LINKED, SINGLE], ids=["linked", "single"])
def test_a_page_that_another_one_names_is_missed(read_by: Blueprint) -> None:
    assert not is_past_end(request(7), refused(404), read_by)
    assert not is_made_up(read_by)


def test_it_is_said_whether_a_page_led_on() -> None:
    end = End("https://a.example/?page=6")
    assert why_ended(7, end, NUMBERED) == "Page 7 shows what https://a.example/?page=6 shows: the list has ended."
    assert why_ended(7, end, LINKED).endswith("the list has ended, although it leads on.")


def unread(_: RawDocument) -> list[Record]:
    raise AssertionError("an earlier page was read although its bytes say enough")


def test_the_same_bytes_are_a_repetition_without_being_read() -> None:
    page, before = a_document(url=URL), a_document(url="https://a.example/?page=6")
    parsed, extraction = parse(b"<p>1</p>", url=URL), Extraction(page.content_hash, URL, [])
    assert end_of_list(page, parsed, NUMBERED, extraction, [before], unread) == End(before.url)
    assert end_of_list(page, parsed, NUMBERED, extraction, [], unread) == End()


ITEMS = (RecordSet(name="items", scope=RowsScope(element_path="li"), fields=()),)


def items(*names: str) -> list[Record]:
    """Records that share what most of them say, and have a name of their own."""
    return [
        Record("items", n, {"name": FieldValue(name, name, 1, None), "state": FieldValue("open", "open", 1, None)})
        for n, name in enumerate(names)
    ]


def ended(blueprint: Blueprint, found: list[Record], *before: list[Record], text: str = "") -> End:
    """How a page with these records is judged after pages with those."""
    page, parsed = a_document(url=URL), parse(f"<p>{text}</p>".encode(), url=URL)
    pages = [a_document(url=f"https://a.example/?page={n}", content_hash=str(n)) for n in range(len(before))]
    of_url = {one.url: records for one, records in zip(pages, before, strict=True)}
    with_items = blueprint.model_copy(update={"tables": ITEMS})
    extraction = Extraction(page.content_hash, URL, found)
    return end_of_list(page, parsed, with_items, extraction, pages, lambda one: of_url[one.url])


FEW = items("a", "b")
MANY = items("a", "b", "c", "d", "e")


def test_of_pages_that_numbers_name_a_part_of_what_was_shown_is_a_repetition() -> None:
    """Of two records nothing tells them apart for sure, which is enough where nobody said that there is such a page."""
    assert ended(NUMBERED, items("a"), FEW).repeats
    assert not ended(LINKED, items("a"), FEW).repeats
    assert ended(LINKED, items("a", "b"), FEW).repeats
    assert not ended(NUMBERED, items("x", "y"), FEW).repeats


def test_each_earlier_page_is_looked_at() -> None:
    assert ended(NUMBERED, items("a", "b"), items("x", "y"), FEW).repeats == "https://a.example/?page=1"


def test_a_page_of_numbered_ones_that_is_far_from_full_is_the_last() -> None:
    assert ended(NUMBERED, items("x"), MANY).is_last
    assert not ended(NUMBERED, items("v", "w", "x", "y", "z"), MANY).is_last
    assert not ended(LINKED, items("x"), MANY).is_last


def test_a_page_that_says_how_many_there_are_is_believed_more_than_its_size() -> None:
    assert not ended(NUMBERED, items("x"), MANY, text="Page 7 of 9").is_last
