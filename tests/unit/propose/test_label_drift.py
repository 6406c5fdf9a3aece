"""What became of the labels of a site, and the next version of the table that takes them."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from core.model.schema import LabelDrift, SchemaField, SchemaTable, SiteLabel
from core.propose import SiteDocument, propose
from core.propose.label_drift import SiteRows, label_drifts
from core.propose.put_together import RecordPair, put_together
from core.propose.succession import left_out, successor

SITE = "extracted.alpha__page"
Row = dict[str, list[str]]


def row(n: int, **other: str) -> Row:
    said = {
        "reference": f"AM-{n:03}",
        "buyer": f"Town of {n}",
        "value": f"EUR {n}00.50",
        "closes": f"{n % 28 + 1} March 2026",
    }
    return {name: [text] for name, text in (said | other).items() if text}


def renamed(found: Row, **names: str) -> Row:
    return {names.get(name, name): texts for name, texts in found.items()}


BEFORE = [row(n) for n in range(1, 31)]
TABLE = (
    propose([SiteDocument(each, SITE) for each in BEFORE], "tender")
    .tables[0]
    .model_copy(update={"key": ("reference",)})
)
KNOWN = {"reference", "buyer", "value", "closes"}


def drifts(now: list[Row], before: list[Row] = BEFORE, table: SchemaTable = TABLE) -> list[LabelDrift]:
    return label_drifts(table, SITE, KNOWN, SiteRows(before, now))


def told(found: list[LabelDrift]) -> list[tuple[Any, ...]]:
    return [(one.kind, one.before, one.now, one.field) for one in found]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda n: row(n), []),
        (lambda n: row(n, lot=f"Lot {n}"), [("new", (), ("lot",), "")]),
        (lambda n: row(n, closes=""), [("lost", ("closes",), (), "closes")]),
        (lambda n: renamed(row(n), closes="deadline"), [("renamed", ("closes",), ("deadline",), "closes")]),
        # other records, and a name that says nothing: the values are alike in kind only
        (lambda n: renamed(row(n + 500), buyer="authority"), [("renamed", ("buyer",), ("authority",), "buyer")]),
        (lambda n: row(n, closes="until further notice"), [("retyped", ("date",), ("string",), "closes")]),
        (lambda n: row(n, value=f"CHF {n}00.50"), [("reunited", ("EUR",), ("CHF",), "value")]),
    ],
    ids=["calm", "new", "lost", "renamed", "renamed-others", "retyped", "reunited"],
)
def test_what_became_of_a_label_is_told(change: Callable[[int], Row], expected: list[tuple[Any, ...]]) -> None:
    assert told(drifts([change(n) for n in range(11, 41)])) == expected


def test_a_label_that_only_some_pages_call_otherwise_yet_is_renamed() -> None:
    now = [row(n) if n % 3 else renamed(row(n), closes="deadline") for n in range(11, 71)]
    assert told(drifts(now)) == [("renamed", ("closes",), ("deadline",), "closes")]


def test_a_label_that_is_split_or_merged_is_recognised_by_its_records() -> None:
    before = [row(n, contact=f"Ms. Ann{n} Berg{n}") for n in range(1, 31)]
    table = propose([SiteDocument(each, SITE) for each in before], "tender").tables[0]
    table = table.model_copy(update={"key": ("reference",)})
    now = [row(n, first=f"Ann{n}", last=f"Berg{n}") for n in range(11, 41)]
    rows = SiteRows(before, now)
    [one] = label_drifts(table, SITE, KNOWN | {"contact"}, rows)
    assert (one.kind, one.before, one.now, one.field) == ("split", ("contact",), ("first", "last"), "contact")
    assert one.reason == "20 of 20 texts are those of the parts"

    parted = propose([SiteDocument(each, SITE) for each in now], "tender").tables[0]
    parted = parted.model_copy(update={"key": ("reference",)})
    back = label_drifts(parted, SITE, KNOWN | {"first", "last"}, SiteRows(now, before))
    assert [(one.kind, one.before, one.now, one.field) for one in back] == [
        ("merged", ("first",), ("contact",), "first"),
        ("merged", ("last",), ("contact",), "last"),
    ]
    # the old rows fill the merged column from their parts, the new ones as they are
    proposed = propose([SiteDocument(each, SITE) for each in (*now, *before)], "tender").tables[0]
    made = successor(parted, proposed, [SiteLabel(SITE, label) for label in KNOWN], back)
    contact = next(field for field in made.fields if field.name == "contact")
    assert contact.joined
    assert [label.label for label in contact.sources] == ["contact", "first", "last"]
    assert not any(field.required for field in made.fields if field.name in ("first", "last"))


def test_parts_that_stand_in_some_texts_by_chance_are_none() -> None:
    def pair(whole: str, **parts: str) -> RecordPair:
        return RecordPair({"w": [whole]}, {name: [text] for name, text in parts.items()})

    made = [pair(f"Ann{n} Berg{n}", a=f"Ann{n}", b=f"Berg{n}", c="e") for n in range(5)]
    assert [(one.whole, one.parts, one.records) for one in put_together(made, ["w"], ["b", "a"])] == [
        ("w", ("a", "b"), 5)
    ]
    assert list(put_together(made[:2], ["w"], ["a", "b"])) == []
    apart = [pair(f"Something about {n} in the town", a=str(n), b="town") for n in range(5)]
    assert list(put_together(apart, ["w"], ["a", "b"])) == []
    assert list(put_together([], ["w"], ["a"])) == []


def test_what_people_decided_holds_in_the_next_version() -> None:
    decided = SchemaTable(
        name="tender",
        key=("number",),
        fields=tuple(
            field.model_copy(update={"name": {"reference": "number"}.get(field.name, field.name), "type": "string"})
            for field in TABLE.fields
            if field.name != "buyer"
        ),
    )
    now = [renamed(row(n, lot=f"Lot {n}", number=f"x{n}"), closes="deadline") for n in range(11, 41)]
    found = drifts(now, table=decided)
    assert {one.kind for one in found} == {"new", "renamed"}
    proposed = propose([SiteDocument(each, SITE) for each in (*BEFORE, *now)], "tender").tables[0]
    made = successor(decided, proposed, [SiteLabel(SITE, label) for label in KNOWN], found)
    assert [field.name for field in made.fields] == ["number", "value", "closes", "lot", "number_2"]
    assert [field.type for field in made.fields][:3] == ["string"] * 3
    assert made.key == ("number",)
    assert [label.label for label in made.fields[2].sources] == ["closes", "deadline"]
    assert [field.name for field in left_out(made, proposed)] == ["buyer"]


@pytest.mark.parametrize(
    ("drift", "changes"),
    [
        ({"kind": "lost"}, {"required": False}),
        ({"kind": "retyped", "before": ("date",), "now": ("string",)}, {"type": "string", "pattern": "", "enum": ()}),
        ({"kind": "reunited", "before": ("EUR",), "now": ("CHF",)}, {"unit": ""}),
    ],
)
def test_a_field_follows_what_became_of_its_label(drift: Mapping[str, Any], changes: Mapping[str, Any]) -> None:
    source = SiteLabel(SITE, "x")
    field = SchemaField(name="x", type="date", unit="EUR", required=True, pattern="x", enum=("a",), sources=(source,))
    table = SchemaTable(name="t", fields=(field,))
    [made] = successor(table, table, [source], [LabelDrift(site=SITE, field="x", **drift)]).fields
    assert {name: getattr(made, name) for name in changes} == changes


def test_another_site_that_says_the_same_joins_the_approved_fields() -> None:
    other = "extracted.beta__page"
    more = [SiteDocument(renamed(row(n), buyer="purchaser", closes="deadline"), other) for n in range(20, 50)]
    proposed = propose([*(SiteDocument(each, SITE) for each in BEFORE), *more], "tender").tables[0]
    made = successor(TABLE, proposed, [SiteLabel(SITE, label) for label in KNOWN], [])
    assert [field.name for field in made.fields] == [field.name for field in TABLE.fields]
    sources = {field.name: [tuple(label) for label in field.sources] for field in made.fields}
    assert sources["buyer"] == [(SITE, "buyer"), (other, "purchaser")]


def test_thousands_of_new_labels_and_none_at_all_are_told_in_time() -> None:
    wide = [row(n) | {f"c{i}": [f"{i} {n}"] for i in range(300)} for n in range(11, 31)]
    found = drifts(wide)
    assert {one.kind for one in found} == {"new"}
    assert len(found) == 300
    assert drifts([]) == []
    assert drifts([], before=[]) == []
