"""REST beside the workbench, at /api: health and status for machines; /api/docs describes it."""

from typing import Annotated, Any

from fastapi import FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse

from core.errors import Damaged, PipelineError, RetryLater, UnknownName
from core.model import Source, verdict_of
from core.model.incident import Incident
from core.model.review import ReviewFilter, ReviewItem
from core.model.schema import SchemaVersion
from core.pipeline import Pipeline
from core.text.redaction import redact
from jobs.api_clusters import offer_clusters
from jobs.api_page import api_page
from jobs.scheduler import AgentLoop

LONGEST_WAIT = 60.0  # seconds that a client may keep a connection waiting for a worker
STATUS = {UnknownName: 404, RetryLater: 503, Damaged: 503}


def build_refusing_api(error: PipelineError) -> FastAPI:
    """The application of a workbench without a pipeline: 503 to everything, with the sentence that says why."""
    api = FastAPI(title="Smart Data Pipeline", docs_url=None, redoc_url=None, openapi_url=None)

    @api.api_route("/{path:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    def refuse(path: str) -> JSONResponse:
        return _refusal(error, 503)

    return api


def _refuse(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, PipelineError):
        raise error
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 400)
    return _refusal(error, status)


def _refuse_parameter(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise error
    first = error.errors()[0]
    sentence = f"{first['loc'][-1]} is not usable: {first['msg']}."
    return JSONResponse({"error": sentence, "advice": "Change the parameter."}, 422)


def build_api(pipeline: Pipeline, loop: AgentLoop | None) -> FastAPI:
    """The application; `loop` is None where this process does not run one."""
    api = _described()

    @api.get("/health")
    def health() -> dict[str, Any]:
        """Whether this process is up and can read and write, and whether it runs the loop or stands by."""
        pipeline.flow.loop()
        if why := pipeline.flow.blocked():
            raise RetryLater(f"Nothing can be written: {why}.", "See the log of the workbench.")
        return {"status": "ok", "loop": "leading" if loop and loop.leading else "standing by"}

    @api.get("/sources")
    def sources() -> list[dict[str, Any]]:
        """All sources with their health and last run."""
        return [
            {"source": _shown(view.source), "health": view.health, "last_run": view.last_run}
            for view in pipeline.sources.overview()
        ]

    @api.get("/sources/{source_id}/repairs")
    def repairs(source_id: str) -> list[dict[str, Any]]:
        """The repairs of a source, newest first, each with what it proves and what was done with it."""
        attempts = pipeline.repairs.attempts(pipeline.sources.get(source_id).source_id)
        return [{"repair": attempt, "verdict": verdict_of(attempt.templates)} for attempt in attempts]

    @api.get("/tables")
    def tables() -> list[dict[str, Any]]:
        """The tables of the lake."""
        return [table._asdict() for table in pipeline.tables.all()]

    @api.get("/flow")
    def flow() -> list[dict[str, Any]]:
        """How full each stream is for each consumer group."""
        return [level._asdict() for level in pipeline.flow.levels()]

    @api.get("/documents/{document_id}/rows")
    def rows(document_id: str, seconds: Annotated[float, Query(ge=0, allow_inf_nan=False)] = 10.0) -> dict[str, Any]:
        """The rows of a document, read by a worker now; 503 when none is free in time."""
        return pipeline.documents.ask_for_rows(document_id, min(seconds, LONGEST_WAIT))

    _offer_schemas(api, pipeline)
    offer_clusters(api, pipeline)
    _offer_review(api, pipeline)
    return api


def _offer_schemas(api: FastAPI, pipeline: Pipeline) -> None:
    @api.get("/proposals")
    def proposals() -> list[dict[str, Any]]:
        """Proposed tables that wait for a decision, each with what it changes."""
        reviews = pipeline.schemas.reviews()
        return [{"proposal": review, "changes": pipeline.schemas.changes(review)} for review in reviews]

    @api.get("/schemas")
    def schemas() -> list[SchemaVersion]:
        """Approved tables, by name, the newest version first."""
        return pipeline.schemas.versions()


def _offer_review(api: FastAPI, pipeline: Pipeline) -> None:
    @api.get("/review")
    def review(table: str = "", column: str = "", rule: str = "", source: str = "") -> list[ReviewItem]:
        """Values that were refused and wait for a person, oldest first; those of a table, column, rule or source."""
        return pipeline.review.find(ReviewFilter(table, column, rule, source))

    @api.get("/review/{item_id}")
    def review_item(item_id: str) -> ReviewItem:
        """One of them, or one that was decided about, with what was decided."""
        return pipeline.review.item(item_id)

    @api.get("/alerts")
    def alerts() -> list[Incident]:
        """Runs that are far from what was usual, newest first."""
        return pipeline.alerts.open()


def _described() -> FastAPI:
    """An application that says what it offers, and what is wrong with a request, in our own words."""
    api = FastAPI(title="Smart Data Pipeline", docs_url=None, redoc_url=None, openapi_url="/openapi.json")
    api.add_exception_handler(PipelineError, _refuse)
    api.add_exception_handler(RequestValidationError, _refuse_parameter)

    @api.get("/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        return HTMLResponse(api_page(api.openapi()))

    return api


def _refusal(error: PipelineError, status: int) -> JSONResponse:
    return JSONResponse({"error": error.message, "advice": error.advice}, status)


def _shown(source: Source) -> Source:
    return source.model_copy(update={"location": redact(source.location)})
