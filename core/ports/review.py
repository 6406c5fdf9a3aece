"""Review: values that wait for a person's decision, and what was decided about rows."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from core.model.review import EVERYTHING, ItemState, ReviewFilter, ReviewGroup, ReviewItem


class ReviewQueue(Protocol):
    """Review items as people see them."""

    def add(self, items: Sequence[ReviewItem]) -> None:
        """Keep those that are new; of one that is known, that a later version of its schema refuses it too."""

    def get(self, item_id: str) -> ReviewItem: ...

    def find(
        self,
        wanted: ReviewFilter = EVERYTHING,
        *,
        states: Collection[ItemState] = (),
        since: Mapping[str, int] | None = None,
        limit: int = 100,
    ) -> list[ReviewItem]:
        """Those that are meant, oldest first.

        `since` names the first version of each schema that counts: what only earlier ones refused is left out.
        """

    def groups(self, since: Mapping[str, int]) -> list[ReviewGroup]:
        """The open ones by rule, column and source, the most first; `since` as in `find`."""

    def decide(self, items: Sequence[ReviewItem]) -> None:
        """Keep items with one act more each; all or none.

        Raises:
            Conflict: somebody else decided about one of them first.
        """


class Decisions(Protocol):
    """What was decided, for whoever tells the lake of it."""

    def of_documents(self, document_ids: Sequence[str]) -> list[ReviewItem]:
        """The items of rows of these documents that somebody ever decided about."""

    def undone(self, limit: int) -> list[ReviewItem]:
        """Items whose last act the lake was not told of, oldest first."""

    def note_done(self, items: Sequence[ReviewItem]) -> None:
        """The lake was told of all acts of the items as they are here; later ones are still to be told."""
