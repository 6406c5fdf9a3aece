"""A real workbench in a process of its own, and a real headless Chromium to look at it."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, sync_playwright

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Workbench:
    """A running workbench: its address, the sample portal beside it, and its data folder."""

    url: str
    portal: str
    data: Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def workbench(tmp_path: Path) -> Iterator[Workbench]:
    port, portal = free_port(), free_port()
    environment = os.environ | {"SDP_DATA_DIR": str(tmp_path / "data"), "SDP_SAMPLE_PORTAL_PORT": str(portal)}
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    log = (tmp_path / "workbench.log").open("w")
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        _wait(f"http://127.0.0.1:{port}/api/health", process)
        yield Workbench(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{portal}", tmp_path / "data")
    finally:
        process.terminate()
        process.wait(20)
        log.close()


def _wait(url: str, process: subprocess.Popen[bytes], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process.poll() is None, "the workbench ended at once"
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if b'"status":"ok"' in answer.read():
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"{url} did not answer in {seconds} s")


@pytest.fixture
def context(tmp_path: Path) -> Iterator[BrowserContext]:
    if CHROMIUM is None:
        pytest.skip("Chromium is missing: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch_persistent_context(
            str(tmp_path / "profile"),
            executable_path=CHROMIUM,
            headless=True,
            args=FLAGS,
            viewport={"width": 1440, "height": 1000},
        )
        browser.set_default_timeout(30_000)
        yield browser
        browser.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A tab that keeps account of errors and of requests that leave this machine."""
    tab = context.new_page()
    tab.problems = []  # type: ignore[attr-defined]  # the account, read by the tests
    tab.on("console", lambda message: _is_problem(message) and tab.problems.append(message.text))  # type: ignore[attr-defined]
    tab.on(
        "request",
        lambda request: (
            request.url.startswith("http")
            and "//127.0.0.1" not in request.url
            and tab.problems.append(f"outside request: {request.url}")  # type: ignore[attr-defined]
        ),
    )
    return tab


def _is_problem(message: ConsoleMessage) -> bool:
    """Streamlit probes for its own base path on deep links; those answers are no errors of ours."""
    probe = "_stcore" in (message.location or {}).get("url", "")
    return message.type == "error" and not probe


def settled(tab: Page) -> None:
    """Wait until the script has run and nothing is a skeleton any more."""
    tab.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    tab.wait_for_function("() => !document.querySelector('[data-testid=stSkeleton]')")
