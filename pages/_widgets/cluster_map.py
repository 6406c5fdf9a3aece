"""The map of the clusters: a point for each sampled record, like ones near each other. A click opens its cluster."""

from collections import Counter, defaultdict
from functools import partial
from math import cos, sin, sqrt
from typing import TYPE_CHECKING

import streamlit as st

from core.model.cluster import MapPoint
from core.pipeline import Pipeline
from core.pipeline.cluster_views import ClusterView
from pages._widgets import address

if TYPE_CHECKING:
    from plotly.graph_objects import Figure, Scatter

# points that a browser draws and lets one click at without a wait; each cluster has its share
POINTS_DRAWN = 2_000
# clusters with a sign and a colour of their own, the largest ones; there are no more signs that one can tell apart
SIGNS = ("circle", "square", "diamond", "cross", "x", "triangle-up", "star", "pentagon", "hexagon", "triangle-down")
OTHERS = "others"
MAP_PIXELS = 340
# records with the same fields are at one place: they are drawn round it, so far apart, as a share of the map's width,
# and each by the golden angle (in radians) further than the one before, as seeds of a sunflower are
APART, GOLDEN_ANGLE = 0.008, 2.399963
# how much what is not chosen steps back
FAINT = 0.35


def draw_map(pipeline: Pipeline, views: dict[str, ClusterView], chosen: str) -> None:
    """The map as it was drawn last; the list beside it says the same and more."""
    points = pipeline.clusters.map()
    if not points:
        st.caption("The map is drawn with the first audit, from ten records on, some seconds after they stop coming.")
        return
    # another chart for another choice: it would keep what was clicked in it before
    key = f"map-{chosen}"
    st.plotly_chart(
        _figure(_side_by_side(_thinned(points)), views, chosen),
        key=key,
        on_select=partial(_open, key),
        selection_mode="points",
        config={"displayModeBar": False, "scrollZoom": True},
    )


def _open(key: str) -> None:
    """A point was clicked: the address says which cluster is open."""
    points = st.session_state[key].selection.points
    if points:
        address.change(cluster=str(points[0]["customdata"][0]), all="")


def _thinned(points: list[MapPoint]) -> list[MapPoint]:
    """As many points as are drawn, as far as possible of each cluster."""
    by_cluster: defaultdict[str, list[MapPoint]] = defaultdict(list)
    for point in points:
        by_cluster[point.cluster_id].append(point)
    share = max(1, POINTS_DRAWN // len(by_cluster))
    return [point for some in by_cluster.values() for point in some[:share]][:POINTS_DRAWN]


def _side_by_side(points: list[MapPoint]) -> list[MapPoint]:
    """The points, those at one place next to each other."""
    width = max(point.x for point in points) - min(point.x for point in points) or 1.0
    seen: Counter[tuple[float, float]] = Counter()
    found = []
    for point in points:
        number = seen[point.x, point.y]
        seen[point.x, point.y] += 1
        far, angle = width * APART * sqrt(number), number * GOLDEN_ANGLE
        found.append(point._replace(x=point.x + far * cos(angle), y=point.y + far * sin(angle)))
    return found


def _figure(points: list[MapPoint], views: dict[str, ClusterView], chosen: str) -> "Figure":
    from plotly.graph_objects import Figure  # not before it is drawn: it takes a second

    own = [cluster_id for cluster_id in views if any(point.cluster_id == cluster_id for point in points)]
    own = own[: len(SIGNS)]
    groups: dict[str, list[MapPoint]] = {cluster_id: [] for cluster_id in (*own, OTHERS)}
    for point in points:
        groups[point.cluster_id if point.cluster_id in groups else OTHERS].append(point)
    drawn = [
        _trace(some, views, chosen, SIGNS[number % len(SIGNS)]) for number, some in enumerate(groups.values()) if some
    ]
    figure = Figure(drawn)
    figure.update_layout(
        height=MAP_PIXELS,
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        legend={"orientation": "h", "y": 0, "yanchor": "top"},
        clickmode="event+select",
        xaxis={"visible": False},
        yaxis={"visible": False},
    )
    return figure


def _trace(points: list[MapPoint], views: dict[str, ClusterView], chosen: str, sign: str) -> "Scatter":
    from plotly.graph_objects import Scatter

    clusters = {point.cluster_id for point in points}
    view = views.get(next(iter(clusters))) if len(clusters) == 1 else None
    is_chosen = chosen in clusters
    return Scatter(
        x=[point.x for point in points],
        y=[point.y for point in points],
        customdata=[[point.cluster_id] for point in points],
        mode="markers",
        name=view.label if view else OTHERS,
        marker={"symbol": sign, "size": 11 if is_chosen else 8, "line": {"width": 1 if is_chosen else 0}},
        opacity=1.0 if is_chosen or not chosen else FAINT,
        hovertemplate="%{fullData.name}<extra></extra>",
    )
