"""Proposals: typed tables for rows that were extracted, and the next versions of those that were approved."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.cluster import FamilySuggestion, read_signature, suggestions
from core.errors import BadInput
from core.model import stable_id
from core.model.schema import (
    LabelDrift,
    ReviewAct,
    ReviewState,
    SchemaProposal,
    SchemaReview,
    SchemaTable,
    SchemaVersion,
    SiteLabel,
)
from core.pipeline.schema_columns import apart_from_parts
from core.pipeline.source_rows import SourceRows
from core.ports import Clock, ReviewStore
from core.propose import propose
from core.propose.label_drift import label_drifts
from core.propose.succession import successor
from core.validate.samples import SampleRow, sample_row

# rows of a table that say what kind of thing it holds
ROWS_LIKENED = 50
# rows of a proposal that are shown before and after
ROWS_SHOWN = 50


@dataclass(frozen=True)
class Proposals:
    """Makes proposals; it keeps none."""

    _rows: SourceRows
    _reviews: ReviewStore
    _clock: Clock

    def first(self, tables: Sequence[str], name: str, by: str, why: str) -> SchemaReview:
        """A table for the rows of some extracted tables.

        Raises:
            BadInput: they hold no row.
            UnknownName: there is no extracted table of that name.
        """
        proposal = self._proposed(tables, name)
        return self._review(name, 0, proposal, proposal.tables[0], by, why)

    def next(
        self, base: SchemaVersion, drifts: Sequence[LabelDrift], tables: Sequence[str], by: str, why: str
    ) -> SchemaReview:
        """The next version of an approved table, from its own sources and more; raises as `first` does."""
        proposal = self._proposed([*base.sources, *tables], base.schema_name)
        main = successor(base.table, proposal.tables[0], self._decided(base), drifts)
        return self._review(base.schema_name, base.number, proposal, main, by, why, drifts)

    def _proposed(self, tables: Sequence[str], name: str) -> SchemaProposal:
        documents = [document for table in dict.fromkeys(tables) for document in self._rows.documents(table)]
        if not documents:
            raise BadInput("There is no row to propose a table from.", "Run the source first.")
        return propose(documents, name, origin=", ".join(dict.fromkeys(tables)))

    def _review(
        self,
        name: str,
        base: int,
        proposal: SchemaProposal,
        main: SchemaTable,
        by: str,
        why: str,
        drifts: Sequence[LabelDrift] = (),
    ) -> SchemaReview:
        now = self._clock.now()
        return SchemaReview(
            review_id=stable_id("review", name, proposal.id, now.isoformat()),
            schema_name=name,
            base=base,
            state=ReviewState.WAITING,
            proposal=proposal,
            tables=(apart_from_parts(main),),
            drifts=tuple(drifts),
            acts=(ReviewAct(kind="proposed", at=now, by=by, why=why),),
        )

    def drifts(self, version: SchemaVersion) -> list[LabelDrift]:
        """What became of the sources of a version since it was approved."""
        known = self._decided(version)
        return [
            drift
            for table in version.sources
            for drift in label_drifts(
                version.table,
                table,
                [label.label for label in known if label.site == table],
                self._rows.beside(table, version.approved_at),
            )
        ]

    def _decided(self, version: SchemaVersion) -> set[SiteLabel]:
        """The labels that the person knew of who approved a version."""
        proposed = self._reviews.get(version.review_id).proposal.tables[0]
        return {label for field in (*proposed.fields, *version.table.fields) for label in field.sources}

    def alike(self) -> list[FamilySuggestion]:
        """Pairs of extracted tables that may hold the same kind of thing, the most likely first.

        Takes a second or some where there are many tables. Tables of one source are of different kinds.
        """
        seen = {table: self._rows.documents(table, ROWS_LIKENED) for table in self._rows.tables()}
        signatures = {
            table: read_signature(document.fields for document in documents)
            for table, documents in seen.items()
            if documents
        }
        return suggestions(signatures, {table: table.partition("__")[0] for table in signatures})

    def samples(self, before: SchemaTable | None, after: SchemaTable) -> list[SampleRow]:
        """The rows that were read last, as one table takes them and as another would."""
        tables = dict.fromkeys(label.site for field in after.fields for label in field.sources)
        each = max(1, ROWS_SHOWN // max(1, len(tables)))
        return [sample_row(before, after, row) for table in tables for row in self._rows.samples(table, each)]
