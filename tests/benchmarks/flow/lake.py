"""A million rows into a table against the same Parquet by pyarrow; and small commits, the first against the last."""

import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from core.bootstrap import open_lake
from core.events import Column
from core.settings import load_settings
from tests.benchmarks.flow.table import print_table
from warehouse.lake.tables import IcebergTables

ROWS, ROUNDS = 1_000_000, 4
COMMITS, SMALL, WINDOW = 2_000, 100, 100
TYPES = ("string", "integer", "decimal", "boolean", "string", "integer", "decimal", "string", "string", "integer")
COLUMNS = tuple(Column.model_validate({"name": f"c{n:02d}", "type": kind}) for n, kind in enumerate(TYPES))


def row(number: int) -> dict[str, Any]:
    """Twelve columns: ten of values and two of lineage."""
    values = {"string": f"value {number % 5000}", "integer": number, "decimal": number / 7, "boolean": number % 3 == 0}
    cells: dict[str, Any] = {column.name: values[column.type] for column in COLUMNS}
    return cells | {"_row_id": f"{number:024x}", "_document_id": f"{number // 20:024x}"}


def a_lake(folder: str) -> IcebergTables:
    return open_lake(load_settings(data_dir=Path(folder), catalog_uri="", warehouse=""))


def million() -> None:
    rows = [row(number) for number in range(ROWS)]
    ours, theirs = [], []
    for number in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            lake = a_lake(folder)
            lake.append("extracted.warm", COLUMNS, rows[:10], 1)
            began = time.perf_counter()
            lake.append("extracted.bench", COLUMNS, rows, 1)
            ours.append(time.perf_counter() - began)
            began = time.perf_counter()
            pq.write_table(pa.Table.from_pylist(rows), Path(folder) / f"{number}.parquet", compression="zstd")
            theirs.append(time.perf_counter() - began)
    mine, other = ROWS / min(ours), ROWS / min(theirs)
    print_table(
        f"{ROWS:,} rows × 12 columns, from Python dicts (bar: ≥ 0.8)",
        ("lake.append", "pyarrow from_pylist + write_table", "ratio"),
        [(f"{mine:,.0f} rows/s", f"{other:,.0f} rows/s", f"{mine / other:.2f}")],
    )


def commits() -> None:
    rows = [row(number) for number in range(SMALL)]
    times = []
    with tempfile.TemporaryDirectory() as folder:
        lake = a_lake(folder)
        for number in range(COMMITS):
            began = time.perf_counter()
            lake.append("extracted.bench", COLUMNS, rows, number + 1)
            times.append(1000 * (time.perf_counter() - began))
    first, last = statistics.median(times[:WINDOW]), statistics.median(times[-WINDOW:])
    print_table(
        f"Commits of {SMALL} rows, median of {WINDOW} (bar: ≤ 1.3); upkeep included in the mean",
        ("first", f"after {COMMITS:,}", "ratio", "mean of all", "slowest"),
        [
            (
                f"{first:.0f} ms",
                f"{last:.0f} ms",
                f"{last / first:.2f}",
                f"{statistics.mean(times):.0f} ms",
                f"{max(times):.0f} ms",
            )
        ],
    )


if __name__ == "__main__":
    million()
    commits()
