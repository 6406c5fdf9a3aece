"""Onboarding: from a location a person gives to a source that runs, with a draft in between that may be changed."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from core.agents.builder import Builder, Sample
from core.agents.orchestrator import Orchestrator
from core.blueprint.drafting import DETAIL, Click, clicked, kept, leads_on, revised, undone
from core.errors import BadInput, Conflict
from core.events import SourceAdded
from core.flow.archive import Archive
from core.model import Blueprint, Draft, Extraction, RawDocument, Schedule, Source, TaskKind, stable_id
from core.ports import BronzeStore, Clock, DraftStore, EventBroker, Learner, Runner, SourceStore, TaskQueue
from core.schema.resemblance import Wanted
from core.schema.wanted import WishAnswer, answers, with_answers
from core.text.urls import split_address

# from what share of equal characters on, one address is taken for another one mistyped: a letter of ten is wrong
MISTYPED = 0.9
# letters of a source's id, which is a part of names of files, tables and streams; and how many of one name are told
# apart
SLUG_LETTERS = 48
MOST_NAMESAKES = 10_000
# a person waits for a scout: before repairs, which have 5, and fetches
SCOUT_PRIORITY = 10


@dataclass(frozen=True)
class Onboarding:
    """Everything between the pasted URL and the first run."""

    detect: Callable[[str], tuple[str, str]]
    drafts: DraftStore
    sources: SourceStore
    queue: TaskQueue
    orchestrator: Orchestrator
    archive: Archive
    bronze: BronzeStore
    runner: Runner
    learner: Learner
    builder: Builder
    broker: EventBroker
    clock: Clock

    def begin(self, location: str, name: str = "", acquirer: str = "") -> Draft:
        """Open a draft for a location and queue the task that scouts it. Drafts that failed at this location, or at
        one that is nearly this one, were attempts at it: they go.

        Raises:
            BadInput: neither an address nor a readable path.
        """
        found, location = self.detect(location)
        for old in self.drafts.all():
            if old.state == "failed" and SequenceMatcher(None, old.location, location).ratio() >= MISTYPED:
                self.drop(old.draft_id)
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
            TaskKind.SCOUT, draft.source_id, draft.draft_id, {"draft_id": draft.draft_id}, priority=SCOUT_PRIORITY
        )
        self.queue.enqueue([task])
        return draft

    def _free_id(self, name: str) -> str:
        taken = {source.source_id for source in self.sources.all()} | {draft.source_id for draft in self.drafts.all()}
        base = source_slug(name)
        return next(
            candidate for n in range(1, MOST_NAMESAKES) if (candidate := base if n == 1 else f"{base}-{n}") not in taken
        )

    def again(self, draft_id: str, location: str) -> Draft:
        """Look once more for a draft that failed, at the same location or at a corrected one; a new draft replaces it.

        Raises:
            BadInput: neither an address nor a readable path; the draft stays.
        """
        old = self.drafts.get(draft_id)
        found, there = self.detect(location)
        named = "" if old.name == default_name(old.location) else old.name
        self.drop(draft_id)
        return self.begin(location, named, old.acquirer if there == old.location else found)

    def drop(self, draft_id: str) -> None:
        """Throw a draft away, and the task that looks at its location."""
        self.drafts.remove(draft_id)
        self.queue.cancel(draft_id)

    def known(self, location: str) -> Source | None:
        """The source that reads a location already.

        Raises:
            BadInput: neither an address nor a readable path.
        """
        _, location = self.detect(location)
        return next((source for source in self.sources.all() if _plain(source.location) == _plain(location)), None)

    def plan(self, draft_id: str, *, schedule: Schedule | None = None, follow_details: bool | None = None) -> Draft:
        """Note how the source is to run once it is accepted; None leaves a thing as it is."""
        draft = self.drafts.get(draft_id)
        details = draft.follow_details if follow_details is None else follow_details
        return self._saved(draft.model_copy(update={"schedule": schedule or draft.schedule, "follow_details": details}))

    def click(self, draft_id: str, template: str, table: str, sender: str, clicks: Sequence[Click]) -> Draft:
        """Do what was clicked in a list of columns, each click once, however often it is told.

        Raises:
            BadInput: the table has no such fields.
        """
        draft = self.drafts.get(draft_id)
        after = clicked(draft, template, table, sender, clicks)
        return self._saved(after) if after is not draft else draft

    def undo(self, draft_id: str) -> Draft:
        """Take the last change back.

        Raises:
            Conflict: there is none.
        """
        return self._saved(undone(self.drafts.get(draft_id)))

    def revise(self, draft_id: str, template: str, blueprint: Blueprint, words: str = "the last change") -> Draft:
        """Replace what was learned for one template by what the person made of it; `words` call it for a person."""
        return self._saved(revised(self.drafts.get(draft_id), template, blueprint, words))

    def _saved(self, draft: Draft) -> Draft:
        self.drafts.save(draft)
        return draft

    def teach(self, draft_id: str, template: str, name: str, document_id: str, values: Sequence[str]) -> Draft:
        """Learn a field from its value, or its values, on one of the sample documents.

        Raises:
            BadInput: the value does not stand there.
        """
        draft = self.drafts.get(draft_id)
        samples = self._samples(draft, template)
        given = {n: values for n, (document, _) in enumerate(samples) if document.document_id == document_id}
        blueprint = self.learner.teach(draft.blueprints[template], [parsed for _, parsed in samples], name, given)
        return self._saved(revised(draft, template, blueprint, f"learning {name}"))

    def want(self, draft_id: str, template: str, wanted: Sequence[Wanted]) -> list[WishAnswer]:
        """Put the fields that are surely the wanted columns first, under the wanted names; the others are told."""
        found = answers(self.drafts.get(draft_id).blueprints[template], wanted)
        self._take(draft_id, template, found, "the wanted columns")
        return found

    def take(self, draft_id: str, template: str, answer: WishAnswer) -> Draft:
        """A person's word: a field that may be a wanted column is it."""
        return self._take(draft_id, template, [answer._replace(score=1.0)], f"taking {answer.field}")

    def _take(self, draft_id: str, template: str, found: Sequence[WishAnswer], words: str) -> Draft:
        draft = self.drafts.get(draft_id)
        taken = with_answers(draft.blueprints[template], found)
        return self._saved(revised(draft, template, taken, words) if taken != draft.blueprints[template] else draft)

    def preview(self, draft: Draft, template: str) -> list[tuple[RawDocument, Extraction]]:
        """The dry run: what is kept of a template reads this on its sample documents."""
        blueprint = kept(draft, template)
        if blueprint is None:
            return []
        samples = self._samples(draft, template)
        return [(document, self.runner.try_out(blueprint, parsed)) for document, parsed in samples]

    def _samples(self, draft: Draft, template: str) -> list[Sample]:
        documents = [self.bronze.get(document_id) for document_id in draft.documents.get(template, ())]
        return [(document, self.archive.parsed(document)) for document in documents]

    def accept(
        self,
        draft_id: str,
        *,
        schedule: Schedule | None = None,
        templates: Sequence[str] | None = None,
        max_documents: int | None = None,
    ) -> Source:
        """Make the draft a source: build its extractors, start its first run, drop the draft.

        `templates` limits what is kept; without "detail" the pages behind the records are not visited. What the draft
        itself says of that, and of the schedule, holds where nothing is given.

        Raises:
            Conflict: the draft is not ready.
            BadInput: no column is left.
        """
        draft = self.drafts.get(draft_id)
        if draft.state != "ready":
            raise Conflict(f"{draft.location} is still being looked at.", "Wait until its fields are shown.")
        blueprints = {name: found for name in _accepted(draft, templates) if (found := kept(draft, name)) is not None}
        if not blueprints:
            raise BadInput("No column is left to read.", "Keep at least one.")
        source = self._source(draft, list(blueprints), schedule or draft.schedule, max_documents)
        for template, blueprint in blueprints.items():
            self.builder.build(source.source_id, template, blueprint, self._samples(draft, template))
        self.sources.save(source)
        self._announce(source)
        self.orchestrator.start_run(source, "first run")
        self.drafts.remove(draft_id)
        return source

    def _source(
        self, draft: Draft, templates: Sequence[str], schedule: Schedule | None, max_documents: int | None
    ) -> Source:
        return Source(
            source_id=draft.source_id,
            name=draft.name,
            location=draft.location,
            acquirer=draft.acquirer,
            created_at=self.clock.now(),
            schedule=schedule or Schedule(),
            follow_pages=draft.acquirer != "folder",
            follow_details=DETAIL in templates,
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


def _accepted(draft: Draft, templates: Sequence[str] | None) -> list[str]:
    """The templates that are read; pages behind records only where they are wanted and something leads there."""
    return [
        name
        for name in draft.blueprints
        if (templates is None or name in templates) and (name != DETAIL or (draft.follow_details and leads_on(draft)))
    ]


def _plain(location: str) -> str:
    """A location without what makes no difference: scheme, case of the host, part of the page, last slash."""
    parts = split_address(location)
    if not parts.hostname:
        return location.rstrip("/")
    asked = f"?{parts.query}" if parts.query else ""
    return f"{parts.netloc.casefold()}{parts.path.rstrip('/')}{asked}"


def default_name(location: str) -> str:
    """A name a person recognises: the last telling part of the path, and the host or folder it is in."""
    parts = split_address(location)
    path = [part for part in parts.path.split("/") if re.search(r"[^\W\d_]{3}", part)]
    last = re.sub(r"\.\w{1,5}$", "", path[-1]) if path else ""
    where = parts.hostname or (path[-2] if len(path) > 1 else "")
    return " ".join(word for word in (last.replace("-", " ").replace("_", " "), where.removeprefix("www.")) if word)


def source_slug(name: str) -> str:
    """An id for a name: lower case, digits and hyphens, beginning with a letter, at most SLUG_LETTERS."""
    words = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:SLUG_LETTERS].strip("-")
    return words if re.match(r"[a-z]", words) else f"source-{words}".strip("-")
