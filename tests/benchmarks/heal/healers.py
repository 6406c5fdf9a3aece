"""The healers of the lab under one roof: learn on known pages, see fresh ones, read one of them field by field."""

import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from lxml import html

from core.extract import extract
from core.heal import heal
from core.induce import induce
from core.model import Blueprint, ParsedDocument
from core.parse import parse
from tests.benchmarks.heal.golden import MARK, Case, truth, unmarked

URL = "https://lab.test/page"


@dataclass
class Answer:
    """What a healer reads after the redesign: texts by field, the fields it stands by, and how long the repair took."""

    texts: dict[str, list[str]] = field(default_factory=dict)
    claimed: set[str] = field(default_factory=set)
    seconds: float = 0.0
    columns: int = 1


class Healer(Protocol):
    """One way to repair."""

    def __call__(self, case: Case) -> Answer: ...


def doctor(case: Case) -> Answer:
    """This project: learns without being told the fields; a field is the column that reads the marked values."""
    before, after = _parsed(case.learned), _parsed(case.fresh)
    blueprint = induce(before)
    names = names_of(blueprint, before, case.learned, case.fields)
    started = time.perf_counter()
    healed, report = heal(blueprint, before, after)
    seconds = time.perf_counter() - started
    read = columns(healed, parse(unmarked(case.test), url=f"{URL}/test"))
    claimed = {name for name, place in names.items() if report.fields.get(".".join(place)) in ("kept", "moved")}
    texts = {name: read.get(place, []) for name, place in names.items()}
    return Answer(texts, claimed, seconds, sum(len(table.fields) for table in blueprint.tables))


def unhealed(case: Case) -> Answer:
    """The blueprint as it was."""
    before = _parsed(case.learned)
    blueprint = induce(before)
    read = columns(blueprint, parse(unmarked(case.test), url=f"{URL}/test"))
    names = names_of(blueprint, before, case.learned, case.fields)
    return Answer({name: read.get(place, []) for name, place in names.items()}, set(names))


def _parsed(pages: Sequence[html.HtmlElement]) -> list[ParsedDocument]:
    return [parse(unmarked(page), url=f"{URL}/{number}") for number, page in enumerate(pages)]


Place = tuple[str, str]


def names_of(
    blueprint: Blueprint, pages: Sequence[ParsedDocument], marked: Sequence[html.HtmlElement], fields: Sequence[str]
) -> dict[str, Place]:
    """For each marked field the first column that reads exactly its values on all pages that are known."""
    read = [columns(blueprint, page) for page in pages]
    wanted = {name: [truth(page, name) for page in marked] for name in fields}
    order = [(table.name, found.name) for table in blueprint.tables for found in table.fields]
    return {
        name: place
        for name, values in wanted.items()
        if (place := next((key for key in order if [one.get(key, []) for one in read] == values), None)) is not None
    }


def columns(blueprint: Blueprint, page: ParsedDocument) -> dict[Place, list[str]]:
    """What a blueprint reads on a page, column by column."""
    found: dict[Place, list[str]] = {}
    for record in extract(blueprint, page).records:
        for name, cell in record.fields.items():
            raws = cell.raw if isinstance(cell.raw, list) else [cell.raw]
            found.setdefault((record.table, name), []).extend(" ".join(str(raw).split()) for raw in raws)
    return found


def scrapling(case: Case) -> Answer:
    """Scrapling's adaptive selectors: saved on the first known page, relocated where they find nothing."""
    from scrapling.parser import Selector

    answer = Answer(columns=len(case.fields))
    with tempfile.TemporaryDirectory() as folder:
        storage = {"storage_file": str(Path(folder) / "elements.db"), "url": URL}
        known: Any = Selector(unmarked(case.learned[0]), url=URL, adaptive=True, storage_args=storage)
        selectors = {name: css_of(case.learned[0], name) for name in case.fields}
        for name, css in selectors.items():
            known.css(css, identifier=name, auto_save=True)
        fresh: Any = Selector(unmarked(case.test), url=URL, adaptive=True, storage_args=storage)
        started = time.perf_counter()
        for name, css in selectors.items():
            found = fresh.css(css, identifier=name, adaptive=True)
            answer.texts[name] = [" ".join(str(node.get_all_text()).split()) for node in found]
        answer.seconds = time.perf_counter() - started
    answer.claimed = {name for name, texts in answer.texts.items() if texts}
    return answer


def css_of(page: html.HtmlElement, name: str) -> str:
    """The first plain selector that finds the marked elements and nothing else."""
    nodes = page.xpath(f"//*[@{MARK}='{name}']")
    first = nodes[0]
    parent = first.getparent()
    mine, above = _simple(first), _simple(parent)
    place = parent.index(first) + 1
    tries = (mine, f"{above} > {mine}", f"{above} > {first.tag}:nth-child({place})")
    return next((css for css in tries if page.cssselect(css) == nodes), tries[-1])


def _simple(node: html.HtmlElement) -> str:
    classes = (node.get("class") or "").split()
    return node.tag + "".join(f".{name}" for name in classes[:1])


def autoscraper(case: Case) -> Answer:
    """AutoScraper: taught two values of each field, asked for what is similar."""
    from autoscraper import AutoScraper

    scraper: Any = AutoScraper()
    wanted: Mapping[str, list[str]] = {name: truth(case.learned[0], name)[:2] for name in case.fields}
    scraper.build(html=unmarked(case.learned[0]).decode(), wanted_dict=dict(wanted))
    started = time.perf_counter()
    found = scraper.get_result_similar(html=unmarked(case.test).decode(), group_by_alias=True, unique=False)
    seconds = time.perf_counter() - started
    texts = {name: [" ".join(text.split()) for text in found.get(name, [])] for name in case.fields}
    return Answer(texts, {name for name, values in texts.items() if values}, seconds, len(case.fields))
