"""What is seen in the wizard is what is accepted: edits count as they are made, and belong to their draft alone."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.pages.conftest import Workbench, settled

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
# how long an answer of the page may take on a machine that does much else
expect.set_options(timeout=60_000)


def analysed(page: Page, workbench: Workbench, path: str) -> str:
    """Have a page of the portal analysed; the address of its draft."""
    page.goto(f"{workbench.url}/sources")
    settled(page)
    page.locator(".st-key-location input").fill(f"{workbench.portal}{path}")
    page.get_by_role("button", name="Analyse").click()
    page.locator(".st-key-accept button").wait_for(timeout=120_000)
    page.wait_for_url(re.compile("draft="))
    settled(page)
    return page.url


def rows(page: Page) -> Locator:
    """The rows of the list of columns that is seen."""
    return page.locator(".columns tbody tr").filter(visible=True)


def name_of(page: Page, column: str) -> Locator:
    return page.get_by_label(f"Name of {column}", exact=True).filter(visible=True)


def choose(page: Page, label: str, option: str) -> None:
    """Choose in a box as a person does, who opens it once more when an answer of the page closed it meanwhile."""
    box, wanted = page.get_by_role("combobox", name=label), page.get_by_role("option", name=option)
    for _ in range(20):
        if not wanted.count():
            box.click()
        page.wait_for_timeout(500)
        if wanted.count():
            wanted.click()
            return
    raise AssertionError(f"{label} never offered {option}")


def columns_of(page: Page, workbench: Workbench, table: str) -> set[str]:
    """The columns of a lake table that the accepted source fills, once it does."""
    page.get_by_text("Run now").first.wait_for(timeout=60_000)
    for _ in range(60):
        page.goto(f"{workbench.url}/tables?table={table}")
        settled(page)
        query = page.locator("textarea").first
        if query.count() and f"FROM {table}" in (sql := query.input_value()):
            return {column for column in re.findall(r'"(\w+)"', sql) if not column.startswith("_")}
        page.wait_for_timeout(1_000)
    raise AssertionError(f"{table} never came")


def test_edits_are_kept_over_a_reload_taken_back_and_accepted_in_an_instant(workbench: Workbench, page: Page) -> None:
    analysed(page, workbench, "/tenders")
    name = name_of(page, "buyer")
    name.click()
    page.keyboard.press("Control+A")
    page.keyboard.type("Contracting body")
    page.keyboard.press("Enter")
    expect(name_of(page, "contracting_body")).to_have_value("contracting_body")
    page.get_by_label("Keep status", exact=True).filter(visible=True).uncheck()
    # at once: what comes in one message is several steps all the same
    page.get_by_label("Type of reference", exact=True).filter(visible=True).select_option("string")
    expect(page.get_by_text("1 column left out")).to_be_visible()
    settled(page)

    page.reload()
    settled(page)
    expect(name_of(page, "contracting_body")).to_have_value("contracting_body")
    expect(page.get_by_label("Keep status", exact=True).filter(visible=True)).not_to_be_checked()
    expect(page.get_by_label("Type of reference", exact=True).filter(visible=True)).to_have_value("string")

    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_label("Type of reference", exact=True).filter(visible=True)).to_have_value("identifier")
    expect(name_of(page, "contracting_body")).to_be_visible()

    # typed, and accepted without leaving the field or waiting for anything
    name_of(page, "deadline").click()
    page.keyboard.press("Control+A")
    page.keyboard.type("closes_on")
    page.get_by_label("Keep published", exact=True).filter(visible=True).uncheck()
    page.locator(".st-key-accept button").click()

    columns = columns_of(page, workbench, "extracted.tenders_127_0_0_1__tender")
    assert {"contracting_body", "closes_on", "reference"} <= columns
    assert not {"buyer", "deadline", "status", "published"} & columns
    assert page.problems == []  # type: ignore[attr-defined]


def test_many_columns_are_left_out_with_one_tick(workbench: Workbench, page: Page) -> None:
    analysed(page, workbench, "/awards")
    count = rows(page).count()
    page.get_by_label("Keep all columns").filter(visible=True).click()
    expect(page.get_by_text(f"{count} columns left out")).to_be_visible()
    page.get_by_label("Keep supplier", exact=True).filter(visible=True).check()
    page.get_by_label("Keep reference", exact=True).filter(visible=True).check()
    expect(page.get_by_text(f"{count - 2} columns left out")).to_be_visible()
    page.locator(".st-key-accept button").click()
    assert columns_of(page, workbench, "extracted.awards_127_0_0_1__awards") == {"supplier", "reference"}


def test_what_one_draft_was_told_is_not_seen_in_another(workbench: Workbench, page: Page) -> None:
    analysed(page, workbench, "/tenders")
    page.get_by_text("Columns I want").first.click()
    page.locator("[class*=st-key-wanted] textarea").first.fill("zeppelin")
    page.get_by_role("button", name="Find them").first.click()
    expect(page.get_by_text("was not found").first).to_be_visible()
    settled(page)
    choose(page, "Runs", "every week")
    settled(page)
    page.reload()
    expect(page.get_by_role("combobox", name="Runs")).to_have_value("every week")

    analysed(page, workbench, "/awards")
    expect(page.get_by_text("was not found")).to_have_count(0)
    expect(page.get_by_role("combobox", name="Runs")).to_have_value("every day")
    page.get_by_text("Columns I want").first.click()
    expect(page.locator("[class*=st-key-wanted] textarea").first).to_have_value("")


def test_what_may_be_a_wanted_column_is_taken_by_a_click(workbench: Workbench, page: Page) -> None:
    analysed(page, workbench, "/tenders")
    page.get_by_text("Columns I want").first.click()
    page.locator("[class*=st-key-wanted] textarea").first.fill("closing date\nzeppelin")
    page.get_by_role("button", name="Find them").first.click()
    expect(page.get_by_text("was not found").first).to_be_visible()
    take = page.get_by_role("button", name="Take it").first
    take.wait_for()
    expect(page.get_by_text("not sure").first).to_contain_text("closing_date may be tender.deadline")
    expect(name_of(page, "deadline")).to_be_visible()
    take.click()
    expect(name_of(page, "closing_date")).to_have_value("closing_date")
    page.get_by_role("button", name="Undo").click()
    expect(name_of(page, "deadline")).to_have_value("deadline")


def test_the_column_shown_on_the_page_stands_in_the_address(workbench: Workbench, page: Page) -> None:
    analysed(page, workbench, "/tenders")
    shown = page.locator(".columns .swatch[aria-pressed=true]").filter(visible=True)
    page.get_by_label("Show buyer on the page", exact=True).filter(visible=True).click()
    page.wait_for_url(re.compile("focus-main=buyer"))
    expect(shown).to_have_attribute("aria-label", "Show buyer on the page")

    page.reload()
    settled(page)
    expect(shown).to_have_attribute("aria-label", "Show buyer on the page")
    name_of(page, "buyer").fill("authority")
    name_of(page, "buyer").press("Enter")
    page.wait_for_url(re.compile("focus-main=authority"))
    expect(shown).to_have_attribute("aria-label", "Show authority on the page")

    settled(page)
    page.get_by_label("Show authority on the page", exact=True).filter(visible=True).click()
    page.wait_for_url(lambda url: "focus-main" not in url)
    expect(shown).to_have_count(0)
    settled(page)
    page.go_back()
    expect(shown).to_have_attribute("aria-label", "Show authority on the page")
    assert page.problems == []  # type: ignore[attr-defined]
