from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.extract import extract
from core.heal import heal, leave_doubtful_empty
from core.heal.oddity import oddity
from core.model import Blueprint, Field, FieldType, FieldValue, ParsedDocument, Record, RecordSet
from core.model.scope import DocumentScope
from core.model.selector import PathSelector
from core.parse import parse

STEPS = ("Whisk the eggs with a spoon of cream.", "Fry the leeks in butter.", "Bake it all for half an hour.")
words = st.text("abcdefgh ", min_size=3, max_size=30).filter(str.strip)


def field(kind: FieldType = "text", *, many: bool = True) -> Field:
    return Field(name="steps", type=kind, selectors=(PathSelector(path_key="li/text"),), many=many)


def records(*cells: Sequence[str]) -> list[Record]:
    return [
        Record("page", number, {"steps": FieldValue(list(texts), list(texts), 1.0, None)})
        for number, texts in enumerate(cells)
    ]


@given(st.lists(words, min_size=2, max_size=9), st.integers(2, 5))
def test_a_list_of_which_pages_show_more_or_less_is_not_odd_by_its_number_alone(items: list[str], times: int) -> None:
    assert not oddity(field(), records(items), records(items * times))
    assert not oddity(field(), records(items * times), records(items))


@given(st.lists(words, min_size=4, max_size=9))
def test_a_list_whose_items_are_read_in_one_piece_is_odd_and_so_is_the_reverse(items: list[str]) -> None:
    whole = ["; ".join(items)]
    assert "cut otherwise" in oddity(field(), records(items), records(whole))
    assert "cut otherwise" in oddity(field(), records(whole), records(items))
    assert not oddity(field(many=False), records(whole), records(items))


@pytest.mark.parametrize(
    ("before", "after", "odd"),
    [
        ("https://img1.shop.test/a.png", "https://img7.shop.test/b.png", False),
        ("https://img1.shop.test/a.png", "https://cdn.media.test/b.png", True),
        ("/media/a.png", "https://cdn.media.test/b.png", False),
        ("https://cdn.media.test/b.png", "/media/a.png", False),
        ("http://[", "https://cdn.media.test/b.png", False),
    ],
)
def test_addresses_that_lead_to_another_site_than_ever_before_are_odd(before: str, after: str, odd: bool) -> None:
    assert bool(oddity(field("url", many=False), records([before]), records([after]))) is odd
    assert not oddity(field("string", many=False), records([before]), records([after]))


def test_a_field_without_values_on_either_side_is_not_odd() -> None:
    assert not oddity(field(), [], records(STEPS))
    assert not oddity(field(), records(STEPS), [Record("page", 0, {})])


def dish(name: str, steps: Sequence[str]) -> ParsedDocument:
    items = "".join(f"<li>{step}</li>" for step in steps)
    page = f"<html><body><h1>{name}</h1><p class='time'>30 min</p><ol>{items}</ol></body></html>"
    return parse(page.encode(), url=f"https://dishes.test/{name}")


def test_a_list_that_is_cut_otherwise_is_left_to_a_person_and_read_on() -> None:
    selectors = {"name": "h1/text", "time": "p.time/text"}
    texts = [
        Field(name=name, type="string", selectors=(PathSelector(path_key=path),)) for name, path in selectors.items()
    ]
    steps = Field(name="steps", type="text", selectors=(PathSelector(path_key="ol>li/text", nth=0),), many=True)
    blueprint = Blueprint(kind="html", tables=(RecordSet(name="dish", scope=DocumentScope(), fields=(*texts, steps)),))
    before, after = [dish("leek-pie", STEPS)], [dish("bean-stew", [" ".join(STEPS)])]
    healed, report = heal(blueprint, before, after)
    assert report.verdict == "healthy"
    assert report.fields == {"dish.name": "kept", "dish.time": "kept", "dish.steps": "abstained"}
    assert "cut otherwise" in report.reasons["dish.steps"]
    assert extract(leave_doubtful_empty(blueprint, healed, report), after[0]).records[0].fields["steps"].raw == [
        " ".join(STEPS)
    ]
