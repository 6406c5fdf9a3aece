"""A try at repairing a source: what changed, what became of each field, and the proof that goes with it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal, NamedTuple

from core.model.base import Frozen
from core.model.blueprint import Blueprint
from core.model.extraction import HealReport


class FixState(StrEnum):
    """Where a try stands. Those that are `staged` or `rolled back` can be promoted."""

    STARTED = "started"
    STAGED = "staged"
    PROMOTED = "promoted"
    ROLLED_BACK = "rolled back"
    HEALTHY = "healthy"
    ABSTAINED = "abstained"
    FAILED = "failed"


class Proof(Frozen):
    """How a candidate did on pages whose rows are known.

    Rows of all tables are counted on the same pages; `compared` of them stand on both sides. `known` of their cells
    are read on both sides, `same` of them alike; `differing` holds some that are not, as "field: before → after".
    `emptied` are the fields ("table.field") that most compared rows have no longer, `otherwise` those that read
    otherwise in most of them; `missing` are the cells of other fields that are empty now. `unproved` are the tables of
    which no row reads as before in the fields that are left.
    """

    rows_before: int = 0
    rows_after: int = 0
    compared: int = 0
    known: int = 0
    same: int = 0
    missing: int = 0
    differing: tuple[str, ...] = ()
    emptied: tuple[str, ...] = ()
    otherwise: tuple[str, ...] = ()
    unproved: tuple[str, ...] = ()

    @property
    def agreement(self) -> float:
        """Share of known cells that are reproduced; 0 when nothing overlaps, for then nothing is proved."""
        return self.same / self.cells if self.cells else 0.0

    @property
    def cells(self) -> int:
        """The known cells of the fields that are left, also those that are empty now."""
        return self.known + self.missing


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

    @property
    def lost(self) -> tuple[str, ...]:
        """The fields ("table.field") that the repaired version does not read any more."""
        gone = (name for name, fate in self.fields.items() if fate in ("removed", "abstained"))
        return tuple(dict.fromkeys((*gone, *self.proof.emptied)))


class FixAct(Frozen):
    """What was done with a repair after it was made: by whom, when, why, and on which kinds of pages."""

    kind: Literal["promoted", "rolled back"]
    by: str
    at: datetime
    why: str = ""
    templates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a repair taught: the blueprint before and after a redesign, and whether the repair held."""

    extractor_id: str
    before: Blueprint
    after: Blueprint
    held: bool
    likeness: float


class Repaired(NamedTuple):
    """What an engine makes of a blueprint after a redesign.

    In `proposed` fields in doubt have a place that a person may look at; in `settled`, which may go into service, they
    stay empty. `changes` says in words what is different on the pages.
    """

    proposed: Blueprint
    settled: Blueprint
    report: HealReport
    changes: tuple[str, ...]


class FixAttempt(Frozen):
    """One try of the Doctor at one source; it counts against the day's tries from the moment it is reserved."""

    attempt_id: str
    source_id: str
    started_at: datetime
    state: FixState
    cause: str = ""
    templates: tuple[TemplateFix, ...] = ()
    finished_at: datetime | None = None
    acts: tuple[FixAct, ...] = ()
