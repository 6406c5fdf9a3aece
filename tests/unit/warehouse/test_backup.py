"""A backup needs a place; what is no backup of ours fills no folder, and harms nothing outside of it."""

import io
import json
import random
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from core.bootstrap import build_pipeline
from core.errors import BadInput, Conflict, PipelineError
from core.settings import Settings, load_settings
from jobs.__main__ import main
from warehouse.backup import MANIFEST, back_up, restore


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(data_dir=tmp_path / "new")


def written(path: Path, settings: Settings, *members: tarfile.TarInfo) -> Path:
    """An archive with a right manifest, and these members."""
    manifest = json.dumps({"folder": str(settings.data_dir.absolute())}).encode()
    with tarfile.open(path, "w") as tar:
        for member, content in [(tarfile.TarInfo(MANIFEST), manifest), *((one, b"x") for one in members)]:
            member.size = len(content) if member.isreg() else 0
            tar.addfile(member, io.BytesIO(content))
    return path


def member(name: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname = kind, target
    return made


EVIL: dict[str, Callable[[Path], list[tarfile.TarInfo]]] = {
    "a path above": lambda _: [member("../outside")],
    "an absolute path": lambda tmp: [member(str(tmp / "outside"))],
    "a path above, below a folder": lambda _: [member("lake/../../outside")],
    "a link to a file outside": lambda _: [member("objects", tarfile.SYMTYPE, "/etc")],
    "a link, and a file through it": lambda tmp: [member("lake", tarfile.SYMTYPE, str(tmp)), member("lake/outside")],
    "a link inside": lambda _: [member("state.db"), member("events.db", tarfile.SYMTYPE, "state.db")],
    "a hard link to a file outside": lambda tmp: [member("state.db", tarfile.LNKTYPE, str(tmp / "secret"))],
    "a device": lambda _: [member("state.db", tarfile.CHRTYPE)],
    "a pipe": lambda _: [member("events.db", tarfile.FIFOTYPE)],
}


@pytest.mark.parametrize("name", EVIL)
def test_an_archive_that_reaches_outside_is_refused(name: str, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    archive = written(tmp_path / "evil.tar", settings, *EVIL[name](tmp_path))
    before = sorted(tmp_path.iterdir())
    with pytest.raises(BadInput, match="cannot be restored"):
        restore(settings, archive)
    assert sorted(tmp_path.iterdir()) == before
    assert (tmp_path / "secret").read_text() == "secret"


@pytest.fixture
def archive(settings: Settings, tmp_path: Path) -> Path:
    """A backup of a folder that is gone."""
    pipeline = build_pipeline(settings)
    objects = settings.data_dir / "objects" / "ab"
    objects.mkdir(parents=True)
    (objects / ("ab" * 32)).write_bytes(b"page")
    back_up(settings, tmp_path / "b.tar")
    del pipeline
    settings.data_dir.rename(tmp_path / "old")
    return tmp_path / "b.tar"


def truncated(content: bytes, share: float) -> bytes:
    return content[: int(len(content) * share)]


def garbled(content: bytes, share: float) -> bytes:
    noise = random.Random(7).randbytes(4096)
    start = int(len(content) * share)
    return content[:start] + noise + content[start + len(noise) :]


@pytest.mark.parametrize("share", [0.0, 0.1, 0.3, 0.5, 0.8])
@pytest.mark.parametrize("damage", [truncated, garbled])
def test_a_damaged_archive_leaves_the_folder_as_it_was(
    damage: Callable[[bytes, float], bytes], share: float, archive: Path, settings: Settings
) -> None:
    archive.write_bytes(damage(archive.read_bytes(), share))
    with pytest.raises(PipelineError) as refused:
        restore(settings, archive)
    assert len(str(refused.value).splitlines()) == 1
    assert not settings.data_dir.exists()
    assert not list(settings.data_dir.parent.glob("tmp*"))


def test_a_folder_that_holds_something_is_never_filled(archive: Path, settings: Settings) -> None:
    settings.data_dir.mkdir()
    (settings.data_dir / "mine").write_text("mine")
    with pytest.raises(Conflict, match="not empty"):
        restore(settings, archive)
    assert [path.name for path in settings.data_dir.iterdir()] == ["mine"]


def one_error(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(words) == 1
    said = capsys.readouterr().err
    assert said.startswith("error: ")
    assert len(said.splitlines()) == 1
    return said


def test_a_backup_needs_a_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build_pipeline(load_settings())
    assert "no place for an archive" in one_error(capsys, "backup", str(tmp_path / "no" / "b.tar"))
    assert "no place for an archive" in one_error(capsys, "backup", str(tmp_path))


def test_a_restore_of_nothing_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SDP_DATA_DIR", str(tmp_path / "empty"))
    assert "There is no file" in one_error(capsys, "restore", str(tmp_path / "b.tar"))
    (tmp_path / "file").write_text("file")
    monkeypatch.setenv("SDP_DATA_DIR", str(tmp_path / "file"))
    assert "not empty" in one_error(capsys, "restore", str(tmp_path / "b.tar"))
    monkeypatch.setenv("SDP_DATA_DIR", str(tmp_path / "file" / "below"))
    assert "could not be" in one_error(capsys, "restore", str(tmp_path / "b.tar"))
