"""Teacher: a value that a person corrected, and that stands on its page, shows the extractor where to read it.

What it learns is staged as a repair, with the proof that goes with one: a person promotes it under Doctor.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from core.agents.builder import Builder, Sample
from core.compare.rows import compare
from core.compare.values import bare
from core.errors import BadInput, Conflict, NeedsPerson
from core.flow.archive import Archive
from core.flow.lake_rows import lake_tables_of
from core.model import Blueprint, Extraction, Extractor, FixAttempt, FixState, TemplateFix
from core.model.words import counted
from core.ports import BronzeStore, Clock, Engine, ExtractorStore, FixStore, Runner

# pages with an example that are learned from, others on which it is proved, and documents among which these are sought
MOST_EXAMPLES, MOST_PROVED, DOCUMENTS_BACK = 10, 10, 200


class CorrectedCell(NamedTuple):
    """What a person says that a column of an extracted table is in a document."""

    document_id: str
    extractor_id: str
    table: str
    column: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Teacher:
    """Stages a version that reads a column where corrected values stand."""

    extractors: ExtractorStore
    fixes: FixStore
    bronze: BronzeStore
    archive: Archive
    runner: Runner
    engine: Engine
    builder: Builder
    clock: Clock
    limit: int

    def teach(self, cells: Sequence[CorrectedCell], doubted: Collection[str], by: str) -> FixAttempt:
        """A staged repair of the version in service.

        Args:
            cells: what was corrected, of one column.
            doubted: other documents of which it is not known whether the column is read right.
            by: who corrected it.

        Raises:
            BadInput: a value does not stand on its page, or the way to one does not lead to the others.
            Conflict: the extractor is not in service any more.
            NeedsPerson: the day's tries are used up.
        """
        read_by = self.extractors.get(cells[0].extractor_id)
        active = self.extractors.active(read_by.source_id, read_by.template)
        if active is None:
            said = f"Pages of the kind “{read_by.template}” are not read any more."
            raise Conflict(said, "Correct the values alone.")
        shown = {cell.document_id: cell for cell in cells[:MOST_EXAMPLES]}
        examples, others = self._samples(list(shown)), self._others(active, {*shown, *doubted})
        taught = self._taught(active, shown, examples, others)
        attempt = self._reserved(active)
        note = f"taught by {by}"
        candidate = self.builder.stage(active.source_id, active.template, taught, examples, note=note)
        fix = self._fix(active, candidate, cells[0], examples, others)
        cause = f"{by} corrected {cells[0].column} on {counted(len(examples), 'page')}."
        changes = {"state": FixState.STAGED, "cause": cause, "templates": (fix,), "finished_at": self.clock.now()}
        done = attempt.model_copy(update=changes)
        self.fixes.save(done)
        return done

    def _taught(
        self,
        active: Extractor,
        shown: Mapping[str, CorrectedCell],
        examples: Sequence[Sample],
        others: Sequence[Sample],
    ) -> Blueprint:
        """The blueprint with a way to the column that leads to what was corrected, and to what was right before."""
        first = next(iter(shown.values()))
        given = {number: shown[document.document_id].values for number, (document, _) in enumerate(examples)}
        for number, (_, page) in enumerate(others, len(examples)):
            if texts := _texts(active, self.runner.run(active, page, located=False), first):
                given[number] = texts
        pages = [page for _, page in (*examples, *others)]
        taught = self.engine.teach(active.blueprint, pages, first.column, given)
        for cell, (_, page) in zip(shown.values(), examples, strict=True):
            read = {bare(text) for text in _texts(active, self.runner.try_out(taught, page, located=False), cell)}
            if not {bare(value) for value in cell.values} <= read:
                said = f"No one way leads to all values of {cell.column}."
                raise BadInput(said, "The pages may be of several kinds: teach from one of them.")
        return taught

    def _reserved(self, active: Extractor) -> FixAttempt:
        attempt = self.fixes.reserve(active.source_id, self.clock.now(), self.limit)
        if attempt is None:
            said = f"The {self.limit} tries at repairing this source in 24 hours are used up."
            raise NeedsPerson(said, "Teach it tomorrow, or promote what they found.")
        return attempt

    def _samples(self, document_ids: Sequence[str]) -> list[Sample]:
        documents = [self.bronze.get(document_id) for document_id in document_ids]
        return [(document, self.archive.parsed(document)) for document in documents]

    def _others(self, active: Extractor, examples: set[str]) -> list[Sample]:
        """Pages of the same kind on which nothing was corrected: there it must read as before."""
        found = self.bronze.find(active.source_id, limit=DOCUMENTS_BACK)
        like = [one.document_id for one in found if one.template == active.template and one.document_id not in examples]
        return self._samples(like[:MOST_PROVED])

    def _fix(
        self,
        active: Extractor,
        candidate: Extractor,
        cell: CorrectedCell,
        examples: Sequence[Sample],
        others: Sequence[Sample],
    ) -> TemplateFix:
        pages = [parsed for _, parsed in others]
        before, after = ([self.runner.run(one, page) for page in pages] for one in (active, candidate))
        outline = self.engine.outline(examples[0][1])
        ids = tuple(document.document_id for document, _ in others)
        name = f"{_table_of(active, cell)}.{cell.column}"
        return TemplateFix(
            template=active.template,
            before_id=active.extractor_id,
            candidate_id=candidate.extractor_id,
            verdict="healed",
            fields={name: "moved"},
            reasons={name: f"A person corrected it on {counted(len(examples), 'page')}."},
            before_outline=outline,
            after_outline=outline,
            archived=ids,
            fresh=ids,
            proof=compare(active.blueprint, before, after),
        )


def _table_of(extractor: Extractor, cell: CorrectedCell) -> str:
    """The table of the blueprint whose rows go to the table of the lake."""
    names = dict(zip(lake_tables_of(extractor), extractor.blueprint.tables, strict=True))
    return names[cell.table].name if cell.table in names else extractor.blueprint.tables[0].name


def _texts(extractor: Extractor, found: Extraction, cell: CorrectedCell) -> tuple[str, ...]:
    """The texts of a column in all records of a page."""
    read = (record.fields.get(cell.column) for record in found.of(_table_of(extractor, cell)))
    raws = (one.raw if isinstance(one.raw, list) else [one.raw] for one in read if one)
    return tuple(str(text) for each in raws for text in each)
