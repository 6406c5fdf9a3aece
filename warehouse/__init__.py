"""Where everything is kept, and how it is asked for.

state        the operational state, one file a store: sources, queue, runs, health, leases, drafts, extractors,
             ledger and the raw documents of bronze; tables in metadata, their changes in migrations
catalogs     the lake: Iceberg tables (silver, commits, columns, cells), kept quick by maintenance
query        read-only SQL over both, asked in processes of their own (query_pool, query_process, query_frames): each
             (query_worker) judges a statement (reading) before its engine (analytics) runs it; views and operations
             say what it sees, exports and formulas how it becomes a file; questions holds the queries with names

`open_state`, `open_lake` and `DuckDBQuery` are all that a caller needs. Importing them is quick: the Iceberg
library and Arrow are loaded by the first commit and the first query, DuckDB by the processes for queries alone.
"""

import os

# Arrow's own pool keeps what it was ever given: a worker would grow by 20 MB with the first merges of files. It is
# chosen when Arrow is loaded; a later choice does not reach the Parquet library.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
