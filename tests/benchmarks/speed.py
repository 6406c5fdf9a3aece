"""How fast pages are read and learned, as ratios to parsers and to other tools on the same pages in the same run."""

import time
from collections.abc import Callable, Iterable, Iterator
from types import ModuleType
from typing import Any, NamedTuple

import lxml.html
from autoscraper import AutoScraper
from parsel import Selector
from scrapling import Selector as ScraplingSelector
from selectolax.lexbor import LexborHTMLParser

from core.blueprint.codegen import generate
from core.errors import NothingExtracted
from core.extract import extract
from core.induce import induce
from core.model.blueprint import Blueprint
from core.parse import parse
from tests.benchmarks.by_hand import reader
from tests.benchmarks.cases import Case, Page

ROUNDS = 3
MANY_PAGES = 100
RIVAL_PAGES = 4
RIVAL_TEXTS = 12
MAX_LEARN = 10
SIZES = (250, 1_000, 4_000, 10_000)


class Learned(NamedTuple):
    """A case, its blueprint, the extractor written from it, and the pages it reads."""

    case: Case
    blueprint: Blueprint
    run: Callable[[Page], Iterator[dict[str, Any]]]


class Ratio(NamedTuple):
    """One line of the table: our time, that of the other, and the bar for ours ÷ theirs (or theirs ÷ ours)."""

    what: str
    ours: float
    other: float
    bar: str = ""
    faster: bool = False

    @property
    def value(self) -> float:
        """How many times as long we take; how many times as fast we are where the bar asks that."""
        return self.other / self.ours if self.faster else self.ours / self.other


def learned(cases: Iterable[Case]) -> list[Learned]:
    """The cases of web pages, each with its written extractor."""
    found = [(case, _induced(case.learn)) for case in cases]
    return [Learned(case, b, compiled(b)) for case, b in found if b is not None and b.kind == "html"]


def _induced(pages: Iterable[Page]) -> Blueprint | None:
    try:
        return induce([parse(page.content, url=page.url) for page in pages])
    except NothingExtracted:
        return None


def compiled(blueprint: Blueprint) -> Callable[[Page], Iterator[dict[str, Any]]]:
    """`extract` of the module that is written from a blueprint."""
    module = ModuleType("written")
    exec(compile(generate(blueprint), "written", "exec"), module.__dict__)
    run: Callable[[Page], Iterator[dict[str, Any]]] = module.extract
    return run


