"""Raw bytes against the hashes that they are kept under."""

import tarfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import func, select

from core.disk.data_folder import OBJECTS
from core.errors import Conflict, RetryLater, UnknownName
from core.model import content_hash
from core.ports import Objects
from warehouse.bronze.objects import object_path
from warehouse.state.database import Database
from warehouse.state.metadata import documents

# objects looked at by a check that is not full: damage of a disk is seldom alone
SAMPLED_OBJECTS = 200


class Lost(NamedTuple):
    """Bytes that are gone or are not what they were, and a document that needs them."""

    digest: str
    source_id: str
    url: str
    why: str


def lost_objects(database: Database, objects: Objects, *, full: bool) -> list[Lost]:
    """Those of which the bytes are not what was fetched: of all, or of a sample."""
    one = select(documents.c.content_hash, func.min(documents.c.source_id), func.min(documents.c.url))
    query = one.group_by(documents.c.content_hash)
    with database.read() as connection:
        some = connection.execute(query if full else query.order_by(func.random()).limit(SAMPLED_OBJECTS)).all()
    return list(_lost(objects, [tuple(row) for row in some]))


def from_archive(archive: Path, digest: str) -> bytes | None:
    """The bytes out of a backup; None where they are not in it, whole."""
    try:
        with tarfile.open(archive) as tar:
            member = tar.extractfile(f"{OBJECTS}/{object_path(digest)}")
            content = member.read() if member else b""
    except (tarfile.TarError, OSError, EOFError, KeyError, ValueError):
        return None
    return content if content_hash(content) == digest else None


def _lost(objects: Objects, known: Sequence[tuple[str, ...]]) -> Iterator[Lost]:
    for digest, source_id, url in known:
        try:
            content = objects.get(digest)
        except UnknownName:
            yield Lost(digest, source_id, url, "is gone")
        except (Conflict, RetryLater) as error:
            yield Lost(digest, source_id, url, f"cannot be read: {error.message}")
        else:
            if content_hash(content) != digest:
                yield Lost(digest, source_id, url, "is not what was fetched")
