"""The operational state: one file a store, all in one database; tables in metadata, changes in migrations."""
