"""How large a document may be before its reader refuses it: asked before the work, as soon as the number is known.

The defaults are those of the settings. A record costs about 3.5 kB with its evidence, an element of a page about
1.5 kB: at its limits a document costs a process about a gigabyte. What people publish stays far below.
"""

from typing import NamedTuple

from core.errors import TooLarge
from core.settings import Settings


class Limits(NamedTuple):
    """The most that a reader takes of one document; `seconds` is how long it may take over it."""

    unpacked_bytes: int
    rows: int
    columns: int
    cells: int
    elements: int
    pages: int
    seconds: float

    def check(self, what: str, of: str, number: int) -> None:
        """Refuse a document that holds too many of something.

        Args:
            what: the name of the limit.
            of: what holds them, in words.
            number: how many were counted so far.

        Raises:
            TooLarge: they are more than the limit.
        """
        limit = getattr(self, what)
        if number > limit:
            named = what.replace("_", " ")
            raise TooLarge(
                f"{of} has more than {limit:,} {named}.",
                f"Split it, or raise SDP_MAX_{what.upper()} if you need it whole.",
            )


def limits_of(settings: Settings) -> Limits:
    """The limits that the settings name."""
    return Limits(
        unpacked_bytes=settings.max_unpacked_bytes,
        rows=settings.max_rows,
        columns=settings.max_columns,
        cells=settings.max_cells,
        elements=settings.max_elements,
        pages=settings.max_pages,
        seconds=settings.read_seconds,
    )


# made without a look at the environment: for whoever reads a page outside of a pipeline
DEFAULTS = limits_of(Settings.model_construct())
# for what was read within limits before
UNREACHED = 2**63 - 1
NO_LIMITS = Limits(UNREACHED, UNREACHED, UNREACHED, UNREACHED, UNREACHED, UNREACHED, float("inf"))
