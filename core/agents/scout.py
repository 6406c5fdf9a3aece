"""Scout: visits a new source, finds out which kinds of pages it has, and learns a blueprint for each."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from core.agents.lessons import Precedents
from core.dom.interstitials import front_of, refusal
from core.errors import NothingExtracted, PipelineError
from core.flow.archive import Archive
from core.flow.visitor import Visitor
from core.model import Blueprint, Draft, Extraction, FetchRequest, ParsedDocument, RawDocument, Source
from core.pagination.repeats import listed, shows_nothing_new
from core.ports import Engine, Runner

# pages that a scout fetches, spread over the first of those it is given: of a folder or a list of addresses several
# templates may be; the pages behind a list are of one (an early version of learning came to an F1 on SWDE of .84 with
# two of them, .89 with three, .88 with five)
FIRST_ADDRESSES = 1_000
START_SAMPLES = 12
DETAIL_SAMPLES = 5

T = TypeVar("T")
Progress = Callable[[Draft], None]


@dataclass
class Sampled:
    """Documents of one template that Scout looked at, and what was learned from them."""

    documents: list[RawDocument] = field(default_factory=list)
    parsed: list[ParsedDocument] = field(default_factory=list)
    blueprint: Blueprint | None = None
    named_as: str = ""


@dataclass(frozen=True)
class Scout:
    """Turns a draft that holds only a location into one that holds sample documents and blueprints."""

    visitor: Visitor
    archive: Archive
    runner: Runner
    engine: Engine
    precedents: Precedents

    def explore(self, draft: Draft, source: Source, report: Progress) -> Draft:
        """Visit the start addresses and, when they are lists, a few of the pages behind their records.

        `report` is called with the draft after each step. Raises what acquiring, parsing and learning raise.
        """
        draft = _say(draft, 0.05, "Looking at the start page", report)
        starts = self._sample(source, self._starts(source), draft, report)
        draft = _say(draft, 0.4, "Learning where the values stand", report)
        groups = self._templates(source, starts)
        draft = self._keep(draft, groups)
        if source.follow_pages and len(groups) == 1 and len(starts.documents) == 1:
            draft = self._follow(draft, source, starts, groups["main"], report)
        return _say(draft.model_copy(update={"state": "ready"}), 1.0, "Ready", report)

    def _starts(self, source: Source) -> list[FetchRequest]:
        requests = list(islice(self.visitor.starts(source), FIRST_ADDRESSES))
        return _spread(requests, START_SAMPLES)

    def _sample(self, source: Source, requests: Sequence[FetchRequest], draft: Draft, report: Progress) -> Sampled:
        """Fetch and parse; one bad document among several is passed over, a single bad one is an error.

        A page that stands in front of the content is one.
        """
        sampled, last = Sampled(), None
        for number, request in enumerate(requests):
            _say(draft, draft.progress + 0.25 * number / len(requests), f"Reading {request.url}", report)
            try:
                document = self.visitor.visit(source, request, run_id=draft.draft_id)
                parsed = self.archive.parsed(document)
                if wall := front_of(parsed):
                    raise refusal(request.url, wall)
            except PipelineError as error:
                last = error
                continue
            sampled.documents.append(document)
            sampled.parsed.append(parsed)
        if last is not None and not sampled.documents:
            raise last
        return sampled

    def _templates(self, source: Source, starts: Sampled) -> dict[str, Sampled]:
        found = {}
        for number, group in enumerate(self.engine.group(starts.parsed)):
            name = "main" if number == 0 else f"template-{number + 1}"
            parsed = [starts.parsed[index] for index in group.members]
            guidance = self.precedents.guide(source.source_id, group.blueprint, parsed)
            found[name] = Sampled([starts.documents[index] for index in group.members], parsed, *guidance)
        return found

    def _follow(self, draft: Draft, source: Source, starts: Sampled, main: Sampled, report: Progress) -> Draft:
        assert main.blueprint is not None
        extraction = self.runner.try_out(main.blueprint, starts.parsed[0])
        parent = starts.documents[0]
        draft = _say(draft, 0.5, f"Found {len(extraction.records)} records", report)
        if not extraction.next_url:
            draft = self._paginate(draft, source, starts, report)
            extraction = self.runner.try_out(draft.blueprints["main"], starts.parsed[0])
        draft = self._second_page(draft, source, parent, extraction, report)
        return self._details(draft, source, parent, extraction, report)

    def _paginate(self, draft: Draft, source: Source, starts: Sampled, report: Progress) -> Draft:
        """Where the page does not say how its list goes on: as a page that is there proves."""
        blueprint, parent = draft.blueprints["main"], starts.documents[0]

        def visit(url: str) -> ParsedDocument | None:
            nonlocal draft
            draft = _say(draft, 0.55, f"Trying whether the list goes on at {url}", report)
            return self._sampled_quietly(source, _request(source, url, "main", parent), draft)

        known = self.engine.paginate(blueprint, starts.parsed[0], visit)
        return draft.model_copy(update={"blueprints": draft.blueprints | {"main": known}})

    def _sampled_quietly(self, source: Source, request: FetchRequest, draft: Draft) -> ParsedDocument | None:
        """The parsed document at an address that may well not exist; None where it does not."""
        with suppress(PipelineError):
            return self.archive.parsed(self.visitor.visit(source, request, run_id=draft.draft_id))
        return None

    def _second_page(
        self, draft: Draft, source: Source, parent: RawDocument, extraction: Extraction, report: Progress
    ) -> Draft:
        """Fetch the next page too, so that the dry run shows that paging works; not one that shows the same again."""
        if not extraction.next_url:
            return draft
        request = _request(source, extraction.next_url, "main", parent)
        try:
            document = self.visitor.visit(source, request, run_id=draft.draft_id)
            parsed = self.archive.parsed(document)
        except PipelineError:
            return draft
        blueprint = draft.blueprints["main"]
        shown, before = (listed(blueprint, found) for found in (self.runner.try_out(blueprint, parsed), extraction))
        if document.content_hash == parent.content_hash or shows_nothing_new(shown, before):
            return _say(draft, 0.6, "The next page shows the same records again", report)
        documents = draft.documents | {"main": (*draft.documents["main"], document.document_id)}
        return _say(draft.model_copy(update={"documents": documents}), 0.6, "Followed the next page", report)

    def _details(
        self, draft: Draft, source: Source, parent: RawDocument, extraction: Extraction, report: Progress
    ) -> Draft:
        requests = [_request(source, url, "detail", parent) for url in _spread(extraction.detail_urls, DETAIL_SAMPLES)]
        if not requests:
            return draft
        draft = _say(draft, 0.65, "Visiting the pages behind the records", report)
        try:
            sampled = self._sample(source, requests, draft, report)
            learned = self.engine.learn(sampled.parsed)
            sampled.blueprint, sampled.named_as = self.precedents.guide(source.source_id, learned, sampled.parsed)
        except NothingExtracted:
            return draft
        except PipelineError as error:
            return _say(draft, 0.9, f"The pages behind the records could not be read: {error}", report)
        return self._keep(self._keyed(draft, extraction, sampled), {"detail": sampled})

    def _keyed(self, draft: Draft, extraction: Extraction, sampled: Sampled) -> Draft:
        """The draft with the field by which a record and its page know each other."""
        main = draft.blueprints["main"]
        if main.details is None or sampled.blueprint is None:
            return draft
        said = [self.runner.try_out(sampled.blueprint, parsed).records for parsed in sampled.parsed]
        pages = {d.url: records[0] for d, records in zip(sampled.documents, said, strict=True) if records}
        keyed = self.engine.join(main, extraction.records, pages)
        return draft.model_copy(update={"blueprints": draft.blueprints | {"main": keyed}})

    @staticmethod
    def _keep(draft: Draft, groups: dict[str, Sampled]) -> Draft:
        documents = {name: tuple(d.document_id for d in group.documents) for name, group in groups.items()}
        blueprints = {name: group.blueprint for name, group in groups.items() if group.blueprint}
        named_as = next((group.named_as for group in groups.values() if group.named_as), draft.named_as)
        update = {"documents": draft.documents | documents, "blueprints": draft.blueprints | blueprints}
        return draft.model_copy(update=update | {"named_as": named_as})


def _say(draft: Draft, progress: float, message: str, report: Progress) -> Draft:
    told = draft.model_copy(update={"progress": progress, "message": message})
    report(told)
    return told


def _request(source: Source, url: str, template: str, parent: RawDocument) -> FetchRequest:
    return FetchRequest(source_id=source.source_id, url=url, template=template, parent_id=parent.document_id)


def _spread(items: Sequence[T], most: int) -> list[T]:
    """At most so many items, evenly spread over all: neighbours on a list are often alike."""
    if len(items) <= most:
        return list(items)
    return [items[round(index * (len(items) - 1) / (most - 1))] for index in range(most)]
