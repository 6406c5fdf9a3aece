"""What does not fit an approved table, in front of a person: one value each, and what was decided about it."""

from enum import StrEnum
from typing import Literal, NamedTuple

from pydantic import AwareDatetime

from core.model.base import Frozen
from core.model.extraction import Evidence

DecisionKind = Literal["accepted", "corrected", "rejected", "ruled", "reopened"]


class ItemState(StrEnum):
    """What has become of a review item."""

    OPEN = "open"
    ACCEPTED = "accepted"
    CORRECTED = "corrected"
    REJECTED = "rejected"
    RULED = "made a rule"


AFTER_DECISION: dict[DecisionKind, ItemState] = {
    "accepted": ItemState.ACCEPTED,
    "corrected": ItemState.CORRECTED,
    "rejected": ItemState.REJECTED,
    "ruled": ItemState.RULED,
    "reopened": ItemState.OPEN,
}


class Decision(Frozen):
    """What a person did with a review item: when, who, and why.

    `values` are the texts that are right, where it was corrected; `proposal` is the id of the proposed schema, where
    it was made a rule.
    """

    kind: DecisionKind
    at: AwareDatetime
    by: str
    why: str = ""
    values: tuple[str, ...] = ()
    proposal: str = ""


class ReviewItem(Frozen):
    """A value that does not fit the approved table of its row, or that two readers read differently.

    `version` is the newest version of the schema that it does not fit, `table` the extracted table of the row, `column`
    the field of the schema and `label` the column of the source that it was read from ("": none). `text` is what stood
    on the page, at `places`; `second` what the second reader found, at `second_places`. `acts` is its history, oldest
    first.
    """

    item_id: str
    schema_name: str
    version: int
    table: str
    source_id: str
    document_id: str
    extractor_id: str
    row_id: str
    column: str
    label: str = ""
    rule: str
    text: str
    places: tuple[Evidence, ...] = ()
    second: str = ""
    second_places: tuple[Evidence, ...] = ()
    opened_at: AwareDatetime
    acts: tuple[Decision, ...] = ()

    @property
    def state(self) -> ItemState:
        """What has become of it."""
        return AFTER_DECISION[self.acts[-1].kind] if self.acts else ItemState.OPEN

    @property
    def like(self) -> "ReviewFilter":
        """The items that are mostly decided together with it: the same rule, column and source."""
        return ReviewFilter(self.schema_name, self.column, self.rule, self.source_id)


class ReviewFilter(NamedTuple):
    """Which review items are meant; "" means any."""

    schema_name: str = ""
    column: str = ""
    rule: str = ""
    source_id: str = ""


class ReviewGroup(NamedTuple):
    """Open review items of one rule, column and source, and how many they are."""

    like: ReviewFilter
    items: int


EVERYTHING = ReviewFilter()
