"""From extracted tables to a table that a person approved, its next version, and back; with kills on the way."""

import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from core.bootstrap import build_pipeline
from core.errors import BadInput, BadQuery, Conflict, UnknownName
from core.events import RowsRefused, event_of
from core.flow import filling
from core.model import ColumnChange, FixAttempt, verdict_of
from core.model.schema import ReviewState, SchemaTable, SchemaVersion, VersionState
from core.pipeline import Pipeline
from core.ports import Chore
from core.propose.editing import (
    bring_back,
    drop_field,
    merge_fields,
    rename_field,
    require_field,
    retype_field,
    set_key,
    split_field,
)
from core.settings import load_settings
from jobs.commands.sources import scouted
from jobs.worker import drain
from tests.parts import parts_of

ROOT = Path(__file__).parents[2]
PAGE = """<html><body><h1>{title}</h1><dl>
<dt>Reference</dt><dd>AM-{n:03}</dd><dt>Buyer</dt><dd>Town {n}</dd>
<dt>Value</dt><dd>EUR {n}00.50</dd><dt>Closes</dt><dd>{day} March 2026</dd></dl></body></html>"""
OTHER = """<html><body><h2>{title}</h2><table>
<tr><th>Ref. no.</th><td>AM-{n:03}</td></tr><tr><th>Purchaser</th><td>Town {n}</td></tr>
<tr><th>Amount</th><td>EUR {n}00.50</td></tr></table></body></html>"""
FIRST, SECOND = "extracted.alpha__page", "extracted.beta__page"


def write_page(folder: Path, n: int, page: str = PAGE) -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{n}.html").write_text(page.format(n=n, title=f"Notice {n} of the towns", day=n))


def added(pipeline: Pipeline, folder: Path, name: str) -> None:
    pipeline.sources.accept(scouted(pipeline, str(folder), name).draft_id)
    drain(pipeline, "test")


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipeline:
    for n in range(1, 7):
        write_page(tmp_path / "alpha", n)
    pipeline = build_pipeline(load_settings(data_dir=tmp_path / "data", lease_seconds=2.0))
    added(pipeline, tmp_path / "alpha", "alpha")
    return pipeline


def approved(pipeline: Pipeline, *changes: partial[SchemaTable]) -> SchemaVersion:
    review = pipeline.schemas.propose([FIRST], "tender", "ann")
    for change in changes:
        pipeline.schemas.edit(review.review_id, change, "ann")
    return pipeline.schemas.approve(review.review_id, "ann", "looks right")


def rows(pipeline: Pipeline, columns: str, table: str = "silver.tender") -> list[tuple[object, ...]]:
    return list(pipeline.tables.query(f"SELECT {columns} FROM {table} ORDER BY ALL").rows)


def states(pipeline: Pipeline) -> list[tuple[int, str]]:
    return [(version.number, version.state.value) for version in pipeline.schemas.versions("tender")]


def test_a_list_of_one_site_becomes_a_typed_table_that_new_pages_fill(pipeline: Pipeline, tmp_path: Path) -> None:
    review = pipeline.schemas.propose([FIRST], "Tender", "ann")
    assert (review.schema_name, review.base, review.state) == ("tender", 0, ReviewState.WAITING)
    assert {field.name: field.type for field in review.main.fields}.items() >= {
        "reference": "identifier",
        "value": "money",
        "closes": "date",
    }.items()
    version = approved(pipeline, partial(set_key, names=["reference"]))
    assert [one.review_id for one in pipeline.schemas.reviews()] == [review.review_id]
    with pytest.raises(BadQuery):
        rows(pipeline, "*")
    drain(pipeline, "test")
    assert states(pipeline) == [(1, "active")]
    found = rows(pipeline, "reference, value::VARCHAR, value_currency, closes::VARCHAR")
    assert found == [(f"AM-{n:03}", f"{n}00.500000", "EUR", f"2026-03-{n:02}") for n in range(1, 7)]
    assert rows(pipeline, "DISTINCT _schema_version, _source_table") == [(version.number, FIRST)]

    write_page(tmp_path / "alpha", 7)
    pipeline.flow.run_now("alpha")
    drain(pipeline, "test")
    assert len(rows(pipeline, "reference")) == 7
    assert len(rows(pipeline, "reference", '"silver"."tender@v1"')) == 6
    assert rows(pipeline, "count(*), count(DISTINCT _key)", "silver_history.tender") == [(7, 7)]


