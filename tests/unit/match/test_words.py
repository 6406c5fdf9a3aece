"""FieldNames are words, and words stand for each other."""

import pytest

from core.match.words import name_words, word_likeness


@pytest.mark.parametrize(
    ("name", "words", "before"),
    [
        ("CustomerID", ("customer", "id"), ()),
        ("unit_price", ("unit", "price"), ()),
        ("Stückzahl (max.)", ("stueckzahl", "max"), ()),
        ("tender.value/amount", ("amount",), ("tender", "value")),
        ("lots[].title", ("title",), ("lots",)),
        ("HTTPServer2", ("http", "server", "2"), ()),
        ("日付", ("日付",), ()),
        ("…", (), ()),
    ],
)
def test_a_name_is_taken_apart(name: str, words: tuple[str, ...], before: tuple[str, ...]) -> None:
    assert (name_words(name).words, name_words(name).before) == (words, before)


@pytest.mark.parametrize("name", ["col1", "Column 12", "f3a91", "x", "", "17", "Unnamed: 0", "field_3", "V2", "82b78"])
def test_a_made_up_name_tells_nothing(name: str) -> None:
    assert not name_words(name).tells


@pytest.mark.parametrize("name", ["date", "added", "face", "address2", "price", "id", "isbn13", "Größe", "state"])
def test_a_word_tells_something(name: str) -> None:
    assert name_words(name).tells


@pytest.mark.parametrize(
    ("one", "other"),
    [("qty", "quantity"), ("preis", "price"), ("mgr", "manager"), ("colour", "color"), ("dates", "date")],
)
def test_words_that_stand_for_each_other(one: str, other: str) -> None:
    assert word_likeness(one, other) >= 0.75
    assert word_likeness(one, other) == word_likeness(other, one)


@pytest.mark.parametrize(("one", "other"), [("price", "place"), ("2019", "2020"), ("town", "phone"), ("a", "amount")])
def test_words_that_do_not(one: str, other: str) -> None:
    assert word_likeness(one, other) < 0.75
