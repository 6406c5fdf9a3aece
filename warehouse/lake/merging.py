"""Writes the rows of many small files of an Iceberg table into one, some at a time.

The Iceberg library writes a file from rows that are all in memory, several times over; what a merge needs at most is
what a process that runs for weeks holds.
"""

from collections.abc import Iterator, Sequence
from uuid import uuid4

import pyarrow as pa
from pyiceberg.expressions import AlwaysTrue
from pyiceberg.io import OutputFile
from pyiceberg.io.fileformat import DataFileStatistics
from pyiceberg.io.pyarrow import ArrowScan, ParquetFormatModel, schema_to_pyarrow
from pyiceberg.manifest import DataFile, DataFileContent, FileFormat
from pyiceberg.schema import sanitize_column_names
from pyiceberg.table import FileScanTask, Table
from pyiceberg.table.locations import load_location_provider
from pyiceberg.typedef import Record

# rows from which on files are merged in one go: their cells are in memory as Python values
ROWS_AT_A_TIME = 1000


def merged_file(table: Table, tasks: Sequence[FileScanTask]) -> DataFile:
    """A new file with the rows of the files of a table without partitions; no snapshot holds it yet."""
    schema = sanitize_column_names(table.schema())
    shape = schema_to_pyarrow(schema, include_field_ids=True)
    model = ParquetFormatModel()
    output = _new_file(table, model.file_extension())
    writer = model.create_writer(output, schema, table.properties)
    with writer:
        for rows in _rows(table, tasks):
            writer.write(rows.rename_columns(shape.names).cast(shape))
    return _data_file(table, output, writer.result())


def _rows(table: Table, tasks: Sequence[FileScanTask]) -> Iterator[pa.Table]:
    scan = ArrowScan(table.metadata, table.io, table.schema(), AlwaysTrue())
    some: list[FileScanTask] = []
    for task in tasks:
        some.append(task)
        if sum(one.file.record_count for one in some) >= ROWS_AT_A_TIME:
            yield scan.to_table(some)
            some = []
    if some:
        yield scan.to_table(some)


def _new_file(table: Table, extension: str) -> OutputFile:
    places = load_location_provider(table.location(), table.properties)
    return table.io.new_output(places.new_data_location(f"merged-{uuid4()}.{extension}"))


def _data_file(table: Table, output: OutputFile, statistics: DataFileStatistics) -> DataFile:
    return DataFile.from_args(
        content=DataFileContent.DATA,
        file_path=output.location,
        file_format=FileFormat.PARQUET,
        partition=Record(),
        file_size_in_bytes=len(output),
        sort_order_id=None,
        spec_id=table.metadata.default_spec_id,
        equality_ids=None,
        key_metadata=None,
        **statistics.to_serialized_dict(),
    )
