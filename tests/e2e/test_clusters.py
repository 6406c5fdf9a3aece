"""Kinds of records come together by themselves: through the whole flow, over restarts and kills, each reading once."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.bootstrap import build_pipeline
from core.cluster.criterion import Criterion
from core.errors import BadInput, UnknownName
from core.events import RowsExtracted, Stream, event_of
from core.flow.cluster_records import FIRST_RECORDS, KNOWN_RECORDS, LATER_RECORDS
from core.flow.lake_rows import _json
from core.model.cluster import ClusterFacts
from core.pipeline import Pipeline
from core.settings import load_settings
from jobs.commands.sources import scouted
from jobs.worker import drain
from tests.parts import parts_of

ROOT = Path(__file__).parents[2]
NOTICE = """<html><body><h1>{title}</h1><dl>
<dt>Reference</dt><dd>AM-{n:03}</dd><dt>Buyer</dt><dd>Town {n}</dd>
<dt>Value</dt><dd>EUR {n}00.50</dd><dt>Closes</dt><dd>{day} March 2026</dd></dl></body></html>"""
TENDER = """<html><body><h2>{title}</h2><table>
<tr><th>Ref. no.</th><td>AM-{n:03}</td></tr><tr><th>Purchaser</th><td>Town {n}</td></tr>
<tr><th>Amount</th><td>EUR {n}00.50</td></tr></table></body></html>"""
JOB = """<html><body><h1>Works {n} is hiring</h1><dl><dt>Salary range</dt><dd>EUR {n}00 to {n}50</dd>
<dt>Weekly hours</dt><dd>3{n}</dd><dt>Contract</dt><dd>fixed term {n}</dd></dl></body></html>"""
KINDS = {"alpha": NOTICE, "beta": TENDER, "jobs": JOB}
PAGES = 8


def write_page(folder: Path, n: int, page: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{n}.html").write_text(page.format(n=n, title=f"Notice {n} of the towns", day=n))


def opened(folder: Path) -> Pipeline:
    return build_pipeline(load_settings(data_dir=folder / "data", lease_seconds=2.0))


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipeline:
    pipeline = opened(tmp_path)
    for name, page in KINDS.items():
        for n in range(1, PAGES + 1):
            write_page(tmp_path / name, n, page)
        pipeline.sources.accept(scouted(pipeline, str(tmp_path / name), name).draft_id)
    drain(pipeline, "test")
    return pipeline


def by_source(pipeline: Pipeline) -> dict[str, ClusterFacts]:
    return {", ".join(sorted(view.facts.sources)): view.facts for view in pipeline.clusters.all()}


def extracted(pipeline: Pipeline) -> list[RowsExtracted]:
    messages = parts_of(pipeline).broker.read(Stream.EXTRACTED, limit=1000)
    return [event for message in messages if isinstance(event := event_of(message), RowsExtracted)]


def test_a_list_of_several_kinds_is_told_apart_by_itself(tmp_path: Path) -> None:
    kinds: list[dict[str, Any]] = [
        {"type": "notice", "title": "Notice", "buyer": "Town", "value": "EUR 1.50", "closes": "2026-03-01"},
        {"type": "job", "title": "Job", "employer": "Works", "salary": "EUR 2000", "hours": 38},
    ]
    (tmp_path / "mixed").mkdir()
    for page in range(4):
        records = [
            {key: f"{value} {page} {n}" if key != "type" else value for key, value in kinds[n % 2].items()}
            for n in range(20)
        ]
        (tmp_path / "mixed" / f"{page}.json").write_text(json.dumps(records))
    pipeline = opened(tmp_path)
    pipeline.sources.accept(scouted(pipeline, str(tmp_path / "mixed"), "mixed").draft_id)
    drain(pipeline, "test")
    views = pipeline.clusters.all()
    fields = [{field.path for field in pipeline.clusters.one(view.facts.cluster_id).fields} for view in views]
    assert sorted("buyer" in some for some in fields) == [False, True]
    assert sorted("employer" in some for some in fields) == [False, True]
    assert [view.facts.records for view in views] == [40, 40]
    # both are of one table: what they are called tells them apart
    assert {re.sub("“.*”", "…", view.label) for view in views} == {"mixed__n_0 with …"}
    assert len({view.label for view in views}) == 2


TABLE = "extracted.made__page"


def made(number: int, *rows: dict[str, Any]) -> RowsExtracted:
    """A reading of records: the texts of each by its columns."""
    return RowsExtracted(
        event_id=f"{TABLE} {number}",
        subject=TABLE,
        at=datetime(2026, 3, 1, tzinfo=UTC) + timedelta(minutes=number),
        source_id="made",
        document_id=f"document {number}",
        extractor_id="x",
        run_id="r",
        columns=(),
        rows=[{"_raw": _json(row)} for row in rows],
    )


def test_each_kind_of_each_site_is_a_cluster_with_its_fields(pipeline: Pipeline) -> None:
    found = by_source(pipeline)
    assert {source: (facts.records, facts.documents) for source, facts in found.items()} == dict.fromkeys(
        KINDS, (PAGES, PAGES)
    )
    detail = pipeline.clusters.one(found["alpha"].cluster_id)
    fields = {field.path: field for field in detail.fields}
    assert fields.keys() >= {"reference", "buyer", "value", "closes"}
    assert (fields["closes"].support, fields["closes"].type) == (1.0, "date")
    assert "1 March 2026" in fields["closes"].examples or len(fields["closes"].examples) == 3
    assert {member.table for member in detail.members} == {"extracted.alpha__page"}
    assert detail.nearest is not None
    assert detail.nearest.only_here
    assert detail.view.stability.missing[0] == f"It has {PAGES} records; {30 - PAGES} more are needed."
    [document] = pipeline.documents.find("alpha", limit=1)
    assert [one.cluster_id for one in pipeline.clusters.of_document(document.document_id)] == [
        found["alpha"].cluster_id
    ]
    likely = pipeline.clusters.suggestions()[0]
    assert {likely.left, likely.right} == {found["alpha"].cluster_id, found["beta"].cluster_id}


def test_a_restart_goes_on_and_what_comes_twice_counts_once(pipeline: Pipeline, tmp_path: Path) -> None:
    before = by_source(pipeline)
    pipeline.clusters.take(extracted(pipeline))
    assert by_source(pipeline) == before
    again = opened(tmp_path)
    again.clusters.take(extracted(pipeline))
    assert by_source(again) == before
    write_page(tmp_path / "alpha", 9, NOTICE)
    again.flow.run_now("alpha")
    drain(again, "test")
    after = by_source(again)
    assert (after["alpha"].cluster_id, after["alpha"].records) == (before["alpha"].cluster_id, PAGES + 1)
    assert after["beta"] == before["beta"]
    # the process that was there first takes over what the other one wrote
    write_page(tmp_path / "alpha", 10, NOTICE)
    pipeline.flow.run_now("alpha")
    drain(pipeline, "test")
    assert by_source(again)["alpha"].records == PAGES + 2


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_clusterer_that_is_killed_has_taken_each_reading_once(pipeline: Pipeline, tmp_path: Path, when: str) -> None:
    for n in range(20, 25):
        write_page(tmp_path / "alpha", n, NOTICE)
    pipeline.flow.run_now("alpha")
    environment = os.environ | {"SDP_DATA_DIR": str(pipeline.settings.folder.path), "SDP_LEASE_SECONDS": "2"}
    run = ["run", "--until-idle"]
    command = [sys.executable, "-m", "tests.e2e.killed_at", "clusters", when, "1", *run]
    assert subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode == -signal.SIGKILL
    again = subprocess.run([sys.executable, "-m", "jobs", *run], cwd=ROOT, env=environment, check=False)
    assert again.returncode == 0
    drain(pipeline, "test")
    assert {source: facts.records for source, facts in by_source(pipeline).items()} == {
        "alpha": PAGES + 5,
        "beta": PAGES,
        "jobs": PAGES,
    }


def test_what_a_person_merged_stays_one_and_teaches_which_fields_are_the_same(
    pipeline: Pipeline, tmp_path: Path
) -> None:
    before = by_source(pipeline)
    left, right = before["alpha"].cluster_id, before["beta"].cluster_id
    pipeline.clusters.name(right, "  Calls for tender ", "ann")
    stays = pipeline.clusters.merge(right, left, "ann", "the same notices")
    assert by_source(pipeline)["alpha, beta"].name == "Calls for tender"
    for n in range(PAGES + 1, 4 * PAGES):
        write_page(tmp_path / "beta", n, TENDER)
    pipeline.flow.run_now("beta")
    drain(pipeline, "test")
    after = by_source(pipeline)
    assert after.keys() == {"alpha, beta", "jobs"}
    assert (after["alpha, beta"].cluster_id, after["alpha, beta"].records) == (stays, 5 * PAGES - 1)
    gone = pipeline.clusters.one(left if stays == right else right)
    assert (gone.view.facts.state, gone.view.facts.into) == ("merged", (stays,))
    merge = next(act for act in pipeline.clusters.one(stays).history if act.kind == "merged")
    assert (merge.by, merge.why) == ("ann", "the same notices")
    assert '"same": true' in pipeline.clusters.confirmed()
    with pytest.raises(BadInput, match="same cluster"):
        pipeline.clusters.merge(left, right, "ann")
    with pytest.raises(BadInput, match="was merged"):
        pipeline.clusters.name(gone.view.facts.cluster_id, "x", "ann")
    with pytest.raises(UnknownName, match="no cluster none"):
        pipeline.clusters.merge(left, "none", "ann")


def test_a_cluster_becomes_a_proposed_table(pipeline: Pipeline) -> None:
    found = by_source(pipeline)
    review = pipeline.clusters.propose([found["alpha"].cluster_id, found["beta"].cluster_id], "Tender", "ann")
    assert review.proposal.sites == ("extracted.alpha__page", "extracted.beta__page")
    schemas = {view.label: view.schema for view in pipeline.clusters.all()}
    assert schemas == {"alpha__page": "tender", "beta__page": "tender", "jobs__page": ""}
    with pytest.raises(BadInput, match="no cluster to propose"):
        pipeline.clusters.propose([], "tender", "ann")


def test_what_a_person_split_stays_apart(tmp_path: Path) -> None:
    pipeline = opened(tmp_path)
    rows = [{"kind": "ab"[n % 2], "title": f"Thing {n}", "price": str(n)} for n in range(20)]
    pipeline.clusters.take([made(0, *rows)])
    [view] = pipeline.clusters.all()
    whole = view.facts.cluster_id
    assert Criterion("kind", "text") in pipeline.clusters.one(whole).criteria
    with pytest.raises(BadInput, match="does not part"):
        pipeline.clusters.split(whole, Criterion("none", "text"), "ann")
    parts = pipeline.clusters.split(whole, Criterion("kind", "text"), "ann")
    pipeline.clusters.take([made(1, *rows)])
    found = {view.facts.cluster_id: (view.facts.records, view.label) for view in pipeline.clusters.all()}
    assert found == dict(zip(parts, [(20, "made__page (kind: a)"), (20, "made__page (kind: b)")], strict=True))
    assert pipeline.clusters.one(whole).view.facts.into == tuple(parts)
    assert {one.cluster_id for one in pipeline.clusters.of_document("document 1")} == set(parts)
    with pytest.raises(BadInput, match="was parted"):
        pipeline.clusters.propose([whole], "x", "ann")


def test_processes_take_turns_and_none_writes_over_another(tmp_path: Path) -> None:
    several = [opened(tmp_path) for _ in range(3)]

    def take(number: int) -> None:
        for n in range(number, 60, len(several)):
            row = {"title": f"Thing {n}", "price": str(n)} if n % 2 else {"employer": f"Works {n}", "hours": str(n)}
            several[number].clusters.take([made(n, row)])

    with ThreadPoolExecutor() as pool:
        list(pool.map(take, range(len(several))))
    for pipeline in several:
        assert [view.facts.records for view in pipeline.clusters.all()] == [30, 30]
    again = opened(tmp_path)
    again.clusters.take([made(n, {"title": "x", "price": "1"}) for n in range(60)])
    assert [view.facts.records for view in again.clusters.all()] == [30, 30]


def test_a_reading_of_many_records_costs_as_much_as_a_few(tmp_path: Path) -> None:
    pipeline = opened(tmp_path)
    rows = [{"title": f"Thing {n}", "price": str(n)} for n in range(1_000)]
    for number in range(4):
        pipeline.clusters.take([made(number, *rows)])
    [view] = pipeline.clusters.all()
    looked_at = KNOWN_RECORDS + 2 * LATER_RECORDS
    assert 2 * FIRST_RECORDS == KNOWN_RECORDS
    assert (view.facts.records, view.facts.left_out, view.facts.documents) == (looked_at, 4_000 - looked_at, 4)


ABSURD: dict[str, list[dict[str, Any]]] = {
    "five thousand fields": [{f"field {n}": "x" for n in range(5_000)}],
    "fields that are different in each record": [{f"{row} {n}": "x" for n in range(100)} for row in range(50)],
    "no text": [{"title": "", "price": None}],
    "no field": [{}],
    "names": [{"a\x00\ud800\u2028'\";-- " * 100: "x", "": "y", "__proto__": "z", "a.b" * 1_000: "w"}],
    "values": [{"title": ["x" * 1_000_000, "\x00\ud800"], "tags": ["t"] * 5_000, "price": "9" * 5_000}],
}


@pytest.mark.parametrize("what", ABSURD)
def test_absurd_records_are_put_somewhere_and_shown(tmp_path: Path, what: str) -> None:
    pipeline = opened(tmp_path)
    began = time.monotonic()
    for number in range(3):
        pipeline.clusters.take([made(number, *ABSURD[what])])
    pipeline.clusters.settle(at_once=True)
    again = opened(tmp_path)
    again.clusters.take([made(3, *ABSURD[what])])
    for view in again.clusters.all():
        again.clusters.one(view.facts.cluster_id)
    assert time.monotonic() - began < 30
    assert {view.facts.documents for view in again.clusters.all()} <= {2, 4}
    assert len(again.clusters.all()) == (0 if what.startswith("no ") else 50 if "different" in what else 1)


def test_an_audit_compares_kinds_and_draws_every_record(tmp_path: Path) -> None:
    pipeline = opened(tmp_path)
    pipeline.clusters.take([made(n, {f"field {n} {m}": "x" for m in range(5)}) for n in range(30)])
    pipeline.clusters.settle(at_once=True)
    assert pipeline.clusters.is_audit_due()
    report = pipeline.clusters.audit()
    assert (report.looked_at, report.proposals) == (0, ())
    pipeline.clusters.take([made(n, {"title": str(n), "price": "1"}) for n in range(30, 60)])
    pipeline.clusters.settle(at_once=True)
    assert pipeline.clusters.audit().looked_at == 30
    points = pipeline.clusters.map()
    [kind] = [view.facts.cluster_id for view in pipeline.clusters.all() if view.facts.records > 1]
    assert (len(points), sum(point.cluster_id == kind for point in points)) == (60, 30)
    assert pipeline.clusters.report().documents == 60
    assert not pipeline.clusters.is_audit_due()
    pipeline.clusters.ask_for_audit()
    assert opened(tmp_path).clusters.is_audit_due()


def test_a_reading_that_says_that_a_page_is_empty_is_taken_in(tmp_path: Path) -> None:
    pipeline = opened(tmp_path)
    mark = made(0).model_copy(update={"rows": [{"_row_id": None}]})
    pipeline.clusters.take([mark, made(1)])
    assert pipeline.clusters.all() == []
    assert pipeline.clusters.of_document("document 0") == []
