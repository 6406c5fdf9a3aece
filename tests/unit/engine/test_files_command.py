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
