"""The workbench: the Streamlit shell, REST at /api, and the agent loop for as long as the server runs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.routing import Mount

from core.redaction import redact_output
from jobs.workbench import Workbench

redact_output()
WORKBENCH = Workbench()


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Start what runs beside the pages, and stop it cleanly."""
    WORKBENCH.start()
    try:
        yield
    finally:
        WORKBENCH.end()


app = st.App(
    Path(__file__).parent / "pages" / "_shell.py",
    lifespan=lifespan,
    routes=[Mount("/api", app=WORKBENCH.api)],
)
