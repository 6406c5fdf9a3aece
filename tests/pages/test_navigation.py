"""Every click writes the address, and every page is drawn from it: links, buttons, reload, Back and Forward."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from core.bootstrap import build_pipeline
from core.pipeline import Pipeline
from core.settings import load_settings
from jobs.commands.sources import scouted
from tests.pages.conftest import Workbench, settled

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
LONG = 60_000
ITEM = "<h1>Notice {n}</h1><dl><dt>Buyer</dt><dd>Town {n}</dd><dt>Value</dt><dd>EUR {n}00</dd></dl>"


@pytest.fixture
def pipeline(workbench: Workbench) -> Pipeline:
    """A second pipeline on the data of the workbench: it sees what the workbench's own loop does."""
    port = workbench.portal.rpartition(":")[2]
    return build_pipeline(load_settings(data_dir=workbench.data, sample_portal_port=int(port)))


@pytest.fixture
def notices(pipeline: Pipeline, tmp_path: Path, page: Page) -> str:
    """The id of a source that was read: a folder of three saved pages."""
    source = pipeline.sources.accept(scouted(pipeline, str(folder(tmp_path / "notices")), "notices").draft_id)
    _wait_for(page, lambda: any(table.rows for table in pipeline.tables.all() if table.name.startswith("extracted.")))
    # rows may be there before the run is over, and while it is open no other one begins
    _wait_for(page, lambda: all(run.finished_at for run in pipeline.flow.runs(source.source_id, limit=9)))
    return source.source_id


def folder(path: Path) -> Path:
    path.mkdir()
    for n in range(1, 4):
        (path / f"{n}.html").write_text(ITEM.format(n=n))
    return path


def test_accept_all_sources_analyse_opens_the_new_draft(
    workbench: Workbench, pipeline: Pipeline, page: Page, tmp_path: Path
) -> None:
    first, second = folder(tmp_path / "first"), folder(tmp_path / "second")
    _open(page, f"{workbench.url}/sources")
    _analyse(page, first)
    page.locator(".st-key-accept button").click(timeout=LONG)
    _stands_at(page, "/sources?source=first", "first")

    page.get_by_role("link", name="All sources").click()
    _stands_at(page, "/sources", "Sources")
    _analyse(page, second)
    _stands_at(page, r"/sources\?draft=\w+", "Add second")
    assert {draft.location for draft in pipeline.sources.drafts()} == {str(second)}


def test_a_source_opened_from_the_list_is_run(
    workbench: Workbench, pipeline: Pipeline, notices: str, page: Page
) -> None:
    _open(page, f"{workbench.url}/sources")
    _main(page).get_by_role("link", name="notices").click()
    _stands_at(page, f"/sources?source={notices}", "notices")
    page.get_by_role("button", name="Run now").click()
    _wait_for(page, lambda: len(pipeline.flow.runs(notices, limit=9)) == 2)
    _stands_at(page, f"/sources?source={notices}", "notices")


def test_going_on_with_another_draft_opens_that_one_and_the_side_bar_leaves_it(
    workbench: Workbench, pipeline: Pipeline, page: Page, tmp_path: Path
) -> None:
    drafts = [scouted(pipeline, str(folder(tmp_path / name)), name) for name in ("first", "second")]
    _open(page, f"{workbench.url}/sources")
    for draft in drafts:
        page.locator(f".st-key-go-{draft.draft_id} button").click()
        _stands_at(page, f"/sources?draft={draft.draft_id}", f"Add {draft.name}")
        page.get_by_role("link", name="All sources").click()
        _stands_at(page, "/sources", "Sources")

    page.locator(f".st-key-go-{drafts[0].draft_id} button").click()
    _stands_at(page, f"/sources?draft={drafts[0].draft_id}", "Add first")
    _side_bar(page, "Sources").click()
    _stands_at(page, "/sources", "Sources")
    addresses, titles = [f"/sources?draft={drafts[0].draft_id}", "/sources"], ["Add first", "Sources"]
    _walks_back_and_forth(page, addresses, titles, [f"h1:has-text('{title}')" for title in titles])


