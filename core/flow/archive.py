"""Archive: the raw documents that were kept, as the parser reads them."""

from dataclasses import dataclass

from core.model import ParsedDocument, RawDocument
from core.ports import BronzeStore, Parser


@dataclass(frozen=True)
class Archive:
    """Opens what lies in bronze."""

    bronze: BronzeStore
    parser: Parser

    def parsed(self, document: RawDocument) -> ParsedDocument:
        """The document, read from the object store and parsed; raises as the parser does."""
        content = self.bronze.content(document.content_hash)
        return self.parser(content, url=document.final_url, media_type=document.media_type, charset=document.charset)
