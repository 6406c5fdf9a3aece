"""Fields of two tables that hold the same find each other, and no other."""

import time
from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.match import ConfirmedPair, KnownNames, match
from core.match.features import CONTEXT, SIGNS
from core.match.forest import learned_forest
from core.signature import StructureSignature

TOWNS = ["Ulm", "Graz", "Bern", "Metz", "Gent", "Lodz", "Cork", "Bari", "Brno", "Vigo"]


def signature(names: Sequence[str], rows: Sequence[Sequence[str]]) -> StructureSignature:
    made = StructureSignature()
    for row in rows:
        made.add({name: [value] for name, value in zip(names, row, strict=True)})
    return made


def house(r: Random) -> list[str]:
    price, phone = f"{r.randint(100, 900)},000 €", f"+49 {r.randint(200, 999)} {r.randint(10000, 99999)}"
    return [r.choice(TOWNS), price, phone, f"20{r.randint(10, 23)}-0{r.randint(1, 9)}-1{r.randint(0, 9)}"]


def houses(seed: int) -> list[list[str]]:
    r = Random(seed)
    return [house(r) for _ in range(40)]


def pairs(left: StructureSignature, right: StructureSignature, known: KnownNames | None = None) -> dict[str, str]:
    return {pair.left: pair.right for pair in match(left, right, known or KnownNames())}


def test_names_in_other_words_find_each_other() -> None:
    left = signature(["Town", "Price", "Phone", "Published"], houses(1))
    right = signature(["telephone_no", "ort", "Preis", "pub_date"], [[c, a, b, d] for a, b, c, d in houses(2)])
    assert pairs(left, right) == {"Town": "ort", "Price": "Preis", "Phone": "telephone_no", "Published": "pub_date"}


def test_hidden_names_are_found_by_values() -> None:
    left = signature(["col1", "col2", "col3", "col4"], houses(1))
    right = signature(["col1", "col2", "col3", "col4"], [[d, c, b, a] for a, b, c, d in houses(2)])
    assert pairs(left, right) == {"col1": "col4", "col2": "col3", "col3": "col2", "col4": "col1"}


def test_a_column_without_a_partner_is_left_out() -> None:
    left = signature(["town", "price", "sold"], [[a, b, d] for a, b, c, d in houses(1)])
    right = signature(["price", "town"], [[b, a] for a, b, c, d in houses(2)])
    assert pairs(left, right) == {"town": "town", "price": "price"}


def test_columns_without_a_value_are_matched_by_their_names() -> None:
    empty = [[""] * 2] * 3
    assert pairs(signature(["price", "town"], empty), signature(["Town", "Price"], empty)) == {
        "price": "Price",
        "town": "Town",
    }


def test_nothing_matches_nothing() -> None:
    assert match(StructureSignature(), signature(["Town"], [["Ulm"]])) == []
    assert match(StructureSignature(), StructureSignature()) == []


def test_what_people_said_holds() -> None:
    left = signature(["town", "price"], [row[:2] for row in houses(1)])
    right = signature(["town", "phone"], [[row[0], row[2]] for row in houses(2)])
    known = KnownNames([ConfirmedPair("Town ", "town", same=False), ConfirmedPair("price", "phone")])
    assert match(left, right, known) == [("price", "phone", 1.0)]


def test_the_learned_trees_fit_the_signs() -> None:
    assert learned_forest().signs.max() < 3 * len(SIGNS) + len(CONTEXT)


HOSTILE = st.text(max_size=30) | st.sampled_from(
    ["", " ", "\x00", "'; DROP TABLE", "a" * 5000, "\u202e", "\ud800", "١٢", "1e999", "{" * 90]
)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.lists(HOSTILE, min_size=3, max_size=3), max_size=6),
    st.lists(HOSTILE, min_size=3, max_size=3, unique=True),
)
def test_any_text_gives_a_one_to_one_map_best_first(rows: list[list[str]], names: list[str]) -> None:
    found = match(signature(names, rows), signature(names[::-1], rows))
    assert len({pair.left for pair in found}) == len({pair.right for pair in found}) == len(found)
    assert all(0 <= pair.score <= 1 for pair in found)
    assert [pair.score for pair in found] == sorted((pair.score for pair in found), reverse=True)


def test_thousands_of_columns_take_seconds() -> None:
    r = Random(3)
    names = [f"{r.choice(TOWNS)}_{r.choice(TOWNS)}_{k}" for k in range(2_000)]
    left = signature(names, [[f"{r.choice(TOWNS)} {k}" for k in range(2_000)] for _ in range(3)])
    start = time.process_time()
    found = match(left, left)
    assert time.process_time() - start < 30
    assert sum(pair.left == pair.right for pair in found) > 1_900


@pytest.mark.parametrize("value", ["x", ""])
def test_thousands_of_columns_that_are_all_alike_end(value: str) -> None:
    names = [f"column {k}" for k in range(1_000)]
    same = signature(names, [[value] * 1_000])
    assert len(match(same, same)) <= 1_000
