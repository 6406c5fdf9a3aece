"""What a person does with a cluster: propose a table of it, name it, merge it with another one, split it."""

import streamlit as st

from core.cluster.criterion import Criterion
from core.errors import PipelineError
from core.pipeline import Pipeline
from core.pipeline.cluster_views import ClusterDetail, ClusterView
from pages._widgets import address
from pages._widgets.badges import PERSON


def draw_acts(pipeline: Pipeline, detail: ClusterDetail, views: dict[str, ClusterView]) -> None:
    """A form for each; what went wrong is said below it."""
    try:
        _draw_propose(pipeline, detail, views)
        with st.expander("Name, merge, split"):
            _draw_name(pipeline, detail)
            _draw_merge(pipeline, detail, views)
            _draw_split(pipeline, detail)
    except PipelineError as error:
        st.error(str(error))


def _draw_propose(pipeline: Pipeline, detail: ClusterDetail, views: dict[str, ClusterView]) -> None:
    facts = detail.view.facts
    beside = [
        view.label
        for view in views.values()
        if view.facts.cluster_id != facts.cluster_id and not facts.tables.keys().isdisjoint(view.facts.tables)
    ]
    if beside:
        st.caption(
            f"A table is proposed of all rows of {', '.join(facts.tables)}, also of those in {', '.join(beside)}."
        )
    with st.form("propose-cluster", border=True):
        name = st.text_input("Name of the table", value=facts.name, key="table-name", placeholder="tender")
        pressed = st.form_submit_button("Propose a table", type="primary", key="propose-cluster-go")
    if pressed:
        review = pipeline.clusters.propose([facts.cluster_id], name.strip(), PERSON)
        address.leave(address.proposal(review.review_id))


def _draw_name(pipeline: Pipeline, detail: ClusterDetail) -> None:
    facts = detail.view.facts
    with st.form("name-cluster", border=False):
        name = st.text_input("What it is called", value=facts.name, key="cluster-name", placeholder=detail.view.label)
        pressed = st.form_submit_button("Name it", key="name-cluster-go")
    if pressed:
        pipeline.clusters.name(facts.cluster_id, name, PERSON)
        st.rerun()


def _draw_merge(pipeline: Pipeline, detail: ClusterDetail, views: dict[str, ClusterView]) -> None:
    here = detail.view.facts.cluster_id
    others = [cluster_id for cluster_id in views if cluster_id != here]
    if not others:
        return
    near = detail.nearest.facts.cluster_id if detail.nearest else ""
    with st.form("merge-cluster", border=False):
        other = st.selectbox(
            "It is of one kind with",
            others,
            index=others.index(near) if near in others else 0,
            format_func=lambda cluster_id: f"{views[cluster_id].label} ({cluster_id})",
            key="merge-with",
        )
        why = st.text_input("Why? It is kept with the merge.", key="merge-why")
        pressed = st.form_submit_button("Merge", key="merge-go")
    if pressed and other:
        address.go(address.clusters(pipeline.clusters.merge(here, other, PERSON, why.strip())))


def _draw_split(pipeline: Pipeline, detail: ClusterDetail) -> None:
    if not detail.criteria:
        st.caption("All its records have the same fields, and none says different kinds: it cannot be split.")
        return
    with st.form("split-cluster", border=False):
        criterion = st.selectbox(
            "It is several kinds, told apart by", detail.criteria, format_func=_by_what, key="split-by"
        )
        why = st.text_input("Why? It is kept with the split.", key="split-why")
        pressed = st.form_submit_button("Split", key="split-go")
    if pressed and criterion:
        here = detail.view.facts.cluster_id
        pipeline.clusters.split(here, criterion, PERSON, why.strip())
        address.go(address.clusters(here))


def _by_what(criterion: Criterion) -> str:
    return f"what “{criterion.field}” says" if criterion.by == "text" else f"whether “{criterion.field}” is there"
