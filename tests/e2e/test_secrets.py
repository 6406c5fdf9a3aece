"""A canary in every setting and in a source's address: it comes out nowhere, and lies nowhere."""

import io
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from core.pipeline import Pipeline
from jobs.__main__ import main
from jobs.api import build_api

CANARY = "c4nary-pw-7731"
SETTINGS = {
    "SDP_DATABASE_URL": f"postgresql+psycopg://bob:{CANARY}@127.0.0.1:1/sdp",
    "SDP_CATALOG_URI": f"postgresql+psycopg://bob:{CANARY}@127.0.0.1:1/sdp",
    "SDP_BROKER_URL": f"nats://bob:{CANARY}@127.0.0.1:1/sdp",
    "SDP_WAREHOUSE": f"s3://bob:{CANARY}@bucket/lake",
}
# addresses in which something is wrong, as people write them
CROOKED = {
    "a port that is none": ("SDP_DATABASE_URL", f"postgresql+psycopg://bob:{CANARY}@h:port/sdp"),
    "no host": ("SDP_DATABASE_URL", f"postgresql+psycopg://bob:{CANARY}"),
    "a parameter that is none": ("SDP_DATABASE_URL", f"postgresql+psycopg://bob:{CANARY}@127.0.0.1:1/sdp?no=1"),
    "no such database": ("SDP_DATABASE_URL", f"mysql://bob:{CANARY}@127.0.0.1/sdp"),
    "a slash in a catalogue's password": ("SDP_CATALOG_URI", f"postgresql+psycopg://bob:a/{CANARY}@127.0.0.1:1/sdp"),
    "no such broker": ("SDP_BROKER_URL", f"amqp://bob:{CANARY}@127.0.0.1:1/sdp"),
    "a broker without a host": ("SDP_BROKER_URL", f"nats://bob:{CANARY}"),
}
COMMANDS = (
    ("status",),
    ("tasks",),
    ("events",),
    ("flow",),
    ("letters",),
    ("query", "SELECT * FROM state.sources"),
    ("run", "--until-idle"),
    ("upkeep", "--dry-run"),
    ("backup", "b.tar"),
)


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """All that is logged, at every level."""
    text = io.StringIO()
    handler, root = logging.StreamHandler(text), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield text
    root.removeHandler(handler)
    root.setLevel(level)


Said = Callable[..., str]


@pytest.fixture
def said(logged: io.StringIO, capsys: pytest.CaptureFixture[str]) -> Said:
    """Runs a command, and gives all that it prints and logs."""

    def say(*words: str) -> str:
        main(words)
        printed = capsys.readouterr()
        return printed.out + printed.err + logged.getvalue()

    return say


def lies_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes()]


@pytest.mark.parametrize("setting", SETTINGS)
def test_the_password_of_a_setting_comes_out_nowhere(
    setting: str, said: Said, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(setting, SETTINGS[setting])
    for words in COMMANDS:
        text = said(*words)
        assert CANARY not in text, words
        assert "Traceback" not in text, words
    assert not lies_in(tmp_path)


@pytest.mark.parametrize("name", CROOKED)
def test_the_password_of_a_crooked_setting_comes_out_nowhere(
    name: str, said: Said, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(*CROOKED[name])
    text = said("status", "--json") + said("run", "--until-idle")
    assert "error: " in text
    assert CANARY not in text
    assert "Traceback" not in text
    assert not lies_in(tmp_path)


def test_a_source_with_a_password_is_refused_and_kept_nowhere(said: Said, pipeline: Pipeline, tmp_path: Path) -> None:
    for location in (f"http://bob:{CANARY}@shop.example/list", f"ftp://bob:{CANARY}@shop.example", f"b:{CANARY}@s.de"):
        text = said("add", location) + "".join(said(*words) for words in COMMANDS[:6])
        assert "error: " in text
        assert CANARY not in text
    assert not lies_in(tmp_path)
    api = TestClient(build_api(pipeline, None))
    assert all(CANARY not in api.get(f"/{path}").text for path in ("sources", "tables", "flow", "health"))


def test_a_key_in_a_sources_address_is_not_shown(said: Said, pipeline: Pipeline) -> None:
    text = said("add", f"http://127.0.0.1:1/list?page=1&api_key={CANARY}")
    text += "".join(said(*words) for words in COMMANDS[:5])
    assert "127.0.0.1:1/list?page=1&api_key=…" in text
    assert CANARY not in text
