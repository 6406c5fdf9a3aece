"""A real nats-server on loopback, made of the shipped configuration; it can be killed and started again."""

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SERVER = shutil.which("nats-server")
DEPLOY = Path(__file__).parents[1] / "deploy"
WHY_NOT = "nats-server is missing: apt-get install nats-server"


def shipped_config() -> Path:
    """The shipped file that this server understands."""
    assert SERVER is not None
    said = subprocess.run([SERVER, "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"v(\d+)\.(\d+)", said)
    assert found, said
    return DEPLOY / ("nats.conf" if (int(found[1]), int(found[2])) >= (2, 10) else "nats-2.9.conf")


class NatsServer:
    """One server with its folder; `url` stays the same when it is started again."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"nats://127.0.0.1:{self.port}"
        self.folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> "NatsServer":
        self.folder.mkdir(parents=True, exist_ok=True)
        text = shipped_config().read_text()
        text = text.replace("127.0.0.1:4222", f"127.0.0.1:{self.port}").replace("data/nats", str(self.folder / "js"))
        (self.folder / "nats.conf").write_text(text)
        command = [str(SERVER), "-c", str(self.folder / "nats.conf")]
        log = (self.folder / "nats.log").open("ab")
        self._process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        log.close()
        self._wait()
        return self

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _wait(self) -> None:
        end = time.monotonic() + 20
        while time.monotonic() < end:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.01)
            else:
                return
        raise AssertionError((self.folder / "nats.log").read_text())


@contextmanager
def running_server(folder: Path) -> Iterator[NatsServer]:
    """A server for as long as the block runs; the test is skipped where there is none to start."""
    if SERVER is None:
        pytest.skip(WHY_NOT)
    server = NatsServer(folder).start()
    try:
        yield server
    finally:
        server.kill()
