"""Addresses of databases: the engine for one, and what a database says, in words of ours."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlalchemy import URL, Engine, create_engine, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    NoSuchModuleError,
    OperationalError,
    ProgrammingError,
)

from core.disk.private import private_file
from core.disk.refusals import damaged_file, one_line, refused_by_sqlite
from core.disk.sqlite import make_home
from core.errors import BadSetting, Conflict, PartMissing, PipelineError, RetryLater

KINDS = ("sqlite", "postgresql")


def database_address(url: str, setting: str) -> URL:
    """The parts of a database's address.

    Raises:
        BadSetting: it is none, or one of a database that we do not know; `setting` says where it stands.
    """
    change = f"Change {setting}: sqlite:////path/to/file.db or postgresql+psycopg://HOST/DATABASE."
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        # the library quotes parts of the address, and takes a password for a port when the host is missing
        raise BadSetting("The database URL is not usable: it is no address of a database.", change) from None
    kind = address.get_backend_name()
    if kind not in KINDS:
        raise BadSetting(f"Nothing can be kept in {kind}.", "Use sqlite or postgresql.")
    if kind == "sqlite" and address.query:
        raise BadSetting(f"The database URL is not usable: {', '.join(address.query)} is no parameter.", change)
    return address


def engine_for(address: URL, setting: str, **options: Any) -> Engine:
    """The engine of an address; the folder of a file is made.

    Raises:
        BadSetting: there is no such driver.
        PartMissing: the driver is not installed.
        RetryLater: the folder cannot be made.
    """
    if file := file_of(address):
        make_home(file)
        private_file(file)
    try:
        return create_engine(address, **options)
    except (ArgumentError, NoSuchModuleError) as error:
        raise BadSetting(f"The database URL is not usable: {one_line(str(error))}.", f"Change {setting}.") from error
    except ModuleNotFoundError as error:
        raise PartMissing(f"The database driver {error.name} is missing.", f"pip install {error.name}") from error


def file_of(address: URL) -> Path | None:
    """The file of an SQLite database; None for every other."""
    return Path(address.database) if address.get_backend_name() == "sqlite" and address.database else None


@contextmanager
def answers_of(what: str, address: URL, setting: str) -> Iterator[None]:
    """Errors of the database at an address as ours; `what` names it in a sentence: “The state database”."""
    try:
        yield
    except DBAPIError as error:
        refused = _refusal(what, address, setting, error)
        if refused is None:
            raise
        raise refused from error
    except (json.JSONDecodeError, ValidationError) as error:
        raise _unreadable(what, address, one_line(str(error))) from error
    except (ValueError, TypeError) as error:
        if not _is_of_a_cell(error):
            raise
        raise _unreadable(what, address, one_line(str(error))) from error


def _refusal(what: str, address: URL, setting: str, error: DBAPIError) -> PipelineError | None:
    if isinstance(error, IntegrityError):
        return Conflict(f"Somebody else wrote the same at the same time: {one_line(str(error.orig))}.", "Read again.")
    file = file_of(address)
    if file is not None:
        return refused_by_sqlite(file, error.orig) if isinstance(error.orig, sqlite3.Error) else None
    if isinstance(error, ProgrammingError) and error.statement is None:
        # said before anything was asked: the driver does not take the address
        return BadSetting(f"The database URL is not usable: {one_line(str(error.orig))}.", f"Change {setting}.")
    if isinstance(error, OperationalError | InterfaceError):
        advice = f"Start it, or change {setting}; what was kept is not lost."
        return RetryLater(f"{what} did not answer: {one_line(str(error.orig))}.", advice)
    return None


def _is_of_a_cell(error: Exception) -> bool:
    """Whether SQLAlchemy itself could make nothing of what a cell holds, such as a time that is none."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    return last is not None and "sqlalchemy" in last.tb_frame.f_code.co_filename


def _unreadable(what: str, address: URL, why: str) -> PipelineError:
    return damaged_file(file_of(address) or Path(what), why)
