"""Blueprints as earlier versions stored them, read as those of this version: JSON → JSON, then validated.

Every blueprint that comes out of a store, a file or a written module is read here and nowhere else. Version 1 had one
class for all scopes, one for all selectors and one for all cuts, whose fields meant something else from kind to kind;
it wrote files without a version. Nothing is guessed: what version 1 could say and no learned blueprint ever said (a
field that its kind has no use for) is refused.
"""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from core.errors import BadBlueprint, LaterVersion
from core.model import Blueprint, Draft
from core.model.blueprint import BLUEPRINT_VERSION

Json = dict[str, Any]
LEARN_ANEW = "Learn the pages anew."


def blueprint_of(stored: str | bytes | Mapping[str, Any]) -> Blueprint:
    """A stored blueprint of any version, as text or as what its JSON says.

    Raises:
        BadBlueprint: it is none.
        LaterVersion: it is of a version that came later than this program.
    """
    try:
        return Blueprint.model_validate(migrated(stored if isinstance(stored, Mapping) else from_json(stored)))
    except ValidationError as error:
        raise BadBlueprint(f"This is not a blueprint: {_first_fault(error)}.", LEARN_ANEW) from None
    except ValueError as error:
        raise BadBlueprint(f"This is not a blueprint: {error}.", LEARN_ANEW) from None


def draft_of(stored: Mapping[str, Any]) -> Draft:
    """A stored draft, its blueprints of any version.

    Raises:
        BadBlueprint: one of them is none.
        LaterVersion: one is of a version that came later than this program.
    """
    blueprints = {name: blueprint_of(blueprint) for name, blueprint in stored.get("blueprints", {}).items()}
    return Draft.model_validate({**stored, "blueprints": blueprints})


def migrated(stored: Any) -> Json:
    """What the JSON of a blueprint of any version says, in the form of this version.

    Raises:
        BadBlueprint: it holds what no blueprint of its version did.
        LaterVersion: it is of a version that came later.
    """
    if not isinstance(stored, Mapping):
        raise BadBlueprint("This is not a blueprint: it holds no tables.", LEARN_ANEW)
    version = stored.get("version", 1)
    if version == BLUEPRINT_VERSION:
        return dict(stored)
    if version != 1:
        said = f"This blueprint is of version {version}; this program reads those up to version {BLUEPRINT_VERSION}."
        raise LaterVersion(said, "Update the program, or learn the pages anew.")
    try:
        return _from_1(stored)
    except (TypeError, AttributeError):
        raise BadBlueprint("This is not a blueprint: a part of it is of another form.", LEARN_ANEW) from None


def _first_fault(error: ValidationError) -> str:
    first = error.errors()[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}" if first["loc"] else first["msg"]


def _from_1(old: Mapping[str, Any]) -> Json:
    new = {**old, "version": BLUEPRINT_VERSION}
    new["tables"] = [_table(table, str(old.get("kind"))) for table in old.get("tables", ())]
    if old.get("pagination") is not None:
        new["pagination"] = _pagination(old["pagination"])
    return new


def _table(old: Mapping[str, Any], document: str) -> Json:
    new = {**old, "fields": [_field(field) for field in old.get("fields", ())]}
    new["scope"] = _scope(old.get("scope", {}), document)
    new["former"] = [_scope(scope, document) for scope in old.get("former", ())]
    return new


def _field(old: Mapping[str, Any]) -> Json:
    return {**old} | {
        name: [_selector(selector) for selector in old.get(name, ())] for name in ("selectors", "former") if name in old
    }


class _Old:
    """A noun of version 1: its fields are taken one by one, and what is left must say nothing."""

    def __init__(self, noun: str, given: Mapping[str, Any], defaults: Mapping[str, Any]) -> None:
        self._noun = noun
        self._defaults = defaults
        self._left = {**defaults, **given}
        self.kind = self._left.pop("kind", "")

    def take(self, name: str) -> Any:
        return self._left.pop(name)

    def done(self, new: Json) -> Json:
        """The noun of this version, where nothing of the old one is lost by it."""
        for name, value in self._left.items():
            if name not in self._defaults or not _is_same(value, self._defaults[name]):
                raise self.refused(f"it says {name}={value!r}")
        return new

    def refused(self, why: str) -> BadBlueprint:
        of_kind = f" of the kind “{self.kind}”" if self.kind else ""
        return BadBlueprint(f"This is not a blueprint: a {self._noun}{of_kind}, and {why}.", LEARN_ANEW)


def _is_same(value: Any, default: Any) -> bool:
    """Whether a value is the default; lists of JSON are tuples of nouns."""
    return bool((tuple(value) if isinstance(value, list) else value) == default)


_SCOPE = {
    "kind": "document",
    "path": "",
    "others": (),
    "inside": "",
    "head": "",
    "alone": False,
    "until": (),
    "require": (),
    "minimum": 0,
}


def _scope(given: Mapping[str, Any], document: str) -> Json:
    old = _Old("scope", given, _SCOPE)
    if old.kind == "document":
        return old.done({"kind": "document"})
    if (make := _SCOPES.get((old.kind, document))) is None:
        raise old.refused(f"the document is of the kind “{document}”")
    return old.done(make(old))


