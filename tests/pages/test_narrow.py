"""At 800 pixels nothing is cut off: figures, buttons and labels are whole, and the side bar folds to its symbols."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.bootstrap import build_pipeline
from core.settings import load_settings
from jobs.commands.sources import scouted
from jobs.worker import drain
from tests.pages.conftest import Workbench, settled
from tests.pages.test_navigation import folder

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
# texts that are wider than the room they have, or reach out of the window
CUT = """() => {
  const texts = '[data-testid=stMetricValue] *, [data-testid=stMetricLabel] *, button *, label *';
  const isCut = e => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline';
  return [...document.querySelectorAll(`[data-testid=stMain] :is(${texts})`)]
    .filter(e => e.textContent.trim() && e.checkVisibility())
    .filter(e => isCut(e) || e.getBoundingClientRect().right > innerWidth)
    .map(e => e.textContent);
}"""


def test_nothing_is_cut_off_at_800_pixels(workbench: Workbench, page: Page, tmp_path: Path) -> None:
    pipeline = build_pipeline(
        load_settings(data_dir=workbench.data, sample_portal_port=int(workbench.portal.rpartition(":")[2]))
    )
    source = pipeline.sources.accept(scouted(pipeline, str(folder(tmp_path / "notices")), "notices").draft_id)
    drain(pipeline, "test")
    for path in (tmp_path / "notices").iterdir():
        path.write_text("<p>Closed.</p>")
    for _ in range(pipeline.settings.strikes):
        pipeline.flow.run_now(source.source_id)
        drain(pipeline, "test")
    draft = scouted(pipeline, f"{workbench.portal}/tenders", "tenders")

    page.set_viewport_size({"width": 800, "height": 900})
    item = f"source={source.source_id}"
    for path in ("", f"sources?{item}", f"sources?draft={draft.draft_id}", f"doctor?{item}", "tables", "flow"):
        page.goto(f"{workbench.url}/{path}")
        settled(page)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.evaluate(CUT) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        side_bar = page.get_by_test_id("stSidebar").bounding_box()
        assert side_bar is not None
        assert side_bar["width"] <= 80
    expect(page.get_by_test_id("stSidebar").get_by_role("link", name="Documents")).to_be_visible()

    page.set_viewport_size({"width": 1280, "height": 900})
    expect(page.get_by_test_id("stSidebar").get_by_text("Documents")).to_be_visible()
    assert (page.get_by_test_id("stSidebar").bounding_box() or {})["width"] == 200
