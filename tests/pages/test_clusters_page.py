"""The Clusters page: what came together, on a map and in a list; what a person does with it; and where it leads."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from starlette.testclient import TestClient

from core.bootstrap import build_pipeline
from core.events import RowsExtracted
from core.flow.lake_rows import _json
from core.pipeline import Pipeline
from core.settings import load_settings
from jobs.api import build_api
from jobs.commands.sources import scouted
from jobs.worker import drain
from tests.pages.conftest import Workbench, settled
from tests.pages.test_pages import opened
from tests.waiting import wait_for

NOTICE = """<html><body><h1>Notice {n} of the towns</h1><dl><dt>Reference</dt><dd>AM-{n:03}</dd><dt>Buyer</dt>
<dd>Town {n}</dd><dt>Value</dt><dd>EUR {n}00.50</dd></dl></body></html>"""
JOB = """<html><body><h1>Works {n} is hiring</h1><dl><dt>Salary range</dt><dd>EUR {n}00 to {n}50</dd>
<dt>Weekly hours</dt><dd>3{n}</dd><dt>Contract</dt><dd>fixed term {n}</dd></dl></body></html>"""


def added(pipeline: Pipeline, folder: Path, page: str) -> None:
    folder.mkdir()
    for n in range(1, 9):
        (folder / f"{n}.html").write_text(page.format(n=n))
    pipeline.sources.accept(scouted(pipeline, str(folder), folder.name).draft_id)
    drain(pipeline, "test")
    # the loop of a workbench may have its share in it
    wait_for(lambda: any(folder.name in view.facts.sources for view in pipeline.clusters.all()), pause=0.2)


@pytest.fixture
def filled(pipeline: Pipeline, tmp_path: Path) -> Pipeline:
    added(pipeline, tmp_path / "alpha", NOTICE)
    added(pipeline, tmp_path / "jobs", JOB)
    return pipeline


def cluster_of(pipeline: Pipeline, source: str) -> str:
    return next(view.facts.cluster_id for view in pipeline.clusters.all() if source in view.facts.sources)


def test_where_nothing_came_together_it_says_what_to_do(pipeline: Pipeline) -> None:
    assert "add a source and run it" in opened("clusters", pipeline).info[0].value
    assert "no cluster none" in opened("clusters", pipeline, cluster="none").error[0].value


def test_the_list_is_whole_without_the_map_and_a_choice_writes_the_address(filled: Pipeline) -> None:
    app = opened("clusters", filled)
    assert list(app.dataframe[0].value["cluster"]) == ["alpha__page", "jobs__page"]
    assert app.dataframe[0].value["missing"][0].startswith("It has 8 records; 22 more are needed.")
    chosen = cluster_of(filled, "jobs")
    app.selectbox(key="cluster").select(chosen).run()
    assert app.query_params["cluster"] == chosen
    assert app.subheader[0].value == "jobs__page"
    fields = app.dataframe[1].value
    assert {"salary_range", "weekly_hours", "contract"} <= set(fields["field"])
    assert "only there" in " ".join(caption.value for caption in app.caption)


def test_a_name_a_merge_and_a_split_are_kept_and_told(filled: Pipeline) -> None:
    alpha, jobs = cluster_of(filled, "alpha"), cluster_of(filled, "jobs")
    app = opened("clusters", filled, cluster=alpha)
    app.text_input(key="cluster-name").set_value("Notices")
    app.button(key="name-cluster-go").click().run()
    assert app.subheader[0].value == "Notices"
    app.selectbox(key="merge-with").select(jobs)
    app.text_input(key="merge-why").set_value("for the test")
    app.button(key="merge-go").click().run()
    [view] = filled.clusters.all()
    assert app.query_params["cluster"] == view.facts.cluster_id
    assert "for the test" in " ".join(caption.value for caption in app.caption)
    gone = opened("clusters", filled, cluster=jobs if view.facts.cluster_id == alpha else alpha)
    assert "merged" in gone.info[0].value
    app.selectbox(key="split-by").select_index(0)
    app.button(key="split-go").click().run()
    assert "split" in app.info[0].value
    assert len(filled.clusters.all()) == 2


def test_clusters_of_several_sources_are_compared_where_it_is_asked_for(filled: Pipeline, tmp_path: Path) -> None:
    app = opened("clusters", filled)
    app.toggle(key="alike").set_value(True).run()
    assert app.query_params["alike"] == "yes"
    added(filled, tmp_path / "beta", NOTICE)
    app = opened("clusters", filled, alike="yes")
    pair = filled.clusters.suggestions()[0]
    app.button(key=f"merge-{pair.left}-{pair.right}").click().run()
    assert next(view.facts.sources for view in filled.clusters.all()).keys() == {"alpha", "beta"}


def test_a_stable_cluster_waits_on_the_overview_until_a_table_is_proposed(pipeline: Pipeline, tmp_path: Path) -> None:
    calm = build_pipeline(load_settings(data_dir=tmp_path / "calm", stable_records=5, stable_calm_records=0))
    added(calm, tmp_path / "alpha", NOTICE)
    calm.clusters.audit()
    assert calm.clusters.ready() == []
    calm.clusters.audit()
    [ready] = calm.clusters.ready()
    app = opened("overview", calm)
    assert "8 records of alpha: propose a table" in [caption.value for caption in app.caption]
    app = opened("clusters", calm, cluster=ready.facts.cluster_id)
    assert app.success[0].value.startswith("It is stable")
    app.text_input(key="table-name").set_value("notice")
    app.button(key="propose-cluster-go").click().run()
    [review] = calm.schemas.reviews()
    assert review.schema_name == "notice"
    assert calm.clusters.ready() == []


def test_an_audit_is_asked_for(filled: Pipeline) -> None:
    app = opened("clusters", filled)
    assert "Not audited yet" in " ".join(caption.value for caption in app.caption)
    app.button(key="audit").click().run()
    assert filled.clusters.is_audit_due()
    assert app.button(key="audit").disabled
    filled.clusters.audit()
    assert not filled.clusters.report().asked_at
    assert "16 records compared" in " ".join(caption.value for caption in opened("clusters", filled).caption)


def test_absurd_fields_are_shown_as_text(pipeline: Pipeline) -> None:
    row = {f"<script>alert({n})</script> **{n}** $x$": "<b>y</b>" for n in range(2_000)}
    event = RowsExtracted(
        event_id="e",
        subject="extracted.odd__<i>[x](y)",
        at=datetime(2026, 3, 1, tzinfo=UTC),
        source_id="odd",
        document_id="gone",
        extractor_id="x",
        run_id="r",
        columns=(),
        rows=[{"_raw": _json(row)}],
    )
    pipeline.clusters.take([event])
    [view] = pipeline.clusters.all()
    app = opened("clusters", pipeline, cluster=view.facts.cluster_id)
    assert len(app.dataframe[1].value) == 1_000
    assert "which is not kept any more" in " ".join(caption.value for caption in app.caption)


def test_a_document_leads_to_the_records_like_its_own(filled: Pipeline) -> None:
    [document] = filled.documents.find("alpha", limit=1)
    assert [one.cluster_id for one in filled.clusters.of_document(document.document_id)] == [
        cluster_of(filled, "alpha")
    ]
    opened("documents", filled, document=document.document_id)


def test_rest_tells_the_clusters_and_does_what_a_person_does(filled: Pipeline) -> None:
    rest = TestClient(build_api(filled, None))
    assert [one["label"] for one in rest.get("/clusters").json()] == ["alpha__page", "jobs__page"]
    alpha, jobs = cluster_of(filled, "alpha"), cluster_of(filled, "jobs")
    one = rest.get(f"/clusters/{alpha}").json()
    assert (one["stable"], one["records"], one["nearest"]["facts"]) == (False, 8, jobs)
    assert rest.get("/clusters/none").status_code == 404
    assert rest.post(f"/clusters/{alpha}/name", json={"name": "Notices", "by": "ann"}).json()["label"] == "Notices"
    told = rest.post(f"/clusters/{alpha}/propose", json={"name": "notice", "by": "ann"}).json()
    assert told["review_id"] == filled.schemas.reviews()[0].review_id
    refused = rest.post(f"/clusters/{alpha}/split", json={"field": "none", "by": "ann"})
    assert (refused.status_code, refused.json()["error"]) == (400, "“none” does not part this cluster.")
    assert rest.post(f"/clusters/{alpha}/merge", json={}).status_code == 422
    stays = rest.post(f"/clusters/{alpha}/merge", json={"other": jobs, "by": "ann", "why": "w"}).json()["cluster_id"]
    parts = rest.post(f"/clusters/{stays}/split", json={"field": "buyer", "kind": "presence", "by": "ann"}).json()
    assert parts["state"] == "parted"
    assert filled.clusters.one(stays).history[0].by == "ann"


@pytest.mark.browser
def test_from_the_map_to_a_cluster_and_from_there_to_a_proposed_table(
    workbench: Workbench, page: Page, tmp_path: Path
) -> None:
    pipeline = build_pipeline(load_settings(data_dir=workbench.data, sample_portal_port=0))
    added(pipeline, tmp_path / "alpha", NOTICE)
    added(pipeline, tmp_path / "jobs", JOB)
    page.goto(f"{workbench.url}/clusters")
    settled(page)
    # whoever runs the loop audits by itself when records stop coming
    for _ in range(60):
        if pipeline.clusters.report().at:
            break
        page.wait_for_timeout(1_000)
    page.reload()
    points = page.locator(".scatterlayer .points path")
    expect(points.first).to_be_visible()
    assert points.count() == 16
    # a click on the map opens the cluster
    _click(page, points.last)
    page.wait_for_url(re.compile("cluster="))
    settled(page)
    first = _asked(page)
    label = next(view.label for view in pipeline.clusters.all() if view.facts.cluster_id == first)
    expect(page.get_by_role("heading", name=label)).to_be_visible()
    # a click in the table opens the other one; reload shows the same, back the one before
    other = next(n for n, view in enumerate(pipeline.clusters.all()) if view.facts.cluster_id != first)
    _click_row(page, other)
    page.wait_for_function(f"() => !location.search.includes('{first}') && location.search.includes('cluster=')")
    settled(page)
    second = _asked(page)
    shown = page.get_by_role("heading", level=3).first.inner_text()
    page.reload()
    settled(page)
    expect(page.get_by_role("heading", level=3).first).to_have_text(shown)
    page.go_back()
    page.wait_for_url(re.compile(first))
    expect(page.get_by_role("heading", name=label)).to_be_visible()
    page.go_forward()
    page.wait_for_url(re.compile(second))
    settled(page)
    page.get_by_label("Name of the table").fill("notice")
    page.get_by_role("button", name="Propose a table").click()
    page.wait_for_url(re.compile(r"schemas\?proposal="))
    expect(page.get_by_role("button", name="Approve")).to_be_visible()
    assert pipeline.schemas.reviews()[0].schema_name == "notice"
    assert page.problems == []  # type: ignore[attr-defined]


def _asked(page: Page) -> str:
    found = re.search(r"cluster=(\w+)", page.url)
    assert found
    return found[1]


def _click(page: Page, point: object) -> None:
    box = point.bounding_box()  # type: ignore[attr-defined]
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def _click_row(page: Page, number: int) -> None:
    """The grid is a canvas: a row is chosen by a click into its first cell."""
    grid = page.get_by_test_id("stDataFrame").first
    before, box = None, grid.bounding_box()
    while box is None or before != box:
        page.wait_for_timeout(100)
        before, box = box, grid.bounding_box()
    page.mouse.click(box["x"] + 17, box["y"] + 35 * (number + 1) + 17)
