"""A real browser at the boundary: our pages work under their policy, and other sites get nowhere."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, BrowserType, Page, expect

from core.bootstrap import build_pipeline
from core.pipeline import Pipeline
from core.settings import load_settings
from jobs.commands.sources import scouted
from jobs.worker import drain
from tests.pages.conftest import Workbench, launched, settled

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

# what the browser refuses by a policy, in every frame
COUNTED = """
addEventListener('securitypolicyviolation', event =>
    console.error(`policy: ${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}`));
"""
PAGE = """<html><body><h1>Notice {n}</h1>
<dl><dt>Buyer</dt><dd>Town {n}</dd><dt>Value</dt><dd>EUR {n}00</dd></dl></body></html>"""


@pytest.fixture
def filled(workbench: Workbench, tmp_path: Path) -> Pipeline:
    folder = tmp_path / "pages"
    folder.mkdir()
    for n in range(1, 4):
        (folder / f"{n}.html").write_text(PAGE.format(n=n))
    pipeline = build_pipeline(load_settings(data_dir=workbench.data, sample_portal_port=0))
    pipeline.sources.accept(scouted(pipeline, str(folder), "notices").draft_id)
    drain(pipeline, "test")
    return pipeline


def test_a_table_offers_no_file_of_its_own(workbench: Workbench, filled: Pipeline, page: Page) -> None:
    """Streamlit's would keep texts that a spreadsheet runs."""
    page.goto(f"{workbench.url}/tables")
    settled(page)
    table = page.get_by_test_id("stDataFrame").last
    table.hover()
    expect(table.locator("[aria-label='Fullscreen']").first).to_be_visible()
    own = table.locator("[aria-label='Download as CSV']")
    expect(own).to_have_count(1)
    expect(own).to_be_hidden()
    expect(page.get_by_text("begin with an apostrophe")).to_be_visible()


@pytest.fixture
def other_site(workbench: Workbench) -> Iterator[str]:
    """A page on another port that tries all it can against the workbench."""
    page = f"""<!doctype html><title>elsewhere</title>
        <iframe src="{workbench.url}/sources"></iframe><img src="{workbench.url}/api/sources">
        <a href="{workbench.url}/sources">open</a>
        <script>
          const tried = {{}};
          const socket = new WebSocket('{workbench.url.replace("http", "ws")}/_stcore/stream');
          socket.onopen = () => {{ tried.socket = 'open'; }};
          socket.onerror = () => {{ tried.socket = 'refused'; }};
          fetch('{workbench.url}/api/sources', {{mode: 'no-cors'}})
            .then(() => {{ tried.fetched = 'answered'; }}, () => {{ tried.fetched = 'refused'; }});
        </script>"""

    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_every_page_works_under_its_policy(workbench: Workbench, filled: Pipeline, page: Page) -> None:
    page.add_init_script(COUNTED)
    document = filled.documents.find("notices", limit=1)[0]
    for path in ("", "sources", "sources?source=notices", "tables", "tables?question=latest%20runs", "doctor",
                 "doctor?source=notices", "flow", "documents"):  # fmt: skip
        page.goto(f"{workbench.url}/{path}")
        settled(page)
        expect(page.locator("h1").first).to_be_visible()
    page.goto(f"{workbench.url}/documents?document={document.document_id}")
    settled(page)
    # the script that marks values runs in the frame, which takes the policy of the page over
    expect(page.locator("iframe[title^='The saved page'][data-painted]").first).to_be_visible(timeout=60_000)
    assert page.problems == []  # type: ignore[attr-defined]


def test_the_frame_of_a_saved_page_has_no_origin(workbench: Workbench, filled: Pipeline, page: Page) -> None:
    document = filled.documents.find("notices", limit=1)[0]
    page.goto(f"{workbench.url}/documents?document={document.document_id}")
    settled(page)
    element = page.locator("iframe[title^='The saved page']").first
    expect(element).to_have_attribute("sandbox", "allow-scripts")
    frame = page.frame_locator("iframe[title^='The saved page'] >> nth=0").locator("body")
    assert frame.evaluate("() => window.origin") == "null"
    reached = "() => { try { return parent.document.title } catch (error) { return error.name } }"
    assert frame.evaluate(reached) == "SecurityError"


def test_a_name_that_is_bound_anew_shows_nothing(workbench: Workbench, chromium: BrowserType) -> None:
    port = urlsplit(workbench.url).port
    with launched(chromium, "--host-resolver-rules=MAP evil.example 127.0.0.1") as browser:
        tab = browser.new_page()
        for path in ("sources", "api/sources", "_stcore/health", "static/js/index.js"):
            answer = tab.goto(f"http://evil.example:{port}/{path}")
            assert answer is not None
            assert answer.status == 403


def test_a_page_of_another_port_neither_frames_nor_asks_us(
    workbench: Workbench, other_site: str, context: BrowserContext
) -> None:
    tab = context.new_page()
    tab.goto(other_site)
    tab.wait_for_function("() => tried.socket && tried.fetched")
    assert tab.evaluate("() => tried.socket") == "refused"
    assert tab.evaluate("() => tried.fetched") == "refused"
    assert tab.evaluate("() => document.querySelector('img').naturalWidth") == 0
    framed = [frame for frame in tab.frames if frame != tab.main_frame]
    assert all("stApp" not in frame.content() for frame in framed)
    # following a link is no attack
    tab.get_by_role("link", name="open").click()
    settled(tab)
    assert tab.url == f"{workbench.url}/sources"


def handshake(workbench: Workbench, *headers: str) -> int:
    """The status with which a WebSocket is answered that is opened by hand."""
    parts = urlsplit(workbench.url)
    request = ["GET /_stcore/stream HTTP/1.1", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
               "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", *headers, "", ""]  # fmt: skip
    with socket.create_connection((str(parts.hostname), int(parts.port or 0)), timeout=30) as connection:
        connection.sendall("\r\n".join(request).encode())
        return int(connection.recv(4096).split(b" ")[1])


def test_a_websocket_by_hand_is_opened_with_our_origin_alone(workbench: Workbench) -> None:
    host = urlsplit(workbench.url).netloc
    port = urlsplit(workbench.portal).port
    assert handshake(workbench, f"Host: {host}", f"Origin: http://{host}") == 101
    for headers in (
        [f"Host: {host}"],
        [f"Host: {host}", "Origin: null"],
        [f"Host: {host}", "Origin: http://evil.example"],
        [f"Host: {host}", f"Origin: http://127.0.0.1:{port}"],
        [f"Host: {host}", f"Origin: https://{host}"],
        ["Host: evil.example", "Origin: http://evil.example"],
    ):
        assert handshake(workbench, *headers) == 403
