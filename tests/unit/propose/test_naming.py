"""Labels as words, paths and names, and the shapes of values as patterns."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.propose.naming import LONGEST_NAME, best_label, column_name, field_names
from core.propose.patterns import pattern_of
from core.propose.words import label_words, separator_of, steps_of


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("PostalCode", ("postal", "code")),
        ("E_MAIL", ("email",)),
        ("ISBN-13:", ("isbn", "13")),
        ("Größe (cm)", ("grosse", "cm")),
        ("URLOfPage", ("url", "of", "page")),
        ("発売日", ("発売日",)),
        ("???", ()),
    ],
)
def test_a_label_is_words(label: str, words: tuple[str, ...]) -> None:
    assert label_words(label) == words


@pytest.mark.parametrize(
    ("labels", "mark"),
    [
        (["a.b", "a.c", "d"], "."),
        (["a/b", "a/@c"], "/"),
        (["a[].b", "a[].c"], "."),
        (["a", "b"], ""),
        (["Ed. Rate", "Ed. Year"], ""),
        (["Director/Writer", "Producer/Camera"], ""),
        (["1.5", "1.6 mm", "1.7 mm"], ""),
    ],
)
def test_labels_are_paths_where_several_begin_alike(labels: list[str], mark: str) -> None:
    assert separator_of(labels) == mark


def test_steps_leave_out_numbers_of_items() -> None:
    assert steps_of("a[0].b[].c", ".") == ("a", "b", "c")
    assert steps_of("a.b", "") == ("a.b",)
    assert steps_of("..", ".") == ("..",)


def test_names_are_the_last_words_that_tell_fields_apart() -> None:
    paths = [("tender", "title"), ("award", "title"), ("tender", "status"), ("deadline",), ("a", "x", "deadline")]
    assert field_names(paths) == ["tender_title", "award_title", "tender_status", "deadline", "x_deadline"]


def test_names_are_short_and_begin_with_a_letter() -> None:
    assert column_name(["1st floor"]) == "n_1st_floor"
    assert len(column_name(["word " * 80])) <= LONGEST_NAME
    assert column_name([*["step"] * 40, "last"]).endswith("last")


def test_the_standard_term_names_a_field() -> None:
    assert best_label({"Our price": 90, "Price": 20}) == "Price"
    assert best_label({"Lorem": 90, "Ipsum": 20}) == "Lorem"


@given(st.lists(st.lists(st.text(max_size=5), min_size=1, max_size=3), max_size=20))
def test_each_field_has_a_name_of_its_own(paths: list[list[str]]) -> None:
    names = field_names(paths)
    assert len(set(names)) == len(paths)
    assert all(names)


def test_values_of_one_shape_have_a_pattern() -> None:
    assert pattern_of(f"AB-{n}/x" for n in range(10, 30)) == r"^AB-\d{2}\/x$"
    assert pattern_of(f"{letters}{n}" for n in range(8, 12) for letters in ("AB", "QRS")) == r"^[A-Z]+\d+$"
    assert pattern_of(["some", "words that", "differ a lot", "in 3 ways", "or; more", "x", "y", "z 9"]) == ""
    assert pattern_of(["1", "2"]) == ""
    assert pattern_of([f"é{n}" for n in range(20)]) == ""


@given(st.lists(st.from_regex(r"[A-Z]{1,3}[-./ (+*#]?\d{1,4}", fullmatch=True), min_size=8, unique=True))
def test_a_pattern_takes_the_values_that_it_was_made_of(values: list[str]) -> None:
    pattern = pattern_of(values)
    assert all(re.fullmatch(pattern, value) for value in values) or not pattern
