"""Second reading: what an extractor reads is read once more in another way, and where the two differ is told.

The second reader of a version is learned from pages that were kept, when a run has ended: first as soon as there is
one, and anew while there are twice as many pages as it was learned from, up to a few.
"""

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from core.compare.second import second_opinions
from core.errors import PipelineError
from core.flow.archive import Archive
from core.flow.proof import DRAWN_BY
from core.model import Blueprint, Extraction, Extractor, ExtractorState, ParsedDocument, RawDocument
from core.model.second import SecondReader
from core.ports import Adversary, BronzeStore, Clock, ExtractionLedger, ExtractorStore, SecondReaders

LOG = logging.getLogger(__name__)

# pages that a second reader is learned from, and documents among which they are looked for: from a dozen on, more pages
# deny hardly a way that the others did not
MOST_LEARNED, DOCUMENTS_BACK = 12, 200
# how many times the pages that it was learned from there must be before it is learned anew
MORE_PAGES = 2
# seconds for which this process goes by what it knows of a version, and by knowing nothing: another process may have
# learned its second reader just now
KNOWN_SECONDS, UNKNOWN_SECONDS = 30.0, 1.0
# versions of which it is known: those that a worker reads in turn
MOST_KNOWN = 1_000

# a record by its table and number, and of each field in dispute what the second reader found
Disputes = dict[tuple[str, int], dict[str, dict[str, Any]]]


@dataclass(frozen=True)
class SecondReading:
    """Knows the second reader of each version. `share` is the share of the documents that are read twice."""

    readers: SecondReaders
    adversary: Adversary
    extractors: ExtractorStore
    ledger: ExtractionLedger
    bronze: BronzeStore
    archive: Archive
    clock: Clock
    share: float
    _known: dict[str, tuple[float, Blueprint | None]] = field(default_factory=dict)

    def of(self, extractor: Extractor, document: RawDocument) -> Blueprint | None:
        """What reads a document a second time; None where nothing does, or the document is not drawn."""
        if int(document.document_id[:DRAWN_BY], 16) >= self.share * 16**DRAWN_BY:
            return None
        until, found = self._known.get(extractor.extractor_id, (0.0, None))
        if time.monotonic() >= until:
            reader = self.readers.get(extractor.extractor_id)
            if len(self._known) > MOST_KNOWN:
                self._known.clear()
            # a version keeps its blueprint for as long as it keeps its second reader: what is compiled stays compiled
            found = reader.blueprint if reader and reader.blueprint != found else found if reader else None
            seconds = KNOWN_SECONDS if reader else UNKNOWN_SECONDS
            self._known[extractor.extractor_id] = (time.monotonic() + seconds, found)
        return found

    def learn(self, source_id: str) -> int:
        """Learn the second readers of a source's versions in service, as far as that brings anything; how many."""
        if self.share <= 0:
            return 0
        versions = self.extractors.versions(source_id)
        return sum(self._learn(one) for one in versions if one.state is ExtractorState.ACTIVE)

    def _learn(self, extractor: Extractor) -> bool:
        known = self.readers.get(extractor.extractor_id)
        if known is not None and known.pages >= MOST_LEARNED:
            return False
        documents = list(self._read_well(extractor))
        if not documents or (known is not None and len(documents) < min(MOST_LEARNED, MORE_PAGES * known.pages)):
            return False
        pages = list(self._parsed(documents))
        blueprint = self.adversary.learn_apart(extractor.blueprint, pages)
        again = {(table.name, one.name) for table in (blueprint.tables if blueprint else ()) for one in table.fields}
        every = [(table.name, one.name) for table in extractor.blueprint.tables for one in table.fields]
        self.readers.save(
            SecondReader(
                extractor_id=extractor.extractor_id,
                blueprint=blueprint,
                alone=tuple(".".join(name) for name in every if name not in again),
                pages=len(documents),
                learned_at=self.clock.now(),
            )
        )
        self._known.pop(extractor.extractor_id, None)
        return True

    def _read_well(self, extractor: Extractor) -> Iterator[RawDocument]:
        """The newest pages in which the version found something."""
        found = self.bronze.find(extractor.source_id, limit=DOCUMENTS_BACK)
        left = MOST_LEARNED
        for document in found:
            entry = self.ledger.entry(document.document_id, extractor.extractor_id) if left else None
            if entry and entry.records and not entry.error:
                left -= 1
                yield document

    def _parsed(self, documents: list[RawDocument]) -> Iterator[ParsedDocument]:
        for document in documents:
            try:
                yield self.archive.parsed(document)
            except PipelineError as error:
                LOG.warning("the second reader is learned without document %s: %s", document.document_id, error)


def disputes(blueprint: Blueprint, extraction: Extraction) -> Disputes:
    """The cells that two readers read differently, by their records."""
    found: Disputes = {}
    for one in second_opinions(blueprint, extraction):
        if not one.agrees:
            told = {"raw": one.other.raw, "evidence": one.other.evidence or ()}
            found.setdefault((one.table, one.record), {})[one.field] = told
    return found
