from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from core.blueprint.codegen import generate
from core.extract import extract
from core.induce import induce
from core.model.document import ParsedDocument
from core.parse import parse
from tests.engine_pages import SITES, book_page


def load(code: str) -> ModuleType:
    module = ModuleType("generated")
    exec(compile(code, "generated.py", "exec"), module.__dict__)
    return module


def rows(code: str, content: bytes, url: str) -> list[dict[str, object]]:
    return list(load(code).extract(SimpleNamespace(content=content, url=url)))


def interpreted(blueprint: object, document: ParsedDocument) -> list[dict[str, object]]:
    found = extract(blueprint, document).records  # type: ignore[arg-type]
    return [{"table": r.table, **{name: value.value for name, value in r.fields.items()}} for r in found]


@pytest.mark.parametrize("name", ["notices", "kitchen", "library"])
def test_module_and_blueprint_give_the_same_rows(name: str, site: Callable[[str], ParsedDocument]) -> None:
    document = site(name)
    blueprint = induce([document])
    content = Path(SITES / name / "page.html").read_bytes()
    assert rows(generate(blueprint), content, document.url) == interpreted(blueprint, document)


@pytest.mark.parametrize("content", [b"a,b\n1,2\n3,4\n", b'[{"a": "x\\"y"}, {"a": "z"}]', book_page(1)])
def test_every_kind_of_document_can_be_generated(content: bytes) -> None:
    document = parse(content, url="https://x.test/")
    blueprint = induce([document])
    assert rows(generate(blueprint), content, document.url) == interpreted(blueprint, document)


def test_the_text_is_stable_and_readable(book: Callable[[int], ParsedDocument]) -> None:
    blueprint = induce([book(0), book(1)])
    code = generate(blueprint, source='Books "of" the\nquay')
    assert code == generate(blueprint.model_copy(), source='Books "of" the\nquay')
    assert code.startswith('"""Reads Books \'of\' the quay: page')
    assert 'name="publisher"' in code
    assert 'label="Publisher:"' in code
    assert max(map(len, code.splitlines())) < 300


def test_an_edited_selector_takes_effect(book: Callable[[int], ParsedDocument]) -> None:
    code = generate(induce([book(0), book(1)])).replace('label="Publisher:"', 'label="Printed by:"')
    page = book_page(2, label="Printed by:")
    assert any(row.get("publisher") == "Pier Press" for row in rows(code, page, ""))
