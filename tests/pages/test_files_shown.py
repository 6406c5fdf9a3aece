"""Files in the preview: their values are marked where they stand, and what looks like a script is text."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.bootstrap import build_pipeline
from core.settings import load_settings
from jobs.commands.sources import scouted
from jobs.worker import drain
from tests.pages.conftest import Workbench, settled

pytestmark = pytest.mark.browser

SCRIPT = "<script>top.document.title = 'owned'</script>"
CSV = "Day,Place,Share\n" + "".join(f"2021-03-{n:02d},Pier {n} {SCRIPT},{n}.5\n" for n in range(1, 9))
JSON = '{"items": [' + ",".join(f'{{"ref": "A-{n}", "place": "Pier {n} {SCRIPT}"}}' for n in range(1, 9)) + "]}"
PAINTED = """() => [...document.querySelectorAll('*')].some(e => e.shadowRoot
    && Number(e.shadowRoot.querySelector('iframe[data-painted]')?.dataset.painted) >= 8)"""


@pytest.mark.parametrize(("name", "content"), [("shares.csv", CSV), ("notices.json", JSON)])
def test_the_values_of_a_file_are_marked_and_its_texts_stay_texts(
    workbench: Workbench, page: Page, tmp_path: Path, name: str, content: str
) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / name).write_text(content)
    pipeline = build_pipeline(load_settings(data_dir=workbench.data, sample_portal_port=0))
    source = pipeline.sources.accept(scouted(pipeline, str(folder), name).draft_id)
    drain(pipeline, "test")
    document = pipeline.documents.find(source.source_id, limit=1)[0]

    page.goto(f"{workbench.url}/documents?document={document.document_id}")
    settled(page)
    frame = page.frame_locator("iframe[title^='The saved page'] >> nth=0")
    expect(frame.locator("body")).to_contain_text(f"Pier 3 {SCRIPT}", timeout=30_000)
    page.wait_for_function(PAINTED, timeout=30_000)
    assert "owned" not in page.title()
    assert page.problems == []  # type: ignore[attr-defined]
