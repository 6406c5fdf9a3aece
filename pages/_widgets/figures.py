"""A row of figures that becomes several rows where there is little room, so that none is cut off."""

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

# the longest figure, “✕ quarantined”, and the frame round it
FIGURE_PIXELS = 176


def cards(number: int) -> list[DeltaGenerator]:
    """Frames of one width, side by side as far as there is room."""
    grid = st.grid(number, min_column_width=FIGURE_PIXELS, border=True)
    return [grid.cell() for _ in range(number)]


def draw_figures(figures: Sequence[tuple[str, object]]) -> None:
    """Each figure under its label, in a card of its own."""
    for card, (label, value) in zip(cards(len(figures)), figures, strict=True):
        card.metric(label, str(value))
