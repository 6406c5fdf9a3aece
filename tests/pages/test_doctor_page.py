"""A redesign as a person sees it: trouble on the Doctor's page, one click, promoted, healthy."""

import urllib.request
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from core.bootstrap import build_pipeline
from core.model import FixState
from core.settings import load_settings
from jobs.commands.sources import scouted
from tests.pages.conftest import Workbench, settled

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_one_click_repairs_a_redesigned_source(workbench: Workbench, page: Page) -> None:
    port = workbench.portal.rpartition(":")[2]
    pipeline = build_pipeline(load_settings(data_dir=workbench.data, sample_portal_port=int(port)))
    draft = scouted(pipeline, f"{workbench.portal}/tenders", "tenders")
    source = pipeline.onboarding.accept(draft.draft_id)
    _wait_for(page, lambda: pipeline.runs.find(source.source_id, limit=1)[0].finished_at is not None)

    urllib.request.urlopen(f"{workbench.portal}/_redesign?on=1", timeout=10).close()
    page.goto(f"{workbench.url}/doctor?source={source.source_id}")
    settled(page)
    page.locator(".st-key-repair button").first.click()

    _wait_for(page, lambda: any(a.state is FixState.PROMOTED for a in pipeline.fixes.find(source.source_id)))
    page.reload()
    settled(page)
    expect(page.get_by_role("heading", name="pages were redesigned")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("Known cells reproduced").first).to_be_visible()
    expect(page.get_by_role("button", name="Roll back").first).to_be_visible()
    _wait_for(page, lambda: pipeline.runs.find(source.source_id, limit=1)[0].finished_at is not None)
    assert pipeline.runs.find(source.source_id, limit=1)[0].error == ""
    assert page.problems == []  # type: ignore[attr-defined]


def _wait_for(page: Page, holds: Callable[[], bool], seconds: int = 120) -> None:
    for _ in range(seconds):
        if holds():
            return
        page.wait_for_timeout(1_000)
    raise AssertionError("it did not come to pass in time")
