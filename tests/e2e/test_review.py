"""What does not fit an approved table waits for a person; what is decided reaches the table once, also after kills."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest

from core.bootstrap import build_pipeline
from core.errors import BadInput, Conflict
from core.model.review import EVERYTHING, ItemState, ReviewFilter, ReviewItem
from core.model.schema import ContractMode
from core.pipeline import Pipeline
from core.propose.editing import drop_field, rename_field, require_field, set_key
from core.settings import load_settings
from jobs.worker import drain
from tests.e2e.test_schemas import FIRST, ROOT, added, rows, write_page

BUT_ONE = ["AM-001", "AM-002", "AM-003", "AM-004", "AM-005", "AM-006"]
ALL = [*BUT_ONE, "AM-007"]
LATER = "until further notice"


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipeline:
    for n in range(1, 7):
        write_page(tmp_path / "alpha", n)
    pipeline = build_pipeline(load_settings(data_dir=tmp_path / "data", lease_seconds=2.0))
    added(pipeline, tmp_path / "alpha", "alpha")
    return pipeline


def refused(
    pipeline: Pipeline, folder: Path, mode: ContractMode = "discard_row", key: Sequence[str] = ("reference",)
) -> ReviewItem:
    """A table, one row of which is refused: its day of closing is none."""
    review = pipeline.schemas.propose([FIRST], "tender", "ann")
    write_page(folder / "alpha", 7)
    page = folder / "alpha" / "7.html"
    page.write_text(page.read_text().replace("7 March 2026", LATER))
    for change in (partial(require_field, name="closes", must=True), partial(set_key, names=key)):
        pipeline.schemas.edit(review.review_id, change, "ann")
    pipeline.flow.run_now("alpha")
    drain(pipeline, "test")
    pipeline.schemas.approve(review.review_id, "ann", mode=mode)
    drain(pipeline, "test")
    found = [item for item in pipeline.review.find() if item.text == LATER]
    assert len(found) == 1
    return found[0]


def shown(pipeline: Pipeline) -> list[str]:
    return [str(reference) for (reference,) in rows(pipeline, "reference")]


def closes(pipeline: Pipeline, reference: str = "AM-007") -> list[str | None]:
    result = pipeline.tables.query(f"SELECT closes::VARCHAR FROM silver.tender WHERE reference = '{reference}'")
    return [value for (value,) in result.rows]


@pytest.mark.parametrize("key", [("reference",), ()])
def test_what_was_refused_waits_and_is_let_in_and_out_again(
    pipeline: Pipeline, tmp_path: Path, key: Sequence[str]
) -> None:
    item = refused(pipeline, tmp_path, key=key)
    assert (item.column, item.rule, item.source_id, item.label) == ("closes", "type", "alpha", "closes")
    assert item.places[0].locator.startswith("xpath:/html/body")
    assert pipeline.review.groups()[0].like == item.like
    assert shown(pipeline) == BUT_ONE
    pipeline.review.accept([item], "bob", "it is so")
    drain(pipeline, "test")
    assert (shown(pipeline), closes(pipeline)) == (ALL, [None])
    assert pipeline.review.find() == []
    decided = pipeline.review.item(item.item_id)
    assert (decided.state, decided.acts[-1].by, decided.acts[-1].why) == (ItemState.ACCEPTED, "bob", "it is so")
    pipeline.review.undo([decided], "bob", "a mistake")
    drain(pipeline, "test")
    assert shown(pipeline) == BUT_ONE
    assert [one.item_id for one in pipeline.review.find()] == [item.item_id]
    assert len(rows(pipeline, "reference", '"silver"."tender@v1"')) == 6


def test_what_a_person_corrects_is_in_the_row_and_outlives_the_next_version(pipeline: Pipeline, tmp_path: Path) -> None:
    item = refused(pipeline, tmp_path)
    with pytest.raises(BadInput, match="“soon” is no date for closes"):
        pipeline.review.correct([item], ["soon"], "bob")
    pipeline.review.correct([item], ["31 March 2026"], "bob", "asked them")
    drain(pipeline, "test")
    assert closes(pipeline) == ["2026-03-31"]
    [(raw, evidence, decision)] = pipeline.tables.query(
        "SELECT _raw, _evidence, _decision FROM silver.tender WHERE reference = 'AM-007'"
    ).rows
    assert '"31 March 2026"' in raw
    assert '"closes"' not in evidence
    assert '"corrected"' in decision
    assert '"bob"' in decision
    with pytest.raises(Conflict, match="is corrected already, by bob"):
        pipeline.review.accept([pipeline.review.item(item.item_id)], "eve")
    with pytest.raises(Conflict, match="Somebody else decided"):
        pipeline.review.accept([item], "eve")

    review = pipeline.schemas.propose([FIRST], "tender", "ann")
    for change in (
        partial(rename_field, name="closes", new="deadline"),
        partial(drop_field, name="buyer"),
        partial(require_field, name="deadline", must=True),
        partial(set_key, names=["reference"]),
    ):
        pipeline.schemas.edit(review.review_id, change, "ann")
    pipeline.schemas.approve(review.review_id, "ann", mode="discard_row")
    drain(pipeline, "test")
    [(deadline,)] = pipeline.tables.query("SELECT deadline::VARCHAR FROM silver.tender WHERE reference = 'AM-007'").rows
    assert deadline == "2026-03-31"
    assert pipeline.review.find() == []


def test_a_correction_holds_for_the_text_that_it_was_made_about(pipeline: Pipeline, tmp_path: Path) -> None:
    item = refused(pipeline, tmp_path)
    pipeline.review.correct([item], ["31 March 2026"], "bob")
    drain(pipeline, "test")
    page = tmp_path / "alpha" / "7.html"
    page.write_text(page.read_text().replace(LATER, "4 April 2026"))
    pipeline.flow.run_now("alpha")
    drain(pipeline, "test")
    assert closes(pipeline) == ["2026-04-04"]


def test_what_is_rejected_stays_out_and_is_not_asked_again(pipeline: Pipeline, tmp_path: Path) -> None:
    item = refused(pipeline, tmp_path, key=())
    pipeline.review.reject([item], "bob", "no notice")
    drain(pipeline, "test")
    assert shown(pipeline) == BUT_ONE
    review = pipeline.schemas.propose([FIRST], "tender", "ann")
    pipeline.schemas.edit(review.review_id, partial(require_field, name="closes", must=True), "ann")
    pipeline.schemas.approve(review.review_id, "ann", mode="discard_row")
    drain(pipeline, "test")
    assert pipeline.review.find() == []
    assert shown(pipeline) == BUT_ONE


def test_a_row_that_was_let_in_and_flagged_loses_the_value_that_is_rejected(pipeline: Pipeline, tmp_path: Path) -> None:
    item = refused(pipeline, tmp_path, mode="evolve")
    assert shown(pipeline) == ALL
    pipeline.review.correct([item], ["31 March 2026"], "bob")
    drain(pipeline, "test")
    assert closes(pipeline) == ["2026-03-31"]
    pipeline.review.undo([pipeline.review.item(item.item_id)], "bob")
    pipeline.review.reject([pipeline.review.item(item.item_id)], "bob")
    drain(pipeline, "test")
    assert (shown(pipeline), closes(pipeline)) == (ALL, [None])


def test_a_value_becomes_a_rule_of_the_next_version(pipeline: Pipeline, tmp_path: Path) -> None:
    item = refused(pipeline, tmp_path)
    proposal = pipeline.review.make_rule([item], "bob", "they do not say when")
    assert [change.kind for change in pipeline.schemas.changes(proposal)] == ["retyped"]
    assert pipeline.review.item(item.item_id).state is ItemState.RULED
    pipeline.schemas.approve(proposal.review_id, "ann", mode="discard_row")
    drain(pipeline, "test")
    assert closes(pipeline) == [LATER]
    assert pipeline.review.find(states=tuple(ItemState))[0].acts[-1].proposal == proposal.review_id


def test_many_alike_are_decided_together(pipeline: Pipeline, tmp_path: Path) -> None:
    review = pipeline.schemas.propose([FIRST], "tender", "ann")
    for page in sorted((tmp_path / "alpha").iterdir()):
        page.write_text(page.read_text().replace("March 2026", "of the next month"))
    pipeline.flow.run_now("alpha")
    drain(pipeline, "test")
    pipeline.schemas.approve(review.review_id, "ann", mode="discard_row")
    drain(pipeline, "test")
    [group] = [group for group in pipeline.review.groups() if group.like.rule == "type"]
    assert group == (ReviewFilter("tender", "closes", "type", "alpha"), 6)
    # records whose last version is refused stay as they were
    assert closes(pipeline, "AM-003") == ["2026-03-03"]
    pipeline.review.accept(pipeline.review.find(group.like), "bob")
    drain(pipeline, "test")
    assert (shown(pipeline), closes(pipeline, "AM-003")) == (BUT_ONE, [None])
    assert pipeline.review.find(EVERYTHING) == []


MOMENTS = [("event", "before", 1), ("event", "after", 1), ("told", "before", 1), ("lake", "after", 1)]


@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: "-".join(map(str, moment)))
def test_a_decision_whose_worker_is_killed_reaches_the_table_once(
    pipeline: Pipeline, tmp_path: Path, moment: tuple[str, str, int]
) -> None:
    item = refused(pipeline, tmp_path, key=())
    pipeline.review.accept([item], "bob")
    run = ["run", "--until-idle"]
    environment = os.environ | {"SDP_DATA_DIR": str(pipeline.settings.folder.path), "SDP_LEASE_SECONDS": "2"}
    command = [sys.executable, "-m", "tests.e2e.killed_at", *map(str, moment), *run]
    assert subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode == -signal.SIGKILL
    again = subprocess.run([sys.executable, "-m", "jobs", *run], cwd=ROOT, env=environment, check=False)
    assert again.returncode == 0
    assert shown(pipeline) == ALL
    kept = "SELECT count(*) FROM silver_history.tender WHERE _decided = 1"
    assert pipeline.tables.query(kept).rows == [(1,)]
