"""What a person types or pastes becomes the name of an acquirer and a full location."""

from pathlib import Path

import pytest

from core.acquire import detect_acquirer
from core.errors import BadInput, PipelineError


@pytest.mark.parametrize(
    ("typed", "location"),
    [
        ("https://tenders.example/list", "https://tenders.example/list"),
        ("  HTTP://tenders.example ", "HTTP://tenders.example"),
        ("tenders.example", "https://tenders.example"),
        ("tenders.example/a/list.html?x=1", "https://tenders.example/a/list.html?x=1"),
        ("tenders.example:8443/list", "https://tenders.example:8443/list"),
        ("localhost:8787/tenders", "http://localhost:8787/tenders"),
        ("127.0.0.1:8787", "http://127.0.0.1:8787"),
        ("bücher.example/x", "https://bücher.example/x"),
    ],
)
def test_addresses(typed: str, location: str) -> None:
    assert detect_acquirer(typed) == ("http", location)


def test_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "pages.example").mkdir()
    expected = ("folder", str(tmp_path / "pages.example"))
    assert [detect_acquirer(typed) for typed in ("pages.example", "~/pages.example", "file://" + expected[1])] == [
        expected
    ] * 3


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "  ",
        "tenders",
        "pages/list",
        "list.html",
        "/nowhere/at/all",
        "file:///nowhere",
        "file://server/share",
        "ftp://tenders.example",
        "javascript:alert(1)",
        "http:tenders.example",
        "two words.example",
        "x" * 5000,
        "a\0b",
    ],
)
def test_anything_else_is_refused_with_advice(typed: str) -> None:
    with pytest.raises(PipelineError) as caught:
        detect_acquirer(typed)
    assert caught.value.message.endswith(".")
    assert caught.value.advice


def test_missing_file_is_not_taken_for_a_host() -> None:
    with pytest.raises(BadInput, match=r"tenders\.csv is neither"):
        detect_acquirer("tenders.csv")
