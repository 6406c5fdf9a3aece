"""A newcomer's way: paste the address of the sample portal, three clicks, rows in Tables with evidence."""

import re
from contextlib import suppress

import pytest
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from jobs.portal.content import TENDERS
from tests.pages.conftest import Workbench, settled

pytestmark = pytest.mark.browser


def test_portal_is_added_with_two_clicks_and_its_rows_show_their_evidence(workbench: Workbench, page: Page) -> None:
    page.goto(f"{workbench.url}/sources")
    settled(page)
    page.locator(".st-key-location input").fill(f"{workbench.portal}/tenders")
    page.get_by_role("button", name="Analyse").click()

    accept = page.locator(".st-key-accept button")
    accept.wait_for(timeout=60_000)
    expect(page.get_by_text("Further pages: by the link that says it is the next.")).to_be_visible()
    marks = page.frame_locator("iframe[title^='The saved page'] >> nth=0").locator("body")
    expect(marks).to_contain_text(TENDERS[0].reference)
    accept.click()

    page.get_by_text("● done").or_(page.get_by_text("Run now")).first.wait_for()
    page.wait_for_function("() => document.body.innerText.includes('0 tasks open')", timeout=90_000)
    _open_tables_until(page, f"{workbench.url}/tables", f"{len(TENDERS):,} rows in")
    _select_first_row(page)
    expect(page.get_by_text("Where this row comes from")).to_be_visible(timeout=60_000)
    frame = page.locator("iframe[title^='The saved page']")
    page.wait_for_function(
        "() => [...document.querySelectorAll('*')].some(e => e.shadowRoot"
        " && e.shadowRoot.querySelector('iframe[data-painted]'))",
        timeout=60_000,
    )
    expect(frame.first).to_be_visible()
    assert page.problems == []  # type: ignore[attr-defined]


def _open_tables_until(page: Page, url: str, text: str) -> None:
    """Rows reach the lake some seconds after the last task; a person would look again, too."""
    for _ in range(15):
        page.goto(url)
        settled(page)
        if page.get_by_text(text).first.is_visible():
            return
        page.wait_for_timeout(2_000)
    raise AssertionError(f"{url} never showed “{text}”")


def _select_first_row(page: Page) -> None:
    """Click the box of the first row; the grid is a canvas, so it is found by its place once that stands still.

    A click that falls into a drawing is lost and is made again; never one that the address tells of: it would unselect.
    """
    for _ in range(5):
        grid = page.locator("[data-testid=stDataFrame]").last
        before, box = None, grid.bounding_box()
        while box is None or box != before:
            page.wait_for_timeout(500)
            before, box = box, grid.bounding_box()
        page.mouse.click(box["x"] + 18, box["y"] + 35 + 17)
        with suppress(PlaywrightTimeout):
            page.wait_for_url(re.compile("row="), timeout=20_000)
            return
    raise AssertionError("the first row could not be selected")


@pytest.mark.parametrize("path", ["", "sources", "documents", "tables", "doctor", "flow"])
def test_deep_link_on_a_fresh_server_opens_its_page(workbench: Workbench, page: Page, path: str) -> None:
    page.goto(f"{workbench.url}/{path}")
    settled(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(path.capitalize() or "Overview")
    expect(page.get_by_test_id("stSidebar").get_by_role("link", name="Documents")).to_be_visible()
    assert page.problems == []  # type: ignore[attr-defined]
