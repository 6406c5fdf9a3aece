"""Backup and restore of everything in the data folder, in one archive, also while the pipeline runs.

The order makes a running copy consistent. State first: what it does not know yet is found out again. Then the
catalogue, then the event log: a log that is ahead of the lake is what the writer expects. Files come last, since
neither raw bytes nor files of the lake that a copied database speaks of are removed within the hour.
"""

import json
import lzma
import shutil
import sqlite3
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from core.disk.data_folder import CATALOGUE, EXTRACTORS, LAKE, LOG, OBJECTS, STATE, DataFolder
from core.disk.private import PRIVATE_FILE, PRIVATE_FOLDER, private_folder
from core.disk.refusals import one_line, refused_by_disk, refused_by_sqlite
from core.disk.sqlite import BUSY_SECONDS, make_home
from core.errors import BadInput, BadSetting, Conflict
from core.settings import Settings
from warehouse.files import TEMPORARY
from warehouse.journal import note_backup

# in the order in which they are copied
DATABASES = (STATE, CATALOGUE, LOG)
FOLDERS = (OBJECTS, LAKE, EXTRACTORS)
MANIFEST = "backup.json"


def back_up(settings: Settings, archive: Path) -> int:
    """Write the archive, in one step when it is complete; the number of files in it.

    Raises:
        BadSetting: something lies on a server, whose own tools must back it up.
        BadInput: there is nothing to back up, or no place for the archive.
        Damaged: a file cannot be read as what it is.
        RetryLater: the disk refuses.
    """
    folder = _folder(settings)
    if not (folder / STATE).is_file():
        raise BadInput(f"There is nothing in {folder}.", "Check SDP_DATA_DIR.")
    if not archive.absolute().parent.is_dir() or archive.is_dir():
        raise BadInput(f"{archive} is no place for an archive.", "Name a file in a folder that exists.")
    partial = archive.with_name(archive.name + TEMPORARY)
    try:
        count = _write(folder, archive, partial)
        note_backup(DataFolder(folder), archive)
        return count
    except OSError as error:
        raise refused_by_disk(f"{archive} could not be written", error) from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def _write(folder: Path, archive: Path, partial: Path) -> int:
    # all that is kept is in it
    partial.touch(PRIVATE_FILE)
    with tarfile.open(partial, "w") as tar, tempfile.TemporaryDirectory(dir=archive.absolute().parent) as staging:
        count = sum(_add(tar, path, name) for path, name in _contents(folder, Path(staging)))
    partial.replace(archive)
    return count


def restore(settings: Settings, archive: Path) -> int:
    """Fill an empty data folder from an archive; the number of files. When that fails, the folder stays empty.

    Raises:
        BadInput: the archive is none of ours, or is damaged.
        Conflict: the data folder is not empty, or is another one than the backup was made of.
        RetryLater: the disk refuses.
    """
    folder = _folder(settings)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Conflict(f"{folder} is not empty.", "Stop the pipeline and move the folder away first.")
    make_home(folder)
    try:
        with tempfile.TemporaryDirectory(dir=folder.parent) as staging:
            _unpack(archive, folder, Path(staging))
            return _move(Path(staging), folder)
    except OSError as error:
        raise refused_by_disk(f"{folder} could not be filled", error) from error


def _unpack(archive: Path, folder: Path, staging: Path) -> None:
    """Every file of the archive into the staging folder, and each looked at as far as it says what it should be."""
    try:
        with tarfile.open(archive) as tar:
            _check(tar, folder)
            tar.extractall(staging, filter=_plain)
    except (tarfile.TarError, EOFError, zlib.error, lzma.LZMAError, ValueError) as error:
        said = f"{archive} cannot be restored: {one_line(str(error))}."
        raise BadInput(said, "Choose an archive that `backup` wrote.") from error
    except FileNotFoundError:
        raise BadInput(f"There is no file {archive}.", "Choose an archive that `backup` wrote.") from None
    if not (staging / STATE).exists():
        raise BadInput(f"{archive} cannot be restored: it holds no {STATE}.", "Choose another archive.")
    for name in DATABASES:
        if (staging / name).exists():
            _check_database(archive, staging / name)


