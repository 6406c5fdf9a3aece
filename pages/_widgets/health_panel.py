"""How a source does, for whoever has to decide about it; kept up to date by itself."""

import streamlit as st

from core.model import OPEN_TASKS, SourceState, TaskKind, TaskState
from core.pipeline import Pipeline
from core.pipeline.sources import SourceView
from pages._widgets.badges import ago, brought, counted, health_words, schedule_words
from pages._widgets.layout import draw_figures

QUARANTINED = SourceState.QUARANTINED
Signature = tuple[object, ...]


def draw_health(pipeline: Pipeline, source_id: str) -> None:
    """The figures and what they mean; the page is drawn anew when a run or a repair has changed them."""
    tables = set(pipeline.tables.names_of(source_id))
    rows = sum(table.rows for table in pipeline.tables.all() if table.name in tables)
    _draw_live(pipeline, source_id, _signature(pipeline, source_id), rows)
    strike = pipeline.sources.view(source_id).health.last_error
    if noticed := [sentence for sentence in pipeline.repairs.noticed(source_id) if sentence != strike]:
        st.warning("**Noticed in the last run**, which is no strike: " + " ".join(noticed))


@st.fragment(run_every="1s")
def _draw_live(pipeline: Pipeline, source_id: str, drawn: Signature, rows: int) -> None:
    if _signature(pipeline, source_id) != drawn:
        st.rerun()
    view = pipeline.sources.view(source_id)
    _draw_figures(pipeline, view, rows)
    _draw_meaning(pipeline, view, rows)
    if repair_is_open(pipeline, source_id):
        st.progress(0.5, text="Fetching fresh pages, learning them anew, proving the repair")


def _signature(pipeline: Pipeline, source_id: str) -> Signature:
    """What the rest of the page depends on."""
    attempts = pipeline.repairs.attempts(source_id, limit=1)
    view = pipeline.sources.view(source_id)
    return (
        view.source.state,
        view.health.strikes,
        view.last_run and view.last_run.finished_at,
        [(attempt.attempt_id, attempt.state) for attempt in attempts],
        repair_is_open(pipeline, source_id),
    )


def repair_is_open(pipeline: Pipeline, source_id: str) -> bool:
    """Whether a try at a repair waits or is under way."""
    tasks = pipeline.flow.tasks(source_id=source_id, states=OPEN_TASKS, limit=100)
    return any(task.kind is TaskKind.REPAIR for task in tasks)


def _draw_figures(pipeline: Pipeline, view: SourceView, rows: int) -> None:
    left = pipeline.repairs.attempts_left(view.source.source_id)
    figures = (
        ("State", health_words(view)),
        ("Strikes", f"{view.health.strikes} of {pipeline.settings.strikes}"),
        ("Schedule", _rhythm(view)),
        ("Rows kept", f"{rows:,}"),
        ("Tries left in 24 h", f"{left} of {pipeline.settings.fix_attempts}"),
    )
    draw_figures(figures)


def _rhythm(view: SourceView) -> str:
    if view.source.state is not SourceState.ACTIVE:
        return "‖ paused"
    return schedule_words(view.source.schedule.every_seconds, view.source.schedule.cron)


def _draw_meaning(pipeline: Pipeline, view: SourceView, rows: int) -> None:
    """One sentence: what happened, and what that means for the schedule and the rows."""
    strikes, most = view.health.strikes, pipeline.settings.strikes
    if view.source.state is QUARANTINED:
        st.error(
            f"**Quarantined** after {strikes} failed runs in a row: it does not run by itself until it is repaired. "
            f"The rows it gave before stay readable. {view.health.last_error}"
        )
    elif strikes:
        st.warning(f"**Strike {strikes} of {most}**: the last runs failed. {view.health.last_error}")
    elif view.last_run is not None and view.last_run.finished_at is not None:
        run = view.last_run
        st.success(
            f"**Healthy**: the last run, {ago(run.started_at, pipeline.now())}, found {brought(run)}. "
            f"{counted(rows, 'row')} {'stands' if rows == 1 else 'stand'} in its tables."
        )


def draw_failed_repair(pipeline: Pipeline, source_id: str) -> None:
    """Why the newest try at a repair ended without a result, if it did."""
    newest = [task for task in pipeline.flow.tasks(source_id=source_id, limit=20) if task.kind is TaskKind.REPAIR][:1]
    if newest and newest[0].state is TaskState.FAILED:
        st.warning(newest[0].error)
