"""Is everything well, and what waits for me?"""

from collections.abc import Sequence

import streamlit as st

from core.model import Task
from core.model.incident import Incident
from core.model.review import ReviewFilter
from core.model.schema import ReviewState
from core.pipeline import Pipeline
from core.pipeline.cluster_views import ClusterView
from core.pipeline.flow import MOST_FAILURES
from core.pipeline.shown import current
from core.pipeline.sources import SourceView
from pages._widgets import address
from pages._widgets.address import PageAddress
from pages._widgets.badges import PERSON, ago, at_least, brought, counted, health_words
from pages._widgets.damages import draw_damages
from pages._widgets.layout import cards, controls
from pages._widgets.portal_hint import draw_portal_address

# failed tasks that are listed before it counts the rest
MOST_FAILED = 20
# stable clusters that are named there
MOST_READY = 5


def draw() -> None:
    pipeline = current()
    st.title("Overview")
    draw_damages(pipeline)
    views = pipeline.sources.overview()
    if not views:
        _draw_welcome(pipeline)
        return
    _draw_totals(pipeline, views)
    _draw_sources(pipeline, views)
    _draw_waiting(pipeline)
    _draw_events(pipeline)


def _draw_welcome(pipeline: Pipeline) -> None:
    st.subheader("Paste an address; get a table")
    st.write(
        "The pipeline looks at the page, learns where the values stand, writes an extractor, runs it on a schedule, "
        "and keeps every raw page, so that each value can be traced to the place it came from."
    )
    address.link(address.sources(), "Add your first source", icon=":material/add_circle:")
    draw_portal_address(pipeline)


def _draw_totals(pipeline: Pipeline, views: list[SourceView]) -> None:
    tables = [table for table in pipeline.tables.all() if not table.name.startswith("bronze.")]
    failed = len(pipeline.flow.failures())
    waits = "They wait below" if failed else "Nothing waits"
    troubled = sum(1 for view in views if view.health.strikes)
    # an approved table shows rows that were extracted once more
    rows = sum(table.rows for table in tables if not table.name.startswith("silver."))
    totals = (
        ("Sources", f"{len(views):,}", address.sources(), "All sources"),
        ("In trouble", f"{troubled:,}", address.doctor(), "To the Doctor"),
        (
            "Failed tasks",
            at_least(failed, failed >= MOST_FAILURES),
            None,
            waits,
        ),
        ("Tables", f"{len(tables):,}", address.tables(), "All tables"),
        ("Rows", f"{rows:,}", address.tables(), "Query them"),
    )
    for card, (label, value, place, words) in zip(cards(len(totals)), totals, strict=True):
        with card:
            _draw_total(label, value, place, words)


def _draw_total(label: str, value: str, place: PageAddress | None, words: str) -> None:
    st.metric(label, value)
    if place is None:
        st.caption(words)
    else:
        address.link(place, words)


def _draw_sources(pipeline: Pipeline, views: list[SourceView]) -> None:
    st.subheader("Sources, those in trouble first")
    now = pipeline.now()
    for view in views:
        name, state, when, counts, problem = st.columns([3, 3, 2, 3, 4], vertical_alignment="center")
        with name:
            address.link(address.source(view.source.source_id), f"**{view.source.name}**")
        state.write(health_words(view))
        run = view.last_run
        when.write(ago(run.started_at if run else None, now))
        counts.write(brought(run) if run else "")
        with problem:
            if view.health.strikes:
                st.caption(view.health.last_error)
                address.link(address.doctor(view.source.source_id), "To the Doctor")
            elif run and run.shortfall:
                st.caption(run.shortfall)


def _draw_waiting(pipeline: Pipeline) -> None:
    """What only a person can decide: proposed tables, values that were refused, and tasks that failed."""
    failed, reviews = pipeline.flow.failures(), pipeline.schemas.reviews((ReviewState.WAITING,))
    groups, incidents, ready = pipeline.review.groups(), pipeline.alerts.open(), pipeline.clusters.ready()
    if not (failed or reviews or groups or incidents or ready):
        return
    st.subheader("Waiting for you")
    for incident in incidents:
        _draw_incident(pipeline, incident)
    if groups:
        what, told = st.columns([4, 8], vertical_alignment="center")
        with what:
            address.link(address.review(), f"**{counted(sum(group.items for group in groups), 'value')}** to review")
        told.caption(", ".join(dict.fromkeys(f"{one.like.column} of {one.like.schema_name}" for one in groups)))
    for review in reviews:
        what, told = st.columns([4, 8], vertical_alignment="center")
        with what:
            address.link(address.proposal(review.review_id), f"**{review.schema_name}** is proposed")
        told.caption(f"{counted(len(review.main.fields), 'column')} from {review.proposal.origin}")
    _draw_ready(ready)
    _draw_failed(pipeline, failed)


def _draw_ready(views: Sequence[ClusterView]) -> None:
    """Kinds of records that are known well enough for a table."""
    for view in views[:MOST_READY]:
        what, told = st.columns([4, 8], vertical_alignment="center")
        with what:
            address.link(address.clusters(view.facts.cluster_id), f"**{view.label}** is stable")
        told.caption(f"{counted(view.facts.records, 'record')} of {', '.join(view.facts.sources)}: propose a table")


def _draw_incident(pipeline: Pipeline, incident: Incident) -> None:
    """A run that is far from what was usual; a person may say that it is so from now on."""
    what, told, expect = controls(f"incident-{incident.incident_id}", [4, 6, 2], "center")
    with what:
        refused = incident.kind == "refused"
        name = incident.deviations[0].column.removeprefix("silver.")
        place = address.review(ReviewFilter(name)) if refused else address.source(incident.source_id)
        address.link(place, f"▲ **{incident.source_id}** since {ago(incident.begun_at, pipeline.now())}")
    told.caption(incident.sentence)
    if expect.button("Expected", key=f"expect-{incident.incident_id}", help="It is so from now on"):
        pipeline.alerts.expect(incident.incident_id, PERSON)
        st.rerun()


def _draw_failed(pipeline: Pipeline, failed: Sequence[Task]) -> None:
    for task in failed[:MOST_FAILED]:
        what, why, again, away = controls(f"failed-{task.task_id}", [4, 4, 2, 2], "center")
        what.write(task.payload.get("url") or task.source_id)
        why.caption(task.error)
        if again.button("Try again", key=f"retry-{task.task_id}"):
            pipeline.flow.resume(task.task_id)
            st.rerun()
        if away.button("Dismiss", key=f"dismiss-{task.task_id}"):
            pipeline.flow.cancel(task.task_id)
            st.rerun()
    if len(failed) > MOST_FAILED:
        st.caption(f"… and {len(failed) - MOST_FAILED:,} more")


def _draw_events(pipeline: Pipeline) -> None:
    with st.expander("What happened last"):
        now = pipeline.now()
        rows = [
            {"when": ago(message.at, now), "event": message.kind, "of": message.subject, "number": message.seq}
            for message in pipeline.flow.events(50)
        ]
        st.dataframe(rows, hide_index=True)


draw()
