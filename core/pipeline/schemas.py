"""Schemas: rows against the schema of their table. As yet no table has an approved one."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.events import Event, RowsExtracted
from core.ports import EventBroker, Validator


def no_schema_yet(rows: RowsExtracted) -> Sequence[Event]:
    """The Validator of a pipeline without approved schemas: rows stay as they were extracted."""
    return ()


@dataclass(frozen=True)
class Schemas:
    """What of the extracted rows fits an approved schema."""

    _validator: Validator
    _broker: EventBroker

    def validate(self, events: Sequence[Event]) -> None:
        """Rows were extracted: publish those that fit an approved schema, and what is wrong with the others."""
        rows = (event for event in events if isinstance(event, RowsExtracted))
        self._broker.publish([said for event in rows for said in self._validator(event)])
