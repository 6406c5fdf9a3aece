"""`python -m jobs match`: two CSV files in, pairs of columns out; what cannot be read is said in one line."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from jobs.__main__ import main

LEFT = "Name,Preis,Ort\n" + "".join(f"Haus {k},{k}50.000 €,Ulm\n" for k in range(1, 9))
RIGHT = "city;price;title\n" + "".join(f'Ulm;"€{k}49,500";House {k}\n' for k in range(1, 9))


def matched(folder: Path, left: str, right: str, known: str = "") -> list[dict[str, object]]:
    for name, text in (("left.csv", left), ("right.csv", right), ("known.jsonl", known)):
        (folder / name).write_text(text, encoding="utf-8")
    words = ["match", *(str(folder / name) for name in ("left.csv", "right.csv")), "--out", str(folder / "map.json")]
    assert main([*words, *(["--known", str(folder / "known.jsonl")] if known else [])]) == 0
    return json.loads((folder / "map.json").read_text(encoding="utf-8"))["pairs"]


def test_columns_are_matched(tmp_path: Path) -> None:
    pairs = matched(tmp_path, LEFT, RIGHT)
    assert {(pair["left"], pair["right"]) for pair in pairs} >= {("Preis", "price"), ("Ort", "city")}


def test_known_names_hold(tmp_path: Path) -> None:
    known = '{"left": "Name", "right": "city"}\n\n{"left": "Preis", "right": "price", "same": false}\n'
    assert matched(tmp_path, LEFT, RIGHT, known)[0] == {"left": "Name", "right": "city", "score": 1.0}
    assert all(pair["left"] != "Preis" or pair["right"] != "price" for pair in matched(tmp_path, LEFT, RIGHT, known))


def test_columns_without_a_name_of_their_own_get_one(tmp_path: Path) -> None:
    pairs = matched(tmp_path, "price,,price\n1 €,Ulm,2 €\n", "price,price\n1 €,2 €\n")
    assert {str(pair["left"]) for pair in pairs} <= {"price", "column 2", "price (2)"}


def test_a_table_of_names_alone_is_matched(tmp_path: Path) -> None:
    assert [pair["left"] for pair in matched(tmp_path, "price,town\n", "town,price\n")] == ["price", "town"]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"PK\x03\x04\x00", b"\x1f\x8b\x08"])
def test_what_is_no_table_is_said(tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    bad, good = tmp_path / "bad.csv", tmp_path / "good.csv"
    bad.write_bytes(content)
    good.write_text(LEFT, encoding="utf-8")
    assert main(["match", str(bad), str(good), "--out", str(tmp_path / "map.json")]) == 1
    assert "bad.csv" in capsys.readouterr().err


@pytest.mark.parametrize("line", ["{", "[1]", '{"left": "a"}', '{"left": "a", "right": 3}'])
def test_a_bad_line_of_known_names_is_said(tmp_path: Path, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "known.jsonl").write_text(line, encoding="utf-8")
    (tmp_path / "a.csv").write_text(LEFT, encoding="utf-8")
    words = ["match", str(tmp_path / "a.csv"), str(tmp_path / "a.csv"), "--out", str(tmp_path / "map.json")]
    assert main([*words, "--known", str(tmp_path / "known.jsonl")]) == 1
    assert "Line 1" in capsys.readouterr().err


def test_the_answer_is_the_same_whatever_the_hash_seed(tmp_path: Path) -> None:
    (tmp_path / "left.csv").write_text(LEFT, encoding="utf-8")
    (tmp_path / "right.csv").write_text(RIGHT, encoding="utf-8")
    answers = set()
    for seed in ("1", "2"):
        words = [sys.executable, "-m", "jobs", "match", "left.csv", "right.csv", "--out", f"{seed}.json"]
        root = str(Path(__file__).parents[3])
        subprocess.run(words, cwd=tmp_path, check=True, env={"PYTHONHASHSEED": seed, "PYTHONPATH": root, "PATH": ""})
        answers.add((tmp_path / f"{seed}.json").read_text(encoding="utf-8"))
    assert len(answers) == 1
