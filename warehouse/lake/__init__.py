"""The tables of the lake: Iceberg tables, their commits, columns, snapshots and upkeep."""
