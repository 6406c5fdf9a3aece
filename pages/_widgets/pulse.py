"""The loop's sign of life in the sidebar: who runs it, what is queued."""

import streamlit as st

from core.model import OPEN_TASKS
from core.pipeline import Pipeline


@st.fragment(run_every="3s")
def draw_pulse(pipeline: Pipeline) -> None:
    """One line, refreshed by itself; red words when nobody does the work."""
    lease = pipeline.flow.loop()
    alive = lease is not None and lease.until > pipeline.now()
    waiting = len(pipeline.flow.tasks(states=OPEN_TASKS, limit=1000))
    if alive:
        st.caption(f":green[●] Agent loop on · {waiting} task{'s' if waiting != 1 else ''} open")
    elif why := pipeline.flow.blocked():
        st.caption(f":red[●] Agent loop off: {why}. Nothing is read until that is mended.")
    else:
        st.caption(":red[●] Agent loop off: nothing is read. Start it with `python -m jobs run`.")
