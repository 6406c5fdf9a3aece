"""REST beside the workbench, at /api: health and status for machines; /api/docs describes it."""

from typing import Any

from fastapi import FastAPI
from fastapi.responses import JSONResponse

from core.errors import PipelineError, UnknownName
from core.pipeline import Pipeline
from jobs.scheduler import AgentLoop


def build_api(pipeline: Pipeline, loop: AgentLoop | None) -> FastAPI:
    """The application; `loop` is None where this process does not run one."""
    api = FastAPI(title="Smart Data Pipeline", docs_url="/docs", openapi_url="/openapi.json")

    @api.exception_handler(PipelineError)
    def _refuse(_request: Any, error: PipelineError) -> JSONResponse:
        status = 404 if isinstance(error, UnknownName) else 400
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

    @api.get("/tables")
    def tables() -> list[dict[str, Any]]:
        """The tables of the lake."""
        return [table._asdict() for table in pipeline.lake.tables()]

    return api
