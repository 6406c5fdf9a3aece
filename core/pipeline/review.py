"""Review: values that do not fit an approved table, one by one or many alike, and what a person decides about them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from core.agents.teacher import CorrectedCell, Teacher
from core.errors import BadInput, Conflict
from core.events import Event, RefusedValue, RowsRefused
from core.model import ExtractorState, FixAttempt, stable_id
from core.model.review import (
    EVERYTHING,
    Decision,
    DecisionKind,
    ItemState,
    ReviewFilter,
    ReviewGroup,
    ReviewItem,
)
from core.model.schema import ReviewAct, ReviewState, SchemaReview, SchemaVersion, VersionState
from core.ports import Clock, ExtractorStore, ReviewQueue, ReviewStore, SchemaStore, SecondReaders
from core.propose.editing import admit_texts
from core.validate.decided import meant_field, require_typed

# what a proposal says that it was made from, when it was a decision
ORIGIN = "the review queue"
# items that are decided about together: their documents are all read again
MOST_TOGETHER = 10_000


class ReadTwice(NamedTuple):
    """Which fields ("table.field") of a version in service are read twice, and which have one way only."""

    extractor_id: str
    template: str
    version: int
    pages: int
    twice: tuple[str, ...]
    alone: tuple[str, ...]


@dataclass(frozen=True)
class Review:
    """The queue of what was refused, and the word that people have in it."""

    _queue: ReviewQueue
    _schemas: SchemaStore
    _proposals: ReviewStore
    _extractors: ExtractorStore
    _second: SecondReaders
    _teacher: Teacher
    _clock: Clock

    # ---- the queue ----------------------------------------------------------------------------------------------
    def take(self, events: Sequence[Event]) -> None:
        """Rows were refused: each value that does not fit waits for a person."""
        self._queue.add([item for event in events if isinstance(event, RowsRefused) for item in _items(event)])

    def find(
        self,
        wanted: ReviewFilter = EVERYTHING,
        states: Collection[ItemState] = (ItemState.OPEN,),
        limit: int = 100,
    ) -> list[ReviewItem]:
        """Items, oldest first; of the open ones those that the version which is shown refuses."""
        since = self._since() if tuple(states) == (ItemState.OPEN,) else None
        return self._queue.find(wanted, states=states, since=since, limit=limit)

    def groups(self) -> list[ReviewGroup]:
        """The open items by rule, column and source, the most first."""
        return self._queue.groups(self._since())

    def item(self, item_id: str) -> ReviewItem:
        """One item.

        Raises:
            UnknownName: there is none of that id.
        """
        return self._queue.get(item_id)

    def _since(self) -> dict[str, int]:
        """The version of each table that is shown; while the first one is filled, that."""
        found: dict[str, int] = {}
        for version in sorted(self._schemas.in_force(), key=lambda one: one.state is VersionState.ACTIVE):
            found[version.schema_name] = version.number
        return found

    def coverage(self, source_id: str) -> list[ReadTwice]:
        """What of a source is read twice, of the versions in service whose second reader was learned."""
        versions = (one for one in self._extractors.versions(source_id) if one.state is ExtractorState.ACTIVE)
        return [
            ReadTwice(one.extractor_id, one.template, one.version, reader.pages, reader.twice, reader.alone)
            for one in versions
            if (reader := self._second.get(one.extractor_id))
        ]

    # ---- deciding -----------------------------------------------------------------------------------------------
    def accept(self, items: Sequence[ReviewItem], by: str, why: str = "") -> None:
        """Let the values in as they are.

        Raises:
            Conflict: somebody decided about one of them already; nothing was changed.
        """
        self._decide(items, "accepted", by, why)

    def reject(self, items: Sequence[ReviewItem], by: str, why: str = "") -> None:
        """Keep the values out for good; raises as `accept` does."""
        self._decide(items, "rejected", by, why)

    def correct(self, items: Sequence[ReviewItem], values: Sequence[str], by: str, why: str = "") -> None:
        """Put what a person says in place of the values.

        Raises:
            BadInput: it is no value of the column.
            Conflict: somebody decided about one of them already; nothing was changed.
        """
        texts = [text.strip() for text in values if text.strip()]
        for item, version in self._in_force(items):
            if field := meant_field(version.table, item.table, item):
                require_typed(field, texts)
        self._decide(items, "corrected", by, why, values=tuple(texts))

    def undo(self, items: Sequence[ReviewItem], by: str, why: str = "") -> None:
        """Take decisions back: the values wait again.

        Raises:
            Conflict: nothing was decided about one of them.
        """
        for item in items:
            if item.state is ItemState.OPEN:
                raise Conflict(f"Nothing was decided about “{item.text}” in {item.column}.", "Decide about it first.")
        self._act(items, "reopened", by, why)

    def teach(self, items: Sequence[ReviewItem], by: str) -> FixAttempt:
        """Have the extractor learn from corrected values where to read them: a staged repair, for a person to promote.

        Raises:
            BadInput: they are not corrected values of one column, or do not stand on their pages.
            NeedsPerson: the day's tries at repairing the source are used up.
        """
        about = {(item.source_id, item.table, item.label or item.column) for item in items}
        if len(about) != 1 or any(item.state is not ItemState.CORRECTED for item in items):
            raise BadInput("An extractor learns from corrected values of one column.", "Correct the value first.")
        cells = [
            CorrectedCell(one.document_id, one.extractor_id, one.table, one.label or one.column, one.acts[-1].values)
            for one in items
        ]
        like = ReviewFilter(column=items[0].column, source_id=items[0].source_id)
        doubted = {one.document_id for one in self._queue.find(like, states=[ItemState.OPEN], limit=MOST_TOGETHER)}
        return self._teacher.teach(cells, doubted, by)

    def make_rule(self, items: Sequence[ReviewItem], by: str, why: str = "") -> SchemaReview:
        """Propose a version of the table that takes such values, for a person to approve.

        Raises:
            BadInput: the items are not of one column and rule, or that is no rule of the table.
            Conflict: somebody decided about one of them already, or the table is in force no more.
        """
        if len({(item.schema_name, item.column, item.rule) for item in items}) != 1:
            raise BadInput("A rule is made of values of one column and rule.", "Choose values that are alike.")
        _require_open(items)
        first = items[0]
        version = max((v for _, v in self._in_force(items[:1])), key=lambda one: one.number, default=None)
        if version is None:
            raise Conflict(f"{first.schema_name} has no version in force.", "See python -m jobs schemas.")
        waiting = self._waiting(version)
        table = waiting.main if waiting else version.table
        field = meant_field(table, first.table, first)
        wider = admit_texts(table, field.name if field else first.column, first.rule, [item.text for item in items])
        now = self._clock.now()
        if waiting:
            acts = (*waiting.acts, ReviewAct(kind="edited", at=now, by=by, why=why))
            proposed = waiting.model_copy(update={"tables": (wider,), "acts": acts})
        else:
            said = ReviewAct(kind="proposed", at=now, by=by, why=why or f"{first.column} takes “{first.text}” too")
            before = self._proposals.get(version.review_id).proposal
            proposed = SchemaReview(
                review_id=stable_id("rule", first.item_id, version.number, now.isoformat()),
                schema_name=version.schema_name,
                base=version.number,
                state=ReviewState.WAITING,
                proposal=before.model_copy(update={"tables": (wider,), "origin": ORIGIN}),
                tables=(wider,),
                acts=(said,),
            )
        self._proposals.save(proposed, was=ReviewState.WAITING if waiting else None)
        self._act(items, "ruled", by, why, proposal=proposed.review_id)
        return proposed

    def _waiting(self, version: SchemaVersion) -> SchemaReview | None:
        """A proposal of that kind which waits already, so that several rules make one version."""
        found = self._proposals.find(version.schema_name, states=[ReviewState.WAITING])
        made = (one for one in found if one.base == version.number and one.proposal.origin == ORIGIN)
        return next(made, None)

    def _in_force(self, items: Sequence[ReviewItem]) -> Iterator[tuple[ReviewItem, SchemaVersion]]:
        versions = self._schemas.in_force()
        for item in items:
            yield from ((item, version) for version in versions if version.schema_name == item.schema_name)

    def _decide(
        self, items: Sequence[ReviewItem], kind: DecisionKind, by: str, why: str, values: tuple[str, ...] = ()
    ) -> None:
        _require_open(items)
        self._act(items, kind, by, why, values=values)

    def _act(
        self,
        items: Sequence[ReviewItem],
        kind: DecisionKind,
        by: str,
        why: str,
        *,
        values: tuple[str, ...] = (),
        proposal: str = "",
    ) -> None:
        act = Decision(kind=kind, at=self._clock.now(), by=by, why=why, values=values, proposal=proposal)
        self._queue.decide([item.model_copy(update={"acts": (*item.acts, act)}) for item in items])


def _require_open(items: Sequence[ReviewItem]) -> None:
    for item in items:
        if item.state is not ItemState.OPEN:
            said = f"“{item.text}” in {item.column} is {item.state} already, by {item.acts[-1].by}."
            raise Conflict(said, "Take that back first.")


def _items(event: RowsRefused) -> Iterator[ReviewItem]:
    schema_name = event.subject.removeprefix("silver.")
    return (_item(schema_name, event, value) for value in event.values)


def _item(schema_name: str, event: RowsRefused, value: RefusedValue) -> ReviewItem:
    return ReviewItem(
        item_id=stable_id("review", schema_name, value.row_id, value.field, value.rule, value.text),
        schema_name=schema_name,
        version=event.schema_version,
        table=event.table,
        source_id=event.source_id,
        document_id=event.document_id,
        extractor_id=event.extractor_id,
        row_id=value.row_id,
        column=value.field,
        label=value.label,
        rule=value.rule,
        text=value.text,
        places=value.places,
        second=value.second,
        second_places=value.second_places,
        opened_at=event.at,
    )
