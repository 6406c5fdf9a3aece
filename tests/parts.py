"""The one place where tests reach the stores and agents behind the services, to bring about what no person can."""

from typing import Any, NamedTuple

from core.agents.orchestrator import Orchestrator
from core.flow.archive import Archive
from core.flow.lake_writer import LakeWriter
from core.flow.reading import Reading
from core.pipeline import Pipeline
from core.ports import (
    BronzeStore,
    ConsumerGroups,
    DeadLetters,
    EventBroker,
    ExtractorStore,
    Integrity,
    Leases,
    RunStore,
    SourceStore,
    TaskQueue,
)


class Parts(NamedTuple):
    """What a pipeline is made of. The lake is the Iceberg one, of which tests look at more than its port."""

    bronze: BronzeStore
    broker: EventBroker
    dead_letters: DeadLetters
    extractors: ExtractorStore
    groups: ConsumerGroups
    integrity: Integrity
    lake: Any
    leases: Leases
    orchestrator: Orchestrator
    queue: TaskQueue
    archive: Archive
    reading: Reading
    runs: RunStore
    sources: SourceStore
    writer: LakeWriter


def parts_of(pipeline: Pipeline) -> Parts:
    """The stores and agents of a pipeline."""
    flow, documents = pipeline.flow, pipeline.documents
    return Parts(
        bronze=documents._bronze,
        broker=flow._broker,
        dead_letters=flow._dead_letters,
        extractors=documents._extractors,
        groups=flow._groups,
        integrity=pipeline.tables._integrity,
        lake=pipeline.tables._lake,
        leases=flow._leases,
        orchestrator=flow._orchestrator,
        queue=flow._queue,
        archive=documents._archive,
        reading=pipeline.work._reading,
        runs=flow._runs,
        sources=pipeline.sources._sources,
        writer=flow._writer,
    )


def exchange(service: object, part: str, other: object) -> None:
    """Put another part into a service, which is frozen for everybody else."""
    assert hasattr(service, part), f"{type(service).__name__} has no {part}"
    object.__setattr__(service, part, other)
