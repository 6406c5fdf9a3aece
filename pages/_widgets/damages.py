"""What was found damaged in the data, and what was done about it."""

import streamlit as st

from core.pipeline import Pipeline
from pages._widgets.badges import ago

# damages that a page names before it leads to the command that lists them all
MOST_DAMAGES = 5


def draw_damages(pipeline: Pipeline) -> None:
    """Nothing where nothing was found; what waits for a person in red, what was mended in yellow."""
    now, found = pipeline.now(), pipeline.tables.damages()
    for at, damage in sorted(found, key=lambda pair: bool(pair[1].mended))[:MOST_DAMAGES]:
        draw = st.warning if damage.mended else st.error
        draw(f"**{damage.what}**: {damage.wrong}; {damage.mended or 'not mended'} ({ago(at, now)}). {damage.advice}")
    if len(found) > MOST_DAMAGES:
        st.caption(f"{len(found) - MOST_DAMAGES} more: `python -m jobs check`")