def test_a_page_that_changes_gives_the_record_its_new_values(pipeline: Pipeline, tmp_path: Path) -> None:
    approved(pipeline, partial(set_key, names=["reference"]))
    drain(pipeline, "test")
    page = tmp_path / "alpha" / "1.html"
    page.write_text(page.read_text().replace("Town 1", "Harbour"))
    pipeline.flow.run_now("alpha")
    drain(pipeline, "test")
    assert rows(pipeline, "buyer")[0] == ("Harbour",)
    assert len(rows(pipeline, "buyer")) == 6


@pytest.mark.parametrize("key", [["reference"], []])
def test_the_version_before_is_shown_until_the_next_one_is_whole(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch, key: list[str]
) -> None:
    monkeypatch.setattr(filling, "READINGS_TOGETHER", 2)
    monkeypatch.setattr(filling, "STEP_SECONDS", 0)
    approved(pipeline, partial(set_key, names=key))
    drain(pipeline, "test")
    before = rows(pipeline, "reference, value::VARCHAR, closes::VARCHAR")
    approved(
        pipeline,
        partial(set_key, names=key),
        partial(rename_field, name="buyer", new="buyer_name"),
        partial(retype_field, name="closes", kind="string"),
        partial(drop_field, name="value"),
    )
    for _ in range(2):
        assert pipeline.work.fill() == 2
        pipeline.work.settle()
        assert rows(pipeline, "reference, value::VARCHAR, closes::VARCHAR") == before
    drain(pipeline, "test")
    assert states(pipeline) == [(2, "active"), (1, "retired")]
    assert rows(pipeline, "reference, buyer_name, closes")[0] == ("AM-001", "Town 1", "1 March 2026")
    with pytest.raises(BadQuery, match="value"):
        rows(pipeline, "value")
    assert len(rows(pipeline, "reference")) == 6
    # what was, and back to it
    assert rows(pipeline, "reference, value::VARCHAR, closes::VARCHAR", '"silver"."tender@v1"') == before
    version = pipeline.schemas.restore("tender", 1, "ann")
    assert version.number == 3
    assert "buyer_name" in pipeline.tables.query("SELECT * FROM silver.tender").columns
    drain(pipeline, "test")
    assert states(pipeline) == [(3, "active"), (2, "retired"), (1, "retired")]
    assert rows(pipeline, "reference, value::VARCHAR, closes::VARCHAR") == before


def test_rows_of_earlier_versions_are_forgotten_in_time_and_stay_in_their_tags(pipeline: Pipeline) -> None:
    for _ in range(2):
        approved(pipeline, partial(set_key, names=["reference"]))
        drain(pipeline, "test")
    held = "_schema_version, count(*)"
    grouped = "silver_history.tender GROUP BY ALL"
    assert rows(pipeline, held, grouped) == [(1, 6), (2, 6)]
    chore = Chore("forget the rows of version 1 of silver.tender", 6)
    assert chore not in pipeline.work.tidy(days=1)
    assert chore in pipeline.work.tidy(days=0, dry_run=True)
    assert rows(pipeline, held, grouped) == [(1, 6), (2, 6)]
    assert chore in pipeline.work.tidy(days=0)
    assert rows(pipeline, held, grouped) == [(2, 6)]
    assert len(rows(pipeline, "reference")) == 6
    assert len(rows(pipeline, "reference", '"silver"."tender@v1"')) == 6
    # nothing that was told of before lands once more, and nothing counts as lost
    assert pipeline.work.settle() == 0
    assert [damage.what for damage in pipeline.tables.check(full=True)] == []
    pipeline.schemas.restore("tender", 1, "ann")
    drain(pipeline, "test")
    assert rows(pipeline, held, grouped) == [(2, 6), (3, 6)]


