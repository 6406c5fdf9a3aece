"""Documents on their way into a proposal: their signatures site by site, and which labels stand beside each other."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from core.model.schema import SiteLabel
from core.signature import StructureSignature
from core.signature.kinds import is_placeholder


class SiteDocument(NamedTuple):
    """The texts of each field of a document, and the site it is of ("" where none is said)."""

    fields: Mapping[str, Sequence[str]]
    site: str = ""


class SiteDocuments:
    """The documents of several sites: kept as they are, and counted."""

    def __init__(self, documents: Iterable[SiteDocument]) -> None:
        self.documents = list(documents)
        self.signatures: dict[str, StructureSignature] = {}
        # for each label the numbers of the documents that have it
        self._where: dict[SiteLabel, list[int]] = {}
        for number, document in enumerate(self.documents):
            self.signatures.setdefault(document.site, StructureSignature()).add(document.fields)
            for label in document.fields:
                self._where.setdefault(SiteLabel(document.site, label), []).append(number)

    @property
    def labels(self) -> list[SiteLabel]:
        """All labels, site by site, in the order in which they were first seen."""
        return [SiteLabel(site, label) for site, made in self.signatures.items() for label in made.fields]

    @property
    def unseen(self) -> int:
        """How many labels nobody looked at, as documents have too many."""
        return len(self._where) - len(self.labels)

    def beside(self, one: SiteLabel, other: SiteLabel) -> bool:
        """Whether some document has both."""
        return not set(self._where[one]).isdisjoint(self._where[other])

    def support(self, label: SiteLabel) -> int:
        """How many documents have a label."""
        return len(self._where[label])


def told(values: Sequence[str]) -> list[str]:
    """The values of a field that say something."""
    return [value.strip() for value in values if not is_placeholder(value)]
