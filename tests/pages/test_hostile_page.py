"""A hostile page in the preview: its scripts do not run, our page is not touched, nothing leaves this machine."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.bootstrap import build_pipeline
from core.settings import load_settings
from jobs.commands.sources import scouted
from jobs.worker import drain
from tests.pages.conftest import Workbench, settled

pytestmark = pytest.mark.browser

PAGE = """<html><head><title>Notice</title><meta http-equiv="refresh" content="0;url=http://evil.example/">
<script>parent.document.title = 'owned'; top.location = 'http://evil.example/';</script></head>
<body onload="parent.document.title = 'owned'"><h1>Harmless notice {n}</h1>
<img src="http://evil.example/x.png" onerror="parent.document.title = 'owned'">
<dl><dt>Buyer</dt><dd>Town {n}</dd><dt>Value</dt><dd>EUR {n}00</dd></dl></body></html>"""


def test_a_hostile_page_is_shown_and_stays_inert(workbench: Workbench, page: Page, tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    for n in range(1, 4):
        (folder / f"{n}.html").write_text(PAGE.format(n=n))
    pipeline = build_pipeline(load_settings(data_dir=workbench.data, sample_portal_port=0))
    source = pipeline.sources.accept(scouted(pipeline, str(folder), "notices").draft_id)
    drain(pipeline, "test")
    document = pipeline.documents.find(source.source_id, limit=1)[0]

    page.goto(f"{workbench.url}/documents?document={document.document_id}")
    settled(page)
    frame = page.frame_locator("iframe[title^='The saved page'] >> nth=0")
    expect(frame.locator("h1")).to_contain_text("Harmless notice", timeout=30_000)
    page.wait_for_timeout(1_000)
    assert "owned" not in page.title()
    assert page.url.startswith(workbench.url)
    assert not [problem for problem in page.problems if "outside request" in problem]  # type: ignore[attr-defined]
