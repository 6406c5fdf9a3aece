"""`python -m jobs propose`: the form of its answer, and input that it refuses."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from jobs.__main__ import main


def lines(folder: Path, *documents: dict[str, Any]) -> Path:
    path = folder / "docs.jsonl"
    path.write_text("".join(json.dumps(document) + "\n" for document in documents), "utf-8")
    return path


def orders(count: int = 30) -> list[dict[str, Any]]:
    found = []
    for number in range(count):
        fields = {"id": [str(number)], "items.id": ["a", "b"], "items.price": ["1", "2"]}
        found.append({"document": f"d{number}", "site": ("one", "two")[number % 2], "fields": fields})
    return found


def test_the_answer_has_the_agreed_form(tmp_path: Path) -> None:
    out = tmp_path / "proposal.json"
    assert main(["propose", str(lines(tmp_path, *orders())), "--out", str(out)]) == 0
    told = json.loads(out.read_text("utf-8"))
    assert [table["name"] for table in told["tables"]] == ["documents", "items"]
    first = told["tables"][0]["fields"][0]
    assert (first["name"], first["type"], first["required"], first["many"]) == ("id", "identifier", True, False)
    assert (first["aliases"], first["enum"]) == (["id"], None)
    assert told["tables"][0]["key"] == ["id"]
    assert all(field["many"] for field in told["tables"][1]["fields"])
    assert told["documents"] == 30
    assert told["sites"] == ["one", "two"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds no document"),
        ("{]\n", "Line 1"),
        ('{"document": "a", "fields": {"x": "y"}}\n', "Line 1"),
        ('{"document": "a", "fields": {}}\n{"document": "a", "fields": {}}\n', "Line 2"),
    ],
)
def test_a_broken_file_is_refused_in_one_sentence(
    tmp_path: Path, text: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "docs.jsonl"
    path.write_text(text, "utf-8")
    assert main(["propose", str(path), "--out", str(tmp_path / "out.json")]) == 1
    assert said in capsys.readouterr().err


def test_half_a_surrogate_pair_becomes_a_sign_that_texts_may_hold(tmp_path: Path) -> None:
    path, out = tmp_path / "docs.jsonl", tmp_path / "out.json"
    path.write_text('{"document": "a", "fields": {"x\\udc80": ["y"]}}\n', "utf-8")
    assert main(["propose", str(path), "--out", str(out)]) == 0
    assert json.loads(out.read_text("utf-8"))["tables"][0]["fields"][0]["aliases"] == ["x\ufffd"]


def test_the_schema_is_written_as_code_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, path = tmp_path / "code", lines(tmp_path, *orders())
    command = ["propose", str(path), "--out", str(tmp_path / "p.json"), "--name", "orders", "--code", str(code)]
    assert main(command) == 0
    assert sorted(made.name for made in code.iterdir()) == ["rows.py", "rows.schema.json", "rows.ts"]
    assert "class Orders(BaseModel)" in (code / "rows.py").read_text("utf-8")
    assert capsys.readouterr().out.splitlines() == ["orders: 1 field, key id", "items: 2 fields, child of orders"]


def test_the_main_table_has_a_name(tmp_path: Path) -> None:
    assert main(["propose", str(lines(tmp_path, *orders(3))), "--out", str(tmp_path / "p.json"), "--name", " "]) == 1


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["propose", str(lines(tmp_path, *orders(3))), "--out", str(tmp_path)]) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_the_answer_does_not_depend_on_how_texts_are_hashed(tmp_path: Path) -> None:
    path, answers = lines(tmp_path, *orders()), set()
    for seed in ("1", "2"):
        out = tmp_path / f"{seed}.json"
        command = [sys.executable, "-m", "jobs", "propose", str(path), "--out", str(out)]
        subprocess.run(command, check=True, env=os.environ | {"PYTHONHASHSEED": seed}, timeout=120)
        answers.add(out.read_text("utf-8"))
    assert len(answers) == 1
