"""Modules that earlier versions wrote are kept and edited by hand: they load, and read what they read."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any, get_args

import pytest

from core import plugin
from core.blueprint.codegen import generate
from core.blueprint.migrate import blueprint_of
from core.engine.interpreter import load_module
from core.errors import BadBlueprint
from core.model import Blueprint, DetailLink, ValueGuard
from core.model.pagination import NextLink, Pagination
from core.model.scope import Scope
from core.model.selector import Selector, Slice

STORED = json.loads((Path(__file__).parents[2] / "upgrade" / "at-2330180.blueprints.json").read_text())

VERSION_1 = '''"""Reads Quay: boats (3 fields)."""

from core.plugin import Blueprint, Cut, Field, Guard, Pagination, RecordSet, Scope, Selector, read

TABLES = (
    RecordSet(
        name="boats",
        scope=Scope(kind="rows", path="ul.all>li", require=("b/text",), minimum=1),
        fields=(
            Field(name="name", type="string",  # Heron
                selectors=(
                    Selector(kind="trail", path="b/text"),
                ),
            ),
            Field(name="tons", type="integer", label="Tons", guard=Guard(shapes=("9",)),
                selectors=(
                    Selector(kind="inline", label="Tons"),
                    Selector(kind="trail", path="i/text", cuts=(Cut(pattern="\\\\d+"),)),
                ),
            ),
        ),
    ),
)

BLUEPRINT = Blueprint(kind="html", pagination=Pagination(kind="link", selector=Selector(kind="rel")), tables=TABLES)


def extract(document):
    """Yield one dict for each record of the document."""
    yield from read(BLUEPRINT, document)
'''
PAGE = b"<ul class=all><li><b>Heron</b><i>Tons: 12</i></li><li><b>Tern</b><i>about 7</i></li></ul>"

AMBIGUOUS_1 = """from core.plugin import Blueprint, Field, RecordSet, Scope, Selector, read
BLUEPRINT = Blueprint(kind="text", tables=(
    RecordSet(name="boats", scope=Scope(kind="lines", require=("Boat", "Tons"), minimum=2),
              fields=(Field(name="boat", type="string", selectors=(Selector(kind="inline", label="Boat"),)),)),
))
def extract(document):
    yield from read(BLUEPRINT, document)
"""


def rows(code: str, content: bytes) -> list[dict[str, Any]]:
    return list(load_module(code)(SimpleNamespace(content=content, url="https://q.test/")))


def written(code: str) -> Blueprint:
    space: dict[str, Any] = {"__name__": "extractor"}
    exec(compile(code, "extractor", "exec"), space)
    blueprint: Blueprint = space["BLUEPRINT"]
    return blueprint


def bare(blueprint: Blueprint) -> Blueprint:
    """Without what a module leaves out."""
    plain = {"confidence": 0.5, "fill": 1.0, "examples": (), "pinned": False}
    tables = tuple(
        table.model_copy(
            update={"confidence": 0.5, "fields": tuple(field.model_copy(update=plain) for field in table.fields)}
        )
        for table in blueprint.tables
    )
    return blueprint.model_copy(update={"tables": tables, "learned_from": ()})


def test_a_module_of_version_1_reads_as_before() -> None:
    assert rows(VERSION_1, PAGE) == [
        {"table": "boats", "name": "Heron", "tons": 12},
        {"table": "boats", "name": "Tern", "tons": 7},
    ]


def test_what_a_scope_of_version_1_means_is_known_by_the_kind_of_document() -> None:
    assert rows(AMBIGUOUS_1, b"Boat: Heron\nTons: 12\n\nBoat: Tern\nTons: 7\n") == [
        {"table": "boats", "boat": "Heron"},
        {"table": "boats", "boat": "Tern"},
    ]


@pytest.mark.parametrize("number", range(len(STORED)))
def test_a_module_is_the_blueprint_it_was_written_for(number: int) -> None:
    blueprint = blueprint_of(STORED[number])
    code = generate(blueprint)
    assert "version=2" in code
    assert not any(f" {name}(" in code or f"={name}(" in code for name in ("Scope", "Selector", "Cut", "Pagination"))
    assert bare(written(code)) == bare(blueprint)


def test_a_module_for_a_later_version_says_so() -> None:
    with pytest.raises(BadBlueprint, match="of version 3"):
        load_module(VERSION_1.replace("Blueprint(kind=", "Blueprint(version=3, kind="))


@pytest.mark.parametrize("union", [Scope, Selector, Slice, Pagination, NextLink])
def test_modules_can_import_whatever_is_written_into_them(union: Any) -> None:
    for noun in (*get_args(get_args(union)[0]), DetailLink, ValueGuard):
        assert getattr(plugin, noun.__name__) is noun
        assert noun.__name__ in plugin.__all__
