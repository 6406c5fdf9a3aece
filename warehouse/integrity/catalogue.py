"""The catalogue of the lake, made anew from the tables: each keeps its own metadata beside its data.

The newest metadata file of a table holds all its rows and its watermark. Where two writers left one of the same
number, the one that covers what the state knows to have landed is the one that was committed.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from warehouse.files import local_path
from warehouse.lake.catalogs import METADATA, LakeCatalog, tables_on_disk
from warehouse.lake.snapshots import Snapshot, parse_metadata

# whether the watermarks of a table, by their names, cover what the state knows to have landed in it
Covers = Callable[[str, dict[str, str]], bool]


class MetadataFile(NamedTuple):
    """A metadata file that can be read, and what it says."""

    path: Path
    snapshot: Snapshot


def folder_of(location: str) -> Path | None:
    """The folder of the table that a metadata file belongs to; None where it is not a local one."""
    path = local_path(location)
    return path.parent.parent if path else None


def metadata_files(folder: Path) -> Iterator[MetadataFile]:
    """The metadata files of a table that can be read, newest first."""
    for path in sorted((folder / "metadata").glob(f"*{METADATA}"), key=_age, reverse=True):
        with suppress(ValueError, TypeError, KeyError, AttributeError, StopIteration, OSError):
            yield MetadataFile(path, parse_metadata(path.as_uri(), path.read_bytes()))


def rebuild(catalog: LakeCatalog, covers: Covers) -> dict[str, Snapshot]:
    """Enter every table that lies on the disk and is not in the catalogue; what was entered."""
    # before it is asked which tables it lists: a catalogue that lists none is lost
    for name in tables_on_disk(catalog.warehouse):
        catalog.iceberg.create_namespace_if_not_exists(name.partition(".")[0])
    known = catalog.locations()
    found = {}
    for name, folder in tables_on_disk(catalog.warehouse).items():
        if name not in known and (chosen := _chosen(name, list(metadata_files(folder)), covers)):
            catalog.iceberg.register_table(name, chosen.path.as_uri())
            found[name] = chosen.snapshot
    return found


def _chosen(name: str, found: list[MetadataFile], covers: Covers) -> MetadataFile | None:
    return next((one for one in found if covers(name, one.snapshot.marks)), found[0] if found else None)


def _age(path: Path) -> tuple[int, int]:
    """The number that the name begins with, then the time: writers that raced have the same number."""
    number = path.name.partition("-")[0]
    return (int(number) if number.isdigit() else -1, path.stat().st_mtime_ns)
