"""The workbench: the Streamlit shell, REST at /api, and the agent loop for as long as the server runs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Mount

from core.text.redaction import redact_output
from jobs.boundary import Boundary
from jobs.workbench import Workbench
from pages._widgets.policy import workbench_policy

redact_output()
# Builds nothing, and reads no more than the settings: a server that may not listen where it would must not even start,
# and an error at the start of its lifespan is one that servers may go on after.
WORKBENCH = Workbench(st.get_option("server.address"))


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
    middleware=[Middleware(Boundary, served=WORKBENCH.served, policy=workbench_policy())],
)
