"""What stands behind the pages: pipeline, agent loop, sample portal and REST; or why it does not stand.

The server always starts. Where the pipeline cannot be built, every page and every answer of REST says why and what to
do, and a person has it tried again without starting anything anew.
"""

import logging
import sys
from contextlib import ExitStack
from threading import Lock

from starlette.types import Receive, Scope, Send

from core.bootstrap import build_pipeline
from core.disk.refusals import one_line
from core.errors import BadSetting, PipelineError, RetryLater
from core.pipeline import Pipeline
from core.pipeline.shown import set_current
from core.settings import Settings, load_settings
from jobs.api import build_api, build_refusing_api
from jobs.boundary import Place, check_address, served
from jobs.portal.server import PortalServer
from jobs.scheduler import AgentLoop

LOG = logging.getLogger(__name__)


class Workbench:
    """Begins, ends, and may be begun again until it stands.

    `address` is where its server listens, and `served` the addresses that it is opened by.
    """

    def __init__(self, address: str | None = "127.0.0.1") -> None:
        self.served = _served(address)
        self._lock = Lock()
        self._running = ExitStack()
        self._stands = False
        self._api = build_refusing_api(RetryLater("The workbench is about to start.", "Try again.", after=1))

    def start(self) -> None:
        """Build everything that does not stand yet. What is in the way is shown on the pages, and not raised."""
        with self._lock:
            if self._stands:
                return
            try:
                self._build()
            except PipelineError as error:
                self._refuse(error)
            except Exception as error:  # a defect of ours: it is said on the page, too, and the log holds the rest
                LOG.exception("the pipeline could not be built")
                said = f"An unexpected error ended the start: {type(error).__name__}: {one_line(str(error))}."
                self._refuse(PipelineError(said, "Report it; the log of the workbench holds the rest."))

    def _refuse(self, error: PipelineError) -> None:
        LOG.error("the workbench shows nothing but this: %s", error)
        self._api = build_refusing_api(error)
        set_current(error, self.start)

    def end(self) -> None:
        """Stop what runs, cleanly."""
        with self._lock:
            self._stands = False
            self._running.close()

    async def api(self, scope: Scope, receive: Receive, send: Send) -> None:
        """REST as it is at this moment."""
        await self._api(scope, receive, send)

    def _build(self) -> None:
        settings = load_settings()
        pipeline = build_pipeline(settings)
        loop = AgentLoop(pipeline) if settings.scheduler else None
        self._start_portal(settings)
        if loop is not None:
            loop.start()
            self._running.callback(loop.end)
        self._show(pipeline, loop)

    def _show(self, pipeline: Pipeline, loop: AgentLoop | None) -> None:
        self._api = build_api(pipeline, loop)
        set_current(pipeline, self.start)
        self._stands = True

    def _start_portal(self, settings: Settings) -> None:
        """The sample portal is a convenience: a taken port must not keep the workbench from starting."""
        if not settings.sample_portal_port:
            return
        try:
            self._running.enter_context(PortalServer(port=settings.sample_portal_port))
        except BadSetting as error:
            LOG.warning("the sample portal does not run: %s", error)


def _served(address: str | None) -> frozenset[Place]:
    """The addresses of SDP_SERVE_HOSTS. A server that others reach by names that it does not know must not even start.

    Where the settings cannot be read, which the pages say, it is opened from this machine only.
    """
    try:
        names = load_settings().serve_hosts
    except BadSetting:
        names = ""
    try:
        check_address(address, names)
        return served(names)
    except BadSetting as error:
        sys.exit(f"error: {error}")
