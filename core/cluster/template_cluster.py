"""One cluster: what its documents have, a few of them, and how it is parted, if it turned out to be several kinds."""

from collections.abc import Collection, Mapping
from hashlib import blake2b
from typing import Any

from core.cluster.criterion import Criterion, KindMark
from core.cluster.profile import FieldProfile
from core.cluster.sample import DocumentSample, SampledDocument
from core.signature import DocumentFields

# bytes of an id: a million clusters clash with a chance of less than 1 in 10^7
ID_BYTES = 8
# kinds that a parted cluster may have; documents that say still another thing stay with the cluster itself
MOST_PARTS = 64


class TemplateCluster:
    """Documents of one template of one site ("" while no site is known).

    A cluster that is `parted_by` a criterion has parts, by the kind that documents are of, and is merged with no other.
    """

    __slots__ = ("cluster_id", "founded", "mark", "parted_by", "parts", "profile", "sample", "site")

    def __init__(self, cluster_id: str, site: str, founded: int, mark: KindMark | None = None) -> None:
        self.cluster_id = cluster_id
        self.site = site
        self.founded = founded
        self.mark = mark
        self.parted_by: Criterion | None = None
        self.parts: dict[str, str] = {}
        self.profile = FieldProfile()
        self.sample = DocumentSample()

    @property
    def documents(self) -> int:
        """How many documents were put here."""
        return self.profile.documents

    @property
    def age(self) -> tuple[int, str]:
        """What orders clusters: the older of two that are one keeps its id."""
        return self.founded, self.cluster_id

    def add(self, document: str, fields: DocumentFields, nodes: Collection[str]) -> None:
        """One more document."""
        self.profile.add(nodes)
        self.sample.add(document, fields)

    def absorb(self, other: "TemplateCluster") -> None:
        """Take over the documents of a cluster that turned out to be this one."""
        self.profile.merge(other.profile)
        self.sample.merge(other.sample)
        self.mark = self.mark or other.mark
        # a person may merge what is of two sites: then the site says nothing here
        self.site = "" if self.site and other.site and self.site != other.site else self.site or other.site

    def admits(self, site: str) -> bool:
        """Whether documents of a site may belong here: those of two known sites are of two templates."""
        return not site or not self.site or self.site == site

    def part_of(self, fields: DocumentFields) -> str | None:
        """The part that a document with these fields belongs to, by its id; None where there is none for it."""
        return self.parts.get(self.parted_by.kind_of_document(fields)) if self.parted_by else None

    def kind_by(self, criterion: Criterion) -> str | None:
        """The kind that all sampled documents are of; None where they are of several."""
        kinds = {criterion.kind_of_sampled(document) for document in self.sample.documents}
        return kinds.pop() if len(kinds) == 1 else None

    def bears(self, mark: KindMark | None) -> bool:
        """Whether its documents are of the kind that a mark names."""
        return mark is None or self.kind_by(mark.criterion) == mark.kind

    def stored(self) -> dict[str, Any]:
        """As JSON data."""
        return {
            "id": self.cluster_id,
            "site": self.site,
            "founded": self.founded,
            "mark": self.mark,
            "parted_by": self.parted_by,
            "parts": dict(self.parts),
            "profile": self.profile.stored(),
            "sample": self.sample.stored(),
        }

    @classmethod
    def of_stored(cls, data: Mapping[str, Any]) -> "TemplateCluster":
        """The cluster that was stored."""
        made = cls(data["id"], data["site"], data["founded"])
        made.mark = KindMark(Criterion(*data["mark"][0]), data["mark"][1]) if data["mark"] else None
        made.parted_by = Criterion(*data["parted_by"]) if data["parted_by"] else None
        made.parts = dict(data["parts"])
        made.profile = FieldProfile.of_stored(data["profile"])
        made.sample = DocumentSample.of_stored(data["sample"])
        return made


def founding_id(fields: DocumentFields, site: str) -> str:
    """The id of the cluster that documents with these fields found: the same on every shard, in every order."""
    return _id_of(*sorted(fields), "", site)


def part_id(cluster_id: str, mark: KindMark) -> str:
    """The id of the part of a cluster whose documents bear a mark."""
    return _id_of(cluster_id, *mark.criterion, mark.kind)


def _id_of(*words: str) -> str:
    text = "\x1f".join(words).encode("utf-8", "replace")
    return "c" + blake2b(text, digest_size=ID_BYTES).hexdigest()


def sampled_fields(document: SampledDocument) -> dict[str, tuple[str, ...]]:
    """The fields of a sampled document, with the texts that are known of them."""
    return {name: (document.texts[name],) if name in document.texts else () for name in document.fields}
