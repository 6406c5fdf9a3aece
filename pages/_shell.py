"""The frame round every page: title, navigation, and the loop's sign of life."""

from pathlib import Path

import streamlit as st

from core.errors import PipelineError
from core.pipeline.shown import current
from pages._widgets.address import PageAddress, link, write_address
from pages._widgets.no_table_files import hide_table_files
from pages._widgets.pulse import draw_pulse
from pages._widgets.trouble import draw_trouble

HERE = Path(__file__).parent
# the narrowest that a side bar may be; its longest words fit
SIDE_BAR_PIXELS = 200

st.set_page_config(
    page_title="Smart Data Pipeline",
    page_icon=str(HERE / "_widgets" / "icon.svg"),
    layout="wide",
    initial_sidebar_state=SIDE_BAR_PIXELS,
)

# the groups of the side bar: page, and its symbol there
PAGES = {
    "": {"overview": "home", "sources": "language"},
    "Data": {"documents": "description", "clusters": "bubble_chart", "tables": "table", "schemas": "schema"},
    "Care": {"review": "rule", "doctor": "stethoscope", "flow": "water"},
}


def _draw_side_bar() -> None:
    """Our own links: those of the navigation keep what is open on the page, so one could not leave it by them."""
    with st.container(key="side-bar", gap="xsmall"):
        for group, pages in PAGES.items():
            if group:
                st.caption(group)
            for page, symbol in pages.items():
                link(PageAddress(page), page.capitalize(), icon=f":material/{symbol}:")
        draw_pulse(current())


page = st.navigation(
    [
        st.Page(HERE / f"{name}.py", title=name.capitalize(), url_path=name, default=name == "overview")
        for pages in PAGES.values()
        for name in pages
    ],
    position="hidden",
)
write_address()
st.html(HERE / "_widgets" / "frame.css")
hide_table_files()
try:
    with st.sidebar:
        _draw_side_bar()
    page.run()
except PipelineError as error:
    draw_trouble(error)
