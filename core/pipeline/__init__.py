"""The object that pages, command line and REST hold: nine services, and what only those who do the work may.

Each service holds its stores and agents to itself: what can be done with them is a method of the service.
"""

from dataclasses import dataclass
from datetime import datetime

from core.pipeline.alerts import Alerts
from core.pipeline.clusters import Clustering
from core.pipeline.documents import Documents
from core.pipeline.flow import Flow
from core.pipeline.repairs import Repairs
from core.pipeline.review import Review
from core.pipeline.schemas import Schemas
from core.pipeline.sources import Sources
from core.pipeline.tables import Tables
from core.pipeline.workshop import Workshop
from core.ports import Clock
from core.settings import Settings


@dataclass(frozen=True)
class Pipeline:
    """Everything that a person can ask for, by topic; `work` is for workers and the scheduler alone."""

    sources: Sources
    repairs: Repairs
    tables: Tables
    documents: Documents
    flow: Flow
    schemas: Schemas
    clusters: Clustering
    review: Review
    alerts: Alerts
    work: Workshop
    settings: Settings
    _clock: Clock

    def now(self) -> datetime:
        """The time that everything here goes by, in UTC."""
        return self._clock.now()
