import json
import subprocess
import sys
from pathlib import Path

import pytest

from jobs.__main__ import main
from tests.engine_pages import book_page


@pytest.fixture
def pages(tmp_path: Path) -> list[str]:
    names = []
    for number in range(4):
        page = tmp_path / f"{number}.html"
        page.write_bytes(book_page(number))
        names.append(str(page))
    return names


def test_learn_extract_and_heal_work_together(pages: list[str], tmp_path: Path) -> None:
    blueprint, out, report = (str(tmp_path / name) for name in ("b.json", "rows.jsonl", "report.json"))
    assert main(["learn", *pages[:3], "--out", blueprint]) == 0
    assert main(["extract", blueprint, *pages, "--out", out]) == 0
    rows = [json.loads(line) for line in Path(out).read_text().splitlines()]
    fields = next(row["fields"] for row in rows if row["document"] == pages[3] and row["table"] == "page")
    assert fields["publisher"]["value"] == "North Quay"
    assert fields["publisher"]["raw"] == "North Quay"
    assert fields["publisher"]["evidence"][0].startswith("xpath:/html/body/")
    arguments = ["heal", blueprint, "--before", *pages[:2], "--after", pages[3]]
    assert main([*arguments, "--out", str(tmp_path / "new.json"), "--report", report]) == 0
    assert json.loads(Path(report).read_text())["verdict"] == "healthy"


CHECKING = b"<html><title>Just a moment...</title><body><h1>Checking your browser</h1><p>Wait.</p></body></html>"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<html><body><div><p>Nothing of the kind.</p></div></body></html>", "Check that the blueprint is of pages"),
        (b'{"books": [{"title": "x"}]}', "This is a document of the kind json; the blueprint reads html."),
        (CHECKING, "They show a check of its visitors. Open it in a browser"),
    ],
)
def test_reading_nothing_is_said_and_fails_unless_that_is_allowed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, said: str
) -> None:
    blueprint, out, other = (tmp_path / name for name in ("b.json", "rows.jsonl", "other.html"))
    listed = str(tmp_path / "list.html")
    rows = "".join(f"<li class=b><b>Berth {n}</b> <i>{n * 7} m</i></li>" for n in range(9))
    Path(listed).write_text(f"<html><body><ul class=berths>{rows}</ul></body></html>")
    other.write_bytes(content)
    assert main(["learn", listed, "--out", str(blueprint)]) == 0
    capsys.readouterr()
    assert main(["extract", str(blueprint), str(other), "--out", str(out)]) == 1
    error = capsys.readouterr().err
    assert error.startswith("error: No record was found in these pages.")
    assert said in error
    assert len(error.splitlines()) == 1
    assert out.read_text() == ""
    assert main(["extract", str(blueprint), str(other), "--out", str(out), "--allow-empty"]) == 0
    assert main(["extract", str(blueprint), str(other), listed, "--out", str(out)]) == 0


def test_a_page_in_front_of_the_content_is_not_learned_from(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(CHECKING)
    assert main(["learn", str(page), "--out", str(tmp_path / "b.json")]) == 1
    assert "page.html shows a check of its visitors in place of its content. Open it in a browser" in (
        capsys.readouterr().err
    )
    assert not (tmp_path / "b.json").exists()


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02" * 99])
def test_unreadable_pages_fail_with_one_sentence(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(content)
    assert main(["learn", str(page), "--out", str(tmp_path / "b.json")]) == 1
    assert capsys.readouterr().err.startswith("error: The document is ")


def test_missing_files_and_wrong_blueprints_are_named(
    pages: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["learn", str(tmp_path / "none.html"), "--out", str(tmp_path / "b.json")]) == 1
    assert "none.html cannot be read" in capsys.readouterr().err
    wrong = tmp_path / "wrong.json"
    wrong.write_text('{"tables": 3}')
    assert main(["extract", str(wrong), pages[0], "--out", str(tmp_path / "o")]) == 1
    assert "is not a blueprint" in capsys.readouterr().err
    assert main(["learn", pages[0], "--out", str(tmp_path / "no" / "b.json")]) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_the_command_starts_without_heavy_packages() -> None:
    heavy = "{'pandas', 'streamlit', 'pyiceberg', 'scipy', 'duckdb', 'polars', 'dateparser'}"
    code = f"import sys, core.induce, core.heal, jobs.commands.files; sys.exit(bool({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
