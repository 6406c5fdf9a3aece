"""The Schemas page: a table is proposed, edited, approved and filled; its next version; and back."""

import re
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from starlette.testclient import TestClient

from core.bootstrap import build_pipeline
from core.pipeline import Pipeline
from core.propose.editing import drop_field, retype_field
from core.settings import load_settings
from jobs.api import build_api
from jobs.commands.sources import scouted
from jobs.worker import drain
from tests.pages.conftest import Workbench, settled
from tests.pages.test_pages import opened
from tests.waiting import wait_for

PAGE = """<html><body><h1>Notice {n} of the towns</h1><dl><dt>Reference</dt><dd>AM-{n:03}</dd><dt>Buyer</dt>
<dd>Town {n}</dd><dt>Value</dt><dd>EUR {n}00.50</dd></dl></body></html>"""
TABLE = "extracted.alpha__page"


def pages_in(folder: Path) -> Path:
    folder.mkdir()
    for n in range(1, 7):
        (folder / f"{n}.html").write_text(PAGE.format(n=n))
    return folder


@pytest.fixture
def filled(pipeline: Pipeline, tmp_path: Path) -> Pipeline:
    pipeline.sources.accept(scouted(pipeline, str(pages_in(tmp_path / "alpha")), "alpha").draft_id)
    drain(pipeline, "test")
    return pipeline


def test_a_pipeline_without_rows_says_what_to_do_first(pipeline: Pipeline) -> None:
    assert "add one first" in opened("schemas", pipeline).info[0].value


def test_what_the_address_names_and_is_not_there_is_said(filled: Pipeline) -> None:
    assert "no proposal none" in opened("schemas", filled, proposal="none").error[0].value
    assert "no approved table “none”" in opened("schemas", filled, schema="none").error[0].value


def test_a_proposal_needs_rows_and_a_name(filled: Pipeline) -> None:
    app = opened("schemas", filled)
    app.button(key="propose-go").click().run()
    assert "cannot be the name of a table" in app.error[0].value
    app.text_input(key="name").set_value("tender")
    app.button(key="propose-go").click().run()
    assert "no row to propose a table from" in app.error[0].value
    assert filled.schemas.reviews() == []


def test_a_rejection_needs_a_reason_and_is_kept_with_it(filled: Pipeline) -> None:
    review = filled.schemas.propose([TABLE], "tender", "ann")
    app = opened("schemas", filled, proposal=review.review_id)
    app.button(key="reject").click().run()
    assert "needs a reason" in app.error[0].value
    app.button(key="pause-proposal").click().run()
    assert filled.schemas.review(review.review_id).state == "paused"
    app.text_input(key="why").set_value("not yet")
    app.button(key="pause-proposal").click().run()
    app.text_input(key="why").set_value("too wide")
    app.button(key="reject").click().run()
    rejected = filled.schemas.review(review.review_id)
    assert (rejected.state, rejected.acts[-1].why) == ("rejected", "too wide")
    app = opened("schemas", filled, proposal=review.review_id)
    assert not [button for button in app.button if button.key in ("approve", "reject")]
    assert "too wide" in " ".join(caption.value for caption in app.caption)


def test_columns_are_split_merged_and_brought_back(filled: Pipeline) -> None:
    review = filled.schemas.propose([TABLE], "tender", "ann")

    def names() -> list[str]:
        return sorted(field.name for field in filled.schemas.review(review.review_id).main.fields)

    app = opened("schemas", filled, proposal=review.review_id)
    app.selectbox(key="split-column").set_value("reference")
    app.button(key="split-go").click().run()
    assert "what stands between the parts" in app.error[0].value
    app.text_input(key="split-mark").set_value("-")
    app.button(key="split-go").click().run()
    assert names() == ["buyer", "reference_1", "reference_2", "title", "value"]
    app.multiselect(key="merge-columns").set_value(["title", "buyer"])
    app.text_input(key="merge-name").set_value("who")
    app.button(key="merge-go").click().run()
    assert names() == ["reference_1", "reference_2", "value", "who"]
    filled.schemas.edit(review.review_id, partial(drop_field, name="value"), "ann")
    app = opened("schemas", filled, proposal=review.review_id)
    app.button(key="back-value").click().run()
    assert "value" in names()
    assert not app.exception


def test_the_rows_of_a_proposal_are_shown_as_they_would_be(filled: Pipeline) -> None:
    review = filled.schemas.propose([TABLE], "tender", "ann")
    app = opened("schemas", filled, proposal=review.review_id, rows="yes")
    assert "6 rows that were read last." in [caption.value for caption in app.caption]
    assert set(app.dataframe[-1].value["reference"]) == {f"AM-{n:03}" for n in range(1, 7)}
    filled.schemas.approve(review.review_id, "ann")
    drain(filled, "test")
    again = filled.schemas.propose([TABLE], "tender", "ann")
    filled.schemas.edit(again.review_id, partial(retype_field, name="buyer", kind="date"), "ann")
    app = opened("schemas", filled, proposal=again.review_id, rows="yes")
    assert "6 rows that were read last, 6 of them with other values. 6 rows would hold" in " ".join(
        caption.value for caption in app.caption
    )
    before, after = app.dataframe[-2].value, app.dataframe[-1].value
    assert next(iter(before["buyer"])).startswith("Town")
    assert set(after["buyer"]) == {"✎ "}


