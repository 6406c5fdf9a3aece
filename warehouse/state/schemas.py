"""Proposals and approved versions of schemas, in the state."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, select, update

from core.errors import Conflict, UnknownName
from core.model.schema import ReviewState, SchemaReview, SchemaVersion, VersionState
from warehouse.state.database import Database, add, upsert
from warehouse.state.metadata import schema_reviews, schema_versions

LOOK_AGAIN = "Look at it again, and decide about what is there now."


class SqlReviewStore:
    """ReviewStore on the state database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, review: SchemaReview, *, was: ReviewState | None = None) -> None:
        with self._database.write(receipt=True) as connection:
            if was is not None:
                _require(connection, review, was)
            upsert(connection, schema_reviews, _row(review))

    def get(self, review_id: str) -> SchemaReview:
        query = select(schema_reviews.c.review).where(schema_reviews.c.review_id == review_id)
        with self._database.read() as connection:
            found = connection.execute(query).scalar()
        if found is None:
            raise UnknownName(f"There is no proposal {review_id}.", "See those there are: python -m jobs proposals")
        return SchemaReview.model_validate(found)

    def find(
        self, schema_name: str = "", *, states: Collection[ReviewState] = (), limit: int = 50
    ) -> list[SchemaReview]:
        at, ident = schema_reviews.c.at.desc(), schema_reviews.c.review_id
        query = select(schema_reviews.c.review).order_by(at, ident).limit(limit)
        if schema_name:
            query = query.where(schema_reviews.c.schema_name == schema_name)
        if states:
            query = query.where(schema_reviews.c.state.in_([state.value for state in states]))
        with self._database.read() as connection:
            return [SchemaReview.model_validate(found) for found in connection.execute(query).scalars()]


class SqlSchemaStore:
    """SchemaStore on the state database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def approve(self, version: SchemaVersion, review: SchemaReview) -> None:
        row = {
            "schema_name": version.schema_name,
            "number": version.number,
            "state": version.state.value,
            "approved_at": version.approved_at,
            "version": version.model_dump(mode="json"),
        }
        with self._database.write(receipt=True) as connection:
            _require(connection, review, ReviewState.WAITING)
            if not add(connection, schema_versions, row):
                said = f"Version {version.number} of {version.schema_name} was approved by somebody else."
                raise Conflict(said, LOOK_AGAIN)
            upsert(connection, schema_reviews, _row(review))

    def versions(self, schema_name: str = "") -> list[SchemaVersion]:
        return self._find(*([schema_versions.c.schema_name == schema_name] if schema_name else []))

    def in_force(self) -> list[SchemaVersion]:
        return self._find(schema_versions.c.state != VersionState.RETIRED.value)

    def _find(self, *conditions: ColumnElement[bool]) -> list[SchemaVersion]:
        order = schema_versions.c.schema_name, schema_versions.c.number.desc()
        query = select(schema_versions.c.version, schema_versions.c.state).where(*conditions).order_by(*order)
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return [SchemaVersion.model_validate(found | {"state": state}) for found, state in rows]

    def show(self, schema_name: str, number: int) -> None:
        of_schema = schema_versions.c.schema_name == schema_name
        active = schema_versions.c.state == VersionState.ACTIVE.value
        with self._database.write(receipt=True) as connection:
            connection.execute(
                update(schema_versions).where(of_schema, active).values(state=VersionState.RETIRED.value)
            )
            self._set_state(connection, schema_name, number, VersionState.ACTIVE)

    def withdraw(self, schema_name: str, number: int) -> None:
        with self._database.write(receipt=True) as connection:
            self._set_state(connection, schema_name, number, VersionState.RETIRED)

    def _set_state(self, connection: Connection, schema_name: str, number: int, state: VersionState) -> None:
        """Of a version that is being filled: nobody may have decided otherwise meanwhile."""
        found = connection.execute(
            update(schema_versions)
            .where(schema_versions.c.schema_name == schema_name, schema_versions.c.number == number)
            .where(schema_versions.c.state == VersionState.FILLING.value)
            .values(state=state.value)
        )
        if found.rowcount == 0:
            raise Conflict(f"Version {number} of {schema_name} is not being filled any more.", LOOK_AGAIN)


def _require(connection: Connection, review: SchemaReview, state: ReviewState) -> None:
    """The kept review is in this state, and nobody did anything with it that `review` does not know of."""
    query: Select[Any] = select(schema_reviews.c.state, schema_reviews.c.review).where(
        schema_reviews.c.review_id == review.review_id
    )
    found = connection.execute(query.with_for_update()).first()
    if found is None or found.state != state.value:
        now = found.state if found else "gone"
        raise Conflict(f"The proposal {review.review_id} is not {state.value} any more, but {now}.", LOOK_AGAIN)
    acts = SchemaReview.model_validate(found.review).acts
    if acts != review.acts[: len(acts)]:
        raise Conflict(f"The proposal {review.review_id} was {acts[-1].kind} by {acts[-1].by} meanwhile.", LOOK_AGAIN)


def _row(review: SchemaReview) -> dict[str, Any]:
    return {
        "review_id": review.review_id,
        "schema_name": review.schema_name,
        "state": review.state.value,
        "at": review.acts[0].at,
        "review": review.model_dump(mode="json"),
    }
