"""How numbers and lists of names are said to a person; the same words on pages, the command line and in the log."""

from collections.abc import Sequence


def counted(number: int, thing: str, things: str = "") -> str:
    """A number of things: “1 record”, “1,200 records”; `things` where the plural is not made by an s."""
    return f"{number:,} {thing if number == 1 else things or thing + 's'}"


def listed_names(names: Sequence[str], most: int) -> str:
    """The first names of several: “title, price and 3 more”."""
    rest = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(names[:most]) + rest
