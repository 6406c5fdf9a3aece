"""How to see a repair at once: the sample portal changes its design at the press of a button."""

import streamlit as st

from core.model import Source
from core.pipeline import Pipeline


def draw_portal_address(pipeline: Pipeline) -> None:
    """Where the sample portal is, for somebody who has no address at hand."""
    if home := pipeline.settings.sample_portal_url:
        st.caption(f"To try it out: `{home}/tenders` is the built-in sample portal.")


def draw_redesign_hint(pipeline: Pipeline, source: Source | None = None) -> None:
    """How to redesign the sample portal, beside a source that reads it, or where one of all sources does."""
    home = pipeline.settings.sample_portal_url
    read = [source] if source is not None else pipeline.sources.all()
    if home and any(other.location.startswith(f"{home}/") for other in read):
        st.caption(
            f"To see a repair: open the [start page of the sample portal]({home}/), switch it to the new design, and "
            "press *Run now* on its source three times. The third failed run quarantines it, and it is repaired here."
        )
