"""Parsed documents: pages of the sample portal in both designs, book pages, and the golden folders."""

from collections.abc import Callable, Iterator

import httpx
import pytest

from core.model import ParsedDocument
from core.parse import parse
from jobs.portal.server import PortalServer
from tests.engine_pages import SITES, book_page

Visit = Callable[..., ParsedDocument]


@pytest.fixture(scope="module")
def visit() -> Iterator[Visit]:
    """Fetches a path of the portal, in the old or the new design."""
    with PortalServer(port=0) as portal:

        def page(path: str, *, redesigned: bool = False) -> ParsedDocument:
            portal.redesigned = redesigned
            answer = httpx.get(portal.url + path, timeout=10)
            media_type = answer.headers["content-type"].partition(";")[0]
            return parse(answer.content, url=portal.url + path, media_type=media_type)

        yield page


@pytest.fixture
def book() -> Callable[[int], ParsedDocument]:
    """The parsed page of one of six books."""
    return lambda number: parse(book_page(number), url=f"https://books.test/b/{number}")


@pytest.fixture
def site() -> Callable[[str], ParsedDocument]:
    """The parsed page of a golden folder."""

    def read(name: str) -> ParsedDocument:
        return parse((SITES / name / "page.html").read_bytes(), url=f"https://{name}.test/list")

    return read
