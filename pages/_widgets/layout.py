"""What stands side by side where there is room, and below each other where there is little: nothing is cut off."""

from collections.abc import Sequence
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

# the longest figure, “✕ quarantined”, and the frame round it
FIGURE_PIXELS = 190


def cards(number: int) -> list[DeltaGenerator]:
    """Frames of one width, side by side as far as there is room."""
    grid = st.grid(number, min_column_width=FIGURE_PIXELS, border=True)
    return [grid.cell() for _ in range(number)]


def draw_figures(figures: Sequence[tuple[str, object]]) -> None:
    """Each figure under its label, in a card of its own."""
    for card, (label, value) in zip(cards(len(figures)), figures, strict=True):
        card.metric(label, str(value))


def panes(name: str, widths: Sequence[float]) -> list[DeltaGenerator]:
    """Parts of a page that are looked at together. `name` is unique on the page, see `frame.css`."""
    return st.container(key=f"panes-{name}").columns(widths)


def controls(
    name: str, widths: Sequence[float], alignment: Literal["top", "center", "bottom"] = "bottom"
) -> list[DeltaGenerator]:
    """A row of buttons and boxes. `name` is unique on the page, see `frame.css`."""
    return st.container(key=f"controls-{name}").columns(widths, vertical_alignment=alignment)
