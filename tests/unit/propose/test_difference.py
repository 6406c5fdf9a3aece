"""What changes between two schemas, and who can still read what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model.schema import ColumnType, SchemaField, SchemaTable
from core.propose import compatibility, difference
from core.propose.difference import SchemaChange


def table(*fields: SchemaField, key: tuple[str, ...] = (), name: str = "notices") -> SchemaTable:
    return SchemaTable(name=name, key=key, fields=fields)


def field(name: str, kind: ColumnType = "string", **more: object) -> SchemaField:
    return SchemaField.model_validate({"name": name, "type": kind, **more})


def only(before: SchemaTable, after: SchemaTable) -> SchemaChange:
    [change] = difference([before], [after])
    return change


@pytest.mark.parametrize(
    ("before", "after", "kind", "backward", "forward", "in_place"),
    [
        ([], [field("a")], "added", True, True, True),
        ([], [field("a", required=True)], "added", False, True, True),
        ([field("a")], [], "dropped", True, True, True),
        ([field("a", required=True)], [], "dropped", True, False, True),
        ([field("a", required=True)], [field("a")], "optional", True, False, True),
        ([field("a")], [field("a", required=True)], "required", False, True, False),
        ([field("a", "integer")], [field("a", "decimal")], "retyped", True, False, False),
        ([field("a", "decimal")], [field("a", "integer")], "retyped", False, True, False),
        ([field("a", "email")], [field("a", "string")], "retyped", True, False, True),
        ([field("a", "string")], [field("a", "text")], "retyped", True, True, True),
        ([field("a", "date")], [field("a", "integer")], "retyped", False, False, False),
        ([field("a")], [field("a", many=True)], "many", True, False, False),
        ([field("a", many=True)], [field("a")], "single", False, True, False),
        ([field("a", "money", unit="EUR")], [field("a", "money", unit="USD")], "unit", False, False, False),
        ([field("a", "enum", enum=["x"])], [field("a", "enum", enum=["x", "y"])], "choices", True, False, True),
        ([field("a", "enum", enum=["x", "y"])], [field("a", "enum", enum=["x"])], "choices", False, True, True),
        ([field("a", aliases=["Price"])], [field("b", aliases=["Price"])], "renamed", True, False, True),
        ([field("a", examples=["x", "y"])], [field("b", examples=["y", "x"])], "renamed", True, False, True),
    ],
)
def test_each_change_says_who_can_still_read(
    before: list[SchemaField], after: list[SchemaField], kind: str, backward: bool, forward: bool, in_place: bool
) -> None:
    change = only(table(*before), table(*after))
    assert (change.kind, change.backward, change.forward, change.in_place) == (kind, backward, forward, in_place)
    assert change.breaking == (not (backward and forward))


def test_a_rename_says_how_it_was_recognised() -> None:
    change = only(table(field("a", aliases=["Price", "Cost"])), table(field("b", aliases=["Price"])))
    assert (change.before, change.after) == ("a", "b")
    assert "labels" in change.reason


def test_fields_of_other_types_are_no_renames() -> None:
    changes = difference([table(field("a", examples=["1"]))], [table(field("b", "integer", examples=["1"]))])
    assert [change.kind for change in changes] == ["dropped", "added"]


def test_the_key_is_compared_under_the_names_before() -> None:
    before = table(field("a", aliases=["Id"]), key=("a",))
    after = table(field("b", aliases=["Id"]), key=("b",))
    assert [change.kind for change in difference([before], [after])] == ["renamed"]
    assert only(before, table(field("a", aliases=["Id"]))).kind == "key"


def test_tables_come_and_go() -> None:
    changes = difference([table(name="a")], [table(name="b")])
    assert [(change.kind, change.table) for change in changes] == [("table_dropped", "a"), ("table_added", "b")]


def test_all_changes_together_allow_what_each_allows() -> None:
    added, dropped = field("a", required=True), field("b", required=True)
    assert compatibility([]) == "full"
    assert compatibility(difference([table()], [table(added)])) == "forward"
    assert compatibility(difference([table(dropped)], [table()])) == "backward"
    assert compatibility(difference([table(dropped)], [table(added)])) == "none"


fields = st.lists(
    st.builds(
        field,
        st.sampled_from("abcdef"),
        st.sampled_from(["string", "integer", "date", "money"]),
        required=st.booleans(),
        many=st.booleans(),
        aliases=st.lists(st.sampled_from("XYZ"), max_size=2),
    ),
    max_size=5,
    unique_by=lambda one: one.name,
)


@given(fields)
def test_nothing_changes_from_a_schema_to_itself(found: list[SchemaField]) -> None:
    assert difference([table(*found)], [table(*found)]) == []


@given(fields, fields)
def test_the_way_back_reads_the_other_way_round(old: list[SchemaField], new: list[SchemaField]) -> None:
    there, back = difference([table(*old)], [table(*new)]), difference([table(*new)], [table(*old)])
    for kind in ("retyped", "many", "single", "required", "optional"):
        turned = {"many": "single", "single": "many", "required": "optional", "optional": "required"}.get(kind, kind)
        assert sorted((c.backward, c.forward) for c in there if c.kind == kind) == sorted(
            (c.forward, c.backward) for c in back if c.kind == turned
        )
