"""The operational state: every store that lives in the state database, opened together."""

from dataclasses import dataclass

from core.disk.private import private_folder
from core.ports import Clock, Objects
from core.settings import Settings
from warehouse.bronze.documents import SqlBronzeStore
from warehouse.bronze.objects import FileObjects
from warehouse.state.clusters import SqlClusterLog, SqlClusterStore
from warehouse.state.database import Database, open_database
from warehouse.state.dead_letters import SqlDeadLetters
from warehouse.state.drafts import SqlDraftStore
from warehouse.state.extractors import SqlExtractorStore
from warehouse.state.fixes import SqlFixStore
from warehouse.state.frontier import SqlFrontier
from warehouse.state.health import SqlHealthStore
from warehouse.state.incidents import SqlIncidentStore
from warehouse.state.landed import SqlLanded
from warehouse.state.leases import SqlLeases
from warehouse.state.ledger import SqlExtractionLedger
from warehouse.state.migrate import migrate
from warehouse.state.queue import SqlTaskQueue, TaskLimits
from warehouse.state.review import SqlReviewQueue
from warehouse.state.runs import SqlRunStore
from warehouse.state.schemas import SqlReviewStore, SqlSchemaStore
from warehouse.state.second import SqlSecondReaders
from warehouse.state.sources import SqlSourceStore


@dataclass(frozen=True, slots=True)
class StateStores:
    """The stores, each behind its port, over one database."""

    database: Database
    bronze: SqlBronzeStore
    sources: SqlSourceStore
    queue: SqlTaskQueue
    frontier: SqlFrontier
    runs: SqlRunStore
    health: SqlHealthStore
    extractors: SqlExtractorStore
    ledger: SqlExtractionLedger
    drafts: SqlDraftStore
    leases: SqlLeases
    fixes: SqlFixStore
    landed: SqlLanded
    dead_letters: SqlDeadLetters
    reviews: SqlReviewStore
    schemas: SqlSchemaStore
    clusters: SqlClusterStore
    cluster_log: SqlClusterLog
    review: SqlReviewQueue
    second: SqlSecondReaders
    incidents: SqlIncidentStore
    objects: Objects

    def close(self) -> None:
        """Close the connections; the stores cannot be used afterwards."""
        self.database.close()


def open_state(settings: Settings, clock: Clock, objects: Objects | None = None) -> StateStores:
    """Connect, migrate, sweep up after killed processes, and build the stores.

    Args:
        settings: where the state is.
        clock: for leases and times that come due.
        objects: where raw bytes lie; a folder beside the data when it is None.

    Raises:
        BadSetting: SDP_DATABASE_URL is not usable.
        PartMissing: the driver for it is not installed.
        RetryLater: the database does not answer.
    """
    private_folder(settings.folder.path)
    database = open_database(settings.state_url)
    migrate(database)
    objects = objects or _files(settings)
    return StateStores(
        database=database,
        objects=objects,
        bronze=SqlBronzeStore(database, objects),
        sources=SqlSourceStore(database),
        queue=SqlTaskQueue(database, clock, TaskLimits(settings.host_tasks, settings.running_tasks)),
        frontier=SqlFrontier(database),
        runs=SqlRunStore(database),
        health=SqlHealthStore(database),
        extractors=SqlExtractorStore(database, settings.folder.extractors, clock),
        ledger=SqlExtractionLedger(database),
        drafts=SqlDraftStore(database),
        leases=SqlLeases(database, clock),
        fixes=SqlFixStore(database),
        landed=SqlLanded(database),
        dead_letters=SqlDeadLetters(database),
        reviews=SqlReviewStore(database),
        schemas=SqlSchemaStore(database),
        clusters=SqlClusterStore(database),
        cluster_log=SqlClusterLog(database),
        review=SqlReviewQueue(database),
        second=SqlSecondReaders(database),
        incidents=SqlIncidentStore(database),
    )


def _files(settings: Settings) -> FileObjects:
    files = FileObjects(settings.folder.objects)
    files.sweep()
    return files
