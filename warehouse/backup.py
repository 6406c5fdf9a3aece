"""Backup and restore of everything in the data folder, in one archive, also while the pipeline runs.

The order makes a running copy consistent. State first: what it does not know yet is found out again. Then the
catalogue, then the event log: a log that is ahead of the lake is what the writer expects. Files come last, since
neither raw bytes nor files of the lake that a copied database speaks of are removed within the hour.
"""

import json
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from core.errors import BadInput, BadSetting, Conflict
from core.private import PRIVATE_FILE, PRIVATE_FOLDER, private_folder
from core.settings import Settings
from warehouse.files import TEMPORARY

DATABASES = ("state.db", "catalog.db", "events.db")
FOLDERS = ("objects", "lake", "extractors")
MANIFEST = "backup.json"


def back_up(settings: Settings, archive: Path) -> int:
    """Write the archive, in one step when it is complete; the number of files in it.

    Raises:
        BadSetting: something lies on a server, whose own tools must back it up.
        BadInput: there is nothing to back up.
    """
    folder = _folder(settings)
    if not (folder / DATABASES[0]).exists():
        raise BadInput(f"There is nothing in {folder}.", "Check SDP_DATA_DIR.")
    partial = archive.with_name(archive.name + TEMPORARY)
    try:
        # all that is kept is in it
        partial.touch(PRIVATE_FILE)
        with tarfile.open(partial, "w") as tar, tempfile.TemporaryDirectory(dir=archive.absolute().parent) as staging:
            count = sum(_add(tar, path, name) for path, name in _contents(folder, Path(staging)))
        partial.replace(archive)
    finally:
        partial.unlink(missing_ok=True)
    return count


def restore(settings: Settings, archive: Path) -> int:
    """Fill an empty data folder from an archive; the number of files.

    Raises:
        BadInput: the archive is none of ours.
        Conflict: the data folder is not empty, or is another one than the backup was made of.
    """
    folder = _folder(settings)
    if folder.exists() and any(folder.iterdir()):
        raise Conflict(f"{folder} is not empty.", "Stop the pipeline and move the folder away first.")
    try:
        with tarfile.open(archive) as tar:
            _check(tar, folder)
            folder.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=folder.parent) as staging:
                tar.extractall(staging, filter="data")
                return _move(Path(staging), folder)
    except (tarfile.TarError, OSError, ValueError) as error:
        raise BadInput(f"{archive} cannot be restored: {error}.", "Choose an archive that `backup` wrote.") from error


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
    return settings.data_dir.absolute()


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
    with closing(sqlite3.connect(source, timeout=30)) as here, closing(sqlite3.connect(target)) as there:
        here.backup(there)


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
    made_of = json.loads(member.read())["folder"]
    if made_of != str(folder):
        # the files of an Iceberg table name each other by their full path
        raise Conflict(f"The backup was made of {made_of}, not of {folder}.", f"Set SDP_DATA_DIR={made_of}.")


def _move(staging: Path, folder: Path) -> int:
    (staging / MANIFEST).unlink()
    count = sum(1 for path in staging.rglob("*") if path.is_file())
    private_folder(folder)
    for path in staging.rglob("*"):
        path.chmod(PRIVATE_FOLDER if path.is_dir() else PRIVATE_FILE)
    _release(staging / DATABASES[0])
    for path in staging.iterdir():
        shutil.move(path, folder / path.name)
    return count


def _release(state: Path) -> None:
    """Whoever held a task is gone, and the event of one that was handed over may be answered in the newer log."""
    with closing(sqlite3.connect(state)) as connection, connection:
        connection.execute(
            "UPDATE tasks SET lease_until = '2000-01-01 00:00:00.000000' WHERE state IN ('running', 'extracting')"
        )
        connection.execute("UPDATE leases SET until = '2000-01-01 00:00:00.000000'")
