"""Schemas: tables that are proposed from extracted ones, decided on by a person, and filled from then on."""

import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count

from core.cluster import FamilySuggestion, read_signature, suggestions
from core.errors import BadInput, Conflict, UnknownName
from core.events import Event, RowsExtracted
from core.flow.validated import decisions_by_row, validated
from core.model import stable_id
from core.model.schema import (
    ContractMode,
    ReviewAct,
    ReviewKind,
    ReviewState,
    SchemaField,
    SchemaReview,
    SchemaTable,
    SchemaVersion,
)
from core.ports import Clock, Decisions, EventBroker, QueryEngine, ReviewStore, SchemaStore, TableStore
from core.propose import SiteDocument, propose
from core.propose.difference import SchemaChange, difference
from core.propose.editing import rename_field
from core.propose.naming import column_name
from core.validate import stored_type

# rows of a table that a proposal is made from: types and shares are steady from some hundreds on
ROWS_SEEN = 2_000
# rows of a table that say what kind of thing it holds
ROWS_LIKENED = 50
# files, views and keys of the state bear the name of a table
TABLE_NAME = re.compile(r"[a-z][a-z0-9_]*")
# a column of these types is stored as two: the second is called after the first
SECOND_PARTS = {"money": "_currency", "quantity": "_unit"}
OPEN = (ReviewState.WAITING, ReviewState.PAUSED)
AFTER = {
    "paused": ReviewState.PAUSED,
    "resumed": ReviewState.WAITING,
    "approved": ReviewState.APPROVED,
    "rejected": ReviewState.REJECTED,
}


