"""What is in the way, what to do about it, and trying again: the one page that needs no pipeline."""

import streamlit as st

from core.errors import PipelineError
from core.pipeline.shown import start_again


def draw_trouble(error: PipelineError) -> None:
    """The sentence, the advice, and a button."""
    st.title("Something is in the way")
    st.error(error.message, icon=":material/error:")
    if error.advice:
        st.write(error.advice)
    if st.button("Try again", type="primary", icon=":material/refresh:"):
        start_again()
        st.rerun()
    st.caption("Nothing that was kept is lost. This page comes back as soon as the cause is gone.")
