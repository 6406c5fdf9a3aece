"""Alerts: what is watched over runs, the incidents that come of it, and the channels that tell of them."""

from collections.abc import Collection, Sequence
from typing import Protocol

from core.model.incident import Alert, Incident, IncidentState, Watched


class AlertChannel(Protocol):
    """Tells people of incidents. The same alert may come twice: it has an id by which that can be seen."""

    name: str

    def send(self, alert: Alert) -> None:
        """Tell it.

        Raises:
            PipelineError: it was not told; RetryLater, that it may be told later.
        """


class IncidentStore(Protocol):
    """What is watched, and incidents."""

    def watched(self, tables: Collection[str]) -> list[Watched]:
        """What is watched in these tables."""

    def save(self, watched: Sequence[Watched] = (), incidents: Sequence[Incident] = ()) -> None:
        """Keep them, in place of what is known of them; all or none."""

    def incident(self, incident_id: str) -> Incident: ...

    def incidents(self, states: Collection[IncidentState] = (), limit: int = 50) -> list[Incident]:
        """Newest first."""

    def untold(self, limit: int) -> list[Incident]:
        """Those with a notice that is not done, oldest first."""
