"""Review items and what was decided about them, in the state."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, false, func, or_, select, update

from core.errors import Conflict, UnknownName
from core.model.review import EVERYTHING, ItemState, ReviewFilter, ReviewGroup, ReviewItem
from warehouse.state.database import IDS_A_STATEMENT, Database, insert
from warehouse.state.metadata import review_items

_COLUMNS = review_items.c


class SqlReviewQueue:
    """ReviewQueue and Decisions on the state database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # ---- for people ---------------------------------------------------------------------------------------------
    def add(self, items: Sequence[ReviewItem]) -> None:
        if items:
            with self._database.write() as connection:
                connection.execute(_add(connection.dialect.name), [_row(item) | {"acts_done": 0} for item in items])

    def get(self, item_id: str) -> ReviewItem:
        found = self._items(_COLUMNS.item_id == item_id)
        if not found:
            raise UnknownName(f"There is no review item {item_id}.", "See those there are: python -m jobs review")
        return found[0]

    def find(
        self,
        wanted: ReviewFilter = EVERYTHING,
        *,
        states: Collection[ItemState] = (),
        since: Mapping[str, int] | None = None,
        limit: int = 100,
    ) -> list[ReviewItem]:
        conditions = [*_meant(wanted), *([_counts(since)] if since is not None else [])]
        if states:
            conditions.append(_COLUMNS.state.in_([state.value for state in states]))
        return self._items(*conditions, limit=limit)

    def groups(self, since: Mapping[str, int]) -> list[ReviewGroup]:
        parts = (_COLUMNS.schema_name, _COLUMNS.column_name, _COLUMNS.rule, _COLUMNS.source_id)
        query = select(*parts, func.count()).where(_COLUMNS.state == ItemState.OPEN.value, _counts(since))
        with self._database.read() as connection:
            rows = connection.execute(query.group_by(*parts).order_by(func.count().desc(), *parts)).all()
        return [ReviewGroup(ReviewFilter(*row[:-1]), row[-1]) for row in rows]

    def decide(self, items: Sequence[ReviewItem]) -> None:
        with self._database.write(receipt=True) as connection:
            for item in items:
                _replace(connection, item)

    # ---- for the flow -------------------------------------------------------------------------------------------
    def of_documents(self, document_ids: Sequence[str]) -> list[ReviewItem]:
        ids = list(dict.fromkeys(document_ids))
        parts = (ids[start : start + IDS_A_STATEMENT] for start in range(0, len(ids), IDS_A_STATEMENT))
        return [
            item
            for some in parts
            for item in self._items(_COLUMNS.document_id.in_(some), _COLUMNS.acts > 0, limit=None)
        ]

    def undone(self, limit: int) -> list[ReviewItem]:
        return self._items(_COLUMNS.acts > _COLUMNS.acts_done, limit=limit)

    def note_done(self, items: Sequence[ReviewItem]) -> None:
        with self._database.write() as connection:
            for item in items:
                of_item = _COLUMNS.item_id == item.item_id
                connection.execute(update(review_items).where(of_item).values(acts_done=len(item.acts)))

    def _items(self, *conditions: ColumnElement[bool], limit: int | None = 1) -> list[ReviewItem]:
        query = select(_COLUMNS.item, _COLUMNS.version).where(*conditions).order_by(_COLUMNS.at, _COLUMNS.item_id)
        with self._database.read() as connection:
            rows = connection.execute(query if limit is None else query.limit(limit)).all()
        return [ReviewItem.model_validate(item | {"version": version}) for item, version in rows]


@cache
def _add(dialect: str) -> Any:
    """A later version counts: what only earlier ones refuse waits for nobody any more."""
    statement = insert(dialect, review_items)
    newer = statement.excluded.version > _COLUMNS.version
    return statement.on_conflict_do_update(
        index_elements=["item_id"], set_={"version": statement.excluded.version}, where=newer
    )


def _meant(wanted: ReviewFilter) -> Iterator[ColumnElement[bool]]:
    columns = (_COLUMNS.schema_name, _COLUMNS.column_name, _COLUMNS.rule, _COLUMNS.source_id)
    return (column == value for column, value in zip(columns, wanted, strict=True) if value)


def _counts(since: Mapping[str, int]) -> ColumnElement[bool]:
    named = (and_(_COLUMNS.schema_name == name, _COLUMNS.version >= number) for name, number in since.items())
    return or_(false(), *named)


def _replace(connection: Connection, item: ReviewItem) -> None:
    same = (_COLUMNS.item_id == item.item_id, _COLUMNS.acts == len(item.acts) - 1)
    row = {name: value for name, value in _row(item).items() if name in ("state", "acts", "item")}
    if connection.execute(update(review_items).where(*same).values(row)).rowcount == 0:
        said = f"Somebody else decided about “{item.text}” in {item.column} meanwhile."
        raise Conflict(said, "Look at it again, and decide about what is there now.")


def _row(item: ReviewItem) -> dict[str, Any]:
    return {
        "item_id": item.item_id,
        "schema_name": item.schema_name,
        "version": item.version,
        "column_name": item.column,
        "rule": item.rule,
        "source_id": item.source_id,
        "document_id": item.document_id,
        "state": item.state.value,
        "acts": len(item.acts),
        "at": item.opened_at,
        "item": item.model_dump(mode="json"),
    }
