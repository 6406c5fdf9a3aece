"""The composition root: the only place that says which class plays which port."""

import logging
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple

from core.acquire import detect_acquirer
from core.acquire.guard import ConnectionGuard
from core.agents.builder import Builder
from core.agents.doctor import Doctor
from core.agents.lessons import Experience, Precedents
from core.agents.onboarding import Onboarding
from core.agents.orchestrator import Orchestrator
from core.agents.scout import Scout
from core.agents.teacher import Teacher
from core.agents.watch import Watch
from core.broker import Backbone
from core.errors import BadSetting
from core.flow.alerting import Alerting
from core.flow.archive import Archive
from core.flow.clusterer import Clusterer
from core.flow.fetching import Fetching
from core.flow.filling import Filling
from core.flow.lake_writer import LakeWriter
from core.flow.onward import Onward
from core.flow.planner import Planner
from core.flow.proof import SpotChecks
from core.flow.reader import Reader
from core.flow.reading import Reading
from core.flow.readmission import Readmission
from core.flow.recovery import DamageUpkeep, Recovery
from core.flow.second_reading import SecondReading
from core.flow.tasks import Reports
from core.flow.upkeep import DocumentUpkeep, LogUpkeep, VersionUpkeep
from core.flow.visitor import Visitor
from core.parse import parse
from core.parse.limits import limits_of
from core.pipeline import Pipeline
from core.pipeline.alerts import Alerts
from core.pipeline.cluster_audit import Auditor
from core.pipeline.clusters import Clustering
from core.pipeline.documents import Documents
from core.pipeline.flow import Flow
from core.pipeline.proposals import Proposals
from core.pipeline.repairs import Repairs
from core.pipeline.review import Review
from core.pipeline.schemas import Schemas
from core.pipeline.source_rows import SourceRows
from core.pipeline.sources import Sources
from core.pipeline.tables import Tables
from core.pipeline.workshop import Workshop, owner_name
from core.ports import Acquirer, AlertChannel, Clock, Damage, Engine, KeyValue, Runner
from core.registry import ACQUIRERS, ALERT_CHANNELS, BACKBONES, CATALOGUES, open_engine, open_runner
from core.settings import Settings
from warehouse.integrity import quick
from warehouse.integrity.lake import LakeIntegrity
from warehouse.lake.tables import IcebergTables
from warehouse.query.engine import DuckDBQuery
from warehouse.state.retention import StateRetention
from warehouse.stores import StateStores, open_state

LOG = logging.getLogger(__name__)


class SystemClock:
    """The time of this machine."""

    def now(self) -> datetime:
        """Now, in UTC."""
        return datetime.now(UTC)


def open_backbone(settings: Settings) -> Backbone:
    """The event backbone of the settings.

    Raises:
        BadSetting: SDP_BROKER_URL is no address of a server, or raw bytes are to lie where there is no such place.
    """
    if settings.broker_url:
        return BACKBONES.maker("nats")(settings.broker_url)
    if settings.objects == "broker":
        raise BadSetting("Raw bytes cannot lie on a backbone that is a file.", "Set SDP_BROKER_URL, or SDP_OBJECTS.")
    return BACKBONES.maker("local")(settings.folder.log)


def open_lake(settings: Settings) -> IcebergTables:
    """The lake of the settings; nothing is loaded or created before it is used."""
    return IcebergTables(CATALOGUES.maker("sql")(settings.catalog_url, settings.warehouse_url))


def open_acquirers(settings: Settings, keys: KeyValue) -> dict[str, Acquirer]:
    """Every acquirer by its name. `keys` holds the turns of hosts: all processes together are as polite as one."""
    guard = ConnectionGuard(settings.allowed_hosts)
    return {name: ACQUIRERS.maker(name)(settings, guard, keys) for name in ACQUIRERS.players}


def open_channels(settings: Settings) -> dict[str, AlertChannel]:
    """Every alert channel that the settings name.

    Raises:
        BadSetting: there is none of that name, or what it needs is not set.
        AddressRefused: the webhook is an address that we may not connect to.
    """
    guard = ConnectionGuard(settings.allowed_hosts)
    names = [name.strip() for name in settings.alert_channels.split(",") if name.strip()]
    return {name: ALERT_CHANNELS.maker(name)(settings, guard) for name in names}


