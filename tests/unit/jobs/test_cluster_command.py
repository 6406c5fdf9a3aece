"""`cluster` as a person calls it: an answer whose form holds, the same however Python was started, one clear error."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from jobs.__main__ import main
from tests.kinds_of_documents import made_documents


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    made = [{"document": each.document, "site": each.site, "fields": each.fields} for each in made_documents(3, 2, 5)]
    alone = {"document": "alone", "fields": {"something else": ["1"]}}
    path = tmp_path / "docs.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in [*made, alone]), encoding="utf-8")
    return path


def test_every_document_is_in_one_place(documents: Path, tmp_path: Path) -> None:
    assert main(["cluster", str(documents), "--out", str(tmp_path / "out.json")]) == 0
    answer = json.loads((tmp_path / "out.json").read_text("utf-8"))
    placed = [name for members in answer["clusters"].values() for name in members] + answer["outliers"]
    assert sorted(placed) == sorted(json.loads(line)["document"] for line in documents.read_text().splitlines())
    assert answer["outliers"] == ["alone"]
    assert len(answer["clusters"]) == 12
    grouped = [cluster for family in answer["families"] for cluster in family]
    assert len(grouped) == len(set(grouped))
    assert set(grouped) <= set(answer["clusters"])
    assert [each["score"] for each in answer["suggestions"]] == sorted(
        (each["score"] for each in answer["suggestions"]), reverse=True
    )


def test_the_answer_does_not_depend_on_how_python_hashes(documents: Path, tmp_path: Path) -> None:
    said = []
    for seed in ("1", "2"):
        out = tmp_path / f"{seed}.json"
        words = [sys.executable, "-m", "jobs", "cluster", str(documents), "--out", str(out)]
        subprocess.run(words, check=True, env=os.environ | {"PYTHONHASHSEED": seed}, timeout=120)
        said.append(out.read_text("utf-8"))
    assert said[0] == said[1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds no document"),
        ("{broken", "Line 1"),
        ('{"document": "a", "fields": {}}\n[]', "Line 2"),
        ('{"document": "a", "fields": {}}\n{"document": "a", "fields": {}}', "has the id of another line"),
    ],
)
def test_a_file_that_is_none_is_one_error(
    text: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "docs.jsonl"
    path.write_text(text, encoding="utf-8")
    assert main(["cluster", str(path), "--out", str(tmp_path / "out.json")]) == 1
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
