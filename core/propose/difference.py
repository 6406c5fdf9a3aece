"""What changes from one schema to another, field by field, and who can still read what.

Backward: with the new schema rows of the old one can be read; forward: the other way round; full: both (the words of
schema registries). A change that is not full is breaking. `in_place` says whether the table itself can take the
change without being written anew: Iceberg lets a column be added, dropped, renamed and made optional, and of our types
only those that are stored alike change into each other.
"""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from core.model.base import Frozen
from core.model.schema import ColumnType, SchemaField, SchemaTable

ChangeKind = Literal[
    "table_added",
    "table_dropped",
    "added",
    "dropped",
    "renamed",
    "retyped",
    "required",
    "optional",
    "many",
    "single",
    "unit",
    "choices",
    "labels",
    "key",
]

# likeness of two fields by their values from which on one is the other renamed, 0..1
LEAST_LIKENESS = 0.5
# what types are stored as, all others as texts: those of one kind change into each other without writing files anew
STORED_AS: dict[ColumnType, str] = {
    "integer": "long",
    "decimal": "double",
    "percent": "double",
    "money": "money",
    "quantity": "quantity",
    "date": "date",
    "datetime": "timestamp",
    "boolean": "boolean",
}
# types whose values another type takes too; any value can be read as a text
WIDER: dict[ColumnType, tuple[ColumnType, ...]] = {
    "integer": ("decimal",),
    "date": ("datetime",),
}
ANY_TEXT: frozenset[ColumnType] = frozenset({"string", "text"})


class SchemaChange(Frozen):
    """One change of a table or a field: what it was and is, and who can still read what.

    `reason` says by what a rename was recognised.
    """

    kind: ChangeKind
    table: str
    field: str = ""
    before: str = ""
    after: str = ""
    backward: bool
    forward: bool
    in_place: bool = True
    reason: str = ""

    @property
    def breaking(self) -> bool:
        """Whether old rows, or old readers, do not get on with it."""
        return not (self.backward and self.forward)


class _Pair(NamedTuple):
    before: SchemaField
    after: SchemaField
    reason: str


def difference(before: Sequence[SchemaTable], after: Sequence[SchemaTable]) -> list[SchemaChange]:
    """All changes from the tables of one schema to those of another."""
    old, new = ({table.name: table for table in tables} for tables in (before, after))
    changes = [_table_change("table_dropped", table) for name, table in old.items() if name not in new]
    changes += [_table_change("table_added", table) for name, table in new.items() if name not in old]
    for name in old:
        if name in new:
            changes += _changes(old[name], new[name])
    return changes


def compatibility(changes: Iterable[SchemaChange]) -> Literal["full", "backward", "forward", "none"]:
    """What can still be read after all the changes."""
    known = list(changes)
    backward, forward = all(change.backward for change in known), all(change.forward for change in known)
    if backward:
        return "full" if forward else "backward"
    return "forward" if forward else "none"


def _table_change(kind: ChangeKind, table: SchemaTable) -> SchemaChange:
    return SchemaChange(kind=kind, table=table.name, backward=True, forward=kind == "table_added")


def _changes(old: SchemaTable, new: SchemaTable) -> Iterable[SchemaChange]:
    pairs = _pairs(old, new)
    kept, come = {pair.before.name for pair in pairs}, {pair.after.name for pair in pairs}
    for field in old.fields:
        if field.name not in kept:
            yield _lone("dropped", old.name, field, (True, not field.required))
    for field in new.fields:
        if field.name not in come:
            # rows that are there already have no value for it
            yield _lone("added", old.name, field, (not field.required, True))
    for pair in pairs:
        yield from _field_changes(old.name, pair)
        yield from _other_labels(old.name, pair)
    if set(old.key) != set(_renamed(new.key, pairs)):
        before, after = ", ".join(old.key), ", ".join(new.key)
        yield SchemaChange(
            kind="key", table=old.name, before=before, after=after, backward=False, forward=False, in_place=False
        )


def _lone(kind: ChangeKind, table: str, field: SchemaField, reads: tuple[bool, bool]) -> SchemaChange:
    """A field that came or went."""
    before, after = ("", field.type) if kind == "added" else (field.type, "")
    backward, forward = reads
    return SchemaChange(
        kind=kind, table=table, field=field.name, before=before, after=after, backward=backward, forward=forward
    )


def _renamed(key: Sequence[str], pairs: Iterable[_Pair]) -> tuple[str, ...]:
    """The fields of a key under their names before."""
    former = {pair.after.name: pair.before.name for pair in pairs}
    return tuple(former.get(name, name) for name in key)


