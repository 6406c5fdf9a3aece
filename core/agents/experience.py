"""Experience: repairs that were made before, found again by what the pages are built of."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.model import ExtractorState, FixAttempt, FixState, Lesson, TemplateFix
from core.ports import ExtractorStore, FixStore

LOOKED_AT = 300
ALIKE = 0.5
MOST = 3

Outline = tuple[str, ...]


@dataclass(frozen=True)
class Experience:
    """The lessons of all sources; they are kept in the repairs themselves, so none can be lost or made up."""

    fixes: FixStore
    extractors: ExtractorStore

    def lessons(self, before: Outline, after: Outline) -> list[Lesson]:
        """The repairs of like redesigns, most alike first: both what the pages were built of and what they are now."""
        found: dict[str, Lesson] = {}
        for attempt in self.fixes.find(limit=LOOKED_AT):
            for lesson in self._of(attempt, before, after):
                found.setdefault(lesson.extractor_id, lesson)
        return sorted(found.values(), key=lambda lesson: -lesson.likeness)[:MOST]

    def _of(self, attempt: FixAttempt, before: Outline, after: Outline) -> Iterator[Lesson]:
        for fix in attempt.templates:
            likeness = min(alike(before, fix.before_outline), alike(after, fix.after_outline))
            if attempt.state is FixState.PROMOTED and fix.candidate_id and likeness >= ALIKE:
                yield self._lesson(fix, likeness)

    def _lesson(self, fix: TemplateFix, likeness: float) -> Lesson:
        """A repair that was rolled back is a lesson too: where not to go."""
        before, after = self.extractors.get(fix.before_id), self.extractors.get(fix.candidate_id)
        held = before.state is not ExtractorState.ACTIVE
        return Lesson(fix.candidate_id, before.blueprint, after.blueprint, held, likeness)


def alike(left: Outline, right: Outline) -> float:
    """The Jaccard similarity of two outlines."""
    mine, theirs = set(left), set(right)
    return len(mine & theirs) / len(mine | theirs) if mine and theirs else 0.0
