"""One of several things, chosen in a select box."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import TypeVar

import streamlit as st

T = TypeVar("T")


def choose(label: str, things: Mapping[str, T], words: Callable[[T], str], *, key: str, asked: str = "") -> T:
    """The chosen one of `things`, which are not empty: at first the one of the id `asked`, else the first one."""
    ids = list(things)
    first = ids.index(asked) if asked in things else 0
    said = told_apart({name: words(thing) for name, thing in things.items()})
    return things[st.selectbox(label, ids, index=first, format_func=lambda name: said[name], key=key)]


def told_apart(said: Mapping[str, str]) -> dict[str, str]:
    """The words by id, those that would be the same numbered: a select box knows its options again by their words."""
    seen: Counter[str] = Counter()
    apart = {}
    for name, words in said.items():
        seen[words] += 1
        apart[name] = words if seen[words] == 1 else f"{words} ({seen[words]})"
    return apart
