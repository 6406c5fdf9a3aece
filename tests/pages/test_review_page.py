"""The Review page: a queue by keyboard, the value beside its place on the page, decisions one by one and for all."""

import re
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from starlette.testclient import TestClient

from core.bootstrap import build_pipeline
from core.model.review import ItemState, ReviewItem
from core.pipeline import Pipeline
from core.propose.editing import require_field, set_key
from core.settings import load_settings
from jobs.api import build_api
from jobs.commands.sources import scouted
from jobs.worker import drain
from tests.pages.conftest import Workbench, settled
from tests.pages.test_pages import opened
from tests.waiting import wait_for

PAGE = """<html><body><h1>Notice {n} of the towns</h1><dl><dt>Reference</dt><dd>AM-{n:03}</dd><dt>Buyer</dt>
<dd>Town {n}</dd><dt>Closes</dt><dd>{closes}</dd></dl></body></html>"""
TABLE = "extracted.alpha__page"
LATER = ("until further notice", "when it is full", "not yet known")


def refuse_some(pipeline: Pipeline, folder: Path) -> list[ReviewItem]:
    """An approved table, and three notices that say no day of closing."""
    folder.mkdir()
    for n in range(1, 7):
        (folder / f"{n}.html").write_text(PAGE.format(n=n, closes=f"{n} March 2026"))
    pipeline.sources.accept(scouted(pipeline, str(folder), "alpha").draft_id)
    drain(pipeline, "test")
    # the loop of a workbench may have its share in both
    wait_for(lambda: any(one.name == TABLE and one.rows == 6 for one in pipeline.tables.all()), pause=0.2)
    review = pipeline.schemas.propose([TABLE], "tender", "ann")
    for change in (partial(require_field, name="closes", must=True), partial(set_key, names=["reference"])):
        pipeline.schemas.edit(review.review_id, change, "ann")
    pipeline.schemas.approve(review.review_id, "ann", mode="discard_row")
    for n, text in enumerate(LATER, 7):
        (folder / f"{n}.html").write_text(PAGE.format(n=n, closes=text))
    pipeline.flow.run_now("alpha")
    drain(pipeline, "test")
    wait_for(lambda: len(pipeline.review.find()) == len(LATER), pause=0.2)
    found = pipeline.review.find()
    assert sorted(item.text for item in found) == sorted(LATER)
    return found


@pytest.fixture
def refused(pipeline: Pipeline, tmp_path: Path) -> list[ReviewItem]:
    return refuse_some(pipeline, tmp_path / "alpha")


def test_a_queue_of_nothing_says_so(pipeline: Pipeline) -> None:
    app = opened("review", pipeline)
    assert "Nothing waits" in app.info[0].value
    assert "no review item none" in opened("review", pipeline, item="none").error[0].value
    assert "decided about" in opened("review", pipeline, column="closes").success[0].value


def test_what_was_refused_is_decided_about_one_by_one(pipeline: Pipeline, refused: list[ReviewItem]) -> None:
    first, second, third = refused
    app = opened("review", pipeline, column="closes")
    assert [heading.value for heading in app.subheader] == ["closes cannot be read as the type of the column"]
    assert first.text in [text.value for text in app.text]
    app.text_input(key=f"right-{first.item_id}").set_value("soon")
    app.button(key="correct").click().run()
    assert "“soon” is no date" in app.error[0].value
    app.text_input(key=f"right-{first.item_id}").set_value("31 March 2026")
    app.text_input(key=f"why-{first.item_id}").set_value("asked them")
    app.button(key="correct").click().run()
    act = pipeline.review.item(first.item_id).acts[-1]
    assert (act.kind, act.values, act.why) == ("corrected", ("31 March 2026",), "asked them")
    # the next one is open by itself
    assert app.query_params["item"] == second.item_id
    app.button(key="reject").click().run()
    assert app.query_params["item"] == third.item_id
    app.button(key="accept").click().run()
    states = [pipeline.review.item(item.item_id).state for item in refused]
    assert states == [ItemState.CORRECTED, ItemState.REJECTED, ItemState.ACCEPTED]
    assert "All of these are decided about" in app.success[0].value
    app = opened("review", pipeline, decided="yes")
    assert len([text.value for text in app.text if "rejected" in text.value]) == 1
    app = opened("review", pipeline, item=second.item_id)
    app.button(key="undo").click().run()
    assert pipeline.review.item(second.item_id).state is ItemState.OPEN


def test_what_is_alike_is_decided_about_together(pipeline: Pipeline, refused: list[ReviewItem]) -> None:
    app = opened("review", pipeline, item=refused[1].item_id)
    app.button(key="accept-all").click().run()
    assert {pipeline.review.item(item.item_id).state for item in refused} == {ItemState.ACCEPTED}
    assert pipeline.review.groups() == []


