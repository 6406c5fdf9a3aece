"""A few documents of a cluster, which do not depend on the order in which they came."""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from heapq import heappush, heappushpop
from typing import Any, NamedTuple

from core.signature import DocumentFields

# documents kept of a cluster: sixteen kinds that share a frame have eight each
MOST_SAMPLED = 128
# letters of a text that may be the name of a kind ("Contract award notice", a schema's address), and fields kept of
# one document
LONGEST_KIND = 80
FIELDS_SAMPLED = 300


class SampledDocument(NamedTuple):
    """A document as it is kept: its fields, and the text of those that have a single short one."""

    fields: tuple[str, ...]
    texts: Mapping[str, str]


class DocumentSample:
    """Bottom-k sampling by the hash of the document's id."""

    __slots__ = ("_changed", "_heap")

    def __init__(self) -> None:
        # hashes are negated, as the heap gives the smallest first; no two entries have the same
        self._heap: list[tuple[int, str, SampledDocument]] = []
        self._changed = False

    def __len__(self) -> int:
        return len(self._heap)

    @property
    def documents(self) -> list[SampledDocument]:
        """The kept documents, in the order of their hashes."""
        return [kept for _, _, kept in sorted(self._heap, key=lambda entry: (-entry[0], entry[1]))]

    @property
    def names(self) -> list[str]:
        """The ids of the kept documents, in the same order."""
        return [name for _, name, _ in sorted(self._heap, key=lambda entry: (-entry[0], entry[1]))]

    def add(self, document: str, fields: DocumentFields) -> None:
        """A document was assigned."""
        rank = -int.from_bytes(blake2b(document.encode("utf-8", "replace"), digest_size=8).digest(), "big")
        if len(self._heap) < MOST_SAMPLED or rank > self._heap[0][0]:
            self._keep((rank, document, _sampled(fields)))

    def merge(self, other: "DocumentSample") -> None:
        """Add the documents of another sample."""
        for entry in other._heap:
            self._keep(entry)

    def _keep(self, entry: tuple[int, str, SampledDocument]) -> None:
        if any(entry[:2] == kept[:2] for kept in self._heap):
            return
        self._changed = True
        if len(self._heap) < MOST_SAMPLED:
            heappush(self._heap, entry)
        else:
            heappushpop(self._heap, entry)

    def take_changed(self) -> bool:
        """Whether other documents are kept than when it was asked last; of many that come few are."""
        changed, self._changed = self._changed, False
        return changed

    def stored(self) -> list[Any]:
        """As JSON data."""
        return [[name, list(kept.fields), dict(kept.texts)] for _, name, kept in sorted(self._heap)]

    @classmethod
    def of_stored(cls, data: Sequence[Any]) -> "DocumentSample":
        """The sample that was stored."""
        made = cls()
        for name, fields, texts in data:
            rank = -int.from_bytes(blake2b(name.encode("utf-8", "replace"), digest_size=8).digest(), "big")
            heappush(made._heap, (rank, name, SampledDocument(tuple(fields), texts)))
        return made


def _sampled(fields: DocumentFields) -> SampledDocument:
    names = tuple(fields)[:FIELDS_SAMPLED]
    return SampledDocument(names, {name: text for name in names if (text := single_text(fields[name]))})


def single_text(values: Sequence[str]) -> str:
    """The text of a field that has a single short one, "" else."""
    return values[0] if len(values) == 1 and len(values[0]) <= LONGEST_KIND else ""
