"""One source: how it does, its runs and tasks, its extractors, and the few things to do with it."""

import streamlit as st

from core.errors import PipelineError
from core.model import Schedule, Source, SourceState
from core.pipeline import Pipeline
from core.text.redaction import redact
from pages._widgets import address
from pages._widgets.badges import TASK_ICONS, ago, health_words, schedule_words
from pages._widgets.layout import controls

RHYTHMS = {schedule_words(seconds, None): seconds for seconds in (None, 3600, 21_600, 86_400, 604_800)}


def draw_source(pipeline: Pipeline, source_id: str) -> None:
    """Everything about one source; the id comes from the address."""
    source = pipeline.sources.get(source_id)
    address.back_to(address.sources(), "All sources")
    st.title(source.name)
    _draw_health(pipeline, source_id)
    _draw_actions(pipeline, source)
    name, tabs = address.tabs_of("tab", {"runs": "Runs", "extractors": "Extractors"}, forgets=["version"])
    with tabs[name]:
        (_draw_extractors if name == "extractors" else _draw_progress)(pipeline, source_id)


@st.fragment(run_every="3s")
def _draw_health(pipeline: Pipeline, source_id: str) -> None:
    view = pipeline.sources.view(source_id)
    st.caption(f"{redact(view.source.location)} · {health_words(view)}")
    if view.health.strikes:
        st.error(view.health.last_error)
    if view.last_run and view.last_run.shortfall:
        st.warning(view.last_run.shortfall, icon=":material/hourglass_bottom:")


def _draw_actions(pipeline: Pipeline, source: Source) -> None:
    run, pause, rhythm, bound, look = controls("source", [2, 2, 3, 3, 3])
    if run.button("Run now", type="primary", key="run-now"):
        pipeline.flow.run_now(source.source_id)
    if source.state is SourceState.ACTIVE:
        if pause.button("Pause", key="pause"):
            pipeline.sources.set_state(source.source_id, SourceState.PAUSED)
            st.rerun()
    elif pause.button("Resume", key="resume"):
        pipeline.sources.set_state(source.source_id, SourceState.ACTIVE)
        st.rerun()
    with rhythm:
        _draw_rhythm(pipeline, source)
    with bound:
        _draw_bound(pipeline, source)
    with look:
        address.link(address.documents(source.source_id), "Its documents")
        address.link(address.tables(source.source_id), "Its tables")
        address.link(address.doctor(source.source_id), "To the Doctor")


def _draw_rhythm(pipeline: Pipeline, source: Source) -> None:
    present = schedule_words(source.schedule.every_seconds, source.schedule.cron)
    names = list(RHYTHMS) if present in RHYTHMS else [present, *RHYTHMS]
    chosen = st.selectbox("Runs", names, index=names.index(present), key=f"rhythm-{source.source_id}")
    if chosen != present:
        pipeline.sources.set_schedule(source.source_id, Schedule(every_seconds=RHYTHMS[chosen]))
        st.toast(f"{source.name} runs {chosen} from now on")


def _draw_bound(pipeline: Pipeline, source: Source) -> None:
    present = source.max_documents or 0
    chosen = st.number_input(
        "Documents a run",
        min_value=0,
        value=present,
        help="The most that one run fetches; the next run goes on with the others. 0: as the settings say, which bound "
        "only what comes from other hosts.",
        key=f"bound-{source.source_id}",
    )
    if chosen != present:
        pipeline.sources.set_bound(source.source_id, chosen or None)
        st.rerun()


@st.fragment(run_every="2s")
def _draw_progress(pipeline: Pipeline, source_id: str) -> None:
    now = pipeline.now()
    runs = pipeline.flow.runs(source_id, limit=10)
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
                "problem": run.error or run.shortfall,
            }
            for run in runs
        ],
        hide_index=True,
    )
    tasks = pipeline.flow.tasks(source_id=source_id, limit=50)
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
        versions = pipeline.repairs.versions(source_id)
    except PipelineError as error:
        st.error(str(error))
        return
    if not versions:
        st.info("No extractor yet.")
        return
    chosen = address.choose(
        "version",
        "Version",
        {version.extractor_id: version for version in versions},
        lambda version: f"{version.template} · version {version.version} · {version.state}",
        what="version",
    )
    st.caption(f"written {ago(chosen.created_at, pipeline.now())} · {chosen.code_hash[:12]}")
    _draw_coverage(pipeline, source_id, chosen.extractor_id)
    st.code(chosen.code, language="python", line_numbers=True)


def _draw_coverage(pipeline: Pipeline, source_id: str, extractor_id: str) -> None:
    """Which columns are read twice, where a second reader was learned."""
    found = next((one for one in pipeline.review.coverage(source_id) if one.extractor_id == extractor_id), None)
    if found is not None:
        every = len(found.twice) + len(found.alone)
        st.caption(
            f"{len(found.twice)} of {every} columns are read twice, in two ways that share nothing",
            help="\n".join(f"- {name}" for name in found.twice) or None,
        )
