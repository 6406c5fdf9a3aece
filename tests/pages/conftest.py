"""A real workbench in a process of its own, and a real headless Chromium to look at it."""

import multiprocessing
import os
import shutil
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, ConsoleMessage, Page, sync_playwright

from tests.pages.served import serve

# workbenches are forked from a process that has imported what they need, which takes most of a start
SERVERS = multiprocessing.get_context("forkserver")
SERVERS.set_forkserver_preload([serve.__module__])
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
    with running_workbench(tmp_path, tmp_path / "data") as found:
        yield found


@contextmanager
def running_workbench(home: Path, data: Path, expected: int = 200, **settings: str) -> Iterator[Workbench]:
    """A workbench whose health answers with the expected status; its log lies in `home`."""
    port, portal = free_port(), free_port()
    environment = os.environ | {"SDP_DATA_DIR": str(data), "SDP_SAMPLE_PORTAL_PORT": str(portal)} | settings
    arguments = ["run", "app.py", "--server.port", str(port)]
    process = SERVERS.Process(target=serve, args=(home / "workbench.log", environment, arguments))
    process.start()
    try:
        wait_for_health(f"http://127.0.0.1:{port}", expected, process)
        yield Workbench(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{portal}", data)
    finally:
        process.terminate()
        process.join(20)
        assert process.exitcode is not None, "the workbench does not end when it is told to"


def wait_for_health(url: str, expected: int = 200, process: BaseProcess | None = None, seconds: float = 60.0) -> str:
    """What /api/health says, as soon as its status is the expected one."""
    end, answer = time.monotonic() + seconds, (0, "")
    while time.monotonic() < end:
        assert process is None or process.is_alive(), "the workbench ended at once"
        answer = _health(url)
        if answer[0] == expected:
            return answer[1]
        time.sleep(0.2)
    raise AssertionError(f"{url} did not answer {expected} in {seconds} s but {answer}")


def _health(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"{url}/api/health", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()
    except (urllib.error.URLError, OSError):
        return 0, ""


@pytest.fixture(scope="package")
def chromium() -> Iterator[BrowserType]:
    """Chromium to launch; what drives it is started once, which takes longer than many a test.

    Given up with the tests of pages: while it runs, nothing else in this process can run a loop of asyncio.
    """
    if CHROMIUM is None:
        pytest.skip("Chromium is missing: apt-get install chromium")
    with sync_playwright() as playwright:
        yield playwright.chromium


@contextmanager
def launched(chromium: BrowserType, *flags: str) -> Iterator[Browser]:
    """A browser of its own, with further flags."""
    browser = chromium.launch(executable_path=CHROMIUM, headless=True, args=[*FLAGS, *flags])
    yield browser
    browser.close()


@pytest.fixture(scope="package")
def browser(chromium: BrowserType) -> Iterator[Browser]:
    with launched(chromium) as found:
        yield found


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A visitor whom nobody has seen before."""
    visitor = browser.new_context(viewport={"width": 1440, "height": 1000})
    visitor.set_default_timeout(30_000)
    yield visitor
    visitor.close()


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
