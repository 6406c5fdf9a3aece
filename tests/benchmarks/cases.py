"""The pages that benchmarks read: our own, and those of a folder of saved cases."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from jobs.portal import content
from jobs.portal.server import PortalServer
from tests.engine_pages import BOOKS, SITES, book_page

SUITES = ("pages", "lists")
DETAILS = 10


class Page(NamedTuple):
    """The bytes of a page and its address: what a written extractor is given."""

    url: str
    content: bytes


class Case(NamedTuple):
    """Pages of one template: those to learn from and those to read; `truth` by address, where it is known.

    The `suite` says whether each is about one thing ("pages") or lists many ("lists"); "" where that is not told.
    """

    name: str
    learn: tuple[Page, ...]
    read: tuple[Page, ...]
    truth: dict[str, list[dict[str, list[str]]]]
    suite: str = ""

    @property
    def pages(self) -> tuple[Page, ...]:
        """All pages, each once."""
        return tuple(dict.fromkeys((*self.learn, *self.read)))


def own_cases() -> list[Case]:
    """Pages of the sample portal, of a made-up bookshop, and the golden pages."""
    with PortalServer() as portal:
        tenders = [f"{portal.url}/tenders/{tender.reference}" for tender in content.TENDERS[:DETAILS]]
        found = [
            _alike("portal tenders", *(_fetched(url) for url in tenders)),
            _alike("portal list", _fetched(f"{portal.url}/tenders"), _fetched(f"{portal.url}/tenders?page=2")),
        ]
    books = (Page(f"https://books.test/{number}", book_page(number)) for number in range(len(BOOKS)))
    golden = (_alike(f"golden {path.parent.name}", _read(path)) for path in sorted(SITES.glob("*/page.html")))
    return [*found, _alike("bookshop", *books), *golden]


def _alike(name: str, *pages: Page) -> Case:
    return Case(name, pages, pages, {})


def _fetched(url: str) -> Page:
    return Page(url, httpx.get(url, trust_env=False).raise_for_status().content)


def _read(path: Path) -> Page:
    return Page(path.resolve().as_uri(), path.read_bytes())


def saved_cases(root: Path) -> Iterator[Case]:
    """Cases in folders `pages/NAME` and `lists/NAME`, each with a `case.json` that says what to learn and to read."""
    for path in sorted(path for suite in SUITES for path in (root / suite).glob("*/case.json")):
        said: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        learn, read = (tuple(_read(path.parent / name) for name in said[key]) for key in ("learn", "test"))
        truth = {(path.parent / name).resolve().as_uri(): rows for name, rows in said["truth"].items()}
        yield Case(said["case"], learn, read, truth, path.parents[1].name)
