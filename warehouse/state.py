"""The operational state: every store that lives in the state database, opened together."""

from dataclasses import dataclass

from core.ports import Clock
from core.settings import Settings
from warehouse.bronze import FileBronzeStore
from warehouse.database import Database, open_database
from warehouse.drafts import SqlDraftStore
from warehouse.extractors import SqlExtractorStore
from warehouse.fixes import SqlFixStore
from warehouse.health import SqlHealthStore
from warehouse.leases import SqlLeases
from warehouse.ledger import SqlExtractionLedger
from warehouse.migrate import migrate
from warehouse.queue import SqlTaskQueue
from warehouse.runs import SqlRunStore
from warehouse.sources import SqlSourceStore


@dataclass(frozen=True, slots=True)
class State:
    """The stores, each behind its port, over one database."""

    database: Database
    bronze: FileBronzeStore
    sources: SqlSourceStore
    queue: SqlTaskQueue
    runs: SqlRunStore
    health: SqlHealthStore
    extractors: SqlExtractorStore
    ledger: SqlExtractionLedger
    drafts: SqlDraftStore
    leases: SqlLeases
    fixes: SqlFixStore

    def close(self) -> None:
        """Close the connections; the stores cannot be used afterwards."""
        self.database.close()


def open_state(settings: Settings, clock: Clock) -> State:
    """Connect, migrate, sweep up after killed processes, and build the stores.

    Raises:
        BadSetting: SDP_DATABASE_URL is not usable.
        PartMissing: the driver for it is not installed.
        RetryLater: the database does not answer.
    """
    database = open_database(settings.state_url)
    migrate(database)
    bronze = FileBronzeStore(database, settings.data_dir.absolute() / "objects")
    bronze.sweep()
    return State(
        database=database,
        bronze=bronze,
        sources=SqlSourceStore(database),
        queue=SqlTaskQueue(database, clock),
        runs=SqlRunStore(database),
        health=SqlHealthStore(database),
        extractors=SqlExtractorStore(database, settings.data_dir.absolute() / "extractors", clock),
        ledger=SqlExtractionLedger(database),
        drafts=SqlDraftStore(database),
        leases=SqlLeases(database, clock),
        fixes=SqlFixStore(database),
    )
