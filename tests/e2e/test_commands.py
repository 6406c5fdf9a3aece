"""The command line as a person or a script uses it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from jobs.__main__ import main
from jobs.portal.content import TENDERS
from jobs.portal.server import PortalServer
from tests.waiting import PATIENCE

ROOT = Path(__file__).parents[2]


Said = Callable[..., str]


@pytest.fixture
def said(portal: PortalServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Said:
    """Runs a command that must go well, and gives what it prints."""
    monkeypatch.setenv("SDP_ALLOW_HOSTS", f"127.0.0.1:{portal.port}")

    def say(*words: str) -> str:
        capsys.readouterr()
        assert main(words) == 0
        return capsys.readouterr().out

    return say


def test_an_address_that_is_a_source_already_is_said(portal: PortalServer, said: Said) -> None:
    assert "already" not in said("add", f"{portal.url}/awards", "--name", "first")
    assert "first reads this address already" in said("add", f"{portal.url}/awards/", "--name", "second")


def test_add_run_look_and_query(portal: PortalServer, said: Said, tmp_path: Path) -> None:
    added = said("add", f"{portal.url}/tenders", "--name", "portal", "--every", "6h")
    assert "added portal" in added
    assert "further pages of main: by the link that says it is the next" in added
    assert "tasks done" in said("run", "--until-idle")
    status = json.loads(said("status", "--json"))
    assert status["sources"][0]["documents"] == len(TENDERS) + 4
    assert status["loop"]["state"] == "never started"
    assert {task["state"] for task in json.loads(said("tasks", "--json"))} == {"done"}
    assert "RunFinished" in {event["kind"] for event in json.loads(said("events", "--json", "--limit", "500"))}
    [answer] = json.loads(said("query", "SELECT count(*) AS n FROM extracted.portal__tender", "--json"))
    assert answer == {"n": len(TENDERS)}
    out = tmp_path / "rows.csv"
    assert "latest_runs" in said("query")
    [run] = json.loads(said("query", "latest_runs", "--json"))
    assert run["source_id"] == "portal"
    said("query", "SELECT reference FROM extracted.portal__tender", "--out", str(out))
    assert len(out.read_text().splitlines()) == len(TENDERS) + 1
    assert "healthy" in said("repair", "portal")


def test_repair_promotes_and_replay_reads_archived_pages_with_any_version(portal: PortalServer, said: Said) -> None:
    said("add", f"{portal.url}/tenders", "--name", "portal")
    said("run", "--until-idle")
    [same] = json.loads(said("replay", "portal", "--json"))["tables"]
    assert (same["rows_before"], same["same"], same["changed"]) == (len(TENDERS), len(TENDERS), [])

    portal.redesigned = True
    told = said("repair", "portal", "--promote")
    assert told.startswith("staged: The main pages were redesigned")
    assert "fields are lost: " in told
    assert "not promoted" in told
    told = said("repair", "portal", "--accept-losses")
    assert told.startswith("promoted: The main pages were redesigned")
    assert said("repair", "portal", "--roll-back", "--why", "too early").startswith("rolled back")
    assert said("repair", "portal", "--undo").startswith("promoted")
    assert main(["repair", "portal", "--undo"]) == 1
    said("run", "--until-idle")
    [before] = json.loads(said("replay", "portal", "--extractor", "1", "--json"))["tables"]
    assert before["rows_before"] > before["same"]
    assert "version 1 (retired) on " in said("replay", "portal", "--extractor", "1")
    assert main(["replay", "portal", "--extractor", "9"]) == 1


def test_a_query_is_cancelled_by_ctrl_c(tmp_path: Path) -> None:
    endless = "SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000000) b"
    environment = os.environ | {"SDP_DATA_DIR": str(tmp_path), "SDP_QUERY_SECONDS": "1000"}
    process = subprocess.Popen([sys.executable, "-m", "jobs", "query", endless], cwd=ROOT, env=environment)
    try:
        # starting takes one at most, on any machine: it is at the query
        while _processor_seconds(process.pid) < 5:
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 130
    finally:
        process.kill()


def _processor_seconds(pid: int) -> float:
    """Of the processes that it has started: a query runs in one of its own."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        # others come and go
        with suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) if fields[1] == str(pid) else 0
    return ticks / os.sysconf("SC_CLK_TCK")


def test_bad_input_is_one_line_and_exit_status_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["add", "no such thing"]) == 1
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert len(error.splitlines()) == 1


def test_a_check_of_the_visitor_is_no_source(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    checking = (
        "<html><title>Just a moment...</title><body><h1>Checking your browser</h1><p>Please wait.</p></body></html>"
    )
    (folder / "page.html").write_text(checking)
    assert main(["add", str(folder), "--name", "gate"]) == 1
    assert "shows a check of its visitors in place of its content. Open it in a browser" in capsys.readouterr().err
    assert main(["status", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["sources"] == []
    # what came is kept, and a page beside it is learned from all the same
    rows = "".join(f"<li class=b><b>Berth {n}</b> <i>{n * 7} m</i></li>" for n in range(9))
    (folder / "list.html").write_text(f"<html><body><ul class=berths>{rows}</ul></body></html>")
    assert main(["add", str(folder), "--name", "gate"]) == 0


def test_wrong_usage_has_exit_status_two() -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["fly"])
    assert stopped.value.code == 2


def test_nothing_is_run_while_all_work_is_paused(
    portal: PortalServer, said: Said, capsys: pytest.CaptureFixture[str]
) -> None:
    said("pause")
    # a new source may be looked at all the same; it is run when work goes on
    assert "added portal" in said("add", f"{portal.url}/tenders", "--name", "portal")
    for how in ("--once", "--until-idle"):
        assert main(["run", "--source", "portal", how]) == 1
        assert capsys.readouterr().err.strip() == "error: All work is paused. Let it go on: python -m jobs resume"
    assert {task["state"] for task in json.loads(said("tasks", "--json")) if task["kind"] != "scout"} == {"waiting"}
    said("resume")
    assert "portal: " in said("run", "--until-idle")
