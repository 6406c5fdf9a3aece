"""Which kinds of records came together, and what becomes of them?"""

import streamlit as st

from core.errors import PipelineError
from core.pipeline import Pipeline
from core.pipeline.cluster_views import ClusterView
from core.pipeline.shown import current
from pages._widgets import address
from pages._widgets.badges import ago, counted
from pages._widgets.cluster_detail import draw_cluster
from pages._widgets.cluster_families import draw_families
from pages._widgets.cluster_list import draw_clusters
from pages._widgets.cluster_map import draw_map
from pages._widgets.layout import panes

# proposals of an audit, and clusters of one of these, that are named
PROPOSALS_SHOWN, NAMES_SHOWN = 5, 5


def draw() -> None:
    pipeline = current()
    st.title("Clusters")
    views = {view.facts.cluster_id: view for view in pipeline.clusters.all()}
    chosen = address.asked("cluster")
    if not views and not chosen:
        _draw_nothing()
        return
    try:
        _draw_all(pipeline, views, chosen)
    except PipelineError as error:
        address.refuse(error, address.clusters(), "All clusters")


def _draw_nothing() -> None:
    st.info(
        "No cluster yet. Records of sources that are alike come together here by themselves, whatever they are called: "
        "add a source and run it."
    )
    address.link(address.sources(), "Add a source", icon=":material/add_circle:")


def _draw_all(pipeline: Pipeline, views: dict[str, ClusterView], chosen: str) -> None:
    picture, table = panes("clusters", [5, 7])
    with table:
        draw_clusters(views, chosen)
    with picture:
        draw_map(pipeline, views, chosen)
        _draw_audit(pipeline, views)
    if chosen:
        draw_cluster(pipeline, pipeline.clusters.one(chosen), views)
    elif address.switch("alike", "Look for clusters of several sources that hold the same kind of thing"):
        draw_families(pipeline, views)


def _draw_audit(pipeline: Pipeline, views: dict[str, ClusterView]) -> None:
    """What the last audit found, and a way to have another one."""
    report = pipeline.clusters.report()
    told, again = st.columns([8, 4], vertical_alignment="center")
    if report.asked_at:
        told.caption("An audit is asked for: whoever runs the loop makes it in some seconds.")
    elif report.at:
        compared = f"{counted(report.looked_at, 'record')} compared {ago(report.at, pipeline.now())}"
        told.caption(f"Last audit: {compared}, agreement {report.agreement:.0%}")
    else:
        told.caption("Not audited yet: this happens by itself when records stop coming.")
    if again.button("Audit now", key="audit", width="stretch", disabled=report.asked_at is not None):
        pipeline.clusters.ask_for_audit()
        st.rerun()
    for what, cluster_ids, why in report.proposals[:PROPOSALS_SHOWN]:
        names = [views[each].label if each in views else each for each in cluster_ids]
        more = f" and {len(names) - NAMES_SHOWN} more" if len(names) > NAMES_SHOWN else ""
        st.caption(f"The audit would {what} {', '.join(names[:NAMES_SHOWN])}{more}: {why}")


draw()
