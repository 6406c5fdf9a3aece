"""One source: how it does, its runs and tasks, its extractors, and the few things to do with it."""

import streamlit as st

from core.errors import PipelineError
from core.model import Schedule, Source, SourceState
from core.pipeline import Pipeline
from pages._widgets.badges import TASK_ICONS, ago, health_words
from pages._widgets.choice import choose

RHYTHMS = {"by hand": None, "every hour": 3600, "every 6 hours": 21600, "every day": 86400, "every week": 604800}


def draw_source(pipeline: Pipeline, source_id: str) -> None:
    """Everything about one source; the id comes from the address."""
    source = pipeline.sources.get(source_id)
    st.page_link("sources.py", label="All sources", icon=":material/arrow_back:")
    st.title(source.name)
    _draw_health(pipeline, source_id)
    _draw_actions(pipeline, source)
    overview, extractors = st.tabs(["Runs", "Extractors"])
    with overview:
        _draw_progress(pipeline, source_id)
    with extractors:
        _draw_extractors(pipeline, source_id)


@st.fragment(run_every="3s")
def _draw_health(pipeline: Pipeline, source_id: str) -> None:
    view = pipeline.source_view(pipeline.sources.get(source_id))
    st.caption(f"{view.source.location} · {health_words(view)}")
    if view.health.strikes:
        st.error(view.health.last_error)


def _draw_actions(pipeline: Pipeline, source: Source) -> None:
    run, pause, rhythm, look = st.columns([2, 2, 3, 3], vertical_alignment="bottom")
    if run.button("Run now", type="primary", key="run-now"):
        pipeline.run_now(source.source_id)
    if source.state is SourceState.ACTIVE:
        if pause.button("Pause", key="pause"):
            pipeline.set_state(source.source_id, SourceState.PAUSED)
            st.rerun()
    elif pause.button("Resume", key="resume"):
        pipeline.set_state(source.source_id, SourceState.ACTIVE)
        st.rerun()
    with rhythm:
        _draw_rhythm(pipeline, source)
    with look:
        st.page_link("documents.py", label="Its documents", query_params={"source": source.source_id})
        st.page_link("tables.py", label="Its tables", query_params={"source": source.source_id})


def _draw_rhythm(pipeline: Pipeline, source: Source) -> None:
    every = source.schedule.every_seconds
    known = {seconds: name for name, seconds in RHYTHMS.items()}
    names = (
        list(RHYTHMS)
        if every in known and not source.schedule.cron
        else [source.schedule.cron or f"{every} s", *RHYTHMS]
    )
    present = source.schedule.cron or known.get(every) or f"{every} s"
    chosen = st.selectbox("Runs", names, index=names.index(present), key=f"rhythm-{source.source_id}")
    if chosen != present:
        pipeline.set_schedule(source.source_id, Schedule(every_seconds=RHYTHMS[chosen]))
        st.toast(f"{source.name} runs {chosen} from now on")


@st.fragment(run_every="2s")
def _draw_progress(pipeline: Pipeline, source_id: str) -> None:
    now = pipeline.clock.now()
    runs = pipeline.runs.find(source_id, limit=10)
    st.dataframe(
        [
            {
                "started": ago(run.started_at, now),
                "state": "◐ running" if run.finished_at is None else ("✕ failed" if run.error else "● done"),
                "why": run.reason,
                "documents": run.documents,
                "unchanged": run.unchanged,
                "failed": run.failed,
                "records": run.records,
                "problem": run.error,
            }
            for run in runs
        ],
        hide_index=True,
    )
    tasks = pipeline.queue.find(source_id=source_id, limit=50)
    with st.expander(f"The newest {len(tasks)} tasks"):
        st.dataframe(
            [
                {
                    "state": TASK_ICONS[task.state],
                    "what": task.payload.get("url", task.kind),
                    "result": task.error or task.message,
                    "tries": task.attempts,
                }
                for task in tasks
            ],
            hide_index=True,
        )


def _draw_extractors(pipeline: Pipeline, source_id: str) -> None:
    try:
        versions = pipeline.extractors.versions(source_id)
    except PipelineError as error:
        st.error(str(error))
        return
    if not versions:
        st.info("No extractor yet.")
        return
    chosen = choose(
        "Version",
        {version.extractor_id: version for version in versions},
        lambda version: f"{version.template} · version {version.version} · {version.state}",
        key=f"version-{source_id}",
    )
    st.caption(f"written {ago(chosen.created_at, pipeline.clock.now())} · {chosen.code_hash[:12]}")
    st.code(chosen.code, language="python", line_numbers=True)
