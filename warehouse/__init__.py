"""Where everything is kept, and how it is asked for.

state        the operational state, one file a store: sources, queue, runs, health, leases, drafts, extractors,
             ledger and the raw documents of bronze; tables in metadata, their changes in migrations
catalogs     the lake: Iceberg tables (silver, commits, columns, cells), kept quick by maintenance
query        read-only SQL over both (analytics, views, operations); questions holds the named ones

`open_state`, `open_lake` and `DuckDBQuery` are all that a caller needs. Importing them is quick: the Iceberg
library, Arrow and DuckDB are loaded by the first commit and the first query.
"""

import os

# Arrow's own pool keeps what it was ever given: a worker would grow by 20 MB with the first merges of files. It is
# chosen when Arrow is loaded; a later choice does not reach the Parquet library.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
