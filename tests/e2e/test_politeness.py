"""Two worker processes together ask a host no more often than one would, and for its rules once."""

import multiprocessing
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from core.bootstrap import open_acquirers, open_backbone
from core.model import FetchRequest
from core.settings import load_settings
from tests.nats_server import running_server

PROCESSES = multiprocessing.get_context("spawn")
PAGES, PAUSE = 6, 0.3


class Host(BaseHTTPRequestHandler):
    """Notes when it is asked, and for what."""

    asked: list[float] = []
    paths: list[str] = []

    def do_GET(self) -> None:
        self.asked.append(time.monotonic())
        self.paths.append(self.path)
        self.send_response(404 if self.path == "/robots.txt" else 200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<p>A page.")

    def log_message(self, *_: object) -> None:
        return


def visit(folder: Path, broker_url: str, port: int, name: str) -> None:
    """What one worker process does."""
    settings = load_settings(data_dir=folder, broker_url=broker_url, sample_portal_port=port, host_delay=50 * PAUSE)
    acquirer = open_acquirers(settings, open_backbone(settings).keys)["http"]
    for number in range(PAGES):
        acquirer.fetch(FetchRequest(source_id="s", url=f"http://127.0.0.1:{port}/{name}/{number}"))


@pytest.mark.parametrize("backbone", ["local", "nats"])
def test_two_processes_are_as_polite_as_one(tmp_path: Path, backbone: str) -> None:
    if backbone == "local":
        _race(tmp_path, "")
        return
    with running_server(tmp_path / "nats") as server:
        _race(tmp_path, server.url)


def _race(folder: Path, broker_url: str) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Host)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Host.asked, Host.paths = [], []
    rivals = [
        PROCESSES.Process(target=visit, args=(folder, broker_url, server.server_port, name), daemon=True)
        for name in ("a", "b")
    ]
    for rival in rivals:
        rival.start()
    for rival in rivals:
        rival.join(60)
    server.shutdown()
    assert [rival.exitcode for rival in rivals] == [0, 0]
    assert Host.paths.count("/robots.txt") == 1
    # a request may come later than its turn, never earlier
    pauses = 2 * PAGES
    assert len(Host.asked) == pauses + 1
    assert Host.asked[-1] - Host.asked[0] > 0.9 * PAUSE * pauses
