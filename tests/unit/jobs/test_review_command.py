"""`review` says what it does not know in one line."""

import pytest

from jobs.__main__ import main


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["accept"], "It is not said which items are meant"),
        (["accept", "--column", "price"], "No item that waits is meant"),
        (["show", "none"], "There is no review item none"),
        (["coverage"], "It is not said which source is meant"),
    ],
)
def test_what_is_not_said_or_not_there_is_one_error(
    words: list[str], said: str, monkeypatch: pytest.MonkeyPatch, tmp_path: object, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SDP_DATA_DIR", str(tmp_path))
    assert main(["review", *words]) == 1
    assert said in capsys.readouterr().err


def test_nothing_that_waits_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SDP_DATA_DIR", str(tmp_path))
    assert [main(["review"]), main(["review", "list", "--all"]), main(["review", "--json"])] == [0, 0, 0]
    assert "Nothing waits" in capsys.readouterr().out
