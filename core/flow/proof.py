"""Evidence in service: of some documents, every value must be found again in the raw bytes, where it says it stands."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from core.evidence.spot_check import Unproven, unproven
from core.flow.archive import Archive
from core.model import Extraction, RawDocument

# digits of the hash by which documents are drawn: one in 65,536 is the finest share
DRAWN_BY = 4
# runs whose first pages are remembered as checked; a run that is forgotten has one page more checked
MOST_RUNS = 10_000


@dataclass(frozen=True)
class SpotChecks:
    """Looks at the first page of each run and extractor, and at a share of all others, drawn by their hashes."""

    archive: Archive
    share: float
    _begun: set[tuple[str, str]] = field(default_factory=set)

    def failed(self, document: RawDocument, extraction: Extraction, run_id: str) -> list[Unproven]:
        """The values of a document that are not found again; none where it is not looked at."""
        if not self._is_drawn(document, run_id):
            return []
        # read anew from the bytes that are kept: a tree in memory would prove what was read by itself
        return unproven(extraction, self.archive.parsed(document))

    def _is_drawn(self, document: RawDocument, run_id: str) -> bool:
        if self.share <= 0:
            return False
        if len(self._begun) > MOST_RUNS:
            self._begun.clear()
        first = (run_id, document.template) not in self._begun
        self._begun.add((run_id, document.template))
        return first or int(document.document_id[:DRAWN_BY], 16) < self.share * 16**DRAWN_BY


def proved(extraction: Extraction, failed: Sequence[Unproven]) -> Extraction:
    """The extraction without the records that hold a value that is not found again; its warnings say so."""
    if not failed:
        return extraction
    out = {(one.table, one.record) for one in failed}
    kept = [record for record in extraction.records if (record.table, record.index) not in out]
    return replace(extraction, records=kept, warnings=(*extraction.warnings, *(one.sentence for one in failed)))
