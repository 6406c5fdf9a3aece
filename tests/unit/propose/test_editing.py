"""What a person changes about a proposed table."""

import pytest

from core.errors import BadInput, UnknownName
from core.model.schema import SchemaField, SchemaTable
from core.propose.editing import dropped, keyed, renamed, required, retyped

TABLE = SchemaTable(
    name="t",
    key=("a",),
    fields=(SchemaField(name="a", type="identifier", pattern="^A$"), SchemaField(name="b", type="enum", enum=("x",))),
)


def test_a_field_is_renamed_also_in_the_key() -> None:
    changed = renamed(TABLE, "a", "c")
    assert ([field.name for field in changed.fields], changed.key) == (["c", "b"], ("c",))


def test_another_type_forgets_what_was_seen_as_the_earlier_one() -> None:
    found = retyped(TABLE, "b", "date").fields[1]
    assert (found.type, found.enum) == ("date", ())
    with pytest.raises(BadInput, match="“dates” is no type"):
        retyped(TABLE, "b", "dates")


def test_a_key_goes_with_its_field() -> None:
    assert dropped(TABLE, "a").key == ()
    assert dropped(TABLE, "b").key == ("a",)
    assert keyed(TABLE, ["b", "a", "b"]).key == ("b", "a")
    assert keyed(TABLE, []).key == ()


def test_a_field_is_required_or_not() -> None:
    assert required(TABLE, "b", True).fields[1].required
    assert not required(TABLE, "b", False).fields[1].required


@pytest.mark.parametrize(
    "change", [lambda t: renamed(t, "z", "y"), lambda t: dropped(t, "z"), lambda t: keyed(t, ["z"])]
)
def test_a_field_that_is_not_there_is_named(change) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(UnknownName, match=r"t has no column “z”. It has a, b."):
        change(TABLE)
