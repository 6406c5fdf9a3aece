"""The faults that `make mutants` puts into the code: each is one change, and each module is still where it was."""

from pathlib import Path

import pytest

from tests.mutants.changes import mutants
from tests.mutants.targets import ALIKE, TARGETS

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("line", "faults"),
    [
        ("x = a < b", {"x = a <= b", "x = a >= b"}),
        ("x = a in b and c", {"x = a not in b and c", "x = a in b or c"}),
        ("x = -3", {"x = -4"}),
        ("x: int = 3", {"x: int = 4"}),
        ("x = (1, 2)", {"x = (2,)", "x = (1,)"}),
        ("x = a if b else c", {"x = a if not b else c"}),
        ("x = [a for a in b if a]", {"x = [a for a in b if not a]"}),
        ("x = not a", {"x = +a"}),
        ("a.clear()", {"pass"}),
        ("x: Literal['a', 'b'] = y", set()),
        ("x = any(y)", {"x = all(y)"}),
    ],
)
def test_a_line_has_these_faults(line: str, faults: set[str]) -> None:
    found = list(mutants(line))
    assert {mutant.after for mutant in found} == faults
    assert all(mutant.code == mutant.after for mutant in found)


def test_a_docstring_and_an_annotation_have_none() -> None:
    assert list(mutants('def f(a: "tuple[1, 2]" = None) -> "x":\n    """One of 3."""\n    return a')) == []


@pytest.mark.parametrize("path", TARGETS)
def test_a_module_and_its_tests_are_there(path: str) -> None:
    assert all((ROOT / test).exists() for test in (path, *TARGETS[path]))


@pytest.mark.parametrize("path", ALIKE)
def test_what_is_meant_alike_is_still_a_fault(path: str) -> None:
    assert path in TARGETS
    assert set(ALIKE[path]) <= {mutant.after for mutant in mutants((ROOT / path).read_text())}
