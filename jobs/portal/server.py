"""The sample portal in a thread of its own, on the loopback address."""

import socket
import threading
from types import TracebackType
from typing import Self

import uvicorn

from core.errors import BadSetting
from jobs.portal.app import create_app

HOST = "127.0.0.1"
# seconds that connections may take to end
STOP_SECONDS = 10.0


class PortalServer:
    """Serves the portal from `start` (or entering the block) to `stop`; port 0 takes a free one.

    The thread is a daemon and leaves signals alone, so it can live inside another server or a test.
    """

    def __init__(self, port: int = 0, *, redesigned: bool = False) -> None:
        self._app = create_app(redesigned)
        self._wanted_port = port
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self.port = port

    @property
    def url(self) -> str:
        """The address of the home page, without a slash at the end."""
        return f"http://{HOST}:{self.port}"

    @property
    def redesigned(self) -> bool:
        """Whether the new design is shown; may be set while the server runs."""
        return bool(self._app.state.redesigned)

    @redesigned.setter
    def redesigned(self, on: bool) -> None:
        self._app.state.redesigned = on

    def start(self) -> Self:
        """Serve, and return once the port accepts connections.

        Raises:
            BadSetting: the port is taken.
        """
        listener = _listen(self._wanted_port)
        self.port = listener.getsockname()[1]
        config = uvicorn.Config(self._app, log_config=None, lifespan="off", timeout_graceful_shutdown=1)
        # As an argument it would silence every uvicorn of this process, the workbench's own among them.
        config.access_log = False
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([listener],), name="sample-portal", daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """End the server and wait for its thread; a server that does not run is left alone."""
        if self._server is None or self._thread is None:
            return
        self._server.should_exit = True
        self._thread.join(STOP_SECONDS)
        self._server = self._thread = None

    def wait(self) -> None:
        """Block until the server ends."""
        if self._thread is not None:
            self._thread.join()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _listen(port: int) -> socket.socket:
    """A listening socket: connections wait in its queue until the server's loop takes them."""
    # asyncio sends without Nagle's delay of 40 ms only on sockets that name their protocol.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError:
        listener.close()
        raise BadSetting(
            f"Port {port} on {HOST} is taken.", "Choose another one with --port or SDP_SAMPLE_PORTAL_PORT."
        ) from None
    listener.listen(128)
    return listener
