"""The sources: how they do, when they run, and the drafts that become sources."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.agents.onboarding import Onboarding
from core.agents.orchestrator import Orchestrator
from core.model import Draft, Extraction, Health, RawDocument, Run, Schedule, Source, SourceState
from core.pipeline.draft_editor import DraftEditor
from core.ports import DraftStore, HealthStore, RunStore, SourceStore


@dataclass(frozen=True)
class SourceView:
    """A source with how it is doing: its health and its last run."""

    source: Source
    health: Health
    last_run: Run | None


@dataclass(frozen=True)
class Sources:
    """From the location that a person gives to a source that runs by itself."""

    _sources: SourceStore
    _runs: RunStore
    _health: HealthStore
    _drafts: DraftStore
    _onboarding: Onboarding
    _orchestrator: Orchestrator

    # ---- sources ------------------------------------------------------------------------------------------------
    def all(self) -> list[Source]:
        """Every source, by name."""
        return self._sources.all()

    def get(self, source_id: str) -> Source:
        """One source.

        Raises:
            UnknownName: there is none of that id.
        """
        return self._sources.get(source_id)

    def overview(self) -> list[SourceView]:
        """Every source with how it is doing, those that need a person first."""
        views = [self._view(source) for source in self._sources.all()]
        return sorted(views, key=lambda view: (-view.health.strikes, view.source.name))

    def view(self, source_id: str) -> SourceView:
        """One source with how it is doing."""
        return self._view(self._sources.get(source_id))

    def _view(self, source: Source) -> SourceView:
        last = self._runs.find(source.source_id, limit=1)
        return SourceView(source, self._health.get(source.source_id), last[0] if last else None)

    def set_state(self, source_id: str, state: SourceState) -> Source:
        """Pause, resume, or release from quarantine; releasing clears the strikes."""
        if state is SourceState.ACTIVE:
            return self._orchestrator.release(source_id)
        return self._changed(source_id, state=state)

    def set_schedule(self, source_id: str, schedule: Schedule) -> Source:
        """Change when a source runs by itself."""
        return self._changed(source_id, schedule=schedule)

    def set_bound(self, source_id: str, documents: int | None) -> Source:
        """Change how many documents one run may fetch; None leaves it to the settings."""
        return self._changed(source_id, max_documents=documents)

    def set_auto_promote(self, source_id: str, auto_promote: bool) -> Source:
        """Say whether proved repairs of a source that lose no field go into service without asking."""
        return self._changed(source_id, auto_promote=auto_promote)

    def _changed(self, source_id: str, **changes: Any) -> Source:
        source = self._sources.get(source_id).model_copy(update=changes)
        self._sources.save(source)
        return source

    # ---- onboarding ---------------------------------------------------------------------------------------------
    def drafts(self) -> list[Draft]:
        """The onboardings that are not finished, newest first."""
        return self._drafts.all()

    def draft(self, draft_id: str) -> Draft:
        """One of them.

        Raises:
            UnknownName: it was accepted or thrown away.
        """
        return self._drafts.get(draft_id)

    def known(self, location: str) -> Source | None:
        """The source that reads a location already.

        Raises:
            BadInput: neither an address nor a readable path.
        """
        return self._onboarding.known(location)

    def begin(self, location: str, name: str = "", acquirer: str = "") -> Draft:
        """Open a draft for a location, which a worker then looks at.

        Raises:
            BadInput: neither an address nor a readable path.
        """
        return self._onboarding.begin(location, name, acquirer)

    def again(self, draft_id: str, location: str) -> Draft:
        """Look once more for a draft that failed, at the same location or at a corrected one; a new draft replaces it.

        Raises:
            BadInput: neither an address nor a readable path; the draft stays.
        """
        return self._onboarding.again(draft_id, location)

    def editor(self, draft_id: str) -> DraftEditor:
        """What a person can do with a draft."""
        return DraftEditor(draft_id, self._onboarding)

    def preview(self, draft: Draft, template: str) -> list[tuple[RawDocument, Extraction]]:
        """The dry run: what is kept of a template reads this on its sample documents."""
        return self._onboarding.preview(draft, template)

    def drop(self, draft_id: str) -> None:
        """Throw a draft away."""
        self._onboarding.drop(draft_id)

    def accept(
        self,
        draft_id: str,
        *,
        schedule: Schedule | None = None,
        templates: Sequence[str] | None = None,
        max_documents: int | None = None,
    ) -> Source:
        """Make a draft a source and start its first run; what is not given is as the draft says.

        Raises:
            Conflict: the draft is not ready.
            BadInput: no column is left.
        """
        return self._onboarding.accept(draft_id, schedule=schedule, templates=templates, max_documents=max_documents)
