"""Names from outside become safe names, and two names never become one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.names import safe_name, slug


@pytest.mark.parametrize(
    ("text", "expected"),
    [("shop_1", "shop_1"), ("Café Menü!", "cafe_menu"), ("  A-b  ", "a_b"), ("日本", ""), ("", "")],
)
def test_a_slug_keeps_what_can_be_read(text: str, expected: str) -> None:
    assert slug(text) == expected


def test_a_clean_name_is_left_alone() -> None:
    assert safe_name("shop__items") == "shop__items"


@given(st.lists(st.text(max_size=300), unique=True, max_size=5))
def test_safe_names_are_safe_and_differ(texts: list[str]) -> None:
    names = [safe_name(text) for text in texts]
    assert len(set(names)) == len(texts)
    for name in names:
        assert name.isidentifier()
        assert name.isascii()
        assert len(name) <= 120
