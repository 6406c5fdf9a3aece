"""In the wizard: a click on a value, a name, and the field is there; wanted columns are found by their names."""

import pytest
from playwright.sync_api import Page, expect

from jobs.portal.content import TENDERS
from tests.pages.conftest import Workbench, settled

pytestmark = pytest.mark.browser


def test_a_clicked_value_becomes_a_field_and_wanted_columns_come_first(workbench: Workbench, page: Page) -> None:
    page.goto(f"{workbench.url}/sources")
    settled(page)
    page.locator(".st-key-location input").fill(f"{workbench.portal}/tenders")
    page.get_by_role("button", name="Analyse").click()
    page.locator(".st-key-accept button").wait_for(timeout=60_000)
    settled(page)

    frame = page.frame_locator("iframe[title^='The saved page'] >> nth=0")
    frame.get_by_text(TENDERS[1].reference, exact=True).first.click()
    value = page.locator("[class*=st-key-taught-value] input").first
    expect(value).to_have_value(TENDERS[1].reference, timeout=30_000)
    name = page.locator("[class*=st-key-taught-name] input").first
    name.fill("file_mark")
    page.get_by_role("button", name="Learn it").first.click()
    settled(page)

    page.get_by_text("Columns I want").first.click()
    page.locator("[class*=st-key-wanted] textarea").first.fill("file mark\nzeppelin")
    page.get_by_role("button", name="Find them").first.click()
    expect(page.get_by_text("was not found").first).to_be_visible(timeout=30_000)
    expect(page.get_by_text("% sure").first).to_be_visible()
    assert page.problems == []  # type: ignore[attr-defined]
