"""The composition root: the only place that says which class plays which port."""

import logging
import os
import socket
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial

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
from core.disk.data_folder import LOG as LOG_FILE
from core.errors import BadSetting
from core.events import Event, RowsExtracted
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
from core.ports import Damage
from core.settings import Settings
from warehouse.integrity import quick
from warehouse.integrity.lake import LakeIntegrity
from warehouse.lake.tables import open_lake
from warehouse.query.engine import DuckDBQuery
from warehouse.state.retention import StateRetention
from warehouse.stores import open_state

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


def no_schema_yet(rows: RowsExtracted) -> Sequence[Event]:
    """The Validator of a pipeline without approved schemas: rows stay as they were extracted."""
    return ()


def build_pipeline(settings: Settings) -> Pipeline:
    """Everything wired together, with the state migrated to the present schema.

    Raises:
        BadSetting: a setting that cannot be used.
        Damaged: a file of the data folder does not hold what was written, and only a person can say what to do.
        RetryLater: a server or the disk refuses.
    """
    clock = SystemClock()
    quick.require_state(settings)
    log_is_gone = quick.log_is_gone(settings)
    backbone = open_backbone(settings)
    state = open_state(settings, clock, backbone.objects if settings.objects == "broker" else None)
    lake = open_lake(settings)
    mended = quick.mend_catalogue(settings, lake.catalog, state.landed)
    broker = backbone.log
    bronze = state.bronze
    sources = acquirers(settings, backbone.keys)
    parser = partial(parse, limits=limits_of(settings))
    reader = Reader(sources, parser, bronze, state.extractors, state.ledger, state.runs, broker, clock)
    reports = Reports(state.queue, state.frontier, broker, clock, settings.task_attempts)
    planner = Planner(sources, state.frontier, bronze, state.ledger, state.queue, clock, settings.max_run_documents)
    together = state.database.together
    intake = Intake(reader, state.sources, state.queue, reports, together, planner)
    builder = Builder(state.extractors, bronze, broker, clock)
    doctor = Doctor(reader, builder, state.extractors, state.fixes, clock, settings.fix_attempts)
    orchestrator = Orchestrator(
        Scout(reader, Precedents(state.sources, state.extractors)),
        intake,
        doctor,
        Watch(broker),
        state.sources,
        state.queue,
        state.runs,
        state.health,
        state.drafts,
        reports,
        broker,
        clock,
        planner,
        settings.strikes,
    )
    onboarding = Onboarding(
        detect, state.drafts, state.sources, state.queue, orchestrator, reader, builder, broker, clock
    )
    owner = f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:6]}"
    integrity = LakeIntegrity(settings.folder, lake.catalog, state.database, state.objects)
    recovery = Recovery(reader, lake, state.landed, clock)
    pipeline = Pipeline(
        settings=settings,
        clock=clock,
        acquirers=reader.acquirers,
        bronze=bronze,
        extractors=state.extractors,
        ledger=state.ledger,
        sources=state.sources,
        queue=state.queue,
        runs=state.runs,
        health=state.health,
        drafts=state.drafts,
        fixes=state.fixes,
        leases=state.leases,
        broker=broker,
        groups=backbone.groups,
        keys=backbone.keys,
        requests=backbone.requests,
        dead_letters=state.dead_letters,
        validator=no_schema_yet,
        lake=lake,
        evolution=lake,
        query=DuckDBQuery(settings, lake, state),
        reader=reader,
        onboarding=onboarding,
        orchestrator=orchestrator,
        upkeep=(
            lake,
            StateRetention(state.database),
            LogUpkeep(broker, backbone.groups, backbone.retention, lake),
            DocumentUpkeep(reader, state.landed, clock),
            DamageUpkeep(integrity, recovery),
        ),
        writer=LakeWriter(
            broker, lake, state.landed, state.leases, state.dead_letters, clock, owner, settings.lease_seconds
        ),
        integrity=integrity,
        recovery=recovery,
    )
    if mended or (log_is_gone and state.landed.tables()):
        _fill_in(pipeline, log_is_gone)
    return pipeline


def _fill_in(pipeline: Pipeline, log_is_gone: bool) -> None:
    """Say that the log is another one, and tell again of what the lake does not hold."""
    if log_is_gone:
        said = "what it held and what did not land is told of again"
        quick.note(pipeline.settings.folder, Damage(LOG_FILE, "it is gone: a new log was begun", "", said))
    for damage in pipeline.fill_in(log_is_gone=log_is_gone):
        LOG.warning("%s", damage.sentence)
