"""One cluster: what its records have, which they are, what is near, what stands out, and what was done with it."""

import streamlit as st

from core.errors import PipelineError
from core.model.cluster import ClusterMember
from core.pipeline import Pipeline
from core.pipeline.cluster_views import ClusterDetail, ClusterView
from pages._widgets import address
from pages._widgets.badges import ago, counted
from pages._widgets.cluster_acts import draw_acts
from pages._widgets.layout import panes

# members, and fields that only one of two clusters has, which are named before it counts the rest
MEMBERS_SHOWN, FIELDS_SHOWN = 10, 12
STATES = {"merged": "It was merged: its records are in", "parted": "It was split: its records are in"}


def draw_cluster(pipeline: Pipeline, detail: ClusterDetail, views: dict[str, ClusterView]) -> None:
    """Everything about it."""
    facts = detail.view.facts
    st.subheader(detail.view.label)
    size = f"{counted(facts.records, 'record')} of {counted(facts.documents, 'document')}"
    left = f" · {counted(facts.left_out, 'further record')} of large tables not looked at" if facts.left_out else ""
    st.caption(f"{facts.cluster_id} · {size}{left} · in {', '.join(facts.tables)}")
    if facts.into:
        _draw_into(facts.state, facts.into, views)
    left_pane, right_pane = panes("cluster", [7, 5])
    with left_pane:
        _draw_fields(detail)
        _draw_members(pipeline, detail)
    with right_pane:
        if facts.state == "open":
            _draw_stability(detail.view)
            draw_acts(pipeline, detail, views)
        _draw_nearest(detail, views)
        _draw_outliers(pipeline, detail)
        _draw_history(pipeline, detail)


def _draw_into(state: str, into: tuple[str, ...], views: dict[str, ClusterView]) -> None:
    st.info(STATES[state])
    for cluster_id in into:
        address.link(address.clusters(cluster_id), views[cluster_id].label if cluster_id in views else cluster_id)


def _draw_stability(view: ClusterView) -> None:
    if view.schema:
        st.success(f"A table is proposed or approved of it: {view.schema}")
    elif view.stability.stable:
        st.success("It is stable: a table can be proposed of it.")
    else:
        st.info("Not stable yet. " + " ".join(view.stability.missing))


def _draw_fields(detail: ClusterDetail) -> None:
    st.markdown(f"**{counted(len(detail.fields), 'field')}**")
    rows = [
        {"field": field.path, "in": field.support, "type": field.type, "examples": " · ".join(field.examples)}
        for field in detail.fields
    ]
    config = {"in": st.column_config.ProgressColumn("in records", format="percent", min_value=0, max_value=1)}
    st.dataframe(rows, hide_index=True, column_config=config)


def _draw_members(pipeline: Pipeline, detail: ClusterDetail) -> None:
    if not detail.members:
        return
    st.markdown("**Some of its records**" if detail.view.facts.records > len(detail.members) else "**Its records**")
    shown = detail.members
    if len(shown) > MEMBERS_SHOWN and not address.switch("all", f"Show {len(shown)}"):
        shown = shown[:MEMBERS_SHOWN]
    for member in shown:
        _draw_member(pipeline, member)


def _draw_member(pipeline: Pipeline, member: ClusterMember, more: str = "") -> None:
    try:
        url = pipeline.documents.one(member.document_id).url
    except PipelineError:
        # the document was tidied away; the cluster remembers it
        st.caption(f"document {member.document_id}, which is not kept any more{more}")
        return
    address.link(address.document(member.document_id), f"{url} · record {member.record + 1}{more}")


def _draw_nearest(detail: ClusterDetail, views: dict[str, ClusterView]) -> None:
    near = detail.nearest
    if near is None or near.facts.cluster_id not in views:
        return
    near_id = near.facts.cluster_id
    st.markdown("**Nearest cluster**")
    address.link(address.clusters(near_id), f"{views[near_id].label}, {near.likeness:.0%} alike")
    st.caption(f"only here: {_some(near.only_here)}")
    st.caption(f"only there: {_some(near.only_there)}")


def _some(fields: tuple[str, ...]) -> str:
    more = f" and {len(fields) - FIELDS_SHOWN} more" if len(fields) > FIELDS_SHOWN else ""
    return f"{', '.join(fields[:FIELDS_SHOWN])}{more}" if fields else "nothing"


def _draw_outliers(pipeline: Pipeline, detail: ClusterDetail) -> None:
    if detail.outliers:
        st.markdown("**Records that stand out**")
    for outlier in detail.outliers:
        _draw_member(pipeline, outlier.member, f" · {outlier.likeness:.0%} alike")


def _draw_history(pipeline: Pipeline, detail: ClusterDetail) -> None:
    st.markdown("**History**")
    now = pipeline.now()
    for act in detail.history:
        into = f" into {', '.join(act.into)}" if act.into else ""
        of = "" if act.cluster_id == detail.view.facts.cluster_id else f"{act.cluster_id} "
        st.caption(f"{of}{act.kind}{into} {ago(act.at, now)} by {act.by}: {act.why}")
