"""Where everything is kept, and how it is asked for.

stores       the operational state opened as one: `open_state`
state        its stores, one file each; tables in metadata, their changes in migrations
bronze       raw documents: bytes by content hash, metadata in the state
lake         Iceberg tables: catalogues, commits, columns, snapshots, compaction
query        read-only SQL over all of it, asked in processes of their own (pool, process, frames): each (worker) judges
             a statement (read_only) before its engine (analytics) runs it; views and state_views say what it sees,
             exports and formulas how it becomes a file; named_queries holds the queries with names
integrity    is what lies there what was written?

`open_state`, `IcebergTables` and `DuckDBQuery` are all that a caller needs. Importing them is quick: the Iceberg
library and Arrow are loaded by the first commit and the first query, DuckDB by the processes for queries alone.
"""

import os

# Arrow's own pool keeps what it was ever given: a worker would grow by 20 MB with the first merges of files. It is
# chosen when Arrow is loaded; a later choice does not reach the Parquet library.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
