"""Alembic runs this file; the connection comes from warehouse/state/migrate.py, already inside its transaction."""

from alembic import context

from warehouse.state.metadata import metadata

# batch mode rebuilds a table where SQLite cannot alter it
context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
context.run_migrations()
