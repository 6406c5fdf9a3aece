"""Onboardings that are not finished, in the state."""

from sqlalchemy import delete, select

from core.blueprint.migrate import draft_of
from core.errors import UnknownName
from core.model import Draft
from warehouse.state.database import Database, upsert
from warehouse.state.metadata import drafts
from warehouse.state.rows import noun_from


class SqlDraftStore:
    """DraftStore on the state database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, draft: Draft) -> None:
        row = {"draft_id": draft.draft_id, "created_at": draft.created_at, "draft": draft.model_dump(mode="json")}
        with self._database.write(receipt=True) as connection:
            upsert(connection, drafts, row)

    def get(self, draft_id: str) -> Draft:
        with self._database.read() as connection:
            found = connection.execute(select(drafts.c.draft).where(drafts.c.draft_id == draft_id)).scalar()
        if found is None:
            raise _unknown(draft_id)
        return noun_from(Draft, draft_of, found)

    def all(self) -> list[Draft]:
        query = select(drafts.c.draft).order_by(drafts.c.created_at.desc(), drafts.c.draft_id.desc())
        with self._database.read() as connection:
            return [noun_from(Draft, draft_of, found) for found in connection.execute(query).scalars()]

    def remove(self, draft_id: str) -> None:
        with self._database.write(receipt=True) as connection:
            if connection.execute(delete(drafts).where(drafts.c.draft_id == draft_id)).rowcount == 0:
                raise _unknown(draft_id)


def _unknown(draft_id: str) -> UnknownName:
    return UnknownName(f"There is no draft {draft_id}.", "It may have been finished or thrown away.")
