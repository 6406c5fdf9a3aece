"""Whatever is in the way of the pipeline: the workbench opens one page that says it, and goes on when it is gone."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from streamlit.testing.v1 import AppTest

from core.errors import Damaged, PipelineError
from core.pipeline import Pipeline
from core.pipeline.shown import current, set_current
from core.pipeline.sources import Sources
from tests.pages.conftest import running_workbench, settled, wait_for_health
from tests.small_disk import SmallDisk, small_disk

pytestmark = pytest.mark.timeout(240)
SHELL = Path(__file__).parents[2] / "pages" / "_shell.py"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk") as found:
        yield found


def test_the_page_says_what_is_in_the_way_and_goes_on_when_it_is_gone(pipeline: Pipeline) -> None:
    tries = []

    def again() -> None:
        tries.append(1)
        if len(tries) == 2:
            set_current(pipeline, again)

    set_current(Damaged("state.db is damaged: not a database.", "Run python -m jobs check."), again)
    with pytest.raises(Damaged):
        current()
    app = AppTest.from_file(str(SHELL), default_timeout=60).run()
    for _ in range(2):
        assert not app.exception
        assert app.error[0].value == "state.db is damaged: not a database."
        assert "python -m jobs check" in app.markdown[0].value
        app.button[0].click().run()
    assert not app.exception
    assert not app.error
    assert "Paste an address" in app.subheader[0].value


def test_trouble_in_the_middle_of_a_page_is_said_too(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_self: Pipeline) -> None:
        raise PipelineError("The state database did not answer.", "Start it.")

    set_current(pipeline)
    monkeypatch.setattr(Sources, "overview", refuse)
    app = AppTest.from_file(str(SHELL), default_timeout=60).run()
    assert not app.exception
    assert [error.value for error in app.error] == ["The state database did not answer."]


def said_on(page: Page, url: str) -> str:
    page.goto(url)
    settled(page)
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    return page.locator("[data-testid=stAlert]").first.inner_text()


@pytest.mark.browser
def test_a_data_folder_that_is_a_file(page: Page, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.write_text("a file")
    with running_workbench(tmp_path, data, expected=503) as workbench:
        assert "could not be" in said_on(page, f"{workbench.url}/sources")
        data.unlink()
        page.get_by_role("button", name="Try again").click()
        expect(page.get_by_role("heading", name="Sources")).to_be_visible()
        wait_for_health(workbench.url)
    assert "Traceback" not in (tmp_path / "workbench.log").read_text()


@pytest.mark.browser
@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"SDP_WORKERS": "many"}, "SDP_WORKERS is not usable"),
        ({"SDP_DATABASE_URL": "postgresql+psycopg://bob:c4nary-pw@127.0.0.1:1/x"}, "did not answer"),
        ({"SDP_DATABASE_URL": "postgresql+psycopg://bob:c4nary-pw@127.0.0.1:1/x?no=1"}, "not usable"),
    ],
)
def test_a_setting_that_cannot_be_used(settings: dict[str, str], words: str, page: Page, tmp_path: Path) -> None:
    with running_workbench(tmp_path, tmp_path / "data", expected=503, **settings) as workbench:
        assert words in said_on(page, workbench.url)
        assert "c4nary" not in page.content()
        health = json.loads(wait_for_health(workbench.url, 503))
        assert words in health["error"]
        assert "c4nary" not in str(health)
    assert "c4nary" not in (tmp_path / "workbench.log").read_text()


@pytest.mark.browser
def test_state_that_is_damaged(page: Page, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "state.db").write_bytes(b"no database " * 1000)
    with running_workbench(tmp_path, tmp_path / "data", expected=503) as workbench:
        assert "state.db is damaged" in said_on(page, workbench.url)
        expect(page.get_by_text("python -m jobs check")).to_be_visible()


@pytest.mark.browser
def test_a_disk_that_is_full_at_the_start(page: Page, disk: SmallDisk, tmp_path: Path) -> None:
    disk.fill()
    with running_workbench(tmp_path, disk.folder / "data", expected=503) as workbench:
        assert "the disk is full" in said_on(page, workbench.url)
        disk.empty()
        page.get_by_role("button", name="Try again").click()
        expect(page.get_by_text("Paste an address; get a table")).to_be_visible()
        wait_for_health(workbench.url)


@pytest.mark.browser
def test_a_disk_that_gets_full_is_named_as_the_reason_why_nothing_is_read(
    page: Page, disk: SmallDisk, tmp_path: Path
) -> None:
    with running_workbench(tmp_path, disk.folder / "data", SDP_LEASE_SECONDS="2") as workbench:
        disk.fill()
        assert "the disk is full" in wait_for_health(workbench.url, 503)
        page.goto(workbench.url)
        settled(page)
        expect(page.get_by_text("Agent loop off: the disk is full")).to_be_visible()
        disk.empty()
        wait_for_health(workbench.url)
        expect(page.get_by_text("Agent loop on")).to_be_visible()


@pytest.mark.browser
def test_a_folder_that_can_only_be_read(page: Page, disk: SmallDisk, tmp_path: Path) -> None:
    disk.set_read_only(True)
    with running_workbench(tmp_path, disk.folder / "data", expected=503) as workbench:
        assert "the file system can only be read" in said_on(page, workbench.url)
        expect(page.get_by_text("Mount it for writing")).to_be_visible()
