"""Which columns of the CSV files of ptype get the type that its truth names, under the header that it names.

The set knows string, integer, float, boolean and date. What it calls a string we may call something narrower that it
has no word for, as a percent, a web address or an identifier: that is right. Its years are dates and ours are integers,
its booleans may be counts of 0, 1 and 2, and it calls some empty columns integers: that counts against us.
"""

import json
from pathlib import Path
from typing import NamedTuple

from core.dom.tree import squeeze
from core.induce import induce
from core.parse import parse

NUMBERS = {"integer": {"integer"}, "float": {"decimal", "money"}, "boolean": {"boolean"}}
NO_STRINGS = {"integer", "decimal", "money", "boolean", "date", "datetime", "duration"}
DATES = {"date", "datetime"}


class Score(NamedTuple):
    """How many columns have the type that is expected, of all; and those that have not, with what both call them."""

    right: int
    asked: int
    missed: tuple[str, ...]

    @property
    def share(self) -> float:
        """The part that is right."""
        return self.right / max(1, self.asked)


def measured(folder: Path) -> Score:
    """The score of a folder with `data/NAME.csv` and `truth_types*/NAME.json`; category columns are not asked."""
    asked, missed = 0, []
    for path in sorted(folder.glob("truth_types*/*.json")):
        found = _types(folder / "data" / f"{path.stem}.csv")
        for label, kind in json.loads(path.read_text("utf-8-sig")).items():
            if kind == "categorical":
                continue
            asked += 1
            got = found.get(squeeze(label), "")
            if not _is_right(kind, got):
                missed.append(f"{path.stem}: {label} is {kind}, read as {got or 'no column'}")
    return Score(asked - len(missed), asked, tuple(missed))


def _types(path: Path) -> dict[str, str]:
    """The type of each column by its header, or by its position where there is none."""
    [table, *_] = induce([parse(path.read_bytes(), url=path.as_uri())]).tables
    return {field.label or str(at): field.type for at, field in enumerate(table.fields)}


def _is_right(kind: str, got: str) -> bool:
    if kind == "string":
        return bool(got) and got not in NO_STRINGS
    return got in NUMBERS.get(kind, DATES)
