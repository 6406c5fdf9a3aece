"""Every port of the product. An implementation is accepted when it passes the contract suite of its port.

Each method says what must hold. Where nothing else is said, an unknown id raises UnknownName.
"""

from core.model.results import Chore, Damage, ExtractionEntry, QueryResult, Question, Report, TableInfo
from core.ports.alerts import AlertChannel, IncidentStore
from core.ports.clusters import ClusterLog, ClusterStore
from core.ports.documents import BronzeStore, ExtractionLedger, Frontier
from core.ports.embedder import Embedder
from core.ports.engine import Adversary, Engine, Learner, Repairer, Runner
from core.ports.extractors import ExtractorStore, FixStore, HealthStore
from core.ports.lake import Integrity, Landed, QueryEngine, TableEvolution, TableStore, Upkeep
from core.ports.log import Consumer, ConsumerGroups, DeadLetters, EventBroker, KeyValue, Objects, Requests, Retention
from core.ports.review import Decisions, ReviewQueue
from core.ports.schemas import ReviewStore, SchemaStore
from core.ports.second import SecondReaders
from core.ports.sources import Acquirer, DraftStore, Parser, SourceStore
from core.ports.work import Clock, Leases, RunStore, TaskClaims, TaskQueue, UnitOfWork

__all__ = [
    "Acquirer",
    "Adversary",
    "AlertChannel",
    "BronzeStore",
    "Chore",
    "Clock",
    "ClusterLog",
    "ClusterStore",
    "Consumer",
    "ConsumerGroups",
    "Damage",
    "DeadLetters",
    "Decisions",
    "DraftStore",
    "Embedder",
    "Engine",
    "EventBroker",
    "ExtractionEntry",
    "ExtractionLedger",
    "ExtractorStore",
    "FixStore",
    "Frontier",
    "HealthStore",
    "IncidentStore",
    "Integrity",
    "KeyValue",
    "Landed",
    "Learner",
    "Leases",
    "Objects",
    "Parser",
    "QueryEngine",
    "QueryResult",
    "Question",
    "Repairer",
    "Report",
    "Requests",
    "Retention",
    "ReviewQueue",
    "ReviewStore",
    "RunStore",
    "Runner",
    "SchemaStore",
    "SecondReaders",
    "SourceStore",
    "TableEvolution",
    "TableInfo",
    "TableStore",
    "TaskClaims",
    "TaskQueue",
    "UnitOfWork",
    "Upkeep",
]
