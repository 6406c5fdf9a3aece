from collections.abc import Callable

from core.heal import heal
from core.induce import induce
from core.model.document import ParsedDocument
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
