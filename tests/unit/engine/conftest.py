"""Parsed pages for the engine's tests."""

from collections.abc import Callable

import pytest

from core.model.document import ParsedDocument
from core.parse import parse
from tests.engine_pages import SITES, book_page


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
