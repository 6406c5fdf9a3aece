"""Evidence in service: of some documents, every value must be found again in the raw bytes, where it says it stands."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from core.evidence.spot_check import Unproven, unproven
from core.flow.archive import Archive
from core.model import Extraction, RawDocument

# digits of the hash by which documents are drawn: one in 65,536 is the finest share
DRAWN_BY = 4
# runs whose first pages are remembered; a run that is forgotten has one page more checked
MOST_RUNS = 10_000
# rows that are named when they are not kept: the reason is mostly the same, and a task's message must stay readable
MOST_NAMED = 5


@dataclass(frozen=True)
class SpotChecks:
    """Looks at the first page of each kind in a run, and at a share of all others, drawn by their hashes.

    The first page stays the first when it has to be read once more.
    """

    archive: Archive
    share: float
    _first: dict[tuple[str, str], str] = field(default_factory=dict)

    def failed(self, document: RawDocument, extraction: Extraction, run_id: str) -> list[Unproven]:
        """The values of a document that are not found again; none where it is not looked at."""
        if not self._is_drawn(document, run_id):
            return []
        # read anew from the bytes that are kept: a tree in memory would prove what was read by itself
        return unproven(extraction, self.archive.parsed(document))

    def _is_drawn(self, document: RawDocument, run_id: str) -> bool:
        if self.share <= 0:
            return False
        if len(self._first) > MOST_RUNS:
            self._first.clear()
        first = self._first.setdefault((run_id, document.template), document.document_id)
        return first == document.document_id or int(document.document_id[:DRAWN_BY], 16) < self.share * 16**DRAWN_BY


def proved(extraction: Extraction, failed: Sequence[Unproven]) -> Extraction:
    """The extraction without the records that hold a value that is not found again; its warnings say so."""
    if not failed:
        return extraction
    out = {(one.table, one.record) for one in failed}
    kept = [record for record in extraction.records if (record.table, record.index) not in out]
    return replace(extraction, records=kept, warnings=(*extraction.warnings, *sentences(failed)))


def sentences(failed: Sequence[Unproven]) -> tuple[str, ...]:
    """The first rows that are not kept, and how many more there are."""
    more = len(failed) - MOST_NAMED
    said = [one.sentence for one in failed[:MOST_NAMED]]
    return (*said, f"and {more:,} more rows are not kept for the like reason") if more > 0 else tuple(said)
