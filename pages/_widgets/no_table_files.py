"""Tables on pages offer no CSV file of their own: it would keep texts that a spreadsheet runs as formulas.

The option of Streamlit that hides the button also forbids to copy cells, which people need.
"""

import streamlit as st

_HIDDEN = "<style>[data-testid=stElementToolbarButton]:has([aria-label='Download as CSV']) { display: none }</style>"


def hide_table_files() -> None:
    """Take the button away from all tables of the page."""
    st.html(_HIDDEN)
