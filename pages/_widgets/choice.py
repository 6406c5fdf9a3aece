"""One of several things, chosen in a select box."""

from collections.abc import Callable, Mapping
from typing import TypeVar

import streamlit as st

T = TypeVar("T")


def choose(label: str, things: Mapping[str, T], words: Callable[[T], str], *, key: str, asked: str = "") -> T:
    """The chosen one of `things`, which are not empty: at first the one of the id `asked`, else the first one."""
    ids = list(things)
    first = ids.index(asked) if asked in things else 0
    return things[st.selectbox(label, ids, index=first, format_func=lambda name: words(things[name]), key=key)]
