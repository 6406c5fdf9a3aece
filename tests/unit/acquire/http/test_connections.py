"""The http acquirer over real connections: the sample portal's bad pages, and hosts that break the protocol."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from core.bootstrap import open_acquirers
from core.broker.local import open_local
from core.errors import (
    AddressRefused,
    HostUnreachable,
    PageGone,
    RobotsRefused,
    TooLarge,
    TooManyRequests,
    UnreadableDocument,
    WrongAnswer,
)
from core.model import Fetched, FetchRequest
from core.ports import Acquirer, KeyValue
from core.settings import Settings
from jobs.portal.server import PortalServer


def request(url: str) -> FetchRequest:
    return FetchRequest(source_id="s", url=url)


@pytest.fixture
def keys(tmp_path: Path) -> KeyValue:
    return open_local(tmp_path / "events.db").keys


@pytest.fixture(scope="module")
def portal() -> Iterator[PortalServer]:
    with PortalServer() as server:
        yield server


@pytest.fixture
def real(portal: PortalServer, keys: KeyValue) -> Acquirer:
    chosen = Settings(sample_portal_port=portal.port, request_timeout=1.5, request_retries=1)
    return open_acquirers(chosen, keys)["http"]


BAD_PAGES = {
    "/gone": (PageGone, "taken away for good"),
    "/missing": (PageGone, "does not exist"),
    "/forbidden": (PageGone, "may not be seen"),
    "/broken": (HostUnreachable, "trouble on the host's side"),
    "/429": (TooManyRequests, "slow down"),
    "/empty": (UnreadableDocument, "is empty"),
    "/slow": (HostUnreachable, "did not answer in full within 1.5 s"),
    "/big": (TooLarge, "larger than 20 MB"),
    "/loop": (WrongAnswer, "redirects more than 5 times"),
    "/inward": (AddressRefused, "inside a private network"),
    "/private/": (RobotsRefused, "robots.txt of 127.0.0.1"),
}


@pytest.mark.parametrize("path", BAD_PAGES)
def test_bad_page_ends_in_one_clear_sentence_with_advice(portal: PortalServer, real: Acquirer, path: str) -> None:
    error, words = BAD_PAGES[path]
    with pytest.raises(error, match=words) as caught:
        real.fetch(request(portal.url + path))
    assert caught.value.message.endswith(".")
    assert caught.value.advice.endswith(".")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("path", ["/binary", "/latin1"])
def test_odd_bytes_arrive_as_they_are(portal: PortalServer, real: Acquirer, path: str) -> None:
    sent = httpx.get(portal.url + path, trust_env=False).content
    assert real.fetch(request(portal.url + path)).content == sent


def test_one_trial_of_patience_does_not_close_our_own_host(portal: PortalServer, real: Acquirer) -> None:
    with pytest.raises(TooManyRequests):
        real.fetch(request(f"{portal.url}/429"))
    assert real.fetch(request(f"{portal.url}/tenders")).status == 200


class RawHost:
    """Sends the given pieces to everybody who connects, with a pause before each."""

    def __init__(self, *pieces: bytes, pause: float = 0.0) -> None:
        self._pieces, self._pause = pieces, pause
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.connections = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):  # we hung up, or the test is over
            while True:
                connection, _ = self._listener.accept()
                self.connections += 1
                with contextlib.suppress(OSError), connection:
                    connection.recv(65_536)
                    self._send(connection)

    def _send(self, connection: socket.socket) -> None:
        for piece in self._pieces:
            time.sleep(self._pause)
            connection.sendall(piece)

    def __enter__(self) -> "RawHost":
        return self

    def __exit__(self, *rest: object) -> None:
        self._listener.close()


def fetch_raw(host: RawHost, keys: KeyValue) -> Fetched:
    settings = Settings(sample_portal_port=host.port, request_timeout=0.7, request_retries=1, host_delay=0)
    return open_acquirers(settings, keys)["http"].fetch(request(f"http://127.0.0.1:{host.port}/"))


def test_headers_that_drip_do_not_outlast_the_deadline(keys: KeyValue) -> None:
    started = time.monotonic()
    with (
        RawHost(b"HTTP/1.1 200 OK\r\n", *[b"X: y\r\n"] * 600, pause=0.1) as host,
        pytest.raises(HostUnreachable, match="did not answer in full"),
    ):
        fetch_raw(host, keys)
    # all pieces would have taken a minute, and there are two tries
    assert time.monotonic() - started < 50.0


@pytest.mark.parametrize(
    "piece",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 1_000_000,
        b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
    ids=["nothing", "another protocol", "endless header", "cut short", "broken chunks"],
)
def test_broken_answers_are_tried_again_and_then_left(piece: bytes, keys: KeyValue) -> None:
    with RawHost(piece) as host, pytest.raises(HostUnreachable, match="broke off its answer"):
        fetch_raw(host, keys)
    assert host.connections == 2


def test_nobody_at_the_port_is_unreachable(keys: KeyValue) -> None:
    with PortalServer() as server:
        port = server.port
    closed = open_acquirers(Settings(sample_portal_port=port, request_retries=0), keys)["http"]
    with pytest.raises(HostUnreachable, match=r"No connection to 127\.0\.0\.1"):
        closed.fetch(request(f"http://127.0.0.1:{port}/tenders"))


def test_portal_is_only_let_through_on_its_own_port(portal: PortalServer, keys: KeyValue) -> None:
    elsewhere = open_acquirers(Settings(sample_portal_port=0), keys)["http"]
    with pytest.raises(AddressRefused):
        elsewhere.fetch(request(f"{portal.url}/tenders"))
