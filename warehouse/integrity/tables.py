"""What a table has lost is left out, and filled in again."""

from pyiceberg.table import Table

from warehouse.integrity.catalogue import folder_of, metadata_files
from warehouse.integrity.databases import set_aside
from warehouse.lake.catalogs import LakeCatalog
from warehouse.lake.compaction import summary
from warehouse.lake.snapshots import marks_of
from warehouse.lake.torn_files import torn_files


def mend(catalog: LakeCatalog, name: str, location: str) -> str:
    """Let the table go on without what cannot be read; what was done."""
    folder = folder_of(location)
    for candidate in metadata_files(folder) if folder else ():
        torn = torn_files(candidate.path.as_uri(), full=True)
        if any(not one.is_data for one in torn):
            continue
        back = candidate.path.as_uri() != location
        if back:
            catalog.point(name, candidate.path.as_uri(), location)
        if torn:
            _leave_out(catalog.iceberg.load_table(name), {one.location for one in torn})
        return _sentence(candidate.path.name if back else "", len(torn))
    catalog.forget(name, location)
    kept = f"; its files are kept as {set_aside(folder).name}" if folder and folder.exists() else ""
    return f"is begun anew{kept}"


def _sentence(went_back_to: str, left_out: int) -> str:
    done = [f"went back to {went_back_to}"] if went_back_to else []
    done += [f"goes on without {left_out} files of rows"] if left_out else []
    return " and ".join(done) or "nothing had to be done"


def _leave_out(table: Table, locations: set[str]) -> None:
    """One commit without those data files; the watermarks stay, since what was lost is told of again."""
    transaction = table.transaction()
    with transaction.update_snapshot(marks_of(table.properties, summary(table))).overwrite() as overwrite:
        for task in table.scan().plan_files():
            if task.file.file_path in locations:
                overwrite.delete_data_file(task.file)
    transaction.commit_transaction()
