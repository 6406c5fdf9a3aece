"""Versions of extractors, how sources do, and the tries at repairing them."""

from datetime import datetime
from typing import Protocol

from core.model import Extractor, FixAttempt, Health


class ExtractorStore(Protocol):
    """Versions of extractors. At most one of a source's template is active."""

    def stage(self, extractor: Extractor) -> Extractor:
        """Keep a new version; its number is the next one of its source and template."""

    def promote(self, extractor_id: str) -> Extractor:
        """Make it the active one and retire the one before, in one transaction."""

    def get(self, extractor_id: str) -> Extractor: ...

    def active(self, source_id: str, template: str) -> Extractor | None: ...

    def versions(self, source_id: str, template: str = "") -> list[Extractor]:
        """Newest first."""


class HealthStore(Protocol):
    """Strikes and last results of sources."""

    def get(self, source_id: str) -> Health:
        """A source nobody reported on is healthy and has no dates."""

    def success(self, source_id: str, at: datetime) -> Health:
        """Clear the strikes."""

    def failure(self, source_id: str, error: str, at: datetime) -> Health:
        """Add a strike."""


class FixStore(Protocol):
    """Tries at repairing sources. The number of tries in a rolling day is limited here, not by whoever asks."""

    def reserve(self, source_id: str, at: datetime, limit: int) -> FixAttempt | None:
        """Count a try and return it; None when `limit` were made in the 24 hours before `at`, or after `at`.

        Tries after `at` count because a clock that was set back must not give new ones. Atomic over processes.
        """

    def left(self, source_id: str, at: datetime, limit: int) -> int:
        """How many tries `reserve` would still give."""

    def save(self, attempt: FixAttempt) -> None:
        """Replace what is kept of a try."""

    def get(self, attempt_id: str) -> FixAttempt: ...

    def find(self, source_id: str = "", limit: int = 50) -> list[FixAttempt]:
        """Newest first."""
