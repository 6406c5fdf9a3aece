"""Numbers that cannot be meant, given to the interface or on the command line: a sentence, never a traceback."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from core.errors import BadSetting
from core.pipeline import Pipeline
from core.settings import load_settings
from jobs.__main__ import main
from jobs.api import build_api


@pytest.mark.parametrize("seconds", ["nan", "inf", "-inf", "-1", "1e999", "ten", ""])
def test_the_interface_refuses_seconds_that_cannot_be_waited(pipeline: Pipeline, seconds: str) -> None:
    client = TestClient(build_api(pipeline, None))
    answer = client.get("/documents/none/rows", params={"seconds": seconds})
    assert answer.status_code == 422
    assert answer.json()["error"].startswith("seconds is not usable: ")


def test_the_interface_describes_itself_without_anything_from_elsewhere(pipeline: Pipeline) -> None:
    client = TestClient(build_api(pipeline, None))
    page = client.get("/docs").text
    assert "GET /documents/{document_id}/rows?seconds=…" in page
    assert "//" not in page.replace("<!doctype html>", "")


@pytest.mark.parametrize(
    "words",
    [
        ["upkeep", "--days", "-1"],
        ["upkeep", "--days", "99999999999"],
        ["upkeep", "--days", "nan"],
        ["tasks", "--limit", "-5"],
        ["events", "--limit", "0"],
        ["worker", "--processes", "0"],
        ["worker", "--processes", "-3"],
        ["portal", "--port", "70000"],
        ["portal", "--port", "-1"],
        ["replay", "x", "--limit", "-1"],
        ["replay", "x", "--extractor", "0"],
        ["add", "http://127.0.0.1:1/", "--jitter", "-1"],
        ["tasks", "--limit", "9" * 5000],
        ["tasks", "--limit", "--5"],
    ],
)
def test_the_command_line_takes_it_for_wrong_usage(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert "Traceback" not in capsys.readouterr().err


def test_a_rhythm_longer_than_calendars_is_no_schedule(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["add", str(tmp_path), "--every", "9999999d"]) == 1
    assert "is not a schedule" in capsys.readouterr().err


@pytest.mark.parametrize("value", ["nan", "inf", "-1", "0"])
def test_a_setting_is_a_number_that_can_be_waited(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("SDP_QUERY_SECONDS", value)
    with pytest.raises(BadSetting, match="SDP_QUERY_SECONDS"):
        load_settings()