def _plain(member: tarfile.TarInfo, folder: str) -> tarfile.TarInfo | None:
    """`backup` writes nothing but files in their places: a link, a device or another path is somebody else's."""
    if not member.isreg():
        raise ValueError(f"“{member.name}” is not a file")
    first, *rest = Path(member.name).parts
    if ".." in rest or (first not in FOLDERS if rest else first not in (MANIFEST, *DATABASES)):
        raise ValueError(f"“{member.name}” is no file of a data folder")
    return tarfile.data_filter(member, folder)


def _check_database(archive: Path, path: Path) -> None:
    try:
        with closing(sqlite3.connect(path)) as connection:
            [said] = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        said = str(error)
    if said != "ok":
        said = f"{path.name} in it is damaged: {one_line(said)}"
        raise BadInput(f"{archive} cannot be restored: {said}.", "Choose another archive.")


def _folder(settings: Settings) -> Path:
    elsewhere = {
        "SDP_DATABASE_URL": settings.database_url,
        "SDP_CATALOG_URI": settings.catalog_uri,
        "SDP_WAREHOUSE": settings.warehouse,
        "SDP_BROKER_URL": settings.broker_url,
    }
    named = [name for name, value in elsewhere.items() if value]
    if named:
        raise BadSetting(
            f"{', '.join(named)}: what lies on a server is not in the data folder.",
            "Back it up with the server's own tools, such as pg_dump.",
        )
    return settings.folder.path


def _contents(folder: Path, staging: Path) -> Iterator[tuple[Path, str]]:
    manifest = staging / MANIFEST
    manifest.write_text(json.dumps({"folder": str(folder), "at": datetime.now(UTC).isoformat()}))
    yield manifest, MANIFEST
    for name in DATABASES:
        if (folder / name).exists():
            _copy_database(folder / name, staging / name)
            yield staging / name, name
    for name in FOLDERS:
        for path in sorted((folder / name).rglob("*")):
            if path.is_file() and path.suffix != TEMPORARY:
                yield path, str(path.relative_to(folder))


def _copy_database(source: Path, target: Path) -> None:
    """A consistent copy, beside whoever writes."""
    try:
        with closing(sqlite3.connect(source, timeout=BUSY_SECONDS)) as here, closing(sqlite3.connect(target)) as there:
            here.backup(there)
    except sqlite3.DatabaseError as error:
        refused = refused_by_sqlite(source, error)
        if refused is None:
            raise
        raise refused from error


def _add(tar: tarfile.TarFile, path: Path, name: str) -> int:
    try:
        tar.add(path, name)
    except FileNotFoundError:
        # an old metadata file that was cleaned up in between: no copied database speaks of it
        return 0
    return 1


def _check(tar: tarfile.TarFile, folder: Path) -> None:
    member = tar.extractfile(MANIFEST) if MANIFEST in tar.getnames() else None
    if member is None:
        raise ValueError("it holds no manifest")
    try:
        made_of = json.loads(member.read())["folder"]
    except (KeyError, TypeError):
        raise ValueError("its manifest names no folder") from None
    if made_of != str(folder):
        # the files of an Iceberg table name each other by their full path
        raise Conflict(f"The backup was made of {made_of}, not of {folder}.", f"Set SDP_DATA_DIR={made_of}.")


def _move(staging: Path, folder: Path) -> int:
    (staging / MANIFEST).unlink()
    count = sum(1 for path in staging.rglob("*") if path.is_file())
    private_folder(folder)
    for path in staging.rglob("*"):
        path.chmod(PRIVATE_FOLDER if path.is_dir() else PRIVATE_FILE)
    release(staging / STATE)
    for path in staging.iterdir():
        shutil.move(path, folder / path.name)
    return count


def release(state: Path) -> None:
    """Whoever held a task is gone, and the event of one that was handed over may be answered in the newer log."""
    with closing(sqlite3.connect(state)) as connection, connection:
        connection.execute(
            "UPDATE tasks SET lease_until = '2000-01-01 00:00:00.000000' WHERE state IN ('running', 'extracting')"
        )
        connection.execute("UPDATE leases SET until = '2000-01-01 00:00:00.000000'")
