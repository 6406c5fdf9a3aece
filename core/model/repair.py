"""A try at repairing a source: what changed, what became of each field, and the proof that goes with it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.model.base import Frozen
from core.model.blueprint import Blueprint


class FixState(StrEnum):
    """Where a try stands. Only `staged` ones can still be promoted."""

    STARTED = "started"
    STAGED = "staged"
    PROMOTED = "promoted"
    HEALTHY = "healthy"
    ABSTAINED = "abstained"
    FAILED = "failed"


class Proof(Frozen):
    """How a candidate did on pages whose rows are known.

    `known` cells of records that stand on the archived and on the fresh page, `same` of them read alike; `differing`
    holds some that did not, as "field: before → after". Rows are counted on the same pages.
    """

    rows_before: int = 0
    rows_after: int = 0
    known: int = 0
    same: int = 0
    differing: tuple[str, ...] = ()

    @property
    def agreement(self) -> float:
        """Share of known cells that are reproduced; 0 when nothing overlaps, for then nothing is proved."""
        return self.same / self.known if self.known else 0.0


class TemplateFix(Frozen):
    """The repair of one page template: the versions, the fate of each field and why, the pages it was tried on.

    `changes` says what is different on the page; the outlines are what the pages were and are built of, by which a
    repair is found again as a lesson; `lessons` are the extractor versions of those that were used.
    """

    template: str
    before_id: str
    candidate_id: str = ""
    verdict: str
    fields: dict[str, str] = {}
    reasons: dict[str, str] = {}
    changes: tuple[str, ...] = ()
    before_outline: tuple[str, ...] = ()
    after_outline: tuple[str, ...] = ()
    lessons: tuple[str, ...] = ()
    archived: tuple[str, ...] = ()
    fresh: tuple[str, ...] = ()
    proof: Proof = Proof()


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a repair taught: the blueprint before and after a redesign, and whether the repair held."""

    extractor_id: str
    before: Blueprint
    after: Blueprint
    held: bool
    likeness: float


class FixAttempt(Frozen):
    """One try of the Doctor at one source; it counts against the day's tries from the moment it is reserved."""

    attempt_id: str
    source_id: str
    started_at: datetime
    state: FixState
    cause: str = ""
    templates: tuple[TemplateFix, ...] = ()
    finished_at: datetime | None = None
