"""All nouns, one file a stage, each pointing back to its parent's id.

Source → RawDocument → ParsedDocument → Blueprint → Extractor → Extraction{Record{FieldValue{Evidence}}},
beside them Task, Run, Health and the draft of an onboarding. Nouns are frozen; those that are made by the
thousand a page (Record, FieldValue, Evidence) are plain frozen dataclasses or tuples, the rest Pydantic models.
"""

from core.model.base import Frozen, content_hash, stable_id
from core.model.blueprint import Blueprint, Field, FieldType, RecordSet, ValueGuard
from core.model.document import ParsedDocument
from core.model.evolution import ColumnChange
from core.model.extraction import Evidence, Extraction, FieldValue, HealReport, Record, Verdict
from core.model.frontier import Tally, Visit
from core.model.operation import (
    AGENT_LOOP,
    DUE_TASKS,
    OPEN_TASKS,
    Draft,
    DraftStep,
    Extractor,
    ExtractorState,
    Health,
    Lease,
    Run,
    Task,
    TaskKind,
    TaskState,
)
from core.model.pagination import DetailLink
from core.model.repair import FixAct, FixAttempt, FixState, Lesson, Proof, Repaired, TemplateFix
from core.model.results import TemplateGroup
from core.model.source import Fetched, FetchRequest, RawDocument, Schedule, Source, SourceState
from core.model.verdict import RepairVerdict, verdict_of

__all__ = [
    "AGENT_LOOP",
    "DUE_TASKS",
    "OPEN_TASKS",
    "Blueprint",
    "ColumnChange",
    "DetailLink",
    "Draft",
    "DraftStep",
    "Evidence",
    "Extraction",
    "Extractor",
    "ExtractorState",
    "FetchRequest",
    "Fetched",
    "Field",
    "FieldType",
    "FieldValue",
    "FixAct",
    "FixAttempt",
    "FixState",
    "Frozen",
    "HealReport",
    "Health",
    "Lease",
    "Lesson",
    "ParsedDocument",
    "Proof",
    "RawDocument",
    "Record",
    "RecordSet",
    "RepairVerdict",
    "Repaired",
    "Run",
    "Schedule",
    "Source",
    "SourceState",
    "Tally",
    "Task",
    "TaskKind",
    "TaskState",
    "TemplateFix",
    "TemplateGroup",
    "ValueGuard",
    "Verdict",
    "Visit",
    "content_hash",
    "stable_id",
    "verdict_of",
]
