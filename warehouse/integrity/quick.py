"""What every start looks at: cheap, and enough that nothing that is lost is taken for something that never was.

Only what loses nothing is mended here: the catalogue, which the tables themselves can tell, and a log that is gone,
since what it held is found out again.
"""

import logging
from pathlib import Path

from core.disk.data_folder import DataFolder
from core.errors import Damaged
from core.ports import Damage
from core.settings import Settings
from warehouse import journal
from warehouse.integrity.catalogue import Covers, rebuild
from warehouse.integrity.databases import holds_table, set_aside, wrong_with
from warehouse.lake.catalogs import LakeCatalog, tables_on_disk
from warehouse.state.landed import SqlLanded

LOG = logging.getLogger(__name__)
MEND = "Stop every process of the pipeline, then run python -m jobs check --mend."


def require_state(settings: Settings) -> None:
    """A new state may only be made in a folder that holds no data.

    Raises:
        Damaged: the state is gone, and data are there.
    """
    path = settings.folder.state
    if settings.database_url or (path.exists() and path.stat().st_size):
        return
    if holds_data(settings):
        why = "is empty" if path.exists() else "is not there"
        raise Damaged(f"{path.name} {why}, although {settings.data_dir} holds documents or tables.", MEND)


def holds_data(settings: Settings) -> bool:
    """Whether documents or tables are there."""
    return settings.folder.holds_objects() or bool(tables_on_disk(settings.warehouse_url))


def log_is_gone(settings: Settings) -> bool:
    """Whether the next one who opens the log begins a new one."""
    path = settings.folder.log
    return not settings.broker_url and not (path.is_file() and path.stat().st_size)


def mend_catalogue(settings: Settings, catalog: LakeCatalog, landed: SqlLanded) -> list[Damage]:
    """Make the catalogue anew where it is gone or cannot be read, and say so."""
    path = settings.folder.catalogue
    if settings.catalog_uri or not tables_on_disk(catalog.warehouse):
        return []
    why = _wrong_with_catalogue(path)
    if not why:
        return []
    if path.exists():
        why += f" (kept as {set_aside(path).name})"
    done = [f"{name} ({found.rows} rows)" for name, found in rebuild(catalog, _covers(landed)).items()]
    said = f"made anew from the metadata of the tables: {', '.join(done)}"
    damage = Damage(path.name, why, "Look at the tables: python -m jobs check.", said)
    note_damage(settings.folder, damage)
    return [damage]


def note_damage(folder: DataFolder, *damages: Damage) -> None:
    """Say it in the log of this process, and remember it beside the data."""
    for damage in damages:
        LOG.warning("%s", damage.sentence)
    journal.note(folder, *damages)


def _wrong_with_catalogue(path: Path) -> str:
    if not path.exists():
        return "it is not there"
    return wrong_with(path) or ("" if holds_table(path, "iceberg_tables") else "it holds no list of tables")


def _covers(landed: SqlLanded) -> Covers:
    def covers(name: str, marks: dict[str, str]) -> bool:
        noted = landed.marks(name)
        return all(int(marks.get(mark, 0)) >= number for mark, number in noted.items())

    return covers
