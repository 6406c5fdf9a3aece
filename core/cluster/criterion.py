"""By what the kinds of a cluster are told apart: what documents say in a field, or whether they have it."""

from typing import Literal, NamedTuple

from core.cluster.sample import SampledDocument, single_text
from core.signature import DocumentFields

HAS, LACKS = "has it", "lacks it"


class Criterion(NamedTuple):
    """A field, and whether its text or its presence tells the kinds apart."""

    field: str
    by: Literal["text", "presence"]

    def kind_of_document(self, fields: DocumentFields) -> str:
        """The kind that a document is of, as a text."""
        if self.by == "text":
            return single_text(fields.get(self.field, ()))
        return HAS if self.field in fields else LACKS

    def kind_of_sampled(self, document: SampledDocument) -> str:
        """The kind that a sampled document is of, as a text."""
        if self.by == "text":
            return document.texts.get(self.field, "")
        return HAS if self.field in document.fields else LACKS


class KindMark(NamedTuple):
    """What the documents of a part are told by from those of other parts."""

    criterion: Criterion
    kind: str

    @property
    def sentence(self) -> str:
        """What is true of all documents of the part."""
        field = self.criterion.field
        if self.criterion.by == "presence":
            return f"with “{field}”" if self.kind == HAS else f"without “{field}”"
        return f"{field}: {self.kind}" if self.kind else f"{field}: several or none"
