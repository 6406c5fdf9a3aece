"""Doctor: finds out what changed, repairs the extractor, and proves the repair on pages whose rows are known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from core.agents.builder import Builder
from core.agents.lessons import Experience
from core.compare.rows import compare
from core.dom.interstitials import WALLS, wall_of
from core.errors import Conflict, NeedsPerson, PipelineError
from core.flow.archive import Archive
from core.flow.visitor import Visitor
from core.model import (
    Blueprint,
    Extraction,
    Extractor,
    FetchRequest,
    FixAct,
    FixAttempt,
    FixState,
    ParsedDocument,
    Proof,
    RawDocument,
    Source,
    TemplateFix,
)
from core.model.words import listed_names
from core.ports import BronzeStore, Clock, Engine, ExtractionLedger, ExtractorStore, FixStore, Runner

MAIN = "main"
# pages that were read well and are fetched once more for a repair: learning gains little from more (DETAIL_SAMPLES of
# core/agents/scout.py), and each costs a visit
REPAIR_PAGES = 4
# the newest documents that these are chosen from
RECENT_DOCUMENTS = 200
# pages from before and since that show what grew, and how many there must be: fewer are chance
GROWN_PAGES, FEWEST_GROWN = 8, 3
GROWN = "grown"
# fields of one fate, and changes of the page, that the sentence about a repair names
NAMED_FIELDS = 2
NAMED_CHANGES = 3


class Pair(NamedTuple):
    """The same address then and now: the version that was read well, and the one that was just fetched."""

    archived: RawDocument
    fresh: RawDocument


@dataclass(frozen=True)
class Doctor:
    """One try is one visit: fetch fresh pages, heal each template, stage what changed, prove it."""

    visitor: Visitor
    archive: Archive
    runner: Runner
    engine: Engine
    builder: Builder
    experience: Experience
    bronze: BronzeStore
    ledger: ExtractionLedger
    extractors: ExtractorStore
    fixes: FixStore
    clock: Clock
    limit: int

    def repair(self, source: Source) -> FixAttempt:
        """Try to repair a source; nothing is promoted here.

        Raises:
            NeedsPerson: the day's tries are used up.
        """
        attempt = self.fixes.reserve(source.source_id, self.clock.now(), self.limit)
        if attempt is None:
            raise NeedsPerson(
                f"The {self.limit} tries at repairing this source in 24 hours are used up.",
                "Look at what they found, promote one of them, or edit the extractor by hand.",
            )
        try:
            attempt = self._treat(source, attempt)
        except PipelineError as error:
            attempt = attempt.model_copy(update={"state": FixState.FAILED, "cause": str(error)})
        done = attempt.model_copy(update={"finished_at": self.clock.now()})
        self.fixes.save(done)
        return done

    def grow(self, source: Source) -> FixAttempt | None:
        """Stage versions that also read what pages show since the present ones were learned; None where nothing grew.

        Only pages that were kept are looked at. Nothing is promoted here.
        """
        templates = {version.template for version in self.extractors.versions(source.source_id)}
        found = [self._grown(source, template) for template in sorted(templates)]
        fixes = tuple(fix for fix in found if fix)
        attempt = self.fixes.reserve(source.source_id, self.clock.now(), self.limit) if fixes else None
        if attempt is None:
            return None
        changes = {"state": FixState.STAGED, "cause": diagnose(fixes), "templates": fixes}
        done = attempt.model_copy(update={**changes, "finished_at": self.clock.now()})
        self.fixes.save(done)
        return done

    def _grown(self, source: Source, template: str) -> TemplateFix | None:
        """The version in service with what grew on its pages."""
        active = self.extractors.active(source.source_id, template)
        if active is None:
            return None
        before = self._kept(
            active, self.bronze.find(source.source_id, before=active.created_at, limit=RECENT_DOCUMENTS)
        )
        newest = self.bronze.find(source.source_id, limit=RECENT_DOCUMENTS)
        now = self._kept(active, [page for page in newest if page.fetched_at > active.created_at])
        if len(before) < FEWEST_GROWN or len(now) < FEWEST_GROWN:
            return None
        earlier, later = ([self.archive.parsed(page) for page in side] for side in (before, now))
        blueprint, why = self.engine.grow(active.blueprint, earlier, later)
        if not why or self._was_offered(source, template, why):
            return None
        samples = list(zip(now, later, strict=False))
        candidate = self.builder.stage(source.source_id, template, blueprint, samples, note="growth")
        read = [[self.runner.run(version, page) for page in later] for version in (active, candidate)]
        known = [_apart_from(extraction, why) for extraction in read[1]]
        return TemplateFix(
            template=template,
            before_id=active.extractor_id,
            candidate_id=candidate.extractor_id,
            verdict=GROWN,
            fields=_fates(blueprint, why),
            reasons=why,
            archived=tuple(document.document_id for document, _ in samples),
            fresh=tuple(document.document_id for document, _ in samples),
            proof=compare(active.blueprint, read[0], known),
        )

    def _kept(self, active: Extractor, documents: Sequence[RawDocument]) -> list[RawDocument]:
        """Some of the documents that are of the kind that a version reads, and were read well."""
        read = self.ledger.of_documents([page.document_id for page in documents])
        kept = [page for page in documents if (entry := read.get(page.document_id)) and entry.records]
        return [page for page in kept if page.template == active.template][:GROWN_PAGES]

    def _was_offered(self, source: Source, template: str, why: Mapping[str, str]) -> bool:
        """Whether a person knows of these fields already, and did not want them, or has not decided."""
        offered = {
            name
            for attempt in self.fixes.find(source.source_id)
            for fix in attempt.templates
            if fix.template == template and fix.verdict == GROWN
            for name in fix.reasons
        }
        return set(why) <= offered

    def _treat(self, source: Source, attempt: FixAttempt) -> FixAttempt:
        fixes = []
        templates = {version.template for version in self.extractors.versions(source.source_id)}
        for template in sorted(templates, key=lambda name: (name != MAIN, name)):
            active = self.extractors.active(source.source_id, template)
            if active is not None and (pairs := self._pairs(source, active, attempt.attempt_id)):
                fixes.append(self._heal(source, active, pairs))
        state = _state(fixes)
        return attempt.model_copy(update={"state": state, "cause": diagnose(fixes), "templates": tuple(fixes)})

    def _pairs(self, source: Source, active: Extractor, attempt_id: str) -> list[Pair]:
        """Pages that the active version read well, fetched again."""
        good = self._read_well(source, active)
        pairs = []
        for archived in good:
            request = FetchRequest(
                source_id=source.source_id, url=archived.url, template=archived.template, parent_id=archived.parent_id
            )
            try:
                pairs.append(Pair(archived, self.visitor.visit(source, request, attempt_id)))
            except PipelineError:
                continue
        if good and not pairs:
            raise NeedsPerson(
                f"None of the known {active.template} pages can be fetched.", "Is the address still right?"
            )
        return self._behind_walls(pairs, active.template)

    def _behind_walls(self, pairs: list[Pair], template: str) -> list[Pair]:
        """The pairs whose fresh page is content; a page that keeps visitors out is nothing to learn from."""
        walls = [wall_of(self.archive.parsed(pair.fresh)) for pair in pairs]
        content = [pair for pair, wall in zip(pairs, walls, strict=True) if wall is None]
        if pairs and not content:
            raise NeedsPerson(
                f"The site answers with {WALLS[walls[0] or 'check'].what} in place of its {template} pages.",
                "Open the address in a browser; the extractor itself may be right.",
            )
        return content

    def _read_well(self, source: Source, active: Extractor) -> list[RawDocument]:
        documents = self.bronze.find(source.source_id, limit=RECENT_DOCUMENTS)
        entries = {
            document.document_id: self.ledger.entry(document.document_id, active.extractor_id) for document in documents
        }
        read = [document for document in documents if (entry := entries[document.document_id]) and entry.records]
        starts_first = sorted(read, key=lambda document: document.parent_id is not None)
        newest: dict[str, RawDocument] = {}
        for document in starts_first:
            newest.setdefault(document.url, document)
        return list(newest.values())[:REPAIR_PAGES]

    def _heal(self, source: Source, active: Extractor, pairs: Sequence[Pair]) -> TemplateFix:
        archived = [self.archive.parsed(pair.archived) for pair in pairs]
        fresh = [self.archive.parsed(pair.fresh) for pair in pairs]
        before, after = self.engine.outline(archived[0]), self.engine.outline(fresh[0])
        lessons = self.experience.lessons(before, after)
        repaired = self.engine.repair(active.blueprint, archived, fresh, lessons)
        report = repaired.report
        fix = TemplateFix(
            template=active.template,
            before_id=active.extractor_id,
            verdict=report.verdict,
            fields=dict(report.fields),
            reasons=dict(report.reasons),
            changes=repaired.changes,
            before_outline=before,
            after_outline=after,
            lessons=tuple(lesson.extractor_id for lesson in lessons),
            archived=tuple(pair.archived.document_id for pair in pairs),
            fresh=tuple(pair.fresh.document_id for pair in pairs),
        )
        if report.verdict in ("healthy", "abstained"):
            return fix
        samples = [(pair.fresh, parsed) for pair, parsed in zip(pairs, fresh, strict=True)]
        candidate = self.builder.stage(source.source_id, active.template, repaired.settled, samples, note="repair")
        proof = self._prove(active, candidate, archived, fresh)
        return fix.model_copy(update={"candidate_id": candidate.extractor_id, "proof": proof})

    def _prove(
        self,
        active: Extractor,
        candidate: Extractor,
        archived: Sequence[ParsedDocument],
        fresh: Sequence[ParsedDocument],
    ) -> Proof:
        before: list[Extraction] = [self.runner.run(active, document) for document in archived]
        after: list[Extraction] = [self.runner.run(candidate, document) for document in fresh]
        return compare(active.blueprint, before, after)

    def promote(self, attempt_id: str, by: str, why: str = "") -> FixAttempt:
        """Put the staged versions of a try into service, all of them, also after they were rolled back.

        Raises:
            Conflict: the try has nothing staged, or another version is in service by now.
        """
        attempt = self.fixes.get(attempt_id)
        if attempt.state not in (FixState.STAGED, FixState.ROLLED_BACK):
            raise Conflict("This repair has nothing that could be promoted.", "Start a new one.")
        staged = [fix for fix in attempt.templates if fix.candidate_id]
        if any(not self._serves(attempt, fix, fix.before_id) for fix in staged):
            raise Conflict("Another version is in service since this repair was made.", "Start a new one.")
        for fix in staged:
            self.builder.promote(self.extractors.get(fix.candidate_id))
        return self._acted(attempt, FixState.PROMOTED, staged, by, why)

    def roll_back(self, attempt_id: str, by: str, why: str = "") -> FixAttempt:
        """Put the versions before a promoted try into service again, where its own ones still are.

        Raises:
            Conflict: the try is not in service.
        """
        attempt = self.fixes.get(attempt_id)
        promoted = attempt.templates if attempt.state is FixState.PROMOTED else ()
        serving = [fix for fix in promoted if fix.candidate_id and self._serves(attempt, fix, fix.candidate_id)]
        if not serving:
            raise Conflict("This repair is not in service: there is nothing to roll back.", "Look at the newest one.")
        for fix in serving:
            self.builder.roll_back(self.extractors.get(fix.candidate_id), self.extractors.get(fix.before_id), by, why)
        return self._acted(attempt, FixState.ROLLED_BACK, serving, by, why)

    def _serves(self, attempt: FixAttempt, fix: TemplateFix, extractor_id: str) -> bool:
        active = self.extractors.active(attempt.source_id, fix.template)
        return active is not None and active.extractor_id == extractor_id

    def _acted(
        self, attempt: FixAttempt, state: FixState, fixes: Sequence[TemplateFix], by: str, why: str
    ) -> FixAttempt:
        """The try with what was done with it, as it is kept."""
        kind: Literal["promoted", "rolled back"] = "promoted" if state is FixState.PROMOTED else "rolled back"
        act = FixAct(kind=kind, by=by, why=why, at=self.clock.now(), templates=tuple(fix.template for fix in fixes))
        done = attempt.model_copy(update={"state": state, "acts": (*attempt.acts, act)})
        self.fixes.save(done)
        return done


def _state(fixes: Sequence[TemplateFix]) -> FixState:
    if any(fix.candidate_id for fix in fixes):
        return FixState.STAGED
    return FixState.ABSTAINED if any(fix.verdict == "abstained" for fix in fixes) else FixState.HEALTHY


def diagnose(fixes: Sequence[TemplateFix]) -> str:
    """What changed, in one plain sentence for each template that did, each on a line of its own."""
    said = [_sentence(fix) for fix in fixes if fix.verdict != "healthy"]
    return "\n".join(said) or "Nothing changed: the extractor still reads the pages as before."


def _sentence(fix: TemplateFix) -> str:
    """The change on the page, then the fields it touches."""
    how = f" ({'; '.join(fix.changes[:NAMED_CHANGES])})" if fix.changes else ""
    if fix.verdict == GROWN:
        return f"The {fix.template} pages show what is not read yet: {_fields(fix, 'added')}."
    if fix.verdict == "abstained":
        return f"On {fix.template} pages nothing could be found again with certainty{how}."
    touched = [f"{word}: {names}" for fate, word in WORDS.items() if (names := _fields(fix, fate))]
    return f"The {fix.template} pages were redesigned{how}; {'; '.join(touched) or 'all fields stand where they were'}."


def _apart_from(extraction: Extraction, names: Mapping[str, str]) -> Extraction:
    """What was read without some fields ("table.field")."""
    records = [
        replace(
            record, fields={name: cell for name, cell in record.fields.items() if f"{record.table}.{name}" not in names}
        )
        for record in extraction.records
    ]
    return replace(extraction, records=records)


def _fates(blueprint: Blueprint, added: Mapping[str, str]) -> dict[str, str]:
    names = (f"{table.name}.{field.name}" for table in blueprint.tables for field in table.fields)
    return {name: "added" if name in added else "kept" for name in names}


WORDS = {"moved": "moved", "removed": "gone", "abstained": "unclear"}


def _fields(fix: TemplateFix, fate: str) -> str:
    """The names of the fields of a fate, the first few in words."""
    return listed_names([name.partition(".")[2] for name, found in fix.fields.items() if found == fate], NAMED_FIELDS)
