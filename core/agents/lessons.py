"""Experience: repairs that were made before, and extractors of like sites, found again by what pages are built of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from core.model import (
    Blueprint,
    ExtractorState,
    FixAttempt,
    FixState,
    Lesson,
    ParsedDocument,
    SourceState,
    TemplateFix,
)
from core.ports import Engine, ExtractorStore, FixStore, SourceStore
from core.schema.transfer import guided, signature

# the newest repairs that are looked through for lessons
RECENT_REPAIRS = 300
# how alike the outlines of two pages, or the words that two blueprints look for, must be (0..1) to be of one software.
# Higher teaches less, lower costs time: what a lesson says must still read on the page, or it decides nothing
# (tests/benchmarks/heal/lessons.py)
ALIKE_PAGES = 0.5
# lessons that are tried: each is a whole blueprint to be read
MOST_LESSONS = 3
SERVED = (FixState.PROMOTED, FixState.ROLLED_BACK)

Outline = tuple[str, ...]


@dataclass(frozen=True)
class Experience:
    """The lessons of all sources; they are kept in the repairs themselves, so none can be lost or made up."""

    fixes: FixStore
    extractors: ExtractorStore

    def lessons(self, before: Outline, after: Outline) -> list[Lesson]:
        """The repairs of like redesigns, most alike first: both what the pages were built of and what they are now."""
        found: dict[str, Lesson] = {}
        for attempt in self.fixes.find(limit=RECENT_REPAIRS):
            for lesson in self._of(attempt, before, after):
                found.setdefault(lesson.extractor_id, lesson)
        return sorted(found.values(), key=lambda lesson: -lesson.likeness)[:MOST_LESSONS]

    def _of(self, attempt: FixAttempt, before: Outline, after: Outline) -> Iterator[Lesson]:
        for fix in attempt.templates:
            likeness = min(likeness_of(before, fix.before_outline), likeness_of(after, fix.after_outline))
            if attempt.state in SERVED and fix.candidate_id and likeness >= ALIKE_PAGES:
                yield self._lesson(attempt, fix, likeness)

    def _lesson(self, attempt: FixAttempt, fix: TemplateFix, likeness: float) -> Lesson:
        """A repair that was rolled back is a lesson too: where not to go."""
        before, after = self.extractors.get(fix.before_id), self.extractors.get(fix.candidate_id)
        held = attempt.state is FixState.PROMOTED and before.state is not ExtractorState.ACTIVE
        return Lesson(fix.candidate_id, before.blueprint, after.blueprint, held, likeness)


class Guidance(NamedTuple):
    """A blueprint, and the name of the source whose decisions went into it ("" for none)."""

    blueprint: Blueprint
    named_as: str = ""


@dataclass(frozen=True)
class Precedents:
    """What is in service on other sites. Sources in quarantine and versions that were given up are no example."""

    sources: SourceStore
    extractors: ExtractorStore
    engine: Engine

    def guide(self, source_id: str, learned: Blueprint, pages: Sequence[ParsedDocument]) -> Guidance:
        """The learned blueprint with names, types and taught fields of the most similar site whose extractor reads
        these pages too; the learned one itself when there is none.
        """
        words = frozenset(self.engine.outline(pages[0]))
        for approved in self._akin(source_id, words):
            found = guided(learned, approved.blueprint, pages)
            if found is not None:
                return Guidance(found.blueprint, approved.named_as)
        return Guidance(learned)

    def _akin(self, source_id: str, words: frozenset[str]) -> list[Guidance]:
        """Blueprints that look for what the page is built of, the most similar first."""
        scored = []
        for approved in self._in_service(source_id) if words else ():
            wanted = signature(approved.blueprint)
            if wanted and (likeness := len(wanted & words) / len(wanted)) >= ALIKE_PAGES:
                scored.append((likeness, approved))
        return [approved for _, approved in sorted(scored, key=lambda pair: -pair[0])][:MOST_LESSONS]

    def _in_service(self, source_id: str) -> Iterator[Guidance]:
        for source in self.sources.all():
            if source.source_id != source_id and source.state is not SourceState.QUARANTINED:
                versions = self.extractors.versions(source.source_id)
                active = (version for version in versions if version.state is ExtractorState.ACTIVE)
                yield from (Guidance(version.blueprint, source.name) for version in active)


def likeness_of(left: Outline, right: Outline) -> float:
    """The Jaccard similarity of two outlines."""
    mine, theirs = set(left), set(right)
    return len(mine & theirs) / len(mine | theirs) if mine and theirs else 0.0
