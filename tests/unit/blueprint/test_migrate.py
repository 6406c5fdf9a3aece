"""What earlier versions stored is read as before: real blueprints of version 1, and each kind of part by itself."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.blueprint.drafting import undone
from core.blueprint.migrate import blueprint_of, draft_of
from core.errors import BadBlueprint
from core.extract import extract
from core.extract.selectors import Match, sliced
from core.induce import induce
from core.model import Blueprint
from core.model.blueprint import BLUEPRINT_VERSION
from core.model.document import ParsedDocument
from core.parse import parse

STORED = json.loads((Path(__file__).parents[2] / "upgrade" / "at-2330180.blueprints.json").read_text())

PAGE = b"""<html><head><meta property="og:title" content="Boats of the quay">
<script type="application/ld+json">{"@type": "Event", "name": "Regatta", "offers": [{"price": "3"}, {"price": "4"}]}
</script></head><body>
<div id="quay"><h2>North</h2>
<ul class="all"><li class="boat"><b>Heron</b><i>Tons: 12</i></li><li class="boat"><b>Tern</b><i>Tons: 7</i></li></ul>
</div>
<dl class="log"><dt class="day">1 May</dt><dd>Heron left</dd><dd>Tern came</dd>
<dt class="rest">closed</dt><dd>nobody</dd><dt class="day">2 May</dt><dd>Gull left</dd></dl>
<p><span>Master</span><span>Ada</span><span>Bea</span></p><p>Built 3 May 1999, refitted 4 June 2011 (Turku - Oslo)</p>
</body></html>"""
BOATS = b'{"boats": [{"name": "Heron", "crew": ["Ada", "Bea"]}, {"name": "Tern", "crew": ["Cy"]}], "next": "/2"}'
KEYED = b'{"Heron": {"tons": 3, "flag": "NO"}, "Tern": {"tons": 4, "flag": "SE"}}'
FLEET = b"<fleet><boat sail='7'><name>Heron</name></boat><boat sail='9'><name>Tern</name></boat></fleet>"
SHEET = b"Boats of the year\n\nname,tons,tons\nHeron,12.5,1\nTern,3.25,2\n"
BARE = b"1,Heron,2.5\n2,Tern,3.5\n3,Gull,4.0\n"
LINES = b"Boat: Heron\nTons: 12\n\nBoat: Tern\nTons: 7\nTons: 8\n"


def stored(kind: str, scope: dict[str, Any], *selectors: dict[str, Any], many: bool = False) -> dict[str, Any]:
    """A blueprint as version 1 stored it."""
    field = {"name": "x", "type": "string", "selectors": list(selectors), "many": many}
    return {"version": 1, "kind": kind, "tables": [{"name": "t", "scope": scope, "fields": [field]}]}


def read(blueprint: dict[str, Any], content: bytes, url: str = "https://q.test/") -> list[Any]:
    return [record.fields["x"].value for record in extract(blueprint_of(blueprint), parse(content, url=url)).records]


WHOLE: dict[str, Any] = {"kind": "document"}
ROWS: dict[str, Any] = {"kind": "rows", "path": "ul.all>li.boat", "inside": "quay", "require": ["b/text"], "minimum": 1}
DAYS: dict[str, Any] = {"kind": "flat", "path": "dl.log>dt.day", "until": ["dt.rest"]}


@pytest.mark.parametrize(
    ("scope", "selector", "values"),
    [
        (WHOLE, {"kind": "trail", "path": "quay>h2/text"}, []),
        (WHOLE, {"kind": "trail", "path": "#quay>h2[1]/text"}, ["North"]),
        (ROWS, {"kind": "trail", "path": "b/text"}, ["Heron", "Tern"]),
        (ROWS | {"inside": "", "path": "nav>li", "others": ["li.boat"]}, {"kind": "trail", "path": "b/text"}, None),
        (ROWS | {"minimum": 2}, {"kind": "trail", "path": "b/text"}, []),
        (ROWS, {"kind": "inline", "label": "Tons"}, ["12", "7"]),
        (ROWS, {"kind": "above", "path": "div>h2/text"}, ["North", "North"]),
        (DAYS, {"kind": "trail", "path": "~dd/text", "nth": -1}, ["Tern came", "Gull left"]),
        (DAYS | {"until": []}, {"kind": "trail", "path": "~dd/text", "nth": -1}, ["nobody", "Gull left"]),
        (DAYS | {"path": "dl.log>dt.*", "head": "~x"}, {"kind": "trail", "path": "~dd/text"}, []),
        (WHOLE, {"kind": "label", "label": "Master"}, ["Ada"]),
        (WHOLE, {"kind": "label", "label": "Master", "step": 2}, ["Bea"]),
        (WHOLE, {"kind": "before", "label": "Ada"}, ["Master"]),
        (WHOLE, {"kind": "jsonld", "path": "Event/name"}, ["Regatta"]),
        (WHOLE, {"kind": "meta", "path": "og:title"}, ["Boats of the quay"]),
    ],
)
def test_what_found_values_on_pages_finds_them_still(
    scope: dict[str, Any], selector: dict[str, Any], values: list[str] | None
) -> None:
    assert read(stored("html", scope, selector), PAGE) == (["Heron", "Tern"] if values is None else values)


def test_lists_of_values_are_lists_still() -> None:
    section = {"kind": "section", "label": "North", "path": "div>ul.all>li.boat>b/text"}
    for selector, values in [
        (section, ["Heron", "Tern"]),
        ({"kind": "trail", "path": "p>span/text", "nth": 0}, ["Master", "Ada", "Bea"]),
        ({"kind": "label", "label": "Master", "take": "list"}, ["Ada", "Bea"]),
    ]:
        assert read(stored("html", WHOLE, selector, many=True), PAGE) == [values]


@pytest.mark.parametrize(
    ("kind", "content", "scope", "selector", "values"),
    [
        ("json", BOATS, {"kind": "items", "path": "boats"}, {"kind": "json", "path": "name"}, ["Heron", "Tern"]),
        ("json", BOATS, {"kind": "items", "path": "boats", "minimum": 1}, {"kind": "json", "path": "name"}, ["Tern"]),
        ("json", BOATS, WHOLE, {"kind": "json", "path": "next"}, ["/2"]),
        ("json", KEYED, {"kind": "items", "path": "*"}, {"kind": "json", "path": "#"}, ["Heron", "Tern"]),
        ("xml", FLEET, {"kind": "items", "path": "boat"}, {"kind": "element", "path": "@sail"}, ["7", "9"]),
        ("xml", FLEET, {"kind": "items", "path": ""}, {"kind": "element", "path": "boat/name"}, ["Heron"]),
        (
            "table",
            SHEET,
            {"kind": "lines", "require": ["name", "tons"], "minimum": 3},
            {"kind": "column", "label": "tons", "nth": 2},
            ["1", "2"],
        ),
        ("table", BARE, {"kind": "lines"}, {"kind": "column", "nth": 2}, ["Heron", "Tern", "Gull"]),
        (
            "text",
            LINES,
            {"kind": "lines", "require": ["Boat", "Tons"], "minimum": 2},
            {"kind": "inline", "label": "Boat"},
            ["Heron", "Tern"],
        ),
    ],
)
def test_what_found_values_in_files_finds_them_still(
    kind: str, content: bytes, scope: dict[str, Any], selector: dict[str, Any], values: list[str]
) -> None:
    url = "https://q.test/x.csv" if kind == "table" else "https://q.test/x"
    assert read(stored(kind, scope, selector), content, url) == values


def test_sheets_of_labels_are_read_still() -> None:
    blueprint = blueprint_of(stored("pdf", WHOLE, {"kind": "label", "label": "Berth"}))
    assert blueprint.tables[0].fields[0].selectors[0].label_text == "Berth"


@pytest.mark.parametrize(
    ("cut", "part"),
    [
        ({"pattern": r"\((.+)\)"}, "Turku - Oslo"),
        ({"pattern": r"\(", "side": "before"}, "Built 3 May 1999, refitted 4 June 2011"),
        ({"date": -1}, "4 June 2011"),
        ({"date": 1, "side": "after"}, "refitted 4 June 2011 (Turku - Oslo)"),
        ({"split": " - ", "part": -1}, "Oslo)"),
    ],
)
def test_what_was_cut_is_cut_still(cut: dict[str, Any], part: str) -> None:
    text = "Built 3 May 1999, refitted 4 June 2011 (Turku - Oslo)"
    [selector] = (
        blueprint_of(stored("html", WHOLE, {"kind": "trail", "path": "p/text", "cuts": [cut]}))
        .tables[0]
        .fields[0]
        .selectors
    )
    assert [spot.raw for spot in sliced([Match(text, 0, len(text), str)], selector.slices)] == [part]


@pytest.mark.parametrize(
    ("pagination", "words"),
    [
        ({"kind": "link", "selector": {"kind": "rel"}}, "by the link that says it is the next"),
        ({"kind": "link", "selector": {"kind": "text", "label": "next"}}, "by the link “next”"),
        ({"kind": "link", "selector": {"kind": "number"}}, "by the link with the number after that of the page"),
        ({"kind": "link", "selector": {"kind": "json", "path": "next"}}, "by the address that “next” holds"),
        (
            {"kind": "pattern", "pattern": "?at={}", "first": 0, "step": 20},
            "by the number in the address, ?at=…, up by 20",
        ),
    ],
)
def test_lists_go_on_as_before(pagination: dict[str, Any], words: str) -> None:
    found = blueprint_of(stored("html", ROWS) | {"pagination": pagination}).pagination
    assert found is not None
    assert found.words == words


@pytest.mark.parametrize("number", range(len(STORED)))
def test_real_blueprints_of_version_1_are_read(number: int) -> None:
    old = STORED[number]
    new = blueprint_of(old)
    assert new.version == BLUEPRINT_VERSION
    assert [(table.name, [field.name for field in table.fields]) for table in new.tables] == [
        (table["name"], [field["name"] for field in table["fields"]]) for table in old["tables"]
    ]
    assert len(new.tables[0].former) == len(old["tables"][0]["former"])


@pytest.mark.parametrize("number", range(len(STORED)))
def test_what_was_migrated_is_written_and_read_in_the_present_form(number: int) -> None:
    blueprint = blueprint_of(STORED[number])
    assert blueprint_of(blueprint.model_dump_json()) == blueprint
    assert blueprint_of(blueprint.model_dump_json(exclude_defaults=True)) == blueprint
    assert Blueprint.model_validate(blueprint.model_dump(mode="json")) == blueprint


def test_files_of_version_1_say_no_version_and_leave_defaults_out() -> None:
    old = {
        "kind": "html",
        "tables": [{"name": "t", "scope": {}, "fields": [{"name": "x", "type": "string", "selectors": []}]}],
    }
    assert blueprint_of(json.dumps(old)).tables[0].scope.kind == "document"


def test_what_is_learned_now_says_its_version(site: Callable[[str], ParsedDocument]) -> None:
    text = induce([site("notices")]).model_dump_json(exclude_defaults=True)
    assert json.loads(text)["version"] == BLUEPRINT_VERSION


def test_drafts_of_version_1_are_read_and_their_changes_taken_back() -> None:
    before = {"blueprints": {"main": STORED[0]}, "left_out": {"main": [["tender", "deadline"]]}}
    draft = draft_of(
        {
            "draft_id": "d",
            "location": "https://q.test/",
            "acquirer": "http",
            "name": "q",
            "created_at": "2026-01-01T00:00:00Z",
            "blueprints": {"main": STORED[0]},
            "steps": [{"words": "leaving out deadline", "before": json.dumps(before)}],
        }
    )
    assert undone(draft).blueprints["main"] == blueprint_of(STORED[0])
    assert undone(draft).left_out == {"main": (("tender", "deadline"),)}


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ({"version": 3}, "of version 3; this program reads those up to version 2"),
        ({"version": "x"}, "of version x"),
        ({"tables": [{"name": "t", "scope": {"kind": "spiral"}, "fields": []}]}, "“spiral”"),
        ({"tables": [{"name": "t", "scope": {"kind": "lines"}, "fields": []}]}, "the document is of the kind “html”"),
        ({"tables": [{"name": "t", "scope": ROWS | {"head": "td:1"}, "fields": []}]}, "it says head='td:1'"),
        ({"tables": 7}, "of another form"),
        ({"pagination": {"kind": "link"}}, "no kind of link"),
        ({"pagination": {"kind": "pattern", "selector": {"kind": "rel"}}}, "it says selector="),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(broken: dict[str, Any], said: str) -> None:
    with pytest.raises(BadBlueprint, match=said):
        blueprint_of(stored("html", ROWS) | broken)


@pytest.mark.parametrize(
    "text", ["", "[]", "7", "{}", '{"version": 2}', "<html>", b"\xff\xfe", pytest.param("[" * 100_000, id="deep")]
)
def test_what_is_no_blueprint_is_refused(text: str | bytes) -> None:
    with pytest.raises(BadBlueprint):
        blueprint_of(text)


def test_a_selector_of_another_kind_of_document_is_refused() -> None:
    with pytest.raises(BadBlueprint, match="is no scope or selector of json documents"):
        blueprint_of(stored("json", {"kind": "items"}, {"kind": "trail", "path": "b/text"}))


WORDS = st.text(max_size=8)
NUMBERS = st.integers(-3, 5)
CUTS = st.fixed_dictionaries(
    {},
    optional={
        "pattern": st.sampled_from(["", "a", r"\d+", "(b)"]),
        "date": NUMBERS,
        "side": st.sampled_from(["", "before", "after"]),
        "split": st.sampled_from(["", ", "]),
        "part": NUMBERS,
    },
)
SELECTORS = st.fixed_dictionaries(
    {"kind": st.sampled_from(["trail", "label", "before", "inline", "section", "above", "jsonld", "json", "column"])},
    optional={
        "path": WORDS,
        "label": WORDS,
        "nth": NUMBERS,
        "step": NUMBERS,
        "take": st.sampled_from(["text", "element", "list"]),
        "cuts": st.lists(CUTS, max_size=2),
    },
)
SCOPES = st.fixed_dictionaries(
    {"kind": st.sampled_from(["document", "rows", "flat", "items", "lines"])},
    optional={
        "path": WORDS,
        "others": st.lists(WORDS, max_size=2),
        "inside": WORDS,
        "head": WORDS,
        "alone": st.booleans(),
        "until": st.lists(WORDS, max_size=2),
        "require": st.lists(WORDS, max_size=2),
        "minimum": st.integers(0, 3),
    },
)
KINDS = st.sampled_from(["html", "json", "xml", "table", "pdf", "text"])


@given(KINDS, SCOPES, st.lists(SELECTORS, max_size=2))
def test_whatever_version_1_could_say_is_read_or_refused(
    kind: str, scope: dict[str, Any], selectors: list[dict[str, Any]]
) -> None:
    old = stored(kind, scope, *selectors)
    try:
        new = blueprint_of(old)
    except BadBlueprint:
        return
    assert blueprint_of(new.model_dump_json()) == new
    assert len(new.tables[0].fields[0].selectors) == len(selectors)