def best(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Processor seconds of the fastest of several rounds."""
    seconds = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        seconds.append(time.process_time() - start)
    return min(seconds)


def total(time_of: Callable[[Learned], float], found: Iterable[Learned]) -> float:
    """The sum over all cases: small pages weigh as little as they cost."""
    return sum(time_of(each) for each in found)


def plain_text(page: Page) -> str:
    """What every reader of a page must do at least: parse it and take its text."""
    body = LexborHTMLParser(page.content).body
    return body.text(separator=" ", strip=True) if body else ""


def _over(read: Callable[[Page], object], each: Learned, rounds: int = ROUNDS) -> float:
    return best(lambda: [read(page) for page in each.case.pages], rounds)


def extraction(found: list[Learned]) -> list[Ratio]:
    """The compiled path beside plain parsing and hand-written selectors."""
    rounds = 1 if sum(len(each.case.pages) for each in found) > MANY_PAGES else ROUNDS
    ours = total(lambda each: _over(lambda page: list(each.run(page)), each, rounds), found)
    located = total(lambda each: _over(lambda page: _located(each.blueprint, page), each, rounds), found)
    plain = total(lambda each: _over(plain_text, each), found)
    parsel = total(lambda each: _by_hand(each, _parsel, rounds), found)
    scrapling = total(lambda each: _by_hand(each, ScraplingSelector, rounds), found)
    return [
        Ratio("written extractor ÷ lexbor parse + text", ours, plain, "≤ 3"),
        Ratio("interpreter with evidence ÷ lexbor parse + text", located, plain),
        Ratio("hand-written parsel ÷ written extractor", ours, parsel, "≥ 3", faster=True),
        Ratio("the same selectors in Scrapling ÷ written extractor", ours, scrapling, faster=True),
    ]


def _located(blueprint: Blueprint, page: Page) -> object:
    return extract(blueprint, parse(page.content, url=page.url))


def _parsel(content: bytes) -> Selector:
    return Selector(text=content.decode("utf-8", "replace"))


def _by_hand(each: Learned, page: Callable[[bytes], Any], rounds: int) -> float:
    read = reader(each.blueprint, page)
    return _over(lambda one: read(one.content), each, rounds)


def learning(found: list[Learned]) -> list[Ratio]:
    """Learning on up to ten pages beside parsing the same pages with lxml."""
    several = [each for each in found if len(each.case.pages) > 1] or found
    ours = total(lambda each: best(lambda: _induced(each.case.pages[:MAX_LEARN]), 1), several)
    parsed = total(lambda each: best(lambda: [_lxml(page) for page in each.case.pages[:MAX_LEARN]]), several)
    return [Ratio(f"learning on up to {MAX_LEARN} pages ÷ lxml parse of them", ours, parsed, "≤ 15")]


def _lxml(page: Page) -> object:
    return lxml.html.fromstring(page.content)


def scaling() -> list[tuple[int, float, float]]:
    """For lists of growing length: bytes of the page, seconds to learn it, microseconds a node."""
    return [_scaled(size) for size in SIZES]


def _scaled(rows: int) -> tuple[int, float, float]:
    page = Page("https://list.test/", long_list(rows))
    nodes = len(parse(page.content).root.nodes)
    seconds = best(lambda: _induced([page]), 1)
    return len(page.content), seconds, seconds / nodes * 1e6


def long_list(rows: int) -> bytes:
    """A page with a list of so many records, each with a link, a date and an amount."""
    item = (
        '<li class="item"><a href="/item/{0}">Thing number {0}</a> <span class="day">2024-{1:02}-{2:02}</span>'
        '<b class="price">{0}.50 EUR</b></li>'
    )
    lines = "".join(item.format(number, number % 12 + 1, number % 28 + 1) for number in range(rows))
    return f"<html><body><h1>All things</h1><ul class='things'>{lines}</ul></body></html>".encode()


class Rival(NamedTuple):
    """What AutoScraper made of one case: its seconds and ours, and how many of the wanted texts it found."""

    seconds: float
    ours: float
    right: int
    wanted: int


def autoscraper(found: list[Learned]) -> tuple[list[Ratio], float, int]:
    """AutoScraper, given the texts of the first record of one page: its time, the share of the texts of the first
    records of the other pages that it finds, and on how many templates.
    """
    rivals = [_rival(each) for each in found if len(each.case.pages) > 2]
    theirs, ours = sum(rival.seconds for rival in rivals), sum(rival.ours for rival in rivals)
    lines = [Ratio("AutoScraper's reading ÷ written extractor", ours, theirs, faster=True)] if rivals else []
    return lines, sum(r.right for r in rivals) / max(1, sum(r.wanted for r in rivals)), len(rivals)


def _rival(each: Learned) -> Rival:
    first, *rest = each.case.pages
    scraper = AutoScraper()
    scraper.build(
        html=_decoded(first), wanted_dict={key: [text] for key, text in _texts(each.blueprint, first).items()}
    )
    start = time.process_time()
    got = [set(scraper.get_result_exact(html=_decoded(page)) or ()) for page in rest]
    seconds = time.process_time() - start
    ours = best(lambda: [list(each.run(page)) for page in rest], 1)
    said = [set(list(_texts(each.blueprint, page).values())[:RIVAL_TEXTS]) for page in rest]
    right = sum(len(texts & found) for texts, found in zip(said, got, strict=True))
    return Rival(seconds, ours, right, sum(map(len, said)))


def _texts(blueprint: Blueprint, page: Page) -> dict[str, str]:
    """The plain texts of the first record of the main table."""
    records = extract(blueprint, parse(page.content, url=page.url)).records
    first = records[0].fields if records else {}
    return {name: cell.raw for name, cell in first.items() if isinstance(cell.raw, str)}


def _decoded(page: Page) -> str:
    return page.content.decode("utf-8", "replace")
