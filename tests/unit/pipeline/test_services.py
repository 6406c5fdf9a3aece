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
SERVICES = ("sources", "repairs", "tables", "documents", "flow", "schemas", "clusters", "review", "alerts")
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


def test_a_pipeline_is_seven_services_and_the_workshop() -> None:
    assert [part.name for part in fields(Pipeline)] == [*SERVICES, WORK, "settings", "_clock"]


def test_nothing_in_a_pipeline_is_replaced(pipeline: Pipeline) -> None:
    for name in (*SERVICES, WORK):
        with pytest.raises(FrozenInstanceError):
            setattr(pipeline, name, None)
        with pytest.raises(FrozenInstanceError):
            getattr(pipeline, name)._queue = None


def test_a_draft_is_changed_by_its_editor_alone() -> None:
    assert [part.name for part in fields(DraftEditor)] == ["draft_id", "_onboarding"]


def wrongs(tree: ast.AST, *, works: bool) -> Iterator[str]:
    """What is wrong with how a module uses a pipeline."""
    yield from (f"{name} is private" for name in reached(tree, private_names()))
    for service, *rest in chains(tree):
        said = ".".join(["pipeline", service, *rest])
        if service not in {*SERVICES, WORK, *OPEN}:
            yield f"{said}: there is no such service"
        elif len(rest) > 1:
            yield f"{said} reaches through a part"
        elif service == WORK and not works:
            yield f"{said}: only who works asks the workshop"
        elif service in (*SERVICES, WORK) and rest and not callable(getattr(HINTS[service], rest[0], None)):
            yield f"{said}: there is no such method"


@pytest.mark.parametrize("path", OUTSIDE, ids=lambda path: str(path.relative_to(ROOT)))
def test_whoever_holds_a_pipeline_asks_its_services_and_nobody_behind_them(path: Path) -> None:
    assert list(wrongs(ast.parse(path.read_text("utf-8")), works=path.name in WORKING)) == []


@pytest.mark.parametrize(
    "code",
    [
        "pipeline.queue.find()",
        "self.pipeline.flow._queue.find()",
        "pipeline.flow.orchestrator.cancel(1)",
        "current().tables.lake",
        "build_pipeline(settings).repairs.extractors",
        "flow = pipeline.flow; flow._queue.find()",
        "pipeline._clock.now()",
        "pipeline.work.settle()",
    ],
)
def test_reaching_behind_a_service_is_found(code: str) -> None:
    assert list(wrongs(ast.parse(code), works=False))


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