def test_a_rule_that_is_too_narrow_is_proposed_wider(pipeline: Pipeline, refused: list[ReviewItem]) -> None:
    app = opened("review", pipeline, item=refused[0].item_id)
    app.button(key="rule").click().run()
    [proposal] = pipeline.schemas.reviews()
    assert (proposal.schema_name, proposal.base, proposal.proposal.origin) == ("tender", 1, "the review queue")
    assert {field.name: field.type for field in proposal.main.fields}["closes"] == "string"
    assert {pipeline.review.item(item.item_id).state for item in refused} == {ItemState.RULED}


def test_what_waits_is_told_on_the_overview_and_by_rest(pipeline: Pipeline, refused: list[ReviewItem]) -> None:
    app = opened("overview", pipeline)
    assert "closes of tender" in " ".join(caption.value for caption in app.caption)
    rest = TestClient(build_api(pipeline, None))
    assert [item["text"] for item in rest.get("/review").json()] == [item.text for item in refused]
    assert rest.get("/review", params={"column": "value"}).json() == []
    assert rest.get(f"/review/{refused[0].item_id}").json()["places"][0][0].startswith("xpath:")
    assert rest.get("/review/none").status_code == 404


def test_an_incident_waits_on_the_overview_until_a_person_expects_it(
    pipeline: Pipeline, refused: list[ReviewItem], tmp_path: Path
) -> None:
    for first in (101, 201, 301, 401):
        for n in range(first, first + 10):
            text = LATER[0] if first == 401 else f"{n % 28 + 1} March 2026"
            (tmp_path / "alpha" / f"{n}.html").write_text(PAGE.format(n=n, closes=text))
        pipeline.flow.run_now("alpha")
        drain(pipeline, "test")
    [incident] = pipeline.alerts.open()
    app = opened("overview", pipeline)
    assert incident.sentence in [caption.value for caption in app.caption]
    app.button(key=f"expect-{incident.incident_id}").click().run()
    assert pipeline.alerts.open() == []


@pytest.mark.browser
@pytest.mark.timeout(300)
def test_the_queue_is_worked_through_by_keyboard(workbench: Workbench, page: Page, tmp_path: Path) -> None:
    pipeline = build_pipeline(load_settings(data_dir=workbench.data, sample_portal_port=0))
    first, second, third = refuse_some(pipeline, tmp_path / "alpha")
    page.goto(f"{workbench.url}/review")
    settled(page)
    page.get_by_role("link", name="3 values of tender, closes").click()
    expect(page.get_by_text("1 of 3 alike that wait")).to_be_visible()
    settled(page)
    # the value is marked on the page it came from
    frame = page.frame_locator("iframe[title^='The saved page']")
    expect(frame.get_by_text(first.text)).to_be_visible()
    page.keyboard.press("j")
    page.wait_for_url(re.compile(f"item={second.item_id}"))
    expect(page.get_by_text("2 of 3 alike that wait")).to_be_visible()
    settled(page)
    page.keyboard.press("k")
    page.wait_for_url(re.compile(f"item={first.item_id}"))
    expect(page.get_by_text("1 of 3 alike that wait")).to_be_visible()
    settled(page)
    page.keyboard.press("a")
    page.wait_for_url(re.compile(f"item={second.item_id}"))
    expect(page.get_by_text("1 of 2 alike that wait")).to_be_visible()
    settled(page)
    expect(page.get_by_label("What is right")).to_have_value(second.text)
    assert pipeline.review.item(first.item_id).state is ItemState.ACCEPTED
    # a letter that is typed is none that decides
    box = page.get_by_label("What is right")
    box.fill("31 March 2026")
    box.press("x")
    box.press("Backspace")
    box.press("Escape")
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("e")
    page.wait_for_url(re.compile(f"item={third.item_id}"))
    expect(page.get_by_text("1 of 1 alike that wait")).to_be_visible()
    settled(page)
    assert pipeline.review.item(second.item_id).acts[-1].values == ("31 March 2026",)
    page.reload()
    expect(page.get_by_text("1 of 1 alike that wait")).to_be_visible()
    settled(page)
    page.keyboard.press("x")
    expect(page.get_by_text("All of these are decided about.")).to_be_visible()
    assert pipeline.review.item(third.item_id).state is ItemState.REJECTED
    page.go_back()
    page.wait_for_url(re.compile(f"item={third.item_id}"))
    expect(page.get_by_role("button", name="Take it back")).to_be_visible()
    drain(pipeline, "test")
    result = pipeline.tables.query("SELECT reference, closes::VARCHAR FROM silver.tender ORDER BY 1 DESC LIMIT 2")
    assert len(pipeline.tables.query("SELECT * FROM silver.tender").rows) == 8
    assert {closes for _, closes in result.rows} == {None, "2026-03-31"}
    assert page.problems == []  # type: ignore[attr-defined]
