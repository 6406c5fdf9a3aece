"""Writes a blueprint as a Python module that an analyst can read, compare and edit by hand.

The module holds the blueprint as plain nouns, defaults left out, one selector a line, in the order of the blueprint:
the same blueprint always gives the same text, and a small change of the blueprint a small difference of the text.
"""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from core.model.blueprint import Blueprint

WIDTH = 116
INDENT = "    "
LEARNED = frozenset({"examples", "learned_from", "confidence", "fill"})
HEAD = '''"""Extractor{of}: reads {tables}.

Each field tries its selectors in order; the first that finds something wins. Edit freely: `extract` is all that is
called. What the kinds of selectors mean is written in core/model/blueprint.py.
"""

from collections.abc import Iterator
from typing import Any

from core.model.blueprint import {names}
from core.plugin import Document, rows

BLUEPRINT = '''
FOOT = '''

def extract(document: Document) -> Iterator[dict[str, Any]]:
    """Yield one dict a record: its table, and the value of each field that was found."""
    yield from rows(BLUEPRINT, document)
'''


def generate(blueprint: Blueprint, *, source: str = "") -> str:
    """The module of a blueprint; `source` is named in its first line."""
    body = _render(blueprint, 0)
    used = ("Blueprint", "Cut", "DetailLink", "Field", "Pagination", "RecordSet", "Scope", "Selector")
    names = ", ".join(name for name in used if f"{name}(" in body)
    tables = ", ".join(table.name for table in blueprint.tables)
    of = " of " + " ".join(source.replace('"', "'").replace("\\", "/").split()) if source else ""
    return HEAD.format(of=of, tables=tables, names=names) + body + "\n" + FOOT


def _render(value: Any, depth: int) -> str:
    """A value as Python: on one line where it fits, else one item a line."""
    flat = _flat(value)
    if len(flat) + len(INDENT) * depth <= WIDTH or not isinstance(value, BaseModel | tuple):
        return flat
    inner = INDENT * (depth + 1)
    lines = [f"{inner}{prefix}{_render(item, depth + 1)}," for prefix, item in _parts(value)]
    start, end = (f"{type(value).__name__}(", ")") if isinstance(value, BaseModel) else ("(", ")")
    return "\n".join([start, *lines, INDENT * depth + end])


def _flat(value: Any) -> str:
    if isinstance(value, BaseModel):
        return f"{type(value).__name__}({', '.join(prefix + _flat(item) for prefix, item in _parts(value))})"
    if isinstance(value, tuple):
        items = ", ".join(_flat(item) for item in value)
        return f"({items},)" if len(value) == 1 else f"({items})"
    return _quoted(value) if isinstance(value, str) else repr(value)


def _quoted(text: str) -> str:
    """A string as the formatter writes it, in double quotes."""
    plain = repr(text)
    if plain.startswith("'") and '"' not in plain:
        return '"' + plain[1:-1] + '"'
    return plain


def _parts(value: BaseModel | tuple[Any, ...]) -> Iterator[tuple[str, Any]]:
    if isinstance(value, tuple):
        yield from (("", item) for item in value)
        return
    for name, field in type(value).model_fields.items():
        item = getattr(value, name)
        if name == "confidence" or (item != field.get_default(call_default_factory=True) and name not in LEARNED):
            yield f"{name}=", item
