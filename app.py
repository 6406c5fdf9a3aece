"""The workbench: the Streamlit shell, REST at /api, and the agent loop for as long as the server runs."""

import logging
import sys
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Mount

from core.bootstrap import build_pipeline
from core.errors import BadSetting
from core.pipeline import set_current
from core.settings import load_settings
from jobs.api import build_api
from jobs.boundary import Boundary, check_address, served
from jobs.portal.server import PortalServer
from jobs.scheduler import AgentLoop
from pages._widgets.policy import workbench_policy

SETTINGS = load_settings()
try:
    check_address(st.get_option("server.address"), SETTINGS.serve_hosts)
except BadSetting as error:
    sys.exit(f"error: {error}")
PIPELINE = build_pipeline(SETTINGS)
LOOP = AgentLoop(PIPELINE) if SETTINGS.scheduler else None


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Start what runs beside the pages, and stop it cleanly."""
    set_current(PIPELINE)
    with ExitStack() as running:
        _start_portal(running)
        if LOOP is not None:
            LOOP.start()
            running.callback(LOOP.end)
        yield


def _start_portal(running: ExitStack) -> None:
    """The sample portal is a convenience: a taken port must not keep the workbench from starting."""
    if not SETTINGS.sample_portal_port:
        return
    try:
        running.enter_context(PortalServer(port=SETTINGS.sample_portal_port))
    except BadSetting as error:
        logging.getLogger(__name__).warning("the sample portal does not run: %s", error)


app = st.App(
    Path(__file__).parent / "pages" / "_shell.py",
    lifespan=lifespan,
    routes=[Mount("/api", app=build_api(PIPELINE, LOOP))],
    middleware=[Middleware(Boundary, served=served(SETTINGS.serve_hosts), policy=workbench_policy())],
)