class Ground(NamedTuple):
    """What the settings choose: where everything is kept, and who tells the time."""

    settings: Settings
    clock: Clock
    backbone: Backbone
    state: StateStores
    lake: IcebergTables


class Way(NamedTuple):
    """Who takes a document its way."""

    visitor: Visitor
    archive: Archive
    runner: Runner
    reader: Reader
    second: SecondReading
    reports: Reports
    planner: Planner
    fetching: Fetching
    reading: Reading


class Agents(NamedTuple):
    """Who decides what happens next."""

    doctor: Doctor
    orchestrator: Orchestrator
    onboarding: Onboarding
    teacher: Teacher


def build_pipeline(settings: Settings) -> Pipeline:
    """Everything wired together, with the state migrated to the present schema.

    Raises:
        BadSetting: a setting that cannot be used.
        Damaged: a file of the data folder does not hold what was written, and only a person can say what to do.
        RetryLater: a server or the disk refuses.
    """
    quick.require_state(settings)
    log_is_gone = quick.log_is_gone(settings)
    clock, backbone, lake = SystemClock(), open_backbone(settings), open_lake(settings)
    state = open_state(settings, clock, backbone.objects if settings.objects == "broker" else None)
    mended = quick.mend_catalogue(settings, lake.catalog, state.landed)
    ground = Ground(settings, clock, backbone, state, lake)
    engine = open_engine()
    way = _way(ground, engine)
    pipeline = _services(ground, way, _agents(ground, way, engine))
    if mended or (log_is_gone and state.landed.tables()):
        _fill_in(pipeline, log_is_gone)
    return pipeline


def _way(ground: Ground, engine: Engine) -> Way:
    settings, clock, backbone, state, _ = ground
    log, bronze, extractors, ledger = backbone.log, state.bronze, state.extractors, state.ledger
    queue, sources, together = state.queue, state.sources, state.database.together
    found, runner = open_acquirers(settings, backbone.keys), open_runner()
    visitor = Visitor(found, bronze, log, clock)
    archive = Archive(bronze, partial(parse, limits=limits_of(settings)))
    share = settings.second_share
    second = SecondReading(state.second, engine, extractors, ledger, bronze, archive, clock, share)
    reader = Reader(archive, runner, bronze, extractors, SpotChecks(archive, settings.proved_share), second, clock)
    reports = Reports(queue, state.frontier, log, clock, settings.task_attempts)
    planner = Planner(found, state.frontier, bronze, ledger, queue, clock, settings.max_run_documents)
    onward = Onward(sources, planner)
    fetching = Fetching(visitor, bronze, extractors, ledger, sources, queue, reports, planner, onward, together)
    reading = Reading(reader, extractors, ledger, state.runs, queue, log, reports, planner, onward, together)
    return Way(visitor, archive, runner, reader, second, reports, planner, fetching, reading)


def _agents(ground: Ground, way: Way, engine: Engine) -> Agents:
    settings, clock, backbone, state, _ = ground
    log, bronze, extractors, sources, queue = backbone.log, state.bronze, state.extractors, state.sources, state.queue
    visitor, archive, runner = way.visitor, way.archive, way.runner
    builder = Builder(extractors, runner, bronze, log, clock)
    doctor = Doctor(
        visitor=visitor,
        archive=archive,
        runner=runner,
        engine=engine,
        builder=builder,
        experience=Experience(state.fixes, extractors),
        bronze=bronze,
        ledger=state.ledger,
        extractors=extractors,
        fixes=state.fixes,
        clock=clock,
        limit=settings.fix_attempts,
    )
    orchestrator = Orchestrator(
        scout=Scout(visitor, archive, runner, engine, Precedents(sources, extractors, engine)),
        fetching=way.fetching,
        doctor=doctor,
        watch=Watch(log),
        sources=sources,
        queue=queue,
        extractors=extractors,
        runs=state.runs,
        health=state.health,
        drafts=state.drafts,
        reports=way.reports,
        broker=log,
        clock=clock,
        planner=way.planner,
        strikes=settings.strikes,
    )
    onboarding = Onboarding(
        detect=detect_acquirer,
        drafts=state.drafts,
        sources=sources,
        queue=queue,
        orchestrator=orchestrator,
        archive=archive,
        bronze=bronze,
        runner=runner,
        learner=engine,
        builder=builder,
        broker=log,
        clock=clock,
    )
    limit = settings.fix_attempts
    teacher = Teacher(extractors, state.fixes, bronze, archive, runner, engine, builder, clock, limit)
    return Agents(doctor, orchestrator, onboarding, teacher)


