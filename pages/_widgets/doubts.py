"""What a person should know of the fields of a table before trusting them."""

import streamlit as st

from core.model import RecordSet


def draw_doubts(table: RecordSet) -> None:
    """One line for each field in doubt."""
    said = [f"**{field.name}** {field.doubt}" for field in table.fields if field.doubt]
    if said:
        st.warning("Look whether each value stands in its own row: " + "; ".join(said))
