"""The PostgreSQL database that the tests may clear: one for each process that runs tests."""

import os

from sqlalchemy import create_engine, make_url, text


def _own(url: str) -> str:
    """The address of this process's own database: beside the given one, which is for tests in a single process."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if not url or not worker:
        return url
    own = make_url(url)
    return own.set(database=f"{own.database}_{worker}").render_as_string(hide_password=False)


# an empty database, such as postgresql+psycopg://postgres@127.0.0.1/test; `make test` makes others beside it
GIVEN = os.environ.get("TEST_POSTGRESQL_URL", "")
POSTGRESQL = _own(GIVEN)


def clear_postgresql() -> None:
    """Leave nothing in the database of this process."""
    if POSTGRESQL != GIVEN:
        _make_own()
    engine = create_engine(POSTGRESQL)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()


def _make_own() -> None:
    """Create the database of this process where there is none yet."""
    name = make_url(POSTGRESQL).database
    engine = create_engine(GIVEN, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if not connection.scalar(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name}):
            connection.execute(text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
