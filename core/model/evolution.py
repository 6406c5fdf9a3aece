"""Changes of a table's columns, as a person approves them."""

from typing import Literal

from core.model.base import Frozen
from core.model.blueprint import FieldType


class ColumnChange(Frozen):
    """One change of one column.

    `add` and `promote` need `type`, `rename` needs `to`, and `move` puts the column behind `to`, or first without it.
    """

    action: Literal["add", "rename", "drop", "move", "promote"]
    column: str
    type: FieldType | None = None
    many: bool = False
    to: str = ""