@dataclass(frozen=True)
class Schemas:
    """Proposals and approved versions, and what of the extracted rows fits these."""

    _reviews: ReviewStore
    _schemas: SchemaStore
    _decisions: Decisions
    _query: QueryEngine
    _lake: TableStore
    _broker: EventBroker
    _clock: Clock

    # ---- proposing ----------------------------------------------------------------------------------------------
    def propose(self, tables: Sequence[str], name: str, by: str, why: str = "") -> SchemaReview:
        """A typed table for the rows of one or several extracted tables, for a person to look at.

        Raises:
            BadInput: there is no table, name or row to begin with.
            UnknownName: there is no extracted table of that name.
        """
        called = column_name([name])
        if not TABLE_NAME.fullmatch(called):
            raise BadInput(f"“{name}” cannot be the name of a table.", "Use the letters a to z and digits.")
        documents = [document for table in dict.fromkeys(tables) for document in self._documents(table)]
        if not documents:
            raise BadInput("There is no row to propose a table from.", "Run the source first.")
        proposal = propose(documents, called, origin=", ".join(dict.fromkeys(tables)))
        main = _apart_from_parts(proposal.tables[0])
        now = self._clock.now()
        review = SchemaReview(
            review_id=stable_id("review", called, proposal.id, now.isoformat()),
            schema_name=called,
            base=self._base(called),
            state=ReviewState.WAITING,
            proposal=proposal,
            tables=(main,),
            acts=(ReviewAct(kind="proposed", at=now, by=by, why=why),),
        )
        self._reviews.save(review)
        return review

    def alike(self) -> list[FamilySuggestion]:
        """Pairs of extracted tables that may hold the same kind of thing, the most likely first.

        Takes a second or some where there are many tables. Tables of one source are of different kinds.
        """
        tables = [found.name for found in self._lake.tables() if found.name.startswith("extracted.") and found.rows]
        seen = {table: self._documents(table, ROWS_LIKENED) for table in tables}
        signatures = {
            table: read_signature(document.fields for document in documents)
            for table, documents in seen.items()
            if documents
        }
        return suggestions(signatures, {table: table.partition("__")[0] for table in signatures})

    def _documents(self, table: str, most: int = ROWS_SEEN) -> list[SiteDocument]:
        known = {found.name for found in self._lake.tables() if found.name.startswith("extracted.")}
        if table not in known:
            raise UnknownName(
                f"There is no extracted table {table}.", f"There are: {', '.join(sorted(known)) or 'none'}."
            )
        result = self._query.run(f"SELECT _raw FROM {table} ORDER BY hash(_row_id)", limit=most)
        return [SiteDocument(_fields(raw), table) for (raw,) in result.rows if raw]

    def _base(self, schema_name: str) -> int:
        """The number of the version that is in force, also while it is being filled; 0 where there is none."""
        return max((one.number for one in self._schemas.in_force() if one.schema_name == schema_name), default=0)

    # ---- looking ------------------------------------------------------------------------------------------------
    def reviews(self, states: Collection[ReviewState] = OPEN, *, schema_name: str = "") -> list[SchemaReview]:
        """Proposals in these states, newest first."""
        return self._reviews.find(schema_name, states=states)

    def review(self, review_id: str) -> SchemaReview:
        """One proposal."""
        return self._reviews.get(review_id)

    def versions(self, schema_name: str = "") -> list[SchemaVersion]:
        """Approved versions, by name, newest first."""
        return self._schemas.versions(schema_name)

    def changes(self, review: SchemaReview) -> list[SchemaChange]:
        """What a proposal changes, field by field, against the version that it was made against."""
        before = next((v.table for v in self._schemas.versions(review.schema_name) if v.number == review.base), None)
        return difference([before] if before else [], list(review.tables))

    # ---- deciding -----------------------------------------------------------------------------------------------
    def edit(self, review_id: str, change: Callable[[SchemaTable], SchemaTable], by: str) -> SchemaReview:
        """Change the table of a proposal.

        Raises:
            BadInput: two fields of one name, a key of fields that are not there, or no field at all.
            Conflict: the proposal is decided on.
        """
        review = self._reviews.get(review_id)
        table = _sound(change(review.main))
        edited = review.model_copy(update={"tables": (table,)})
        return self._act(edited, "edited", review.state, by)

    def approve(self, review_id: str, by: str, why: str = "", mode: ContractMode = "evolve") -> SchemaVersion:
        """Make a proposal the next version of its table. It is filled from the pages that were kept, then shown.

        Raises:
            Conflict: the proposal was decided on, or made against a version that is not the one in force any more.
        """
        review = self._reviews.get(review_id)
        base = self._base(review.schema_name)
        if review.base != base:
            said = f"{review.schema_name} is at version {base} by now, and this was proposed against {review.base}."
            raise Conflict(said, "Propose it again, to see what it changes now.")
        earlier = self._schemas.versions(review.schema_name)
        now = self._clock.now()
        version = SchemaVersion(
            schema_name=review.schema_name,
            number=max((one.number for one in earlier), default=0) + 1,
            table=_sound(review.main),
            columns=_stored_names(review.main, earlier),
            review_id=review_id,
            approved_by=by,
            approved_at=now,
            reason=why,
            mode=mode,
        )
        act = ReviewAct(kind="approved", at=now, by=by, why=why)
        self._schemas.approve(version, _after(review, act))
        return version

    def restore(self, schema_name: str, number: int, by: str, why: str = "") -> SchemaVersion:
        """Undo: an earlier version becomes the next one, as it was.

        Raises:
            UnknownName: there is no such version.
        """
        found = next((one for one in self._schemas.versions(schema_name) if one.number == number), None)
        if found is None:
            raise UnknownName(f"There is no version {number} of {schema_name}.", "See python -m jobs schemas.")
        now, proposal = self._clock.now(), self._reviews.get(found.review_id).proposal
        review = SchemaReview(
            review_id=stable_id("restored", schema_name, number, now.isoformat()),
            schema_name=schema_name,
            base=self._base(schema_name),
            state=ReviewState.WAITING,
            proposal=proposal,
            tables=(found.table,),
            acts=(ReviewAct(kind="proposed", at=now, by=by, why=why or f"version {number} as it was"),),
        )
        self._reviews.save(review)
        return self.approve(review.review_id, by, why or f"back to version {number}", found.mode)

    def reject(self, review_id: str, by: str, why: str) -> SchemaReview:
        """Decide against a proposal, with a reason."""
        if not why.strip():
            raise BadInput("A rejection needs a reason.", "Say why: it is kept with the proposal.")
        return self._act(self._reviews.get(review_id), "rejected", ReviewState.WAITING, by, why)

    def pause(self, review_id: str, by: str, why: str = "") -> SchemaReview:
        """Put a proposal aside."""
        return self._act(self._reviews.get(review_id), "paused", ReviewState.WAITING, by, why)

    def resume(self, review_id: str, by: str, why: str = "") -> SchemaReview:
        """Take a proposal up again."""
        return self._act(self._reviews.get(review_id), "resumed", ReviewState.PAUSED, by, why)

    def _act(self, review: SchemaReview, kind: ReviewKind, was: ReviewState, by: str, why: str = "") -> SchemaReview:
        if was not in OPEN:
            raise Conflict(f"The proposal {review.review_id} is {was} already.", "Propose it again.")
        changed = _after(review, ReviewAct(kind=kind, at=self._clock.now(), by=by, why=why))
        self._reviews.save(changed, was=was)
        return changed

    # ---- validating ---------------------------------------------------------------------------------------------
    def validate(self, events: Sequence[Event]) -> None:
        """Rows were extracted: publish those that fit an approved schema, and what is wrong with the others."""
        versions = self._schemas.in_force()
        rows = [event for event in events if isinstance(event, RowsExtracted)]
        pairs = [(each, version) for each in rows for version in versions if each.subject in version.sources]
        decided = decisions_by_row(self._decisions.of_documents([each.document_id for each, _ in pairs]))
        told = (validated(version, each, decided[version.schema_name]) for each, version in pairs)
        self._broker.publish([event for some in told for event in some])


