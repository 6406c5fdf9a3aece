"""The composition root: the only place that says which class plays which port."""

import logging
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple

from core.acquire import acquirers, detect
from core.agents.builder import Builder
from core.agents.doctor import Doctor
from core.agents.lessons import Precedents
from core.agents.onboarding import Onboarding
from core.agents.orchestrator import Orchestrator
from core.agents.scout import Scout
from core.agents.watch import Watch
from core.broker import Backbone
from core.broker.local import open_local
from core.errors import BadSetting
from core.flow.intake import Intake
from core.flow.lake_writer import LakeWriter
from core.flow.planner import Planner
from core.flow.reader import Reader
from core.flow.recovery import DamageUpkeep, Recovery
from core.flow.tasks import Reports
from core.flow.upkeep import DocumentUpkeep, LogUpkeep
from core.parse import parse
from core.parse.limits import limits_of
from core.pipeline import Pipeline
from core.pipeline.documents import Documents
from core.pipeline.flow import Flow
from core.pipeline.repairs import Repairs
from core.pipeline.schemas import Schemas, no_schema_yet
from core.pipeline.sources import Sources
from core.pipeline.tables import Tables
from core.pipeline.workshop import Workshop, owner_name
from core.ports import Clock, Damage
from core.settings import Settings
from warehouse.integrity import quick
from warehouse.integrity.lake import LakeIntegrity
from warehouse.lake.tables import IcebergTables, open_lake
from warehouse.query.engine import DuckDBQuery
from warehouse.state.retention import StateRetention
from warehouse.stores import State, open_state

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
        # the client of the server is not loaded where a file is enough
        from core.broker.nats import open_nats

        return open_nats(settings.broker_url)
    if settings.objects == "broker":
        raise BadSetting("Raw bytes cannot lie on a backbone that is a file.", "Set SDP_BROKER_URL, or SDP_OBJECTS.")
    return open_local(settings.folder.log)


class Ground(NamedTuple):
    """What the settings choose: where everything is kept, and who tells the time."""

    settings: Settings
    clock: Clock
    backbone: Backbone
    state: State
    lake: IcebergTables


class Agents(NamedTuple):
    """Who works on that ground."""

    reader: Reader
    intake: Intake
    doctor: Doctor
    orchestrator: Orchestrator
    onboarding: Onboarding


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
    pipeline = _services(ground, _agents(ground))
    if mended or (log_is_gone and state.landed.tables()):
        _fill_in(pipeline, log_is_gone)
    return pipeline


def _agents(ground: Ground) -> Agents:
    settings, clock, backbone, state, _ = ground
    log, found = backbone.log, acquirers(settings, backbone.keys)
    parser = partial(parse, limits=limits_of(settings))
    reader = Reader(found, parser, state.bronze, state.extractors, state.ledger, state.runs, log, clock)
    reports = Reports(state.queue, state.frontier, log, clock, settings.task_attempts)
    planner = Planner(found, state.frontier, state.bronze, state.ledger, state.queue, clock, settings.max_run_documents)
    intake = Intake(reader, state.sources, state.queue, reports, state.database.together, planner)
    builder = Builder(state.extractors, state.bronze, log, clock)
    doctor = Doctor(reader, builder, state.extractors, state.fixes, clock, settings.fix_attempts)
    orchestrator = Orchestrator(
        Scout(reader, Precedents(state.sources, state.extractors)),
        intake,
        doctor,
        Watch(log),
        state.sources,
        state.queue,
        state.runs,
        state.health,
        state.drafts,
        reports,
        log,
        clock,
        planner,
        settings.strikes,
    )
    onboarding = Onboarding(detect, state.drafts, state.sources, state.queue, orchestrator, reader, builder, log, clock)
    return Agents(reader, intake, doctor, orchestrator, onboarding)


def _services(ground: Ground, agents: Agents) -> Pipeline:
    """The six services and the workshop, each with no more than it needs."""
    settings, clock, backbone, state, lake = ground
    reader, intake, doctor, orchestrator, onboarding = agents
    log, groups, keys = backbone.log, backbone.groups, backbone.keys
    bronze, extractors, sources, runs = state.bronze, state.extractors, state.sources, state.runs
    queue, leases, letters = state.queue, state.leases, state.dead_letters
    writer = LakeWriter(log, lake, state.landed, leases, letters, clock, owner_name(), settings.lease_seconds)
    integrity = LakeIntegrity(settings.folder, lake.catalog, state.database, state.objects)
    recovery = Recovery(reader, lake, state.landed, clock)
    upkeep = (
        lake,
        StateRetention(state.database),
        LogUpkeep(log, groups, backbone.retention, lake),
        DocumentUpkeep(reader, state.landed, clock),
        DamageUpkeep(integrity, recovery),
    )
    tries = settings.fix_attempts
    flow = Flow(queue, runs, sources, log, groups, keys, leases, letters, writer, orchestrator, clock, settings)
    return Pipeline(
        sources=Sources(sources, runs, state.health, state.drafts, onboarding, orchestrator),
        repairs=Repairs(
            state.fixes, extractors, sources, bronze, state.ledger, log, reader, doctor, orchestrator, clock, tries
        ),
        tables=Tables(lake, lake, DuckDBQuery(settings, lake, state), extractors, writer, integrity, recovery),
        documents=Documents(bronze, state.ledger, extractors, reader, backbone.requests),
        flow=flow,
        schemas=Schemas(no_schema_yet, log),
        work=Workshop(
            queue, leases, groups, keys, letters, orchestrator, intake, writer, upkeep, flow, clock, settings
        ),
        settings=settings,
        _clock=clock,
    )


def _fill_in(pipeline: Pipeline, log_is_gone: bool) -> None:
    """Say that the log is another one, and tell again of what the lake does not hold."""
    if log_is_gone:
        folder = pipeline.settings.folder
        said = "what it held and what did not land is told of again"
        quick.note(folder, Damage(folder.log.name, "it is gone: a new log was begun", "", said))
    for damage in pipeline.tables.fill_in(log_is_gone=log_is_gone):
        LOG.warning("%s", damage.sentence)
