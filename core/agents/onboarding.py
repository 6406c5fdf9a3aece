"""Onboarding: from a location a person gives to a source that runs, with a draft in between that may be changed."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.addresses import split_address
from core.agents.builder import Builder, Sample
from core.agents.orchestrator import Orchestrator
from core.agents.reader import Reader
from core.errors import BadInput, Conflict
from core.events import SourceAdded
from core.extract import extract
from core.induce.examples import with_example
from core.model import Blueprint, Draft, Extraction, RawDocument, Schedule, Source, TaskKind, stable_id
from core.ports import Clock, DraftStore, EventBroker, SourceStore, TaskQueue
from core.wanted import Answer, Wanted, answers, with_answers


@dataclass(frozen=True)
class Onboarding:
    """Everything between the pasted URL and the first run."""

    detect: Callable[[str], tuple[str, str]]
    drafts: DraftStore
    sources: SourceStore
    queue: TaskQueue
    orchestrator: Orchestrator
    reader: Reader
    builder: Builder
    broker: EventBroker
    clock: Clock

    def begin(self, location: str, name: str = "", acquirer: str = "") -> Draft:
        """Open a draft for a location and queue the task that scouts it.

        Raises:
            BadInput: neither an address nor a readable path.
        """
        found, location = self.detect(location)
        now = self.clock.now()
        name = name.strip() or default_name(location)
        draft = Draft(
            draft_id=stable_id("draft", location, now.isoformat()),
            location=location,
            acquirer=acquirer or found,
            name=name,
            created_at=now,
            source_id=self._free_id(name),
        )
        self.drafts.save(draft)
        task = self.orchestrator.task(
            TaskKind.SCOUT, draft.source_id, draft.draft_id, {"draft_id": draft.draft_id}, priority=10
        )
        self.queue.enqueue([task])
        return draft

    def _free_id(self, name: str) -> str:
        taken = {source.source_id for source in self.sources.all()} | {draft.source_id for draft in self.drafts.all()}
        base = slug(name)
        return next(
            candidate for n in range(1, 10_000) if (candidate := base if n == 1 else f"{base}-{n}") not in taken
        )

    def revise(self, draft_id: str, template: str, blueprint: Blueprint) -> Draft:
        """Replace what was learned for one template by what the person made of it."""
        draft = self.drafts.get(draft_id)
        revised = draft.model_copy(update={"blueprints": draft.blueprints | {template: blueprint}})
        self.drafts.save(revised)
        return revised

    def teach(self, draft_id: str, template: str, name: str, document_id: str, values: Sequence[str]) -> Draft:
        """Learn a field from its value, or its values, on one of the sample documents.

        Raises:
            BadInput: the value does not stand there.
        """
        draft = self.drafts.get(draft_id)
        samples = self._samples(draft, template)
        given = {n: values for n, (document, _) in enumerate(samples) if document.document_id == document_id}
        blueprint = with_example(draft.blueprints[template], [parsed for _, parsed in samples], name, given)
        return self.revise(draft_id, template, blueprint)

    def want(self, draft_id: str, template: str, wanted: Sequence[Wanted]) -> list[Answer]:
        """Put the fields that are likely the wanted columns first, under the wanted names."""
        blueprint = self.drafts.get(draft_id).blueprints[template]
        found = answers(blueprint, wanted)
        self.revise(draft_id, template, with_answers(blueprint, found))
        return found

    def preview(self, draft: Draft, template: str) -> list[tuple[RawDocument, Extraction]]:
        """The dry run: what the blueprint of a template reads on its sample documents."""
        return [
            (document, extract(draft.blueprints[template], parsed))
            for document, parsed in self._samples(draft, template)
        ]

    def _samples(self, draft: Draft, template: str) -> list[Sample]:
        documents = [self.reader.bronze.get(document_id) for document_id in draft.documents.get(template, ())]
        return [(document, self.reader.parsed(document)) for document in documents]

    def accept(
        self,
        draft_id: str,
        *,
        schedule: Schedule | None = None,
        templates: Sequence[str] | None = None,
        max_documents: int | None = None,
    ) -> Source:
        """Make the draft a source: build its extractors, start its first run, drop the draft.

        `templates` limits what is kept; without "detail" the pages behind the records are not visited.

        Raises:
            Conflict: the draft is not ready.
            BadInput: no template is left.
        """
        draft = self.drafts.get(draft_id)
        if draft.state != "ready":
            raise Conflict(f"{draft.location} is still being looked at.", "Wait until its fields are shown.")
        kept = [name for name in draft.blueprints if templates is None or name in templates]
        if not kept:
            raise BadInput("No table is left to read.", "Keep at least one kind of page.")
        source = self._source(draft, kept, schedule, max_documents)
        for template in kept:
            samples = self._samples(draft, template)
            self.builder.build(source.source_id, template, draft.blueprints[template], samples)
        self.sources.save(source)
        self._announce(source)
        self.orchestrator.start_run(source, "first run")
        self.drafts.remove(draft_id)
        return source

    def _source(
        self, draft: Draft, kept: Sequence[str], schedule: Schedule | None, max_documents: int | None
    ) -> Source:
        return Source(
            source_id=draft.source_id,
            name=draft.name,
            location=draft.location,
            acquirer=draft.acquirer,
            created_at=self.clock.now(),
            schedule=schedule or Schedule(),
            follow_pages=draft.acquirer != "folder",
            follow_details="detail" in kept,
            max_documents=max_documents,
        )

    def _announce(self, source: Source) -> None:
        event = SourceAdded(
            event_id=stable_id("added", source.source_id, source.created_at.isoformat()),
            subject=source.source_id,
            at=source.created_at,
            source_id=source.source_id,
            location=source.location,
        )
        self.broker.publish([event])


def default_name(location: str) -> str:
    """A name a person recognises: the last telling part of the path, and the host or folder it is in."""
    parts = split_address(location)
    path = [part for part in parts.path.split("/") if re.search(r"[^\W\d_]{3}", part)]
    last = re.sub(r"\.\w{1,5}$", "", path[-1]) if path else ""
    where = parts.hostname or (path[-2] if len(path) > 1 else "")
    return " ".join(word for word in (last.replace("-", " ").replace("_", " "), where.removeprefix("www.")) if word)


def slug(name: str) -> str:
    """An id for a name: lower case, digits and hyphens, beginning with a letter, at most 48 characters."""
    words = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:48].strip("-")
    return words if re.match(r"[a-z]", words) else f"source-{words}".strip("-")
