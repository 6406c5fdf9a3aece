"""The clusters in a table: what they are called, how large they are, and what they lack to be stable."""

from functools import partial
from hashlib import sha256
from typing import Any

import streamlit as st

from core.pipeline.cluster_views import ClusterView
from pages._widgets import address
from pages._widgets.badges import counted

# rows that are seen at a time, so that what is below is not far away
LIST_PIXELS = 340


def draw_clusters(views: dict[str, ClusterView], chosen: str) -> None:
    """All of them; the one that is open is chosen, in the grid and, for the keyboard, in a box."""
    things = {"": ""} | {cluster_id: cluster_id for cluster_id in views}
    if chosen:
        things.setdefault(chosen, chosen)
    address.choose("cluster", "Cluster", things, lambda each: _called(views, each), what="cluster")
    ids = list(views)
    # a grid knows its rows by their numbers: it is another one as soon as other rows stand there
    key = f"clusters-{sha256(' '.join(ids).encode()).hexdigest()[:16]}"
    at = [ids.index(chosen)] if chosen in views else []
    st.session_state[key] = {"selection": {"rows": at, "columns": [], "cells": []}}
    st.dataframe(
        [_row(view) for view in views.values()],
        hide_index=True,
        height=LIST_PIXELS if len(ids) > 8 else "auto",
        column_config={
            "records": st.column_config.NumberColumn(format="localized", width=70),
            "missing": st.column_config.TextColumn("what is missing", width="large"),
        },
        on_select=partial(_choose, key, ids),
        selection_mode="single-row",
        key=key,
    )


def _called(views: dict[str, ClusterView], cluster_id: str) -> str:
    if cluster_id in views:
        view = views[cluster_id]
        return f"{view.label} · {counted(view.facts.records, 'record')}"
    return cluster_id or "choose one, here or below"


def _row(view: ClusterView) -> dict[str, Any]:
    return {
        "cluster": view.label,
        "records": view.facts.records,
        "sources": ", ".join(view.facts.sources),
        "stable": stable_words(view),
        "missing": " ".join(view.stability.missing),
    }


def stable_words(view: ClusterView) -> str:
    """How far a cluster is, in a word: with a shape beside it."""
    if view.schema:
        return f"● {view.schema}"
    return "◆ stable" if view.stability.stable else f"◔ {view.stability.nearness:.0%}"


def _choose(key: str, ids: list[str]) -> None:
    """A row was clicked: the address says which one from now on."""
    rows = st.session_state[key].selection.rows
    address.change(cluster=ids[rows[0]] if rows else "", all="")
