"""Doctor: finds out what changed, repairs the extractor, and proves the repair on pages whose rows are known."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from core.agents.builder import Builder
from core.agents.lessons import Experience
from core.compare.rows import compare
from core.dom.interstitials import WALLS, wall_of
from core.errors import Conflict, NeedsPerson, PipelineError
from core.flow.archive import Archive
from core.flow.visitor import Visitor
from core.model import (
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
    if fix.verdict == "abstained":
        return f"On {fix.template} pages nothing could be found again with certainty{how}."
    touched = [f"{word}: {names}" for fate, word in WORDS.items() if (names := _fields(fix, fate))]
    return f"The {fix.template} pages were redesigned{how}; {'; '.join(touched) or 'all fields stand where they were'}."


WORDS = {"moved": "moved", "removed": "gone", "abstained": "unclear"}


def _fields(fix: TemplateFix, fate: str) -> str:
    """The names of the fields of a fate, the first few in words."""
    return listed_names([name.partition(".")[2] for name, found in fix.fields.items() if found == fate], NAMED_FIELDS)
