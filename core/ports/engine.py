"""What learns, repairs and applies extractors: today rules and an interpreter, next a model and a jail."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from core.model import Blueprint, Extraction, Extractor, Lesson, ParsedDocument, Record, Repaired, TemplateGroup


class Runner(Protocol):
    """Reads documents. Nobody else applies a blueprint or runs a written module."""

    def run(
        self,
        extractor: Extractor,
        document: ParsedDocument,
        *,
        located: bool = True,
        second: Blueprint | None = None,
    ) -> Extraction:
        """What a version reads in a document; who wants only values asks for none to be `located`.

        A `second` blueprint, learned apart by an Adversary, reads the same records once more.
        """

    def try_out(self, blueprint: Blueprint, document: ParsedDocument, *, located: bool = True) -> Extraction:
        """What a blueprint reads of which there is no version yet."""

    def module_rows(self, extractor: Extractor, content: bytes, url: str) -> list[dict[str, Any]]:
        """What the written module of a version yields for the bytes of a document, to hold against its blueprint.

        Raises whatever the module raises.
        """


class Learner(Protocol):
    """Learns blueprints from documents."""

    def learn(self, documents: Sequence[ParsedDocument]) -> Blueprint:
        """What the documents have in common as a page template.

        Raises:
            BadInput: there is no document, or they are of different kinds.
            NothingExtracted: no table, list or repeated field was found in them.
        """

    def group(self, documents: Sequence[ParsedDocument]) -> list[TemplateGroup]:
        """The documents by their templates, each learned from all that are of it; raises as `learn` does."""

    def teach(
        self, blueprint: Blueprint, documents: Sequence[ParsedDocument], name: str, given: Mapping[int, Sequence[str]]
    ) -> Blueprint:
        """The blueprint with a pinned field that reads the values given for some of the documents, by their position.

        Raises:
            BadInput: no value is given, or a value does not stand on its page.
        """

    def paginate(
        self, blueprint: Blueprint, page: ParsedDocument, visit: Callable[[str], ParsedDocument | None]
    ) -> Blueprint:
        """The blueprint of a list whose page does not say how it goes on, with the way that a visited page proves.

        `visit` brings the page at an address that may well not exist; a few are asked for at most.
        """

    def join(self, blueprint: Blueprint, records: Sequence[Record], pages: Mapping[str, Record]) -> Blueprint:
        """The blueprint of a list with the fields by which a record and the page behind it know each other.

        `pages` holds what the page at each address says.
        """


class Repairer(Protocol):
    """Repairs blueprints after a redesign."""

    def repair(
        self,
        blueprint: Blueprint,
        before: Sequence[ParsedDocument],
        after: Sequence[ParsedDocument],
        lessons: Sequence[Lesson] = (),
    ) -> Repaired:
        """The blueprint for the fresh pages, what became of each field, and what changed, in words.

        Args:
            blueprint: the one that read the archived pages.
            before: archived pages that it read well.
            after: fresh pages.
            lessons: repairs of like redesigns; those that did not hold are avoided.
        """

    def grow(
        self, blueprint: Blueprint, before: Sequence[ParsedDocument], now: Sequence[ParsedDocument]
    ) -> tuple[Blueprint, dict[str, str]]:
        """The blueprint with the fields that later pages show and earlier ones do not, and why each was added.

        The fields that it has read what they read before.
        """

    def outline(self, document: ParsedDocument) -> tuple[str, ...]:
        """What a page is built of, in few words; by it like pages are found."""


class Adversary(Protocol):
    """Learns a second reader, which shares no way to a value with the first."""

    def learn_apart(self, blueprint: Blueprint, documents: Sequence[ParsedDocument]) -> Blueprint | None:
        """The tables of a blueprint with the fields that have an independent way, and that way; None: none has."""


class Engine(Learner, Repairer, Adversary, Protocol):
    """Learns, repairs and doubts: all three know the same of pages."""