def test_two_sites_fill_one_table(pipeline: Pipeline, tmp_path: Path) -> None:
    for n in range(5, 11):
        write_page(tmp_path / "beta", n, OTHER)
    added(pipeline, tmp_path / "beta", "beta")
    [alike] = pipeline.schemas.alike()
    assert {alike.left, alike.right} == {FIRST, SECOND}
    assert len(alike.pairs) >= 3
    review = pipeline.schemas.propose([alike.left, alike.right], "tender", "ann")
    sources = {field.name: {source.site for source in field.sources} for field in review.main.fields}
    joined = next(name for name, sites in sources.items() if sites == {FIRST, SECOND} and "ref" in name)
    pipeline.schemas.edit(review.review_id, partial(set_key, names=[joined]), "ann")
    pipeline.schemas.approve(review.review_id, "ann")
    drain(pipeline, "test")
    # notices 5 and 6 are on both sites, and are the same records
    assert rows(pipeline, joined) == [(f"AM-{n:03}",) for n in range(1, 11)]
    assert len(rows(pipeline, "_source_table", "silver_history.tender")) == 12


def test_what_does_not_fit_is_told_with_its_text_and_kept_out_as_the_contract_says(
    pipeline: Pipeline, tmp_path: Path
) -> None:
    review = pipeline.schemas.propose([FIRST], "tender", "ann")
    pipeline.schemas.edit(review.review_id, partial(require_field, name="closes", must=True), "ann")
    pipeline.schemas.approve(review.review_id, "ann", mode="discard_row")
    page = tmp_path / "alpha" / "3.html"
    page.write_text(page.read_text().replace("3 March 2026", "until further notice"))
    pipeline.flow.run_now("alpha")
    drain(pipeline, "test")
    refused = [
        event
        for message in parts_of(pipeline).broker.read(limit=1000)
        if isinstance(event := event_of(message), RowsRefused)
    ]
    assert [(one.table, one.rows, one.wrong) for one in refused] == [(FIRST, 1, 1)]
    assert [(value.field, value.rule, value.text) for value in refused[0].values] == [
        ("closes", "type", "until further notice")
    ]
    assert "AM-003" not in [reference for (reference,) in rows(pipeline, "reference", "silver_history.tender")][3:]


def test_a_proposal_is_decided_on_once_and_against_what_is_there(pipeline: Pipeline) -> None:
    first, second = (pipeline.schemas.propose([FIRST], "tender", "ann") for _ in range(2))
    with pytest.raises(BadInput, match="needs a reason"):
        pipeline.schemas.reject(first.review_id, "ann", " ")
    pipeline.schemas.pause(first.review_id, "ann", "later")
    with pytest.raises(Conflict, match="is not waiting any more, but paused"):
        pipeline.schemas.approve(first.review_id, "ann")
    pipeline.schemas.resume(first.review_id, "ann")
    pipeline.schemas.approve(first.review_id, "ann")
    with pytest.raises(Conflict, match="at version 1 by now"):
        pipeline.schemas.approve(second.review_id, "bob")
    with pytest.raises(Conflict, match="approved already"):
        pipeline.schemas.edit(first.review_id, partial(drop_field, name="value"), "bob")
    pipeline.schemas.reject(second.review_id, "bob", "there is one")
    assert pipeline.schemas.reviews() == []
    history = pipeline.schemas.review(first.review_id).acts
    assert [(act.kind, act.by, act.why) for act in history] == [
        ("proposed", "ann", ""),
        ("paused", "ann", "later"),
        ("resumed", "ann", ""),
        ("approved", "ann", ""),
    ]
    changes = pipeline.schemas.changes(pipeline.schemas.propose([FIRST], "tender", "ann"))
    assert changes == []


