"""Alerts: incidents that last, who is told of them, and a person's word that things are so from now on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.drift.incidents import expected
from core.errors import Conflict
from core.events import AlertRaised, Event, RunFinished
from core.flow.alerting import Alerting
from core.model.incident import Incident, IncidentState
from core.ports import AlertChannel, Clock, IncidentStore

# alerts that this process has told last: what comes again together with one that failed is not told again
REMEMBERED = 1_000


@dataclass(frozen=True)
class Alerts:
    """What is unusual about the last runs."""

    _incidents: IncidentStore
    _alerting: Alerting
    _channels: Mapping[str, AlertChannel]
    _clock: Clock
    _told: dict[str, None] = field(default_factory=dict)

    def look(self, events: Sequence[Event]) -> None:
        """Runs ended: judge what they read."""
        for event in events:
            if isinstance(event, RunFinished):
                self._alerting.look(event)

    def tell(self, events: Sequence[Event]) -> None:
        """Incidents are to be told of: do so, on the channel of each.

        Raises:
            PipelineError: a channel does not take it; it comes again.
        """
        for event in events:
            channel = self._channels.get(event.channel) if isinstance(event, AlertRaised) else None
            # a channel that was switched off meanwhile tells nothing
            if isinstance(event, AlertRaised) and channel and event.message_id not in self._told:
                channel.send(event.alert)
                self._told[event.message_id] = None
                for oldest in list(self._told)[: len(self._told) - REMEMBERED]:
                    del self._told[oldest]

    def open(self) -> list[Incident]:
        """The incidents that last, newest first."""
        return self._incidents.incidents([IncidentState.OPEN])

    def all(self, limit: int = 50) -> list[Incident]:
        """All incidents, newest first."""
        return self._incidents.incidents(limit=limit)

    def expect(self, incident_id: str, by: str, why: str = "") -> Incident:
        """A person's word: what is unusual is how things are from now on.

        Raises:
            UnknownName: there is no such incident.
            Conflict: it does not last any more.
        """
        incident = self._incidents.incident(incident_id)
        if incident.state is not IncidentState.OPEN:
            raise Conflict(f"The incident in {incident.table} is {incident.state} already.", "See those that last.")
        watched = next(one for one in self._incidents.watched([incident.table]) if one.kind == incident.kind)
        after, ended = expected(watched, incident, by, why, self._clock.now())
        self._incidents.save([after], [ended])
        return ended