def _fields(raw: str) -> dict[str, list[str]]:
    """The texts of a row by its columns."""
    found = {name: [said] if isinstance(said, str) else said or [] for name, said in json.loads(raw).items()}
    told = {name: [text for text in texts if isinstance(text, str) and text] for name, texts in found.items()}
    return {name: texts for name, texts in told.items() if texts}


def _after(review: SchemaReview, act: ReviewAct) -> SchemaReview:
    return review.model_copy(update={"state": AFTER.get(act.kind, review.state), "acts": (*review.acts, act)})


def _sound(table: SchemaTable) -> SchemaTable:
    """The table, if it can be one."""
    names = [field.name for field in table.fields]
    if not names:
        raise BadInput("A table needs a column.", "Keep one at least.")
    for name in names:
        if column_name([name]) != name:
            raise BadInput(f"“{name}” cannot be the name of a column.", f"Call it {column_name([name]) or 'a word'}.")
        if names.count(name) > 1:
            raise BadInput(f"Two columns are called {name}.", "Give one another name.")
    for part in filter(None, map(_second_part, table.fields)):
        if part in names:
            raise BadInput(f"{part} is the name of a currency or unit that has its column.", "Use another name.")
    if missing := [name for name in table.key if name not in names]:
        raise BadInput(f"The key names {missing[0]}, which is no column.", "Take columns of the table as its key.")
    return table


def _second_part(field: SchemaField) -> str:
    """The name of what is stored beside a field; "" where it is stored as one."""
    return field.name + SECOND_PARTS[field.type] if field.type in SECOND_PARTS else ""


def _apart_from_parts(table: SchemaTable) -> SchemaTable:
    """A proposed table in which no column is called as the currency or the unit of another one."""
    names = [field.name for field in table.fields]
    for part in filter(None, map(_second_part, table.fields)):
        if part in names:
            table = rename_field(table, part, next(free for n in count(2) if (free := f"{part}_{n}") not in names))
    return table


def _stored_names(table: SchemaTable, earlier: Sequence[SchemaVersion]) -> dict[str, str]:
    """Where the fields are stored: under their names, or under another one where an earlier type stands there.

    Names in other alphabets are for what is shown; the lake has a name of its own for them.
    """
    taken: dict[str, tuple[str, bool]] = {}
    for version in sorted(earlier, key=lambda one: one.number):
        for field in version.table.fields:
            taken |= _columns_at(version.columns[field.name], field)
    names: dict[str, str] = {}
    for field in table.fields:
        base = field.name if TABLE_NAME.fullmatch(field.name) else "column"
        tried = chain((base,), (f"{base}_{number}" for number in count(2)))
        names[field.name] = next(name for name in tried if _fits_at(name, field, taken))
        # no other field of this table may be stored there
        taken |= dict.fromkeys(_columns_at(names[field.name], field), ("", False))
    return names


def _columns_at(name: str, field: SchemaField) -> dict[str, tuple[str, bool]]:
    """The columns of the lake that a field takes when it is stored under a name, with what is in them."""
    parts = [name] + ([name + SECOND_PARTS[field.type]] if field.type in SECOND_PARTS else [])
    return dict.fromkeys(parts, (stored_type(field.type), field.many))


def _fits_at(name: str, field: SchemaField, taken: Mapping[str, tuple[str, bool]]) -> bool:
    return all(taken.get(column, content) == content for column, content in _columns_at(name, field).items())
