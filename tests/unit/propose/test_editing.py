"""What a person changes about a proposed table."""

import pytest

from core.errors import BadInput, UnknownName
from core.model.schema import SchemaField, SchemaTable
from core.propose.editing import drop_field, rename_field, require_field, retype_field, set_key

TABLE = SchemaTable(
    name="t",
    key=("a",),
    fields=(SchemaField(name="a", type="identifier", pattern="^A$"), SchemaField(name="b", type="enum", enum=("x",))),
)


def test_a_field_is_renamed_also_in_the_key() -> None:
    changed = rename_field(TABLE, "a", "c")
    assert ([field.name for field in changed.fields], changed.key) == (["c", "b"], ("c",))


def test_another_type_forgets_what_was_seen_as_the_earlier_one() -> None:
    found = retype_field(TABLE, "b", "date").fields[1]
    assert (found.type, found.enum) == ("date", ())
    with pytest.raises(BadInput, match="“dates” is no type"):
        retype_field(TABLE, "b", "dates")


def test_a_key_goes_with_its_field() -> None:
    assert drop_field(TABLE, "a").key == ()
    assert drop_field(TABLE, "b").key == ("a",)
    assert set_key(TABLE, ["b", "a", "b"]).key == ("b", "a")
    assert set_key(TABLE, []).key == ()


def test_a_field_is_required_or_not() -> None:
    assert require_field(TABLE, "b", True).fields[1].required
    assert not require_field(TABLE, "b", False).fields[1].required


@pytest.mark.parametrize(
    "change", [lambda t: rename_field(t, "z", "y"), lambda t: drop_field(t, "z"), lambda t: set_key(t, ["z"])]
)
def test_a_field_that_is_not_there_is_named(change) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(UnknownName, match=r"t has no column “z”. It has a, b."):
        change(TABLE)
