"""What a person can set, call or open is in the documentation."""

import re
from pathlib import Path

import pytest

from core.settings import Settings
from jobs.__main__ import MODULES

ROOT = Path(__file__).parents[3]
USAGE = (ROOT / "docs" / "usage.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented_with_its_default(name: str) -> None:
    line = next((line for line in USAGE.splitlines() if line.startswith(f"| `SDP_{name.upper()}`")), "")
    assert str(Settings.model_fields[name].default) in line


@pytest.mark.parametrize("command", MODULES)
def test_every_command_is_documented(command: str) -> None:
    assert any("python -m jobs" in line and re.search(rf"\b{command}\b", line) for line in USAGE.splitlines())


@pytest.mark.parametrize("page", sorted(path.stem for path in (ROOT / "pages").glob("[a-z]*.py")))
def test_every_page_is_documented(page: str) -> None:
    assert f"**{page.capitalize()}**" in USAGE


def test_the_readme_begins_with_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert readme.index("make run") < readme.index("make test") < readme.index("make demo") < readme.index("## How")
    assert all((ROOT / "docs" / "img" / name).exists() for name in ("wizard.png", "tables.png"))
