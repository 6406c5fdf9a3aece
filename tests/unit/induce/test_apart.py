"""A second way to a field shares nothing with the first, is proved on the pages, and agrees on calm ones."""

import pytest

from core.compare.second import second_opinions
from core.extract import extract
from core.induce import induce
from core.induce.html.apart import goes_by, learned_apart
from core.model import Blueprint, ParsedDocument
from core.model.selector import EmbeddedSelector, LabelSelector, PathSelector, Selector
from core.parse import parse

PAGE = """<html><head><script type="application/ld+json">{{"@type": "Event", "startDate": "2026-03-{day:02}"}}</script>
</head><body><h1>Fair {n}</h1><dl><dt>Place</dt><dd class="place">Town {n}</dd><dt>Starts</dt><dd>{day} March 2026</dd>
<dt>Tickets</dt><dd>{n}0</dd></dl></body></html>"""


def page(n: int, text: str = PAGE) -> ParsedDocument:
    return parse(text.format(n=n, day=n + 3).encode(), url=f"http://fair.example/{n}")


def ways(blueprint: Blueprint | None) -> dict[str, Selector]:
    return {one.name: one.selectors[0] for table in (blueprint.tables if blueprint else ()) for one in table.fields}


def test_another_way_is_found_by_class_or_in_the_data_for_machines() -> None:
    pages = [page(n) for n in range(1, 6)]
    blueprint = induce(pages)
    found = ways(learned_apart(blueprint, pages))
    first = {field.name: field.selectors[0] for field in blueprint.tables[0].fields}
    assert all(not goes_by(selector) & goes_by(first[name]) for name, selector in found.items())
    kinds = {first[name].kind: selector.kind for name, selector in found.items()}
    assert kinds
    assert {"jsonld", "path"} & {selector.kind for selector in found.values()}
    assert "tickets" not in found


def test_calm_pages_agree_and_a_swap_does_not() -> None:
    pages = [page(n) for n in range(1, 6)]
    blueprint = induce(pages)
    second = learned_apart(blueprint, pages)
    calm = list(second_opinions(blueprint, extract(blueprint, page(9), second=second)))
    assert calm
    assert all(one.agrees for one in calm)
    # the labels change places, the classes and the data do not
    swapped = PAGE.replace("<dt>Place", "<dt>X").replace("<dt>Tickets", "<dt>Place").replace("<dt>X", "<dt>Tickets")
    doubted = list(second_opinions(blueprint, extract(blueprint, page(9, swapped), second=second)))
    assert [(one.first.raw, one.other.raw) for one in doubted if not one.agrees] == [("90", "Town 9")]


def test_what_agrees_by_chance_on_few_pages_is_no_way() -> None:
    pages = [page(1), page(2)]
    assert learned_apart(induce(pages), pages) is None
    assert learned_apart(induce(pages), []) is None


def test_data_have_one_way_only() -> None:
    rows = parse(b'[{"a": 1}, {"a": 2}, {"a": 3}]', url="http://x.example/a.json")
    assert learned_apart(induce([rows]), [rows]) is None


def test_an_extraction_is_the_same_with_a_second_reader() -> None:
    pages = [page(n) for n in range(1, 6)]
    blueprint = induce(pages)
    again = extract(blueprint, pages[0], second=learned_apart(blueprint, pages))
    assert again.records == extract(blueprint, pages[0]).records
    assert again.second


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        (PathSelector(path_key="div.price>b/text"), PathSelector(path_key="p.price/text"), True),
        (PathSelector(path_key="div.price>b/text"), PathSelector(path_key="td:2/text"), False),
        (PathSelector(path_key="[Price]/text"), PathSelector(path_key="td:2/text"), False),
        (PathSelector(path_key="b/text"), PathSelector(path_key="b/text"), True),
        (PathSelector(path_key="a.link/@href"), PathSelector(path_key="td:2>a/@href"), False),
        (LabelSelector(label="Price"), LabelSelector(label="Price", offset=2), True),
        (LabelSelector(label="Price"), PathSelector(path_key="div.price/text"), False),
        (EmbeddedSelector(kind="jsonld", path="a"), EmbeddedSelector(kind="jsonld", path="b"), True),
        (EmbeddedSelector(kind="jsonld", path="a"), EmbeddedSelector(kind="meta", path="a"), False),
    ],
)
def test_ways_are_independent_when_they_go_by_nothing_in_common(one: Selector, other: Selector, shared: bool) -> None:
    assert bool(goes_by(one) & goes_by(other)) is shared