def _pairs(old: SchemaTable, new: SchemaTable) -> list[_Pair]:
    """The fields that stayed, by their names, else by a label that both take, else by their values."""
    names = {field.name: field for field in new.fields}
    pairs = [_Pair(field, names[field.name], "") for field in old.fields if field.name in names]
    for reason in ("labels", "values"):
        gone = [field for field in old.fields if all(field is not pair.before for pair in pairs)]
        come = [field for field in new.fields if all(field is not pair.after for pair in pairs)]
        pairs += _alike(gone, come, reason)
    return pairs


def _alike(gone: Sequence[SchemaField], come: Sequence[SchemaField], reason: str) -> Iterable[_Pair]:
    """The best one-to-one pairs of fields that went and fields that came."""
    measured = [(_likeness(one, other, reason), i, j) for i, one in enumerate(gone) for j, other in enumerate(come)]
    used: tuple[set[int], set[int]] = (set(), set())
    for likeness, i, j in sorted(measured, key=lambda found: (-found[0], *found[1:])):
        if likeness >= LEAST_LIKENESS and i not in used[0] and j not in used[1]:
            used[0].add(i)
            used[1].add(j)
            yield _Pair(gone[i], come[j], f"{likeness:.0%} of their {reason} are the same")


def _likeness(one: SchemaField, other: SchemaField, by: str) -> float:
    """The share of the labels, or of the choices and examples, of either field that the other has too."""
    if by == "labels":
        return _shared(one.aliases, other.aliases)
    if one.type != other.type or one.unit != other.unit:
        return 0.0
    return _shared(one.enum or one.examples, other.enum or other.examples)


def _shared(one: Sequence[str], other: Sequence[str]) -> float:
    mine, theirs = set(one), set(other)
    return len(mine & theirs) / min(len(mine), len(theirs)) if mine and theirs else 0.0


def _field_changes(table: str, pair: _Pair) -> Iterable[SchemaChange]:
    old, new, reason = pair

    def change(kind: ChangeKind, before: str, after: str, reads: tuple[bool, bool], in_place: bool) -> SchemaChange:
        backward, forward = reads
        told = {"before": before, "after": after, "reason": reason if kind == "renamed" else ""}
        return SchemaChange(
            kind=kind, table=table, field=new.name, backward=backward, forward=forward, in_place=in_place, **told
        )

    if old.name != new.name:
        # who reads by the old name finds nothing; labels and the table itself find the column under the new one
        yield change("renamed", old.name, new.name, (True, False), True)
    if old.type != new.type:
        reads = _takes(new.type, old.type), _takes(old.type, new.type)
        yield change("retyped", old.type, new.type, reads, STORED_AS.get(old.type) == STORED_AS.get(new.type))
    if old.many != new.many:
        yield change("many" if new.many else "single", "", "", (new.many, old.many), False)
    if old.required != new.required:
        # a column that holds rows without a value cannot be made required
        kind: ChangeKind = "required" if new.required else "optional"
        yield change(kind, "", "", (old.required, new.required), old.required)
    if old.unit != new.unit and old.type == new.type:
        yield change("unit", old.unit, new.unit, (False, False), False)
    if old.enum and new.enum and set(old.enum) != set(new.enum):
        gone, come = set(old.enum) - set(new.enum), set(new.enum) - set(old.enum)
        yield change("choices", ", ".join(sorted(gone)), ", ".join(sorted(come)), (not gone, not come), True)


def _other_labels(table: str, pair: _Pair) -> Iterable[SchemaChange]:
    """A field that is filled from other labels: what comes may have other values, of the same type."""
    old, new, _ = pair
    if _taking(old) != _taking(new):
        told = {"before": _labels_said(old), "after": _labels_said(new)}
        yield SchemaChange(kind="labels", table=table, field=new.name, backward=True, forward=True, **told)


def _taking(field: SchemaField) -> tuple[object, ...]:
    return set(field.sources), field.piece, field.joined and len(field.sources) > 1


def _labels_said(field: SchemaField) -> str:
    labels = " + ".join(dict.fromkeys(label.label for label in field.sources)) if field.joined else ""
    said = labels or ", ".join(dict.fromkeys(label.label for label in field.sources))
    return f"part {field.piece.position + 1} of {said}" if field.piece else said


def _takes(reader: ColumnType, written: ColumnType) -> bool:
    """Whether a type takes all values of another."""
    return reader in ANY_TEXT or reader in WIDER.get(written, ())