def test_list_item_choice_reload_back_and_forward_on_every_page(
    workbench: Workbench, pipeline: Pipeline, notices: str, page: Page
) -> None:
    document = pipeline.documents.find(notices, limit=9)[-1]
    _open(page, workbench.url)
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")

    _main(page).get_by_role("link", name="notices").click()
    _stands_at(page, f"/sources?source={notices}", "notices")
    page.get_by_role("tab", name="Extractors").click()
    _stands_at(page, f"/sources?source={notices}&tab=extractors", "notices")
    page.reload()
    _stands_at(page, f"/sources?source={notices}&tab=extractors", "notices")
    expect(page.get_by_role("tab", name="Extractors")).to_have_attribute("aria-selected", "true")

    page.get_by_role("link", name="Its documents").click()
    _stands_at(page, f"/documents?source={notices}", "Documents")
    _main(page).get_by_role("link", name=document.url).click()
    _stands_at(page, f"/documents?document={document.document_id}", "Document")
    _choose(page, "Show on the page", "buyer")
    _stands_at(page, f"/documents?document={document.document_id}&field=buyer", "Document")
    page.get_by_role("link", name="All documents").click()
    _stands_at(page, "/documents", "Documents")

    _side_bar(page, "Doctor").click()
    _stands_at(page, "/doctor", "Doctor")
    _main(page).get_by_role("link", name="notices").click()
    _stands_at(page, f"/doctor?source={notices}", "Doctor")
    page.get_by_text("Read archived pages with another version").click()
    _stands_at(page, f"/doctor?source={notices}&replay=yes", "Doctor")
    page.reload()
    _stands_at(page, f"/doctor?source={notices}&replay=yes", "Doctor")
    expect(page.get_by_text("against the versions that read them last")).to_be_visible(timeout=LONG)

    _side_bar(page, "Tables").click()
    _stands_at(page, "/tables", "Tables")
    _choose(page, "Show", "latest runs")
    _stands_at(page, "/tables?question=latest_runs", "Tables")
    _side_bar(page, "Flow").click()
    _stands_at(page, "/flow", "Flow")

    _walks_back_and_forth(
        page,
        [
            f"/documents?document={document.document_id}&field=buyer",
            "/documents",
            "/doctor",
            f"/doctor?source={notices}",
            f"/doctor?source={notices}&replay=yes",
            "/tables",
            "/tables?question=latest_runs",
            "/flow",
        ],
        ["Document", "Documents", "Doctor", "Doctor", "Doctor", "Tables", "Tables", "Flow"],
        [
            "text=Download the raw bytes",
            "text=Address contains",
            "text=Sources, those in trouble first",
            ".st-key-replay input:not(:checked)",
            ".st-key-replay input:checked",
            "text=Select a row to see where",
            "text=1 row in",
            "h1:has-text('Flow')",
        ],
    )
    assert page.problems == []  # type: ignore[attr-defined]


def test_sql_is_in_the_address_and_what_is_not_there_is_said(
    workbench: Workbench, pipeline: Pipeline, notices: str, page: Page
) -> None:
    table = next(table.name for table in pipeline.tables.all() if table.name.startswith("extracted."))
    _open(page, f"{workbench.url}/tables?table={table}")
    box = page.get_by_label("Query (read-only SQL)")
    box.fill(f"SELECT count(*) AS how_many FROM {table}")
    box.press("Control+Enter")
    expect(page.get_by_text("1 row in")).to_be_visible()
    page.reload()
    settled(page)
    expect(box).to_have_value(f"SELECT count(*) AS how_many FROM {table}")
    expect(page.get_by_text("1 row in")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("3 rows in")).to_be_visible()

    for address in ("tables?table=extracted.nobody__rows", "tables?source=nobody", "doctor?source=nobody"):
        _open(page, f"{workbench.url}/{address}")
        expect(page.get_by_text(re.compile("There is no .*nobody"))).to_be_visible()


def _open(page: Page, url: str) -> None:
    page.goto(url)
    settled(page)


def _analyse(page: Page, path: Path) -> None:
    page.locator(".st-key-location input").fill(str(path))
    page.locator(".st-key-name input").fill(path.name)
    page.get_by_role("button", name="Analyse").click()


def _main(page: Page) -> Locator:
    return page.get_by_test_id("stMain")


def _side_bar(page: Page, name: str) -> Locator:
    return page.get_by_test_id("stSidebar").get_by_role("link", name=name)


def _choose(page: Page, label: str, option: str) -> None:
    _main(page).get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option, exact=True).click()


def _stands_at(page: Page, address: str, title: str) -> None:
    """The browser shows this address, and the page is the one of the address."""
    wanted = address if "\\" in address else re.escape(address)
    expect(page).to_have_url(re.compile(wanted + "$"), timeout=LONG)
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible(timeout=LONG)
    settled(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def _walks_back_and_forth(page: Page, addresses: list[str], titles: list[str], marks: list[str]) -> None:
    """From the last of the addresses back to the first and forth again, each by one step of the browser.

    Each step waits for what only the page of its address shows: where the answer to a step comes after the next one,
    the browser is led back to the page of the answer.
    """
    steps = list(zip(addresses, titles, marks, strict=True))
    walk = [(page.go_back, step) for step in steps[-2::-1]] + [(page.go_forward, step) for step in steps[1:]]
    for go, (address, title, mark) in walk:
        go()
        expect(_main(page).locator(mark).first).to_be_attached(timeout=LONG)
        _stands_at(page, address, title)


def _wait_for(page: Page, holds: Callable[[], bool], seconds: int = 120) -> None:
    for _ in range(seconds):
        if holds():
            return
        page.wait_for_timeout(1_000)
    raise AssertionError("it did not come to pass in time")