def test_what_cannot_be_a_table_is_refused_in_one_sentence(pipeline: Pipeline) -> None:
    with pytest.raises(UnknownName, match=f"no extracted table extracted.none. There are: {FIRST}"):
        pipeline.schemas.propose(["extracted.none"], "tender", "ann")
    with pytest.raises(BadInput, match="cannot be the name of a table"):
        pipeline.schemas.propose([FIRST], "…", "ann")
    review = pipeline.schemas.propose([FIRST], "tender", "ann")
    edit = partial(pipeline.schemas.edit, review.review_id, by="ann")
    with pytest.raises(BadInput, match="Two columns are called value"):
        edit(partial(rename_field, name="buyer", new="value"))
    with pytest.raises(BadInput, match="“Buyer's \\$” cannot be the name of a column"):
        edit(partial(rename_field, name="buyer", new="Buyer's $"))
    assert pipeline.schemas.review(review.review_id).main == review.main


def test_a_table_that_is_gone_is_filled_again_although_the_log_forgot_it(pipeline: Pipeline) -> None:
    approved(pipeline, partial(set_key, names=["reference"]))
    drain(pipeline, "test")
    before = rows(pipeline, "reference, value::VARCHAR")
    pipeline.work.tidy(days=0)
    parts_of(pipeline).lake.catalog.iceberg.drop_table("silver.tender")
    again = build_pipeline(pipeline.settings)
    [damage] = [one for one in again.tables.check(mend=True) if one.what == "silver.tender"]
    assert damage.mended == "they are read again from the bytes that were kept"
    drain(again, "test")
    assert rows(again, "reference, value::VARCHAR") == before


GROWN = PAGE.replace("<dt>Closes</dt><dd>{day} March 2026</dd>", "<dt>Lot</dt><dd>Lot {n}</dd>").replace(
    "<dt>Reference", "<dt>Deadline</dt><dd>{day} March 2026</dd><dt>Reference"
)


def add_pages(tmp_path: Path, pipeline: Pipeline) -> None:
    """As many pages as it takes for a change to be no chance."""
    for n in range(7, 13):
        write_page(tmp_path / "alpha", n)
    pipeline.flow.run_now("alpha")
    drain(pipeline, "test")


def grown(tmp_path: Path, pipeline: Pipeline) -> FixAttempt:
    """A site that calls the closing date otherwise, puts it elsewhere, and says more: the version that reads it."""
    for n in range(3, 23):
        write_page(tmp_path / "alpha", n, GROWN)
    pipeline.flow.run_now("alpha")
    drain(pipeline, "test")
    [attempt] = pipeline.repairs.attempts("alpha")
    return attempt


def test_a_site_that_grows_leads_to_the_next_version_with_a_rename_suggested_and_back(
    pipeline: Pipeline, tmp_path: Path
) -> None:
    add_pages(tmp_path, pipeline)
    approved(pipeline, partial(set_key, names=["reference"]), partial(rename_field, name="buyer", new="authority"))
    drain(pipeline, "test")
    attempt = grown(tmp_path, pipeline)
    assert (attempt.state, attempt.cause) == ("staged", "The main pages show what is not read yet: deadline, lot.")
    assert verdict_of(attempt.templates).level == "proved"
    # while the source fails, nothing is proposed of what it does not find; what is proposed later makes room
    assert pipeline.schemas.reviews() == []
    pipeline.flow.run_now("alpha")
    drain(pipeline, "test")
    [early] = pipeline.schemas.reviews()
    assert [(one.kind, one.before) for one in early.drifts] == [("lost", ("closes",))]
    pipeline.repairs.promote(attempt.attempt_id, "ann")
    drain(pipeline, "test")
    [review] = pipeline.schemas.reviews()
    assert (review.base, review.acts[0].by) == (1, "the pipeline")
    assert pipeline.schemas.review(early.review_id).acts[-1].why == "a newer proposal takes its place"
    assert [(one.kind, one.before, one.now, one.field) for one in review.drifts] == [
        ("renamed", ("closes",), ("deadline",), "closes"),
        ("new", (), ("lot",), ""),
    ]
    assert "values are the same" in review.drifts[0].reason
    assert [(one.kind, one.field) for one in pipeline.schemas.changes(review)] == [
        ("added", "lot"),
        ("labels", "closes"),
    ]
    samples = pipeline.schemas.samples(review)
    assert any(one.before and one.before["closes"] is None and one.after["closes"] for one in samples)
    pipeline.schemas.approve(review.review_id, "ann", "it grew")
    drain(pipeline, "test")
    # what was read before the site changed, and after it; what a person called otherwise is still called so
    assert rows(pipeline, "reference, authority, closes::VARCHAR, lot") == [
        (f"AM-{n:03}", f"Town {n}", f"2026-03-{n:02}", f"Lot {n}" if n > 2 else None) for n in range(1, 23)
    ]
    assert pipeline.schemas.look() == []

    pipeline.schemas.restore("tender", 1, "ann", "too early")
    drain(pipeline, "test")
    assert rows(pipeline, "count(closes)") == [(2,)]
    with pytest.raises(BadQuery, match="lot"):
        rows(pipeline, "lot")
    # what was undone is not proposed anew by itself, and can be asked for
    assert pipeline.schemas.reviews() == []
    again = pipeline.schemas.propose([FIRST], "tender", "ann")
    assert [field.name for field in again.main.fields][-1] == "lot"


