"""Schemas: proposals in front of a person, and the versions that were approved."""

from collections.abc import Collection
from typing import Protocol

from core.model.schema import ReviewState, SchemaReview, SchemaVersion


class ReviewStore(Protocol):
    """Proposals and what became of them."""

    def save(self, review: SchemaReview, *, was: ReviewState | None = None) -> None:
        """Keep it.

        Raises:
            Conflict: it is not in the state that it `was` in any more, or somebody did something else with it.
        """

    def get(self, review_id: str) -> SchemaReview: ...

    def find(
        self, schema_name: str = "", *, states: Collection[ReviewState] = (), limit: int = 50
    ) -> list[SchemaReview]:
        """Those of a schema, or of all, newest first."""


class SchemaStore(Protocol):
    """Approved versions. Of each schema one is shown, at most."""

    def approve(self, version: SchemaVersion, review: SchemaReview) -> None:
        """Keep a version that is to be filled, and its approved review; both or neither.

        Raises:
            Conflict: a version of that number is there, or the review does not wait as it was any more.
        """

    def versions(self, schema_name: str = "") -> list[SchemaVersion]:
        """Those of a schema, or of all: by name, newest first."""

    def in_force(self) -> list[SchemaVersion]:
        """Those that are shown or being filled: rows are held against these. By name, newest first."""

    def show(self, schema_name: str, number: int) -> None:
        """Show this version from now on, and no other one of the schema; in one step."""

    def withdraw(self, schema_name: str, number: int) -> None:
        """Retire a version that was never shown."""
