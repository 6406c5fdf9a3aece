"""The frame round every page: title, navigation, and the loop's sign of life."""

from pathlib import Path

import streamlit as st

from core.errors import PipelineError
from core.pipeline import current
from pages._widgets.no_table_files import hide_table_files
from pages._widgets.pulse import draw_pulse
from pages._widgets.trouble import draw_trouble

HERE = Path(__file__).parent

st.set_page_config(page_title="Smart Data Pipeline", page_icon=str(HERE / "_widgets" / "icon.svg"), layout="wide")

PAGES = {
    "": [
        st.Page(HERE / "overview.py", title="Overview", url_path="overview", default=True),
        st.Page(HERE / "sources.py", title="Sources", url_path="sources"),
    ],
    "Data": [
        st.Page(HERE / "documents.py", title="Documents", url_path="documents"),
        st.Page(HERE / "tables.py", title="Tables", url_path="tables"),
    ],
    "Care": [
        st.Page(HERE / "doctor.py", title="Doctor", url_path="doctor"),
        st.Page(HERE / "flow.py", title="Flow", url_path="flow"),
    ],
}

page = st.navigation(PAGES)
hide_table_files()
try:
    with st.sidebar:
        draw_pulse(current())
    page.run()
except PipelineError as error:
    draw_trouble(error)