def _services(ground: Ground, way: Way, agents: Agents) -> Pipeline:
    """The nine services and the workshop, each with no more than it needs."""
    settings, clock, backbone, state, lake = ground
    doctor, orchestrator, onboarding, teacher = agents
    log, groups, keys = backbone.log, backbone.groups, backbone.keys
    bronze, extractors, sources, runs = state.bronze, state.extractors, state.sources, state.runs
    queue, leases, letters = state.queue, state.leases, state.dead_letters
    owner, seconds = owner_name(), settings.lease_seconds
    writer = LakeWriter(log, lake, state.landed, leases, letters, clock, owner, seconds)
    query = DuckDBQuery(settings, lake, state)
    integrity = LakeIntegrity(settings.folder, lake.catalog, state.database, state.objects)
    recovery = Recovery(
        way.reader, bronze, extractors, state.ledger, log, lake, state.landed, state.schemas, state.review, clock
    )
    upkeep = (
        lake,
        StateRetention(state.database),
        LogUpkeep(log, groups, backbone.retention, lake),
        VersionUpkeep(state.schemas, lake),
        DocumentUpkeep(way.visitor, bronze, state.landed, clock),
        DamageUpkeep(integrity, recovery),
    )
    filling = Filling(
        schemas=state.schemas,
        decisions=state.review,
        ledger=state.ledger,
        extractors=extractors,
        bronze=bronze,
        reader=way.reader,
        broker=log,
        lake=lake,
        evolution=lake,
        landed=state.landed,
        leases=leases,
        writer=writer,
        owner=owner,
        lease_seconds=seconds,
    )
    proposals = Proposals(SourceRows(query, lake, log), state.reviews, clock)
    readmission = Readmission(state.review, state.schemas, state.ledger, bronze, way.reader, log)
    channels = open_channels(settings)
    url = settings.workbench_url
    alerting = Alerting(log, state.schemas, state.review, state.incidents, clock, tuple(channels), url)
    tries = settings.fix_attempts
    flow = Flow(queue, runs, sources, log, groups, keys, leases, letters, writer, orchestrator, clock, settings)
    schemas = Schemas(state.reviews, state.schemas, state.review, proposals, sources, state.health, log, clock)
    clusterer = Clusterer(state.clusters, state.cluster_log, leases, clock, owner, seconds)
    auditor = Auditor(clusterer, state.clusters, clock, settings.audit_seconds, settings.stable_calm_audits)
    return Pipeline(
        sources=Sources(sources, runs, state.health, state.drafts, onboarding, orchestrator),
        repairs=Repairs(
            state.fixes,
            extractors,
            sources,
            bronze,
            state.ledger,
            log,
            way.archive,
            way.runner,
            doctor,
            orchestrator,
            clock,
            tries,
        ),
        tables=Tables(lake, lake, query, extractors, writer, integrity, recovery, state.schemas),
        documents=Documents(bronze, state.ledger, extractors, way.archive, way.runner, backbone.requests),
        flow=flow,
        schemas=schemas,
        clusters=Clustering(clusterer, state.clusters, state.cluster_log, schemas, auditor, clock, settings),
        review=Review(state.review, state.schemas, state.reviews, extractors, state.second, teacher, clock),
        alerts=Alerts(state.incidents, alerting, channels, clock),
        work=Workshop(
            queue,
            leases,
            groups,
            keys,
            letters,
            orchestrator,
            way.reading,
            writer,
            filling,
            readmission,
            way.second,
            upkeep,
            flow,
            clock,
            settings,
        ),
        settings=settings,
        _clock=clock,
    )


def _fill_in(pipeline: Pipeline, log_is_gone: bool) -> None:
    """Say that the log is another one, and tell again of what the lake does not hold."""
    if log_is_gone:
        folder = pipeline.settings.folder
        said = "what it held and what did not land is told of again"
        quick.note_damage(folder, Damage(folder.log.name, "it is gone: a new log was begun", "", said))
    for damage in pipeline.tables.fill_in(log_is_gone=log_is_gone):
        LOG.warning("%s", damage.sentence)
