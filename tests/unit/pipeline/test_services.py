"""Pages, commands and REST go through the services: nobody reaches the stores and agents that these hold."""

import ast
from collections.abc import Iterator
from dataclasses import FrozenInstanceError, fields
from pathlib import Path
from typing import get_type_hints

import pytest

from core.pipeline import Pipeline
from core.pipeline.draft_editor import DraftEditor

ROOT = Path(__file__).parents[3]
TESTS = ROOT / "tests"
SERVICES = ("sources", "repairs", "tables", "documents", "flow", "schemas")
WORK = "work"
HINTS = get_type_hints(Pipeline)
# what is not a service: values, and the time
OPEN = {"settings", "now"}
OUTSIDE = [ROOT / "app.py", *sorted((ROOT / "pages").rglob("*.py")), *sorted((ROOT / "jobs").rglob("*.py"))]
# what only whoever does the work may ask for
WORKING = {"worker.py", "scheduler.py", "sources.py", "upkeep.py"}


def chains(tree: ast.AST) -> Iterator[list[str]]:
    """What is read of a pipeline, name by name: `self.pipeline.flow.tasks` gives flow and tasks."""
    inner = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute) or id(node) in inner:
            continue
        names: list[str] = []
        value: ast.expr = node
        while isinstance(value, ast.Attribute):
            names.append(value.attr)
            value = value.value
        names.append(value.id if isinstance(value, ast.Name) else "pipeline" if is_pipeline(value) else "")
        at = next((n for n, name in enumerate(names) if name.endswith("pipeline")), None)
        if at:
            yield names[:at][::-1]


def is_pipeline(value: ast.expr) -> bool:
    return (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Name)
        and value.func.id in ("current", "build_pipeline")
    )


def reached(tree: ast.AST, names: set[str]) -> Iterator[str]:
    """Private names of services that are read of anything but `self`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in names:
            owner = node.value.id if isinstance(node.value, ast.Name) else ""
            if owner != "self":
                yield node.attr


def private_names() -> set[str]:
    return {part.name for name in (*SERVICES, WORK) for part in fields(HINTS[name])}


@pytest.mark.parametrize("name", [*SERVICES, WORK])
def test_a_service_holds_its_parts_to_itself(name: str) -> None:
    assert all(part.name.startswith("_") for part in fields(HINTS[name]))
    assert all(name.startswith("_") or callable(value) for name, value in vars(HINTS[name]).items())


def test_a_pipeline_is_six_services_and_the_workshop() -> None:
    assert [part.name for part in fields(Pipeline)] == [*SERVICES, WORK, "settings", "_clock"]


def test_nothing_in_a_pipeline_is_replaced(pipeline: Pipeline) -> None:
    for name in (*SERVICES, WORK):
        with pytest.raises(FrozenInstanceError):
            setattr(pipeline, name, None)
        with pytest.raises(FrozenInstanceError):
            getattr(pipeline, name)._queue = None


def test_a_draft_is_changed_by_its_editor_alone() -> None:
    assert [part.name for part in fields(DraftEditor)] == ["draft_id", "_onboarding"]


@pytest.mark.parametrize("path", OUTSIDE, ids=lambda path: str(path.relative_to(ROOT)))
def test_whoever_holds_a_pipeline_asks_its_services_and_nobody_behind_them(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    assert list(reached(tree, private_names())) == []
    for chain in chains(tree):
        assert len(chain) <= 2, f"pipeline.{'.'.join(chain)} reaches through a part"
        assert not any(name.startswith("_") for name in chain)
        assert chain[0] in {*SERVICES, WORK, *OPEN}
        if len(chain) == 2 and chain[0] in (*SERVICES, WORK):
            assert callable(getattr(HINTS[chain[0]], chain[1])), f"there is no {'.'.join(chain)}"
        assert chain[0] != WORK or path.name in WORKING, "only who works asks the workshop"


@pytest.mark.parametrize("path", sorted(TESTS.rglob("*.py")), ids=lambda path: str(path.relative_to(TESTS)))
def test_tests_reach_behind_the_services_in_one_place(path: Path) -> None:
    found = [
        node.attr
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr in private_names()
        and isinstance(node.value, ast.Attribute)
        and node.value.attr in (*SERVICES, WORK)
    ]
    assert path == TESTS / "parts.py" or found == []
