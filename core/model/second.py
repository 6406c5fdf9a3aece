"""The second reader: other ways to the same values, learned apart from the extractor that it is held against."""

from pydantic import AwareDatetime

from core.model.base import Frozen
from core.model.blueprint import Blueprint


class SecondReader(Frozen):
    """What reads the fields of an extractor version a second time.

    `blueprint` has the tables and scopes of the version, of their fields those that have another way, and that way as
    their selectors; None where no field has one. `alone` are the other fields ("table.field"), and `pages` is how many
    pages it was learned from.
    """

    extractor_id: str
    blueprint: Blueprint | None
    alone: tuple[str, ...]
    pages: int
    learned_at: AwareDatetime

    @property
    def twice(self) -> tuple[str, ...]:
        """The fields ("table.field") that are read a second time."""
        tables = self.blueprint.tables if self.blueprint else ()
        return tuple(f"{table.name}.{field.name}" for table in tables for field in table.fields)
