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
    One that a person merged has the `faces` of those that it was made of: what is like one of them belongs to it,
    though nothing is like their mean, and it is parted by nobody but a person.
    """

    __slots__ = ("cluster_id", "faces", "founded", "mark", "parted_by", "parts", "profile", "sample", "site")

    def __init__(self, cluster_id: str, site: str, founded: int, mark: KindMark | None = None) -> None:
        self.cluster_id = cluster_id
        self.site = site
        self.founded = founded
        self.faces: list[FieldProfile] = []
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
        if self.faces:
            self.face(nodes).add(nodes)
        self.profile.add(nodes)
        self.sample.add(document, fields)

    def face(self, nodes: Collection[str]) -> FieldProfile:
        """The profile that a document with these nodes is held against."""
        return max(self.faces, key=lambda face: face.likeness_to(nodes), default=self.profile)

    def face_like(self, other: FieldProfile) -> FieldProfile:
        """The profile that another one is held against."""
        return max(self.faces, key=other.likeness, default=self.profile)

    def absorb(self, other: "TemplateCluster", *, by_person: bool = False) -> None:
        """Take over the documents of a cluster that turned out to be this one, or that a person says is."""
        if by_person:
            self.faces = [*self._sides(), *other._sides()]
        elif self.faces or other.faces:
            self._turn(other)
        self.profile.merge(other.profile)
        self.sample.merge(other.sample)
        self.mark = self.mark or other.mark
        # a person may merge what is of two sites: then the site says nothing here
        self.site = "" if self.site and other.site and self.site != other.site else self.site or other.site

    def _sides(self) -> list[FieldProfile]:
        return self.faces or [FieldProfile.of_stored(self.profile.stored())]

    def _turn(self, other: "TemplateCluster") -> None:
        """A cluster turned out to be one of the faces of another: it is merged into that."""
        faces, rest = (self.faces, other) if self.faces else (other.faces, self)
        self.faces = faces
        for side in rest._sides():
            max(faces, key=side.likeness).merge(side)

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

    def take_changes(self) -> dict[str, Any]:
        """As JSON data; the sample, which is the largest part, only where it changed since."""
        sample = {"sample": self.sample.stored()} if self.sample.take_changed() else {}
        return sample | {
            "id": self.cluster_id,
            "site": self.site,
            "founded": self.founded,
            "faces": [face.stored() for face in self.faces],
            "mark": self.mark,
            "parted_by": self.parted_by,
            "parts": dict(self.parts),
            "profile": self.profile.stored(),
        }

    @classmethod
    def of_stored(cls, data: Mapping[str, Any]) -> "TemplateCluster":
        """The cluster that was stored."""
        made = cls(data["id"], data["site"], data["founded"])
        made.faces = [FieldProfile.of_stored(face) for face in data["faces"]]
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
