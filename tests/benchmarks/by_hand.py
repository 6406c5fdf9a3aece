"""The fields of a blueprint as a person would write them for parsel: one XPath a field, one look-up a value."""

import json
import re
from collections.abc import Callable
from typing import Any

from core.model.blueprint import Blueprint, Field, RecordSet, Selector

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
    if table.scope.kind == "document":
        return ""
    inside = f'//*[@id="{table.scope.inside}"]' if table.scope.inside else ""
    return inside + "//" + steps(table.scope.path.split(">"))


def written(field: Field) -> tuple[str, str]:
    """Whether a field is read from JSON-LD or by XPath, and its path."""
    selector = field.selectors[0]
    return (
        ("jsonld", selector.path.removesuffix("//text").removesuffix("//lines"))
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
    return _WRITTEN.get(selector.kind, _trail)(selector)


def _trail(selector: Selector) -> str:
    way, _, place = selector.path.rpartition("/")
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


def _label(selector: Selector) -> str:
    following = f"following::text()[normalize-space()][{selector.step}]"
    return f"(.//text()[normalize-space()={_quoted(selector.label)}])[{max(1, selector.nth)}]/{following}"


def _before(selector: Selector) -> str:
    return f"(.//text()[normalize-space()={_quoted(selector.label)}])[1]/preceding::text()[normalize-space()][1]"


def _inline(selector: Selector) -> str:
    return f"(.//text()[starts-with(normalize-space(), {_quoted(selector.label)})])[1]"


def _section(selector: Selector) -> str:
    way = steps(selector.path.rpartition("/")[0].split(">")[-1:])
    return f".//*[normalize-space()={_quoted(selector.label)}]/following::{way}/text()"


def _above(selector: Selector) -> str:
    way = steps(selector.path.rpartition("/")[0].split(">")[-1:])
    return f"(./preceding::{way}/text())[last()]"


def _meta(selector: Selector) -> str:
    name = _quoted(selector.path)
    return "//title/text()" if selector.path == "title" else f"//meta[@property={name} or @name={name}]/@content"


def _microdata(selector: Selector) -> str:
    return f'.//*[@itemprop="{selector.path.rpartition("/")[2]}"]/text()'


_WRITTEN: dict[str, Callable[[Selector], str]] = {
    "trail": _trail,
    "label": _label,
    "before": _before,
    "inline": _inline,
    "section": _section,
    "above": _above,
    "meta": _meta,
    "microdata": _microdata,
    "state": lambda selector: "//script[not(@src)]/text()",
}
