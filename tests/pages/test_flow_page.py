"""The Flow page: levels of every stream, and dead letters that a person replays."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from core.bootstrap import build_pipeline
from core.events import DeadLetter, Stream
from core.pipeline import Pipeline
from core.settings import load_settings
from jobs.commands.sources import scouted
from jobs.portal.server import PortalServer
from jobs.worker import drain
from tests.pages.conftest import Workbench, settled
from tests.pages.test_pages import opened
from tests.parts import parts_of


def bury_one(pipeline: Pipeline) -> DeadLetter:
    """Put the newest event of rows among the dead, as a dispatcher would."""
    message = parts_of(pipeline).broker.read(Stream.EXTRACTED, limit=1)[0]
    letter = DeadLetter("letter-1", message, "validate", 5, "It divides by nothing.", datetime.now(UTC))
    parts_of(pipeline).dead_letters.add(letter)
    return letter


def test_an_empty_flow_says_that_nothing_is_stuck(pipeline: Pipeline) -> None:
    app = opened("flow", pipeline)
    assert "Nothing was given up on" in app.success[0].value
    assert [metric.label for metric in app.metric][:2] == ["Waiting", "In work"]


def test_all_work_is_paused_and_resumed(pipeline: Pipeline) -> None:
    app = opened("flow", pipeline)
    app.button(key="pause").click().run()
    assert pipeline.flow.is_paused()
    assert "All work is paused" in app.warning[0].value
    app.button(key="pause").click().run()
    assert not pipeline.flow.is_paused()
    assert not app.warning


def test_levels_are_shown_and_a_letter_is_replayed(pipeline: Pipeline, portal: PortalServer) -> None:
    draft = scouted(pipeline, f"{portal.url}/tenders", "tenders")
    pipeline.sources.accept(draft.draft_id)
    drain(pipeline, "test")
    letter = bury_one(pipeline)
    app = opened("flow", pipeline)
    shown = app.dataframe[0].value
    assert {"extract", "validate", "lake"} <= set(shown["read by"])
    assert shown[shown["read by"] == "extract"]["waiting"].iloc[0] == 0
    before = len(parts_of(pipeline).broker.read(Stream.EXTRACTED, limit=10_000))
    app.button(key=f"replay-{letter.letter_id}").click().run()
    assert not app.exception
    assert pipeline.flow.letters() == []
    assert len(parts_of(pipeline).broker.read(Stream.EXTRACTED, limit=10_000)) == before + 1


@pytest.mark.browser
def test_the_flow_is_live_in_a_browser(workbench: Workbench, page: Page) -> None:
    port = workbench.portal.rpartition(":")[2]
    pipeline = build_pipeline(load_settings(data_dir=workbench.data, sample_portal_port=int(port)))
    page.goto(f"{workbench.url}/flow")
    settled(page)
    expect(page.get_by_role("heading", name="Flow")).to_be_visible()
    draft = scouted(pipeline, f"{workbench.portal}/tenders", "tenders")
    pipeline.sources.accept(draft.draft_id)
    drain(pipeline, "test")
    letter = bury_one(pipeline)
    page.reload()
    settled(page)
    expect(page.get_by_text("It divides by nothing.")).to_be_visible()
    expect(page.get_by_text("Dead letters").first).to_be_visible()
    page.locator(f".st-key-replay-{letter.letter_id} button").click()
    expect(page.get_by_text("Nothing was given up on.")).to_be_visible()
    assert pipeline.flow.letters() == []
    assert page.problems == []  # type: ignore[attr-defined]
