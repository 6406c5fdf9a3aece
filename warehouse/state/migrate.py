"""Brings the state to the newest revision. Safe when several processes start at once."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from core.errors import Conflict
from warehouse.state.database import Database

NEWEST = "0008"
FOLDER = Path(__file__).parent / "migrations"


def migrate(database: Database) -> None:
    """Run the missing migrations, each in the one transaction that also notes the revision.

    Raises:
        Conflict: the database was migrated by a newer version of the product.
    """
    with database.read() as connection:
        if revision(connection) == NEWEST:
            return
    with database.migrating() as connection:
        if revision(connection) != NEWEST:
            _upgrade(connection)


def revision(connection: Connection) -> str | None:
    """The revision the database is at; None when it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(connection: Connection) -> None:
    # a start without anything to migrate does not pay for these imports
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise Conflict(f"The state database cannot be migrated: {error}.", "Use the newest version.") from error
