"""A redesign as a person sees it: strikes, quarantine, one click, promoted, healthy, the same rows."""

import urllib.request
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from core.bootstrap import build_pipeline
from core.model import FixState, Schedule, Source
from core.pipeline import Pipeline
from core.settings import load_settings
from jobs.commands.sources import scouted
from jobs.portal.content import TENDERS
from tests.pages.conftest import Workbench, settled
from tests.parts import parts_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
LONG = 180_000
COLUMNS = "reference, title, deadline, published, status, estimated_value, estimated_value_currency"
FOCUS_IN_VIEW = """() => {
  const box = document.querySelector('[style*=outline]:not([href])')?.getBoundingClientRect();
  return box && box.top >= 0 && box.bottom <= innerHeight && box.left >= 0 && box.right <= innerWidth;
}"""
EVERY_6_HOURS = Schedule(every_seconds=6 * 3600)


@pytest.fixture
def pipeline(workbench: Workbench) -> Pipeline:
    """A second pipeline on the data of the workbench: it sees what the workbench's own loop does."""
    port = workbench.portal.rpartition(":")[2]
    return build_pipeline(load_settings(data_dir=workbench.data, sample_portal_port=int(port)))


@pytest.fixture
def source(pipeline: Pipeline, workbench: Workbench, page: Page) -> Source:
    draft = scouted(pipeline, f"{workbench.portal}/tenders", "tenders")
    source = pipeline.sources.accept(draft.draft_id, schedule=EVERY_6_HOURS)
    _wait_for(page, lambda: _is_over(pipeline, source, 1) and len(rows(pipeline)) == len(TENDERS))
    return source


def test_strikes_quarantine_one_click_and_the_same_rows(
    workbench: Workbench, pipeline: Pipeline, source: Source, page: Page
) -> None:
    before = rows(pipeline)
    doctor = f"{workbench.url}/doctor?source={source.source_id}"
    _open(page, doctor)
    says(page, "● healthy", "0 of 3", "every 6 hours", "3 of 3", "Healthy: the last run", "Check anyway")
    assert page.get_by_role("button", name="Repair and promote").count() == 0

    redesign(workbench)
    for strike in (1, 2, 3):
        _run_by_hand(page, workbench, source)
        _wait_for(page, lambda runs=strike + 1: _is_over(pipeline, source, runs))
        if strike < 3:
            _open(page, doctor)
            says(page, f"Strike {strike} of 3", f"{strike} of 3", "every 6 hours")

    _open(page, doctor)
    says(page, "✕ quarantined", "3 of 3", "‖ paused", "Quarantined after 3 failed runs in a row", "stay readable")
    says(page, "waits to be promoted")
    page.get_by_role("link", name="Its tables").click()
    says(page, f"{len(before)} rows in")

    _open(page, doctor)
    page.get_by_role("button", name="Repair and promote").click()
    says(page, "fresh pages fetched", "staged main v3", "not proved: ", "waits to be promoted")
    says(page, "The main pages were redesigned", "became", "moved: deadline", "Known cells read alike")
    says(page, "fields are lost: ", "Lost: ")
    page.get_by_role("button", name="Promote", exact=True).click()
    says(page, "Promote although ")
    assert pipeline.repairs.attempts(source.source_id, limit=1)[0].state is FixState.STAGED
    page.get_by_role("button", name="Promote all the same").click()
    says(page, "promoted: in service")
    says(page, "● healthy", "0 of 3", "every 6 hours", "Healthy: the last run")
    page.get_by_role("tab", name="Page then and now").first.click()
    says(page, "Then, as the old version reads it", "Now, as the repaired version reads it")
    _wait_for(page, lambda: _views_of_focus(page) == [True, True], seconds=30)
    page.get_by_role("tab", name="Rows before and after").first.click()
    says(page, f"{len(before)} rows before, {len(before)} now")

    _run_by_hand(page, workbench, source)
    _wait_for(page, lambda: _is_over(pipeline, source, 6))
    _open(page, doctor)
    says(page, "● healthy", "0 of 3", "Healthy: the last run")
    assert pipeline.flow.runs(source.source_id, limit=1)[0].error == ""
    assert rows(pipeline) == before

    page.get_by_role("button", name="Roll back").click()
    says(page, "Roll this repair back?")
    assert _active(pipeline, source) > 1
    page.get_by_label("Why?").fill("the old look is back")
    # the answer by keyboard; that of the next question by a click
    page.get_by_label("Why?").press("Enter")
    says(page, "rolled back: the versions before read again", "the old look is back")
    assert _active(pipeline, source) == 1
    page.get_by_role("button", name="Promote again").click()
    page.get_by_role("dialog").get_by_role("button", name="Promote again").click()
    says(page, "promoted: in service")
    assert _active(pipeline, source) > 1
    assert page.problems == []  # type: ignore[attr-defined]


def _active(pipeline: Pipeline, source: Source) -> int:
    """The number of the version that reads the list now."""
    active = pipeline.repairs.in_service(source.source_id, "main")
    assert active is not None
    return active.version


def rows(pipeline: Pipeline) -> set[tuple[object, ...]]:
    if not any(table.name == "extracted.tenders__tender" for table in parts_of(pipeline).lake.tables()):
        return set()
    return set(pipeline.tables.query(f"SELECT {COLUMNS} FROM extracted.tenders__tender").rows)


def says(page: Page, *texts: str) -> None:
    """All of the texts can be read on the page, now or soon."""
    for text in texts:
        expect(page.get_by_text(text).filter(visible=True).first).to_be_visible(timeout=LONG)


def _views_of_focus(page: Page) -> list[bool]:
    """For each saved page that is on show, whether the field in focus stands in the visible part of it."""
    shown = [frame for frame in page.frames if frame.url == "about:srcdoc" and frame.evaluate("innerHeight > 0")]
    return [bool(frame.evaluate(FOCUS_IN_VIEW)) for frame in shown]


def redesign(workbench: Workbench) -> None:
    urllib.request.urlopen(f"{workbench.portal}/_redesign?on=1", timeout=10).close()


def _open(page: Page, url: str) -> None:
    page.goto(url)
    settled(page)


def _run_by_hand(page: Page, workbench: Workbench, source: Source) -> None:
    _open(page, f"{workbench.url}/sources?source={source.source_id}")
    page.get_by_role("button", name="Run now").click()
    settled(page)


def _is_over(pipeline: Pipeline, source: Source, runs: int) -> bool:
    found = pipeline.flow.runs(source.source_id, limit=20)
    return len(found) == runs and all(run.finished_at for run in found)


def _wait_for(page: Page, holds: Callable[[], bool], seconds: int = 300) -> None:
    for _ in range(seconds):
        if holds():
            return
        page.wait_for_timeout(1_000)
    raise AssertionError("it did not come to pass in time")