def _elements_of_page(old: _Old) -> Json:
    return {
        "element_path": old.take("path"),
        "other_paths": old.take("others"),
        "inside_id": old.take("inside"),
        "required_keys": old.take("require"),
        "at_least": old.take("minimum"),
    }


def _siblings(old: _Old) -> Json:
    own = {"opening": old.take("head"), "alone": old.take("alone"), "until": old.take("until")}
    return {"kind": "siblings", **_elements_of_page(old), **own}


def _sheet_rows(old: _Old) -> Json:
    names = {"sheet": "path", "headers": "require", "header_row": "minimum"}
    return {"kind": "sheet_rows"} | {new: old.take(name) for new, name in names.items()}


def _text_blocks(old: _Old) -> Json:
    # one label was asked for in any case
    return {"kind": "text_blocks", "labels": old.take("require"), "at_least": max(1, old.take("minimum"))}


_SCOPES: dict[tuple[str, str], Callable[[_Old], Json]] = {
    ("rows", "html"): lambda old: {"kind": "rows", **_elements_of_page(old)},
    ("flat", "html"): _siblings,
    ("items", "json"): lambda old: {"kind": "items", "path": old.take("path"), "skip": old.take("minimum")},
    ("items", "xml"): lambda old: {"kind": "elements", "path": old.take("path")},
    ("lines", "table"): _sheet_rows,
    ("lines", "pdf"): _sheet_rows,
    ("lines", "text"): _text_blocks,
}

_SELECTOR = {"kind": "", "path": "", "label": "", "nth": 1, "step": 1, "take": "text", "cuts": ()}
# kind of version 1 → kind of this version, and what its fields are called now
_SELECTORS: dict[str, tuple[str, dict[str, str]]] = {
    "trail": ("path", {"path_key": "path", "nth": "nth"}),
    "label": ("label", {"label": "label", "occurrence": "nth", "offset": "step", "extent": "take"}),
    "before": ("before", {"label": "label", "occurrence": "nth"}),
    "inline": ("inline", {"label": "label", "nth": "nth"}),
    "section": ("section", {"heading": "label", "path_key": "path"}),
    "above": ("above", {"path_key": "path"}),
    **{kind: (kind, {"path": "path", "nth": "nth"}) for kind in ("jsonld", "state", "meta", "microdata", "json")},
    "element": ("xml", {"path": "path", "nth": "nth"}),
    "column": ("column", {"header": "label", "occurrence": "nth"}),
}
_COLUMN_NUMBER = ("column_number", {"number": "nth"})
_JSON_KEY: tuple[str, dict[str, str]] = ("json_key", {})
_EXTENTS = {"element": "paragraph"}


def _selector(given: Mapping[str, Any]) -> Json:
    old = _Old("selector", given, _SELECTOR)
    slices = [_slice(cut) for cut in old.take("cuts")]
    kind, names = _form(old, given)
    new = {"kind": kind, "slices": slices} | {name: old.take(was) for name, was in names.items()}
    if "extent" in new:
        new["extent"] = _EXTENTS.get(new["extent"], new["extent"])
    return old.done(new)


def _form(old: _Old, given: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """The kind of this version, and its fields by those of version 1."""
    if old.kind == "column" and not given.get("label"):
        return _COLUMN_NUMBER
    if old.kind == "json" and given.get("path") == "#":
        old.take("path")
        return _JSON_KEY
    if old.kind not in _SELECTORS:
        raise old.refused("that is no kind of selector")
    return _SELECTORS[old.kind]


_CUT = {"pattern": "", "date": 0, "side": "", "split": "", "part": 0}


def _slice(given: Mapping[str, Any]) -> Json:
    old = _Old("cut", given, _CUT)
    if given.get("split"):
        return old.done({"kind": "piece", "delimiter": old.take("split"), "piece": old.take("part")})
    side = old.take("side") or "match"
    if given.get("date"):
        return old.done({"kind": "date", "date": old.take("date"), "side": side})
    return old.done({"kind": "pattern", "pattern": old.take("pattern"), "side": side})


_PAGINATION = {"kind": "", "selector": None, "pattern": "", "first": 1, "step": 1}
_LINK_PARTS: dict[str, dict[str, str]] = {"rel": {}, "text": {"text": "label"}, "number": {}, "json": {"path": "path"}}


def _pagination(given: Mapping[str, Any]) -> Json:
    old = _Old("pagination", given, _PAGINATION)
    if old.kind == "link":
        return old.done({"kind": "link", "link": _link(old.take("selector") or {})})
    if old.kind == "pattern":
        numbers = {"first": old.take("first"), "step": old.take("step")}
        return old.done({"kind": "numbered", "number_at": old.take("pattern"), **numbers})
    raise old.refused("that is no kind of pagination")


def _link(given: Mapping[str, Any]) -> Json:
    old = _Old("link", given, _SELECTOR)
    if old.kind not in _LINK_PARTS:
        raise old.refused("that is no kind of link")
    return old.done({"kind": old.kind} | {name: old.take(was) for name, was in _LINK_PARTS[old.kind].items()})
