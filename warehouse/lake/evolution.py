"""How a table's columns change: added, renamed, dropped, moved, promoted; tags of what was approved; going back.

What is renamed or dropped is noted in the table, so that rows that were made before, with the old names, find their
columns and bring no dropped one back.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from pyiceberg.catalog import Catalog
from pyiceberg.exceptions import CommitFailedException, NoSuchTableError
from pyiceberg.table import Table
from pyiceberg.table.refs import SnapshotRefType
from pyiceberg.table.update.schema import UpdateSchema
from pyiceberg.types import DecimalType, DoubleType, FloatType, IcebergType, IntegerType, ListType, LongType

from core.errors import BadInput, Conflict, UnknownName
from core.model import ColumnChange
from warehouse.lake.columns import DROPPED, RENAMED, column_parts
from warehouse.lake.iceberg_types import iceberg_type
from warehouse.lake.retries import tried_again
from warehouse.names import safe_name

T = TypeVar("T")


def may_promote(old: IcebergType, new: IcebergType) -> bool:
    """Whether Iceberg (format 2, "Schema Evolution") lets readers of `new` read files of `old`.

    The library lets more through, such as text to bytes, which other engines then cannot read.
    """
    if old == new:
        return True
    if isinstance(old, DecimalType) and isinstance(new, DecimalType):
        return old.scale == new.scale and old.precision <= new.precision
    if isinstance(old, ListType) and isinstance(new, ListType):
        return may_promote(old.element_type, new.element_type)
    return (type(old), type(new)) in {(IntegerType, LongType), (FloatType, DoubleType)}


def evolve(catalog: Catalog, name: str, changes: Sequence[ColumnChange]) -> int:
    """Make the changes in one commit; the id of the new schema.

    Raises:
        UnknownName: there is no such table or column.
        BadInput: a change that Iceberg forbids, or that names a column that is there already.
        Conflict: others kept changing the table.
    """

    def attempt(table: Table) -> int:
        transaction = table.transaction()
        with transaction.update_schema(allow_incompatible_changes=True) as update:
            for change in changes:
                _apply(update, table, change)
        transaction.set_properties(_notes(table.properties, changes))
        return transaction.commit_transaction().schema().schema_id

    return _retried(catalog, name, attempt)


def tag(catalog: Catalog, name: str, label: str) -> None:
    """Name the present state of the table, so that it is kept and can be gone back to.

    Raises:
        UnknownName: there is no such table.
        Conflict: the tag exists, or the table holds nothing yet.
    """

    def attempt(table: Table) -> None:
        snapshot = table.current_snapshot()
        if snapshot is None or label in table.metadata.refs:
            raise Conflict(f"{name} cannot be tagged {label}.", "Choose another tag, and wait for the first rows.")
        table.manage_snapshots().create_tag(snapshot.snapshot_id, label).commit()

    _retried(catalog, name, attempt)


def roll_back(catalog: Catalog, name: str, label: str) -> None:
    """Make the tagged state the present one; what came after stays in the log, and is not written again.

    Raises:
        UnknownName: there is no such table or tag.
    """

    def attempt(table: Table) -> None:
        # not the library's roll-back: it asks for the snapshots in between, which have expired
        table.manage_snapshots().set_current_snapshot(ref_name=label).commit()

    table = _load(catalog, name)
    if label not in tags(table):
        raise UnknownName(f"{name} has no tag {label}.", f"It has {', '.join(tags(table)) or 'none'}.")
    _retried(catalog, name, attempt)


def tags(table: Table) -> dict[str, int]:
    """The snapshot of each tag."""
    refs = table.metadata.refs.items()
    return {name: ref.snapshot_id for name, ref in refs if ref.snapshot_ref_type is SnapshotRefType.TAG}


def _apply(update: UpdateSchema, table: Table, change: ColumnChange) -> None:
    columns = {field.name: field.field_type for field in table.schema().fields}
    _check(change, columns)
    match change.action:
        case "add":
            for suffix, kind in _types(change):
                update.add_column(change.column + suffix, kind)
        case "rename":
            update.rename_column(change.column, safe_name(change.to))
        case "drop":
            update.delete_column(change.column)
        case "move":
            update.move_after(change.column, change.to) if change.to else update.move_first(change.column)
        case "promote":
            _promote(update, change, columns[change.column])


def _check(change: ColumnChange, columns: Iterable[str]) -> None:
    if change.action != "add" and change.column not in columns:
        raise UnknownName(f"There is no column {change.column}.", f"There are {', '.join(columns)}.")
    taken = {"add": change.column, "rename": change.to}.get(change.action, "")
    if taken in columns:
        raise BadInput(f"There is a column {taken} already.", "Choose another name.")


def _promote(update: UpdateSchema, change: ColumnChange, old: IcebergType) -> None:
    [(_, new), *_] = _types(change)
    if not may_promote(old, new):
        advice = "Add a column of the new type and keep the old one."
        raise BadInput(f"{change.column} cannot become {new} from {old}: old files could not be read.", advice)
    update.update_column(change.column, new)


def _types(change: ColumnChange) -> list[tuple[str, IcebergType]]:
    if change.type is None:
        raise BadInput(f"Which type is {change.column} to have?", "Name one, such as string, integer or date.")
    return [(part.suffix, iceberg_type(part.type, change.many)) for part in column_parts(change.type)]


def _notes(properties: Mapping[str, str], changes: Iterable[ColumnChange]) -> dict[str, str]:
    """The table's notes on old names and dropped columns, after the changes."""
    renamed: dict[str, str] = json.loads(properties.get(RENAMED, "{}"))
    dropped: set[str] = set(json.loads(properties.get(DROPPED, "[]")))
    for change in changes:
        if change.action == "rename":
            new = safe_name(change.to)
            renamed = {old: new if name == change.column else name for old, name in renamed.items()}
            renamed[change.column] = new
        elif change.action == "drop":
            dropped.add(change.column)
        elif change.action == "add":
            dropped.discard(change.column)
            renamed.pop(change.column, None)
    return {RENAMED: json.dumps(renamed), DROPPED: json.dumps(sorted(dropped))}


def _retried(catalog: Catalog, name: str, attempt: Callable[[Table], T]) -> T:
    try:
        return tried_again(lambda: attempt(_load(catalog, name)))
    except CommitFailedException:
        raise Conflict(f"Others kept changing {name}.", "Try again.") from None
    except ValueError as error:
        raise BadInput(f"{name} cannot be changed so: {error}.", "Correct the change.") from error


def _load(catalog: Catalog, name: str) -> Table:
    try:
        return catalog.load_table(name)
    except NoSuchTableError:
        raise UnknownName(f"There is no table {name}.", "List the tables to see their names.") from None
