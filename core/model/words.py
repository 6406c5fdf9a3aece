"""How numbers and lists of names are said to a person; the same words on pages, the command line and in the log."""

from collections.abc import Sequence

from core.model.operation import Run


def counted(number: int, thing: str, things: str = "") -> str:
    """A number of things: “1 record”, “1,200 records”; `things` where the plural is not made by an s."""
    return f"{number:,} {thing if number == 1 else things or thing + 's'}"


def listed_names(names: Sequence[str], most: int) -> str:
    """The first names of several: “title, price and 3 more”."""
    rest = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(names[:most]) + rest


def brought(run: Run) -> str:
    """What a run found: “68 documents, none changed”, “68 documents: 66 unchanged, 2 read anew with 4 records”.

    Only documents that were not seen before in this version are read, so 0 records mean nothing by themselves.
    """
    looked, anew = counted(run.documents, "document"), run.documents - run.unchanged
    if run.documents and not anew:
        return f"{looked}, none changed"
    records = counted(run.records, "record")
    return (
        f"{looked}: {run.unchanged:,} unchanged, {anew:,} read anew with {records}"
        if run.unchanged
        else f"{looked}, {records}"
    )
