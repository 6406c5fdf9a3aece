"""What people said about names holds, whatever the order and the side."""

from hypothesis import given
from hypothesis import strategies as st

from core.match import ConfirmedPair, KnownNames

NAMES = st.sampled_from(["price", "preis", "cost", "name", "col1"])
PAIRS = st.lists(st.builds(ConfirmedPair, NAMES, NAMES, st.booleans()), max_size=6)


def test_what_is_the_same_as_a_third_is_the_same() -> None:
    known = KnownNames([ConfirmedPair("Preis", "price"), ConfirmedPair("cost", "preis ")])
    assert known.same("COST", "price") is True
    assert known.same("price", "cost") is True
    assert known.same("price", "name") is None


def test_the_last_word_holds() -> None:
    said = [ConfirmedPair("a b", "c d"), ConfirmedPair("c d", "a b", same=False)]
    assert KnownNames(said).same("a b", "c d") is False
    assert KnownNames(reversed(said)).same("a b", "c d") is True


def test_a_made_up_name_counts_on_its_side_only() -> None:
    known = KnownNames([ConfirmedPair("col1", "col3")])
    assert known.same("col1", "col3") is True
    assert known.same("col3", "col1") is None


@given(PAIRS, NAMES, NAMES)
def test_places_say_what_same_says(pairs: list[ConfirmedPair], left: str, right: str) -> None:
    known = KnownNames(pairs)
    said = known.same(left, right)
    assert known.places(["other", left], [right]) == ({} if said is None else {(1, 0): said})
