"""A second opinion and a map: they propose and draw, and are the same for the same clusters."""

import subprocess
import sys

import numpy
import pytest

from core.cluster import Clusters
from core.cluster.audit import ClusterAudit, audit_points, audited
from core.cluster.plane import pca_plane, sampled_points, umap_plane, vectors_of
from tests.effort import FULL
from tests.kinds_of_documents import made_documents


def clusters_of(*, site: bool) -> Clusters:
    found = Clusters()
    for each in made_documents(1, sites=2, each=15):
        found.assign(each.document, each.fields, each.site if site else "")
    return found


def audit_of(found: Clusters) -> ClusterAudit:
    points = audit_points(found)
    return audited(points, vectors_of(points))


def test_hdbscan_agrees_on_plain_sites() -> None:
    found = clusters_of(site=True)
    found.take_changes()
    audit = audit_of(found)
    assert audit.documents == 180
    assert audit.agreement > 0.9
    assert audit == audit_of(found)
    assert found.take_changes().clusters == {}


def test_what_looks_like_one_group_is_proposed_to_be_merged() -> None:
    found = Clusters()
    for number in range(40):
        fields = {"title": ["x"], "price": ["1"], "author": ["y"]}
        found.assign(f"d{number}", fields, "one" if number % 2 else "two")
        found.assign(f"e{number}", {"height": ["x"], "weight": ["1"], "team": ["y"]}, "three")
    assert [(each.what, len(each.clusters)) for each in audit_of(found).proposals] == [("merge", 2)]


def test_few_documents_need_no_audit() -> None:
    assert audit_of(Clusters()).proposals == ()


def test_a_place_on_the_map_for_each_document() -> None:
    points = sampled_points(clusters_of(site=True))
    vectors = vectors_of(points)
    plane = pca_plane(vectors)
    assert plane.shape == (len(points), 2)
    assert numpy.array_equal(plane, pca_plane(vectors_of(points)))
    centres = {each.cluster: plane[[p.cluster == each.cluster for p in points]].mean(axis=0) for each in points}
    assert len({tuple(numpy.round(centre, 3)) for centre in centres.values()}) == len(centres)


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_a_map_of_hardly_any_documents(rows: int) -> None:
    assert pca_plane(numpy.eye(3)[:rows]).shape == (rows, 2)
    assert umap_plane(numpy.eye(3)[:rows]).shape == (rows, 2)


@pytest.mark.skipif(not FULL, reason="UMAP takes half a minute to import and compile: TEST_FULL=1 tries it")
@pytest.mark.filterwarnings("ignore")
def test_the_later_map_is_the_same_for_the_same_seed() -> None:
    vectors = vectors_of(sampled_points(clusters_of(site=True)))
    plane = umap_plane(vectors, seed=3)
    assert plane.shape == (len(vectors), 2)
    assert numpy.isfinite(plane).all()
    assert numpy.array_equal(plane, umap_plane(vectors, seed=3))


def test_nothing_heavy_is_imported_by_clustering() -> None:
    heavy = ("sklearn", "umap", "hdbscan", "pandas", "plotly", "scipy")
    modules = "core.cluster, core.pipeline.clusters, jobs.auditing, jobs.commands.clusters, jobs.api_clusters"
    script = f"import sys, {modules}; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
