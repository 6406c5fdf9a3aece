"""A second reader, learned apart, notices a value that the first one takes from beside the right one."""

from functools import partial
from pathlib import Path

import pytest

from core.bootstrap import build_pipeline
from core.errors import BadInput
from core.model import FixState
from core.model.schema import ContractMode
from core.pipeline import Pipeline
from core.propose.editing import set_key
from core.settings import load_settings
from jobs.worker import drain
from tests.e2e.test_schemas import FIRST, added, rows

PAGE = """<html><body><h1 class="title">Notice {n} of the towns</h1><dl class="facts">
<dt>Reference</dt><dd class="reference">AM-{n:03}</dd>
<dt>{opens}</dt><dd class="opens">{n} January 2026</dd>
<dt>{closes}</dt><dd class="closes">{n} March 2026</dd></dl></body></html>"""


def write(folder: Path, n: int, *, swapped: bool = False) -> None:
    """A notice; swapped, its labels stand at the other's values, and the classes say what is right."""
    folder.mkdir(exist_ok=True)
    opens, closes = ("Closes", "Opens") if swapped else ("Opens", "Closes")
    (folder / f"{n}.html").write_text(PAGE.format(n=n, opens=opens, closes=closes))


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipeline:
    for n in range(1, 7):
        write(tmp_path / "alpha", n)
    pipeline = build_pipeline(load_settings(data_dir=tmp_path / "data", lease_seconds=2.0))
    added(pipeline, tmp_path / "alpha", "alpha")
    return pipeline


def approved(pipeline: Pipeline, mode: ContractMode) -> None:
    review = pipeline.schemas.propose([FIRST], "tender", "ann")
    pipeline.schemas.edit(review.review_id, partial(set_key, names=["reference"]), "ann")
    pipeline.schemas.approve(review.review_id, "ann", mode=mode)
    drain(pipeline, "test")


def redesigned(pipeline: Pipeline, folder: Path) -> None:
    write(folder / "alpha", 7, swapped=True)
    write(folder / "alpha", 8)
    pipeline.flow.run_now("alpha")
    drain(pipeline, "test")


def test_calm_pages_are_in_no_dispute(pipeline: Pipeline, tmp_path: Path) -> None:
    [coverage] = pipeline.review.coverage("alpha")
    assert {"page.opens", "page.closes"} <= set(coverage.twice)
    approved(pipeline, "discard_row")
    write(tmp_path / "alpha", 7)
    pipeline.flow.run_now("alpha")
    drain(pipeline, "test")
    assert pipeline.review.find() == []
    assert len(rows(pipeline, "reference")) == 7


def test_what_two_readers_read_differently_waits_with_both_values(pipeline: Pipeline, tmp_path: Path) -> None:
    approved(pipeline, "discard_row")
    redesigned(pipeline, tmp_path)
    found = {item.column: item for item in pipeline.review.find()}
    assert {(item.rule, item.table) for item in found.values()} == {("second reader", FIRST)}
    closes = found["closes"]
    assert (closes.text, closes.second) == ("7 January 2026", "7 March 2026")
    assert [place.locator for place in (*closes.places, *closes.second_places)] == [
        "xpath:/html/body/dl[1]/dd[2]/text()[1]",
        "xpath:/html/body/dl[1]/dd[3]/text()[1]",
    ]
    assert [reference for (reference,) in rows(pipeline, "reference")] == [f"AM-{n:03}" for n in (1, 2, 3, 4, 5, 6, 8)]
    for item in found.values():
        pipeline.review.correct([item], [item.second], "ann")
    drain(pipeline, "test")
    right = pipeline.tables.query(
        "SELECT closes::VARCHAR, opens::VARCHAR FROM silver.tender WHERE reference = 'AM-007'"
    )
    assert right.rows == [("2026-03-07", "2026-01-07")]


@pytest.mark.parametrize(("mode", "value"), [("evolve", "2026-01-07"), ("discard_value", None)])
def test_the_contract_says_what_becomes_of_a_value_in_dispute(
    pipeline: Pipeline, tmp_path: Path, mode: ContractMode, value: str | None
) -> None:
    approved(pipeline, mode)
    redesigned(pipeline, tmp_path)
    assert {item.rule for item in pipeline.review.find()} == {"second reader"}
    result = pipeline.tables.query("SELECT closes::VARCHAR FROM silver.tender WHERE reference = 'AM-007'")
    assert result.rows == [(value,)]


def test_what_a_person_corrects_teaches_the_extractor(pipeline: Pipeline, tmp_path: Path) -> None:
    approved(pipeline, "discard_row")
    for n in (7, 8):
        write(tmp_path / "alpha", n, swapped=True)
    pipeline.flow.run_now("alpha")
    drain(pipeline, "test")
    closes = [item for item in pipeline.review.find() if item.column == "closes"]
    with pytest.raises(BadInput, match="learns from corrected values of one column"):
        pipeline.review.teach(closes, "ann")
    for item in closes:
        pipeline.review.correct([item], [item.second], "ann")
    corrected = [pipeline.review.item(item.item_id) for item in closes]
    attempt = pipeline.review.teach(corrected, "ann")
    assert attempt.state is FixState.STAGED
    assert pipeline.repairs.attempts("alpha")[0].cause == "ann corrected closes on 2 pages."
    [fix] = attempt.templates
    assert fix.proof.known > 0
    assert fix.proof.same == fix.proof.known
    pipeline.repairs.promote(attempt.attempt_id, "ann")
    drain(pipeline, "test")
    write(tmp_path / "alpha", 9, swapped=True)
    pipeline.flow.run_now("alpha")
    drain(pipeline, "test")
    read = pipeline.tables.query(f"SELECT closes::VARCHAR FROM {FIRST} WHERE reference = 'AM-009'")
    assert read.rows == [("2026-03-09",)]


def test_a_value_that_stands_on_no_page_teaches_nothing(pipeline: Pipeline, tmp_path: Path) -> None:
    approved(pipeline, "discard_row")
    redesigned(pipeline, tmp_path)
    item = next(item for item in pipeline.review.find() if item.column == "closes")
    pipeline.review.correct([item], ["1 May 2026"], "ann")
    with pytest.raises(BadInput, match="does not stand on the page"):
        pipeline.review.teach([pipeline.review.item(item.item_id)], "ann")
    assert pipeline.repairs.attempts("alpha") == []


def test_old_pages_are_read_twice_too_when_a_table_is_filled(pipeline: Pipeline, tmp_path: Path) -> None:
    redesigned(pipeline, tmp_path)
    approved(pipeline, "discard_row")
    assert {item.rule for item in pipeline.review.find()} == {"second reader"}
    assert len(rows(pipeline, "reference")) == 7


def test_the_second_reading_can_be_switched_off(tmp_path: Path) -> None:
    for n in range(1, 7):
        write(tmp_path / "alpha", n)
    pipeline = build_pipeline(load_settings(data_dir=tmp_path / "data", second_share=0.0))
    added(pipeline, tmp_path / "alpha", "alpha")
    assert pipeline.review.coverage("alpha") == []
    redesigned(pipeline, tmp_path)
    assert pipeline.tables.query(f"SELECT count(*) FROM {FIRST}").rows == [(8,)]
