"""Raw documents: the bytes in a content-addressed object store, their metadata in the state."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, String, bindparam, func, literal_column, select, update

from core.errors import Conflict, UnknownName
from core.model import RawDocument, content_hash
from core.ports import Objects
from warehouse.state.database import IDS_A_STATEMENT, Database, add
from warehouse.state.metadata import URL_START, documents
from warehouse.state.rows import noun_of, row_of

# each address is given twice
_ADDRESSES_A_STATEMENT = IDS_A_STATEMENT // 2

_LAST_FETCHED = func.coalesce(documents.c.returned_at, documents.c.fetched_at).desc()
# not the bare column: SQLite would put the value into the indexed expression and then miss the index
_AT_ADDRESS = (
    literal_column(URL_START.text) == bindparam("start", type_=String),
    documents.c.url.concat("") == bindparam("address"),
)
_VERSIONS = (
    select(documents, func.row_number().over(partition_by=documents.c.url, order_by=_LAST_FETCHED).label("place"))
    .where(
        documents.c.source_id == bindparam("source"),
        literal_column(URL_START.text).in_(bindparam("starts", expanding=True, type_=String)),
        documents.c.url.concat("").in_(bindparam("addresses", expanding=True)),
    )
    .subquery()
)
_LATEST = select(_VERSIONS).where(_VERSIONS.c.place == 1)


class SqlBronzeStore:
    """BronzeStore on an object store and the state database."""

    def __init__(self, database: Database, objects: Objects) -> None:
        self._database = database
        self._objects = objects

    def put(self, document: RawDocument, content: bytes) -> bool:
        """Keep bytes, then metadata.

        Raises:
            Conflict: the bytes are not those that the metadata speak of.
        """
        self._keep_bytes([(document, content)])
        with self._database.write(receipt=True) as connection:
            return _add(connection, document)

    def put_all(self, documents: Sequence[tuple[RawDocument, bytes]]) -> None:
        if not documents:
            return
        self._keep_bytes(documents)
        with self._database.write(receipt=True) as connection:
            _add_all(connection, [document for document, _ in documents])

    def _keep_bytes(self, documents: Sequence[tuple[RawDocument, bytes]]) -> None:
        for document, content in documents:
            if content_hash(content) != document.content_hash:
                raise Conflict(f"The bytes of {document.url} are not those that were hashed.", "Fetch the page again.")
        self._objects.put_all({document.content_hash: content for document, content in documents})

    def get(self, document_id: str) -> RawDocument:
        with self._database.read() as connection:
            row = connection.execute(select(documents).where(documents.c.document_id == document_id)).first()
        if row is None:
            raise UnknownName(f"There is no document {document_id}.", "List the documents to see their ids.")
        return noun_of(RawDocument, row)

    def content(self, content_hash_: str) -> bytes:
        """The bytes.

        Raises:
            UnknownName: there is no such object.
            Conflict: the object was changed after it had been written.
        """
        content = self._objects.get(content_hash_)
        if content_hash(content) != content_hash_:
            raise Conflict(
                f"The stored bytes {content_hash_} are damaged.",
                "Restore them from a backup, or delete them and fetch the page again.",
            )
        return content

    def latest(self, source_id: str, urls: Sequence[str]) -> dict[str, RawDocument]:
        with self._database.read() as connection:
            rows = [
                row
                for start in range(0, len(urls), _ADDRESSES_A_STATEMENT)
                for row in _latest(connection, source_id, urls[start : start + _ADDRESSES_A_STATEMENT])
            ]
        return {row.url: noun_of(RawDocument, row) for row in rows}

    def find(
        self,
        source_id: str = "",
        *,
        url: str = "",
        text: str = "",
        before: datetime | None = None,
        limit: int = 100,
        offset: int = 0,
    ) -> list[RawDocument]:
        newest = (documents.c.fetched_at.desc(), documents.c.document_id)
        query = select(documents).order_by(*newest).limit(limit).offset(offset)
        if source_id:
            query = query.where(documents.c.source_id == source_id)
        if url:
            query = query.where(*_AT_ADDRESS).params(start=url[:500], address=url)
        if text:
            query = query.where(documents.c.url.icontains(text, autoescape=True))
        if before is not None:
            query = query.where(documents.c.fetched_at <= before)
        with self._database.read() as connection:
            return [noun_of(RawDocument, row) for row in connection.execute(query)]


def _add(connection: Connection, document: RawDocument) -> bool:
    if add(connection, documents, row_of(document)):
        return True
    _note_return(connection, document)
    return False


def _add_all(connection: Connection, some: Sequence[RawDocument]) -> None:
    ids = select(documents.c.document_id).where(documents.c.document_id.in_([one.document_id for one in some]))
    known = set(connection.execute(ids).scalars())
    if new := [row_of(document) for document in some if document.document_id not in known]:
        add(connection, documents, *new)
    for document in some:
        if document.document_id in known:
            _note_return(connection, document)


def _latest(connection: Connection, source_id: str, urls: Sequence[str]) -> Sequence[Row[Any]]:
    values = {"source": source_id, "starts": [url[:500] for url in urls], "addresses": urls}
    return connection.execute(_LATEST, values).all()


def _note_return(connection: Connection, document: RawDocument) -> None:
    [latest] = _latest(connection, document.source_id, [document.url])
    if latest.document_id != document.document_id:
        same = documents.c.document_id == document.document_id
        connection.execute(update(documents).where(same).values(returned_at=document.fetched_at))