def test_a_proposal_of_the_pipeline_that_was_rejected_does_not_come_again(pipeline: Pipeline, tmp_path: Path) -> None:
    add_pages(tmp_path, pipeline)
    approved(pipeline, partial(set_key, names=["reference"]))
    drain(pipeline, "test")
    pipeline.repairs.promote(grown(tmp_path, pipeline).attempt_id, "ann")
    drain(pipeline, "test")
    [review] = pipeline.schemas.reviews()
    pipeline.schemas.reject(review.review_id, "ann", "we do not need it")
    write_page(tmp_path / "alpha", 30, GROWN)
    pipeline.flow.run_now("alpha")
    drain(pipeline, "test")
    assert pipeline.schemas.reviews() == []


def test_a_source_that_may_repair_itself_reads_what_is_new_by_itself(pipeline: Pipeline, tmp_path: Path) -> None:
    pipeline.sources.set_auto_promote("alpha", True)
    assert grown(tmp_path, pipeline).state == "promoted"
    assert ("Lot 9",) in rows(pipeline, "lot", FIRST)


def test_columns_are_split_merged_left_out_and_brought_back(pipeline: Pipeline) -> None:
    review = pipeline.schemas.propose([FIRST], "tender", "ann")
    edit = partial(pipeline.schemas.edit, review.review_id, by="ann")
    edit(partial(split_field, name="closes", separator=" ", parts=3))
    edit(partial(merge_fields, names=["buyer", "reference"], new="who"))
    edit(partial(drop_field, name="value"))
    edit(partial(drop_field, name="closes_1"))
    [value] = pipeline.schemas.left_out(pipeline.schemas.review(review.review_id))
    edit(partial(bring_back, field=value))
    pipeline.schemas.approve(review.review_id, "ann")
    drain(pipeline, "test")
    found = rows(pipeline, "who, closes_2, closes_3, value::VARCHAR")
    assert found[:2] == [
        ("Town 1 AM-001", "March", "2026", "100.500000"),
        ("Town 2 AM-002", "March", "2026", "200.500000"),
    ]
    raw = rows(pipeline, "_raw->>'who', _raw->>'closes_2'")
    assert raw[0] == ("Town 1 AM-001", "March")


def test_a_version_that_was_overtaken_before_it_was_whole_is_never_shown(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filling, "READINGS_TOGETHER", 2)
    monkeypatch.setattr(filling, "STEP_SECONDS", 0)
    approved(pipeline)
    pipeline.work.fill()
    approved(pipeline, partial(drop_field, name="buyer"))
    drain(pipeline, "test")
    assert states(pipeline) == [(2, "active"), (1, "retired")]
    assert len(rows(pipeline, "reference")) == 6


