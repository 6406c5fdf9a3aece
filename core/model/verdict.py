"""What a repair proves, in one sentence: the same for a person, for a machine, and for the gate before service."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from core.model.repair import Proof, TemplateFix
from core.model.words import counted, listed_names

ProofLevel = Literal["proved", "doubtful", "nothing"]

# known cells that must have been compared: fewer can agree by chance
LEAST_KNOWN = 3
# share of known cells that must be read alike; the rest may have changed in the world
SAFE_AGREEMENT = 0.9
# share of the rows before that must be read now, and of the rows on the smaller side that must be known again
ROWS_SHARE = 0.5
# share of the fields that a repair may lose and still be one
MOST_LOST = 0.5
# names of fields in a sentence
MOST_NAMED = 5


@dataclass(frozen=True)
class RepairVerdict:
    """What the proof of a repair says over all kinds of pages.

    `proved`: every known row was read as before and no field was lost; such a repair may go into service by itself.
    `doubtful`: something is staged, and `lost` fields or `doubts` are for a person to weigh. `nothing` is staged.
    `doubts` are what speaks against it beside the losses.
    """

    level: ProofLevel
    sentence: str
    lost: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def question(self) -> str:
        """What a person is asked before a doubtful repair goes into service."""
        if self.level != "doubtful":
            return ""
        loss = [f"{_are_lost(self.lost)}: {listed_names(self.lost, len(self.lost))}"] if self.lost else []
        return f"Promote although {'; '.join([*loss, *self.doubts])}?"

    @property
    def is_lossy_only(self) -> bool:
        """Whether what it reads is right, and some of the fields are all that is lost."""
        return self.level == "proved" or (self.level == "doubtful" and not self.doubts)


def verdict_of(fixes: Sequence[TemplateFix]) -> RepairVerdict:
    """The verdict of a repair on all its kinds of pages together."""
    staged = [fix for fix in fixes if fix.candidate_id]
    if not staged:
        return RepairVerdict("nothing", "Nothing is staged.")
    several = len(fixes) > 1
    lost = tuple(_named(fix, name, several=several) for fix in staged for name in fix.lost)
    doubts = tuple(doubt for fix in fixes for doubt in _doubts(fix, several=several))
    figures = _figures(staged)
    if not lost and not doubts:
        return RepairVerdict("proved", f"Proved: {figures}, and no field is lost.")
    said = [f"{_are_lost(lost)}: {listed_names(lost, MOST_NAMED)}"] if lost else []
    sentence = f"Not proved: {'; '.join([*said, *doubts])}. {figures[0].upper()}{figures[1:]}."
    return RepairVerdict("doubtful", sentence, lost, doubts)


def _are_lost(names: Sequence[str]) -> str:
    return f"{counted(len(names), 'field')} {'is' if len(names) == 1 else 'are'} lost"


def _named(fix: TemplateFix, name: str, *, several: bool) -> str:
    """The name of a field, with its kind of page where there are several."""
    field = name.partition(".")[2] or name
    return f"{field} ({fix.template})" if several else field


def _figures(staged: Sequence[TemplateFix]) -> str:
    """How much was compared, and how much of it agreed."""
    proofs = [fix.proof for fix in staged]
    same, cells = sum(proof.same for proof in proofs), sum(proof.cells for proof in proofs)
    compared, rows = sum(proof.compared for proof in proofs), sum(proof.rows_before for proof in proofs)
    return f"{same:,} of {counted(cells, 'known cell')} in {compared:,} of {counted(rows, 'row')} read alike"


def _doubts(fix: TemplateFix, *, several: bool) -> list[str]:
    where = f" on {fix.template} pages" if several else ""
    if not fix.candidate_id:
        return [f"nothing was found again{where}"] if fix.verdict == "abstained" else []
    many = len(fix.lost) > MOST_LOST * len(fix.fields)
    of_fields = [f"most fields are lost{where}"] if many else []
    return of_fields + [doubt + where for doubt in _of_rows(fix.proof)]


def _of_rows(proof: Proof) -> list[str]:
    """What the rows leave open; none that could be compared is the whole story."""
    if not proof.compared:
        return ["no row could be compared"]
    said = []
    if proof.compared < ROWS_SHARE * min(proof.rows_before, proof.rows_after):
        said.append(f"only {proof.compared:,} of {counted(proof.rows_before, 'row')} could be compared")
    if proof.known < LEAST_KNOWN:
        said.append(f"only {counted(proof.known, 'known cell')} could be compared")
    if proof.agreement < SAFE_AGREEMENT:
        said.append(f"{proof.cells - proof.same:,} of {counted(proof.cells, 'known cell')} read otherwise or are empty")
    if proof.rows_after < ROWS_SHARE * proof.rows_before:
        said.append(f"{counted(proof.rows_after, 'row')} now, {proof.rows_before:,} before")
    if proof.otherwise:
        names = [name.partition(".")[2] for name in proof.otherwise]
        said.append(f"most known cells read otherwise in {listed_names(names, MOST_NAMED)}")
    said += [f"no row of “{table}” reads as before" for table in proof.unproved]
    return said
