"""REST beside the workbench, at /api: health and status for machines; /api/docs describes it."""

from typing import Any

from fastapi import FastAPI
from fastapi.responses import JSONResponse

from core.errors import PipelineError, RetryLater, UnknownName
from core.model import verdict_of
from core.pipeline import Pipeline
from jobs.scheduler import AgentLoop

STATUS = {UnknownName: 404, RetryLater: 503}


def build_api(pipeline: Pipeline, loop: AgentLoop | None) -> FastAPI:
    """The application; `loop` is None where this process does not run one."""
    api = FastAPI(title="Smart Data Pipeline", docs_url="/docs", openapi_url="/openapi.json")

    @api.exception_handler(PipelineError)
    def _refuse(_request: Any, error: PipelineError) -> JSONResponse:
        status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 400)
        return JSONResponse({"error": error.message, "advice": error.advice}, status)

    @api.get("/health")
    def health() -> dict[str, Any]:
        """Whether this process is up, and whether it runs the loop or stands by."""
        return {"status": "ok", "loop": "leading" if loop and loop.leading else "standing by"}

    @api.get("/sources")
    def sources() -> list[dict[str, Any]]:
        """All sources with their health and last run."""
        return [
            {"source": view.source, "health": view.health, "last_run": view.last_run} for view in pipeline.overview()
        ]

    @api.get("/sources/{source_id}/repairs")
    def repairs(source_id: str) -> list[dict[str, Any]]:
        """The repairs of a source, newest first, each with what it proves and what was done with it."""
        attempts = pipeline.fixes.find(pipeline.sources.get(source_id).source_id)
        return [{"repair": attempt, "verdict": verdict_of(attempt.templates)} for attempt in attempts]

    @api.get("/tables")
    def tables() -> list[dict[str, Any]]:
        """The tables of the lake."""
        return [table._asdict() for table in pipeline.tables()]

    @api.get("/flow")
    def flow() -> list[dict[str, Any]]:
        """How full each stream is for each consumer group."""
        return [level._asdict() for level in pipeline.levels()]

    @api.get("/documents/{document_id}/rows")
    def rows(document_id: str, seconds: float = 10.0) -> dict[str, Any]:
        """The rows of a document, read by a worker now; 503 when none is free in time."""
        return pipeline.ask_for_rows(document_id, min(seconds, 60.0))

    return api