@pytest.mark.parametrize("name", ["заявка", "項目", "ref…"])
def test_a_table_must_have_a_name_that_files_can_bear(pipeline: Pipeline, name: str) -> None:
    if name == "ref…":
        assert pipeline.schemas.propose([FIRST], name, "ann").schema_name == "ref"
    else:
        with pytest.raises(BadInput, match="Use the letters a to z"):
            pipeline.schemas.propose([FIRST], name, "ann")


def test_columns_of_any_alphabet_are_stored_apart_and_shown_as_they_are_called(pipeline: Pipeline) -> None:
    review = pipeline.schemas.propose([FIRST], "tender", "ann")
    edit = partial(pipeline.schemas.edit, review.review_id, by="ann")
    edit(partial(rename_field, name="buyer", new="город"))
    edit(partial(rename_field, name="closes", new="期限"))
    with pytest.raises(BadInput, match="value_currency is the name of a currency"):
        edit(partial(rename_field, name="reference", new="value_currency"))
    version = pipeline.schemas.approve(review.review_id, "ann")
    assert (version.columns["город"], version.columns["期限"]) == ("column", "column_2")
    drain(pipeline, "test")
    assert rows(pipeline, '"город", "期限"::VARCHAR')[0] == ("Town 1", "2026-03-01")


def test_an_approved_table_changes_by_its_versions_alone(pipeline: Pipeline) -> None:
    approved(pipeline)
    drain(pipeline, "test")
    with pytest.raises(Conflict, match="changes by its next version"):
        pipeline.tables.evolve("silver.tender", [ColumnChange(action="drop", column="buyer")])
    with pytest.raises(Conflict, match="changes by its next version"):
        pipeline.tables.roll_back("silver.tender", "v1")


@pytest.mark.parametrize("forgotten", [False, True], ids=["log-there", "log-pruned"])
def test_rows_that_a_table_lost_are_filled_in_again(pipeline: Pipeline, forgotten: bool) -> None:
    approved(pipeline, partial(set_key, names=["reference"]))
    drain(pipeline, "test")
    before = rows(pipeline, "reference, value::VARCHAR")
    if forgotten:
        pipeline.work.tidy(days=0)
    parts_of(pipeline).lake.forget("silver.tender", "reference", "AM-003")
    assert len(rows(pipeline, "reference")) == 5
    again = build_pipeline(pipeline.settings)
    [damage] = [one for one in again.tables.check(full=True, mend=True) if one.what == "silver.tender"]
    assert "the rows of 1 readings are not in it any more" in damage.sentence
    drain(again, "test")
    assert rows(again, "reference, value::VARCHAR") == before


MOMENTS = [
    ("event", "before", 1),
    ("event", "after", 1),
    ("lake", "after", 1),
    ("tag", "after", 1),
    ("show", "before", 1),
]


@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: "-".join(map(str, moment)))
def test_a_filling_that_is_killed_is_finished_at_the_next_start(
    pipeline: Pipeline, moment: tuple[str, str, int]
) -> None:
    approved(pipeline, partial(set_key, names=["reference"]))
    data = pipeline.settings.folder.path
    run = ["run", "--until-idle"]
    environment = os.environ | {"SDP_DATA_DIR": str(data), "SDP_LEASE_SECONDS": "2"}
    command = [sys.executable, "-m", "tests.e2e.killed_at", *map(str, moment), *run]
    assert subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode == -signal.SIGKILL
    assert states(pipeline) == [(1, VersionState.FILLING.value)]
    again = subprocess.run([sys.executable, "-m", "jobs", *run], cwd=ROOT, env=environment, check=False)
    assert again.returncode == 0
    assert states(pipeline) == [(1, VersionState.ACTIVE.value)]
    assert rows(pipeline, "count(*), count(DISTINCT _row_id)", "silver_history.tender") == [(6, 6)]
    assert len(rows(pipeline, "reference")) == 6