OTHER = """<html><body><h2>Notice {n} of the towns</h2><table><tr><th>Ref. no.</th><td>AM-{n:03}</td></tr>
<tr><th>Purchaser</th><td>Town {n}</td></tr><tr><th>Amount</th><td>EUR {n}00.50</td></tr></table></body></html>"""


def test_tables_of_the_same_kind_are_found_and_proposed_together(filled: Pipeline, tmp_path: Path) -> None:
    app = opened("schemas", filled)
    app.toggle(key="alike").set_value(True).run()
    assert "No two tables" in app.info[0].value
    other = tmp_path / "beta"
    other.mkdir()
    for n in range(5, 11):
        (other / f"{n}.html").write_text(OTHER.format(n=n))
    filled.sources.accept(scouted(filled, str(other), "beta").draft_id)
    drain(filled, "test")
    app = opened("schemas", filled, alike="yes")
    [pair] = filled.schemas.alike()
    app.button(key=f"together-{pair.left}-{pair.right}").click().run()
    [review] = filled.schemas.reviews()
    assert review.proposal.sites == ("extracted.alpha__page", "extracted.beta__page")


def test_a_proposal_waits_on_the_overview_and_is_told_by_rest(filled: Pipeline) -> None:
    review = filled.schemas.propose([TABLE], "tender", "ann")
    app = opened("overview", filled)
    assert "Waiting for you" in [heading.value for heading in app.subheader]
    assert TABLE in " ".join(caption.value for caption in app.caption)
    rest = TestClient(build_api(filled, None))
    [told] = rest.get("/proposals").json()
    assert told["proposal"]["review_id"] == review.review_id
    assert [change["kind"] for change in told["changes"]] == ["table_added"]
    filled.schemas.approve(review.review_id, "ann")
    assert rest.get("/proposals").json() == []
    assert [(version["schema_name"], version["state"]) for version in rest.get("/schemas").json()] == [
        ("tender", "filling")
    ]


@pytest.mark.browser
def test_from_the_rows_of_a_source_to_a_table_its_next_version_and_back(
    workbench: Workbench, page: Page, tmp_path: Path
) -> None:
    pipeline = build_pipeline(load_settings(data_dir=workbench.data, sample_portal_port=0))
    pipeline.sources.accept(scouted(pipeline, str(pages_in(tmp_path / "alpha")), "alpha").draft_id)
    drain(pipeline, "test")
    # the loop of the workbench may have its share in it
    wait_for(lambda: any(one.name == TABLE and one.rows == 6 for one in pipeline.tables.all()), pause=0.2)
    page.goto(f"{workbench.url}/schemas")
    settled(page)
    page.get_by_role("combobox").first.click()
    page.get_by_role("option", name=TABLE).click()
    page.keyboard.press("Escape")
    page.get_by_label("Name").fill("tender")
    page.get_by_role("button", name="Propose").click()
    page.wait_for_url(re.compile("proposal="))
    settled(page)
    review = pipeline.schemas.reviews()[0]
    expect(page.get_by_text(f"{len(review.main.fields)} columns").first).to_be_visible()
    _untick_first_row(page)
    expect(page.get_by_text(f"{len(review.main.fields) - 1} columns").first).to_be_visible()
    page.reload()
    expect(page.get_by_text(f"{len(review.main.fields) - 1} columns").first).to_be_visible()
    settled(page)
    page.get_by_label("Why?").fill("looks right")
    page.get_by_role("button", name="Approve").click()
    page.wait_for_url(re.compile("schema=tender"))
    expect(page.locator("p", has_text="Version 1").first).to_contain_text("is shown", timeout=90_000)
    page.get_by_role("link", name="Its rows").click()
    page.wait_for_url(re.compile("table=silver.tender"))
    expect(page.get_by_text("6 rows in").first).to_be_visible()
    page.go_back()
    page.wait_for_url(re.compile("schema=tender"))

    changed = pipeline.schemas.propose([TABLE], "tender", "ann")
    pipeline.schemas.approve(changed.review_id, "ann")
    page.reload()
    expect(page.locator("p", has_text="Version 2").first).to_contain_text("is shown", timeout=90_000)
    page.get_by_role("button", name="Make it the next version").click()
    expect(page.locator("p", has_text="Version 3").first).to_contain_text("is shown", timeout=90_000)
    settled(page)
    assert [version.number for version in pipeline.schemas.versions("tender")] == [3, 2, 1]
    assert pipeline.schemas.versions("tender")[0].table == pipeline.schemas.versions("tender")[2].table
    assert page.problems == []  # type: ignore[attr-defined]


def _untick_first_row(page: Page) -> None:
    """The grid is a canvas: a tick of its first column is changed by a click in the middle of the cell."""
    grid = page.get_by_test_id("stDataFrame").first
    before, box = None, grid.bounding_box()
    while box is None or before != box:
        page.wait_for_timeout(100)
        before, box = box, grid.bounding_box()
    page.mouse.click(box["x"] + 52, box["y"] + 35 + 17)
