"""Schemas: tables that are proposed from extracted ones, decided on by a person, and filled from then on."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from core.cluster import FamilySuggestion
from core.errors import BadInput, Conflict, UnknownName
from core.events import Event, RowsExtracted, SchemaProposed, Stream
from core.flow.lake_rows import lake_table
from core.flow.validated import decisions_by_row, validated
from core.model import stable_id
from core.model.schema import (
    ContractMode,
    LabelDrift,
    ReviewAct,
    ReviewKind,
    ReviewState,
    SchemaField,
    SchemaReview,
    SchemaTable,
    SchemaVersion,
    VersionState,
)
from core.pipeline.proposals import Proposals
from core.pipeline.schema_columns import TABLE_NAME, sound, stored_names
from core.ports import Clock, Decisions, EventBroker, HealthStore, ReviewStore, SchemaStore, SourceStore
from core.propose.difference import SchemaChange, difference
from core.propose.naming import column_name
from core.propose.succession import left_out
from core.validate.samples import SampleRow

# who proposes what no person asked for
PIPELINE = "the pipeline"
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
    _proposals: Proposals
    _sources: SourceStore
    _health: HealthStore
    _broker: EventBroker
    _clock: Clock
    # the number of the version, and the last messages of its sources, when these were looked at last, by schema
    _looked: dict[str, list[int]] = field(default_factory=dict)

    # ---- proposing ----------------------------------------------------------------------------------------------
    def propose(self, tables: Sequence[str], name: str, by: str, why: str = "") -> SchemaReview:
        """A typed table for the rows of one or several extracted tables, for a person to look at.

        Of a table that is approved it is the next version: what people decided stays, its sources do too.

        Raises:
            BadInput: there is no table, name or row to begin with.
            UnknownName: there is no extracted table of that name.
        """
        called = column_name([name])
        if not TABLE_NAME.fullmatch(called):
            raise BadInput(f"“{name}” cannot be the name of a table.", "Use the letters a to z and digits.")
        base = self._in_force(called)
        make = self._proposals
        review = make.next(base, make.drifts(base), tables, by, why) if base else make.first(tables, called, by, why)
        self._keep(review)
        return review

    def alike(self) -> list[FamilySuggestion]:
        """Pairs of extracted tables that may hold the same kind of thing, the most likely first.

        Takes a second or some where there are many tables. Tables of one source are of different kinds.
        """
        return self._proposals.alike()

    def look(self) -> list[SchemaReview]:
        """Propose the next version of each table whose sources are not what they were when it was approved.

        What was proposed once is not proposed again, and nothing while a proposal waits or one of the sources fails:
        what is missing then may be there, and only not be found. The new proposals are told.
        """
        shown = [version for version in self._schemas.in_force() if version.state is VersionState.ACTIVE]
        if not shown:
            return []
        heads, failing = self._broker.heads(Stream.EXTRACTED), self._failing()
        well = [version for version in shown if not any(table.startswith(failing) for table in version.sources)]
        found = [self._followed(version) for version in well if self._has_news(version, heads)]
        return [review for review in found if review]

    def _failing(self) -> tuple[str, ...]:
        """How the tables of the sources begin whose last run went wrong."""
        failing = (source.source_id for source in self._sources.all() if self._health.get(source.source_id).strikes)
        return tuple(lake_table(source_id, "main", "", main=True) for source_id in failing)

    def _has_news(self, version: SchemaVersion, heads: Mapping[str, int]) -> bool:
        """Whether rows came since its sources were looked at last."""
        news = [version.number, *(heads.get(table, 0) for table in version.sources)]
        looked, self._looked[version.schema_name] = self._looked.get(version.schema_name), news
        return looked != news

    def _followed(self, version: SchemaVersion) -> SchemaReview | None:
        """The next version of a table, where its sources changed in a way that nobody was told of yet."""
        earlier = self._reviews.find(version.schema_name)
        waiting = [review for review in earlier if review.state in OPEN]
        if any(review.acts[-1].by != PIPELINE for review in waiting):
            return None
        drifts = self._proposals.drifts(version)
        told = {_without_reason(drift) for review in earlier for drift in review.drifts}
        news = [drift for drift in drifts if _without_reason(drift) not in told]
        if news or not drifts:
            self._take_back(waiting, news)
        if not news:
            return None
        review = self._proposals.next(version, drifts, (), PIPELINE, "the sources changed")
        self._keep(review)
        return review

    def _take_back(self, waiting: Sequence[SchemaReview], news: Sequence[LabelDrift]) -> None:
        """Proposals that the pipeline made, no person has touched, and do not say what there is any more."""
        why = "a newer proposal takes its place" if news else "the sources are as they were again"
        for review in waiting:
            self._act(review, "rejected", review.state, PIPELINE, why)

    def _keep(self, review: SchemaReview) -> None:
        """Keep a new proposal, and tell that it waits."""
        self._reviews.save(review)
        act = review.acts[0]
        told = {"review_id": review.review_id, "base": review.base, "by": act.by, "why": act.why}
        event_id = stable_id("proposed", review.review_id)
        self._broker.publish([SchemaProposed(event_id=event_id, subject=review.schema_name, at=act.at, **told)])

    def _in_force(self, schema_name: str) -> SchemaVersion | None:
        """The version that is in force, also while it is being filled."""
        return next((one for one in self._schemas.in_force() if one.schema_name == schema_name), None)

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

    def left_out(self, review: SchemaReview) -> list[SchemaField]:
        """Columns that were found and are not in the table of a proposal: each may be brought back."""
        return left_out(review.main, review.proposal.tables[0])

    def samples(self, review: SchemaReview) -> list[SampleRow]:
        """Rows as the version in force takes them, and as the proposed one would."""
        base = self._in_force(review.schema_name)
        return self._proposals.samples(base.table if base else None, review.main)

    # ---- deciding -----------------------------------------------------------------------------------------------
    def edit(self, review_id: str, change: Callable[[SchemaTable], SchemaTable], by: str) -> SchemaReview:
        """Change the table of a proposal.

        Raises:
            BadInput: two fields of one name, a key of fields that are not there, or no field at all.
            Conflict: the proposal is decided on.
        """
        review = self._reviews.get(review_id)
        table = sound(change(review.main))
        edited = review.model_copy(update={"tables": (table,)})
        return self._act(edited, "edited", review.state, by)

    def approve(self, review_id: str, by: str, why: str = "", mode: ContractMode | None = None) -> SchemaVersion:
        """Make a proposal the next version of its table. It is filled from the pages that were kept, then shown.

        Without a `mode` the contract of the version in force goes on, or "evolve".

        Raises:
            Conflict: the proposal was decided on, or made against a version that is not the one in force any more.
        """
        review = self._reviews.get(review_id)
        in_force = self._in_force(review.schema_name)
        base = in_force.number if in_force else 0
        if review.base != base:
            said = f"{review.schema_name} is at version {base} by now, and this was proposed against {review.base}."
            raise Conflict(said, "Propose it again, to see what it changes now.")
        earlier = self._schemas.versions(review.schema_name)
        now = self._clock.now()
        version = SchemaVersion(
            schema_name=review.schema_name,
            number=max((one.number for one in earlier), default=0) + 1,
            table=sound(review.main),
            columns=stored_names(review.main, earlier),
            review_id=review_id,
            approved_by=by,
            approved_at=now,
            reason=why,
            mode=mode or (in_force.mode if in_force else "evolve"),
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
        now, proposal, in_force = (
            self._clock.now(),
            self._reviews.get(found.review_id).proposal,
            self._in_force(schema_name),
        )
        review = SchemaReview(
            review_id=stable_id("restored", schema_name, number, now.isoformat()),
            schema_name=schema_name,
            base=in_force.number if in_force else 0,
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


def _without_reason(drift: LabelDrift) -> LabelDrift:
    """A drift without the numbers by which it was told: these change with each page."""
    return drift.model_copy(update={"reason": ""})


def _after(review: SchemaReview, act: ReviewAct) -> SchemaReview:
    return review.model_copy(update={"state": AFTER.get(act.kind, review.state), "acts": (*review.acts, act)})
