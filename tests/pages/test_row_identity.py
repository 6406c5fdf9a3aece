"""A selected row is the row that is shown as selected: by its id, in a table of several files, after new commits."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from core.bootstrap import build_pipeline
from core.pipeline import Pipeline
from core.settings import load_settings
from jobs.commands.sources import scouted
from jobs.worker import drain
from tests.pages.conftest import Workbench, settled
from tests.waiting import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
FILES, ROWS = 5, 6
ROW_PIXELS = 35
# the grid is a picture; beside it stands a table of the rows in view, for screen readers
CELLS = """(grid, n) => [...grid.querySelectorAll(`tr[aria-rowindex="${n + 2}"] td`)].map(cell => cell.textContent)"""


@pytest.fixture
def pipeline(workbench: Workbench) -> Pipeline:
    return build_pipeline(load_settings(data_dir=workbench.data, sample_portal_port=0))


@pytest.fixture
def table(pipeline: Pipeline, tmp_path: Path) -> str:
    """A table of several data files: a folder that got a further file before each run."""
    folder = tmp_path / "shares"
    folder.mkdir()
    _add_file(folder, 0)
    source = pipeline.sources.accept(scouted(pipeline, str(folder), "shares").draft_id)
    [name] = pipeline.tables.names_of(source.source_id)
    for number in range(1, FILES):
        _wait_until_read(pipeline, name, number)
        _add_file(folder, number)
        pipeline.flow.run_now(source.source_id)
    _wait_until_read(pipeline, name, FILES)
    return name


def _wait_until_read(pipeline: Pipeline, table: str, files: int) -> None:
    """Until the run is over and all files are in the table: the loop of the workbench has its share in both."""
    drain(pipeline, "test")
    wait_for(lambda: all(run.finished_at for run in pipeline.flow.runs()), pause=0.2)
    wait_for(lambda: any(one.name == table for one in pipeline.tables.all()), pause=0.2)
    query = f"SELECT count(DISTINCT _document_id) FROM {table}"
    wait_for(lambda: pipeline.tables.query(query).rows[0][0] == files, pause=0.2)


def _add_file(folder: Path, number: int) -> None:
    lines = "".join(f"2021-03-{n + 1:02d},Pier {number}-{n},{number}{n}.5\n" for n in range(ROWS))
    (folder / f"{number}.csv").write_text("Day,Place,Share\n" + lines)


def test_each_of_twenty_rows_shows_its_own_evidence(
    workbench: Workbench, pipeline: Pipeline, table: str, page: Page, tmp_path: Path
) -> None:
    assert len(pipeline.tables.query(f"SELECT DISTINCT _document_id FROM {table}").rows) == FILES
    page.set_viewport_size({"width": 1280, "height": 1000})
    page.goto(f"{workbench.url}/tables?table={table}&field=place")
    settled(page)
    for number in range(20):
        place = _select(page, number)
        found = pipeline.tables.query(f"SELECT _row_id, _url FROM {table} WHERE place = ?", [place]).rows
        assert len(found) == 1
        row_id, url = (str(value) for value in found[0])
        expect(page).to_have_url(f"{workbench.url}/tables?table={table}&field=place&row={row_id}")
        expect(page.get_by_role("link", name=url)).to_be_visible()
        _shows(page, place)

    _a_commit_between_two_clicks_selects_what_was_seen(workbench, pipeline, table, page, tmp_path / "shares")


def _a_commit_between_two_clicks_selects_what_was_seen(
    workbench: Workbench, pipeline: Pipeline, table: str, page: Page, folder: Path
) -> None:
    """New rows stand above the old ones, and the page still shows the old ones when a row is clicked."""
    _add_file(folder, FILES)
    pipeline.flow.run_now("shares")
    drain(pipeline, "test")
    place = _select(page, 2)
    row_id = pipeline.tables.query(f"SELECT _row_id FROM {table} WHERE place = ?", [place]).rows[0][0]
    expect(page).to_have_url(f"{workbench.url}/tables?table={table}&field=place&row={row_id}")
    _shows(page, place)
    page.reload()
    _shows(page, place)
    assert page.problems == []  # type: ignore[attr-defined]


def _shows(page: Page, place: str) -> None:
    """The panel is about the row of this place, and frames the place on the saved page."""
    expect(page.locator(".st-key-chosen-row")).to_contain_text(place, timeout=30_000)
    framed = page.frame_locator("iframe[title^='The saved page'] >> nth=0").locator("[style*=outline]")
    expect(framed).to_have_text(place, timeout=30_000)


def _select(page: Page, number: int) -> str:
    """Click the box of a row of the grid, and tell the place that this row shows."""
    grid = page.locator("[data-testid=stDataFrame]").last
    grid.scroll_into_view_if_needed()
    scroller = grid.locator(".dvn-scroller")
    top = max(0, (number - 3) * ROW_PIXELS)
    scroller.evaluate("(element, top) => { element.scrollTop = top; }", top)
    top = scroller.evaluate("element => element.scrollTop")
    cells = _cells(page, grid, number)
    box = _still(page, grid)
    page.mouse.click(box["x"] + 18, box["y"] + ROW_PIXELS * (number + 1) - top + ROW_PIXELS / 2)
    settled(page)
    return next(text for text in cells if text.startswith("Pier "))


def _cells(page: Page, grid: Locator, number: int) -> list[str]:
    """The texts of a row, as soon as the grid has them."""
    for _ in range(100):
        found: list[str] = grid.evaluate(CELLS, number)
        if found:
            return found
        page.wait_for_timeout(100)
    raise AssertionError(f"the grid never showed row {number}")


def _still(page: Page, grid: Locator) -> dict[str, float]:
    """Where the grid is, once it stands still."""
    before, box = None, grid.bounding_box()
    while box is None or box != before:
        page.wait_for_timeout(200)
        before, box = box, grid.bounding_box()
    return dict(box)
