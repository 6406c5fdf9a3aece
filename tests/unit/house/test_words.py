"""The glossary and the table of places hold what the code holds; one word has one meaning."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[3]
ROW = re.compile(r"^\| (?P<what>.+) \| (?P<where>`[^|]+`) \|$", re.MULTILINE)


def rows(document: str) -> list[tuple[str, list[str]]]:
    """The rows of the tables of a document: what it says, and the quoted words of the last column."""
    found = ROW.finditer((ROOT / "docs" / document).read_text("utf-8"))
    return [(row["what"], re.findall(r"`(.+?)`", row["where"])) for row in found]


def defined(path: Path) -> Iterator[tuple[str, ast.stmt]]:
    """The public names that a file defines, with their definitions."""
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
            yield node.name, node


def test_every_noun_of_the_model_and_every_port_is_in_the_glossary() -> None:
    listed = {what.partition(" | ")[0]: where[0] for what, where in rows("glossary.md")}
    for folder in ("core/model", "core/ports"):
        for path in sorted((ROOT / folder).glob("*.py")):
            nouns = [name for name, node in defined(path) if isinstance(node, ast.ClassDef)]
            assert {name: listed.get(name) for name in nouns} == dict.fromkeys(nouns, str(path.relative_to(ROOT)))


def test_every_file_of_the_glossary_is_there() -> None:
    for what, where in rows("glossary.md"):
        assert (ROOT / where[0]).is_file(), what


def test_every_place_of_the_table_is_there() -> None:
    places = rows("contributing.md")
    assert len(places) >= 30
    for what, (path, name) in places:
        assert name in dict(defined(ROOT / path)), f"{what}: {path} defines no {name}"


# what a script, a page or a module of commands is begun by
ENTRIES = {"main", "draw", "register"}
# written modules of any age call its names, which are those of the nouns that they make
OF_WRITTEN_MODULES = ROOT / "core" / "plugin.py"


def test_no_public_name_has_two_meanings() -> None:
    homes = defaultdict(list)
    for room in ("core", "warehouse", "jobs", "pages"):
        for path in sorted((ROOT / room).rglob("*.py")):
            if path != OF_WRITTEN_MODULES and "migrations" not in path.parts:
                for name, _ in defined(path):
                    homes[name].append(str(path.relative_to(ROOT)))
    assert {name: paths for name, paths in homes.items() if len(paths) > 1 and name not in ENTRIES} == {}
