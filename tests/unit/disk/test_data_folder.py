"""One place spells the names of what lies in the data folder."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.disk.data_folder import BACKUPS, CATALOGUE, DAMAGES, KEPT, LOG, STATE, DataFolder
from core.settings import load_settings

ROOT = Path(__file__).parents[3]
CODE = [
    ROOT / "app.py",
    *(path for room in ("core", "warehouse", "jobs", "pages") for path in (ROOT / room).rglob("*.py")),
]
FILES = {STATE, LOG, CATALOGUE, DAMAGES, BACKUPS}
# a damage tells raw bytes by their name, and the model knows nothing of a disk
SPELLERS = {ROOT / "core" / "disk" / "data_folder.py", ROOT / "core" / "model" / "results.py"}
FOLDERS = tuple(f"{name}/" for name in KEPT if name not in FILES)


def spelled(tree: ast.AST) -> Iterator[str]:
    """Names of files wherever they stand as texts, and names of folders where they become a part of a path."""
    for node in ast.walk(tree):
        match node:
            case ast.BinOp(op=ast.Div(), right=ast.Constant(value=str(name))) if name in KEPT:
                yield name
            case ast.Constant(value=str(text)) if text in FILES or text.startswith(
                tuple(f"{name}/" for name in FOLDERS)
            ):
                yield text


def test_everything_that_is_kept_has_its_place(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    places = {value for name in vars(DataFolder) if isinstance(value := getattr(folder, name), Path)}
    assert places == {tmp_path / name for name in KEPT}


def test_the_folder_stays_the_same_wherever_the_process_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load_settings(data_dir="data")
    assert settings.folder.state == tmp_path / "data" / STATE
    assert settings.state_url.endswith(f"{tmp_path}/data/{STATE}")


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_nobody_else_spells_the_names(path: Path) -> None:
    if path not in SPELLERS:
        assert list(spelled(ast.parse(path.read_text("utf-8")))) == []
