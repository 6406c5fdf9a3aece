"""Clusters of several sources that may hold the same kind of thing: whether they do is a person's to say."""

import streamlit as st

from core.pipeline import Pipeline
from core.pipeline.cluster_views import ClusterView
from pages._widgets import address
from pages._widgets.badges import PERSON

# pairs that are shown: a longer list is no suggestion
LIKELY_PAIRS = 20


def draw_families(pipeline: Pipeline, views: dict[str, ClusterView]) -> None:
    """Pairs, the most likely first, each with the fields that would be the same."""
    with st.spinner("Comparing the clusters …"):
        pairs = pipeline.clusters.suggestions()
    if not pairs:
        st.info("No two clusters of different sources hold the same kind of thing, as it seems.")
    for pair in pairs[:LIKELY_PAIRS]:
        told, same, merge, propose = st.columns([4, 5, 1.5, 2], vertical_alignment="center")
        with told:
            for cluster_id in (pair.left, pair.right):
                address.link(
                    address.clusters(cluster_id), views[cluster_id].label if cluster_id in views else cluster_id
                )
        same.caption(f"{pair.score:.0%} alike: " + ", ".join(f"{each.left} = {each.right}" for each in pair.pairs))
        if merge.button("Merge", key=f"merge-{pair.left}-{pair.right}", width="stretch"):
            address.go(address.clusters(pipeline.clusters.merge(pair.left, pair.right, PERSON)))
        if propose.button("Propose", key=f"propose-{pair.left}-{pair.right}", width="stretch"):
            review = pipeline.clusters.propose([pair.left, pair.right], "", PERSON)
            address.leave(address.proposal(review.review_id))
