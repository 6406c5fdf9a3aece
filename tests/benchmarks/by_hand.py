"""The fields of a blueprint as a person would write them for parsel: one XPath a field, one look-up a value."""

import json
import re
from collections.abc import Callable
from typing import Any

from core.model.blueprint import Blueprint, Field, RecordSet
from core.model.scope import ElementScope
from core.model.selector import (
    AboveSelector,
    AnySelector,
    BeforeSelector,
    EmbeddedSelector,
    InlineSelector,
    LabelSelector,
    PathSelector,
    SectionSelector,
    Selector,
)

STEP = re.compile(r"([^.\[]+)((?:\.[^.\[]+)*)(\[\d+\])?$")
Row = dict[str, Any]


def reader(blueprint: Blueprint, page: Callable[[bytes], Any]) -> Callable[[bytes], list[Row]]:
    """Reads a page into rows with selectors of parsel's kind; `page` makes the selector of the whole page."""
    tables = [
        (scope_path(table), [(field.name, *written(field)) for field in table.fields]) for table in blueprint.tables
    ]

    def read(content: bytes) -> list[Row]:
        whole = page(content)
        data = _linked_data(whole) if any(kind == "jsonld" for _, fields in tables for _, kind, _ in fields) else []
        return [
            {name: _value(record, data, kind, path) for name, kind, path in fields}
            for scope, fields in tables
            for record in (whole.xpath(scope) if scope else [whole])
        ]

    return read


def _value(record: Any, data: list[Any], kind: str, path: str) -> Any:
    return _walk(data, path) if kind == "jsonld" else record.xpath(path).getall()


def _linked_data(whole: Any) -> list[Any]:
    found = []
    for text in whole.xpath('//script[@type="application/ld+json"]/text()').getall():
        try:
            value = json.loads(str(text), strict=False)
        except ValueError:
            continue
        found.extend(value if isinstance(value, list) else value.get("@graph", [value]))
    return found


def _walk(data: list[Any], path: str) -> list[Any]:
    kind, *keys = path.split("/")
    found = [item for item in data if isinstance(item, dict) and kind in str(item.get("@type"))]
    for key in keys:
        below = [item.get(key) for item in found if isinstance(item, dict)]
        found = [value for item in below for value in (item if isinstance(item, list) else [item])]
    return found


def scope_path(table: RecordSet) -> str:
    """The XPath of the records; empty when the page is the record."""
    scope = table.scope
    if not isinstance(scope, ElementScope):
        return ""
    inside = f'//*[@id="{scope.inside_id}"]' if scope.inside_id else ""
    return inside + "//" + steps(scope.element_path.split(">"))


def written(field: Field) -> tuple[str, str]:
    """Whether a field is read from JSON-LD or by XPath, and its path."""
    selector = field.selectors[0]
    return (
        ("jsonld", selector.path_text.removesuffix("//text").removesuffix("//lines"))
        if selector.kind == "jsonld"
        else ("xpath", xpath(selector))
    )


def steps(names: list[str]) -> str:
    """Steps like `div.price.now` as XPath."""
    return "/".join(_step(name) for name in names if name) or "*"


def _step(name: str) -> str:
    if name.startswith("td:"):
        return f"td[{name.partition(':')[2]}]"
    found = STEP.match(name.removesuffix(":wide").lstrip("~"))
    if not found or not re.fullmatch(r"[\w-]+", found[1]):
        return "*"
    classes = [token for token in found[2].split(".") if token and '"' not in token]
    tests = "".join(f'[contains(concat(" ", normalize-space(@class), " "), " {token} ")]' for token in classes)
    return found[1] + tests + (found[3] or "")


def xpath(selector: Selector) -> str:
    """The XPath of one selector, relative to the record."""
    return _WRITTEN[type(selector)](selector)


def _path(selector: PathSelector) -> str:
    way, _, place = selector.path_key.rpartition("/")
    take = place if place.startswith("@") else "text()"
    deep = way.endswith("/") or place == "all"
    joined = _start(way.rstrip("/")) + ("//" if deep else "/") + take
    return f"({joined})[{selector.nth}]" if selector.nth > 0 and place != "all" else joined


def _start(way: str) -> str:
    """The XPath of the element that holds a value."""
    if way.startswith("#"):
        name, _, rest = way[1:].partition(">")
        return f'//*[@id="{name}"]' + ("/" + steps(rest.split(">")) if rest else "")
    if way.startswith("[itemprop="):
        return f'.//*[@itemprop="{way[10:-1]}"]'
    if way.startswith("["):
        return "./td[1]"  # a person counts the columns
    return ".//" + steps(way.split(">")) if way else "."


def _quoted(text: str) -> str:
    return f'"{text}"' if '"' not in text else f"'{text.replace(chr(39), '')}'"


def _label(selector: LabelSelector) -> str:
    following = f"following::text()[normalize-space()][{selector.offset}]"
    return f"(.//text()[normalize-space()={_quoted(selector.label)}])[{selector.occurrence}]/{following}"


def _before(selector: BeforeSelector) -> str:
    return f"(.//text()[normalize-space()={_quoted(selector.label)}])[1]/preceding::text()[normalize-space()][1]"


def _inline(selector: InlineSelector) -> str:
    return f"(.//text()[starts-with(normalize-space(), {_quoted(selector.label)})])[1]"


def _section(selector: SectionSelector) -> str:
    way = steps(selector.path_key.rpartition("/")[0].split(">")[-1:])
    return f".//*[normalize-space()={_quoted(selector.heading)}]/following::{way}/text()"


def _above(selector: AboveSelector) -> str:
    way = steps(selector.path_key.rpartition("/")[0].split(">")[-1:])
    return f"(./preceding::{way}/text())[last()]"


def _embedded(selector: EmbeddedSelector) -> str:
    if selector.kind == "state":
        return "//script[not(@src)]/text()"
    if selector.kind == "microdata":
        return f'.//*[@itemprop="{selector.path.rpartition("/")[2]}"]/text()'
    name = _quoted(selector.path)
    return "//title/text()" if selector.path == "title" else f"//meta[@property={name} or @name={name}]/@content"


_WRITTEN: dict[type[AnySelector], Callable[[Any], str]] = {
    PathSelector: _path,
    LabelSelector: _label,
    BeforeSelector: _before,
    InlineSelector: _inline,
    SectionSelector: _section,
    AboveSelector: _above,
    EmbeddedSelector: _embedded,
}
