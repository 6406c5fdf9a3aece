"""Silent drift: a run whose rows are all there, and wrong."""

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.agents.watch import Watch
from core.broker.local import LocalBroker
from core.drift.statistics import detect_drift, detect_run
from core.events import Column, RowsExtracted
from core.model import Run
from core.values.shapes import mask
from tests.effort import tries

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TABLE = "extracted.shop__items"


def rows(count: int, *, price: str = "EUR {n}.50", place: str = "Town {n}") -> list[dict[str, str]]:
    return [{"price": price.format(n=100 + n), "place": place.format(n=n)} for n in range(count)]


def as_documents(values: list[dict[str, str]]) -> list[dict[str, list[str]]]:
    return [{name: [value] for name, value in row.items()} for row in values]


@pytest.mark.parametrize(
    ("window", "field", "kind"),
    [
        (rows(20, place=""), "place", "constant"),
        (rows(20, price="Sign in to see"), "price", "constant"),
        (rows(20, price="{n} pieces"), "price", "shape"),
        ([{"price": row["price"]} for row in rows(20)], "place", "lost"),
        ([{"price": f"EUR {n}.99", "place": f"Town {n}"} for n in range(5000, 5040)], "price", "number"),
    ],
)
def test_a_change_of_nature_is_found(window: list[dict[str, str]], field: str, kind: str) -> None:
    findings = detect_drift(as_documents(rows(60)), as_documents(window))
    assert (field, kind) in {(finding.field, finding.kind) for finding in findings}
    assert all(field in finding.sentence for finding in findings if finding.field == field)


def test_numbers_in_another_unit_are_named_with_their_factor() -> None:
    draw = random.Random(7)
    pounds = [{"weight": f"{draw.lognormvariate(3, 0.8):.1f}"} for _ in range(240)]
    kilograms = [{"weight": f"{float(row['weight']) * 0.4536:.1f}"} for row in pounds[200:]]
    found = detect_drift(as_documents(pounds[:200]), as_documents(kilograms))
    assert any(finding.kind == "number" and "times as much" in finding.sentence for finding in found)


def test_columns_that_always_stand_there_cost_the_others_no_level() -> None:
    full = {f"column_{n}": "x" for n in range(60)}
    baseline = [full | ({"grade": "B"} if n % 10 else {}) for n in range(200)]
    window = [full | ({"grade": "B"} if n % 10 > 2 else {}) for n in range(40)]
    assert [finding.field for finding in detect_drift(as_documents(baseline), as_documents(window))] == ["grade"]


@pytest.mark.parametrize("fill", [0.5, 0.8, 0.95])
def test_chance_hardly_ever_raises_an_alarm(fill: float) -> None:
    draw = random.Random(fill)
    alarms = 0
    for _ in range(60):
        rows = [
            {f"column_{n}": str(draw.randint(1, 999)) for n in range(6) if draw.random() < fill} for _ in range(140)
        ]
        alarms += bool(detect_drift(as_documents(rows[:100]), as_documents(rows[100:])))
    assert alarms <= 3


def test_more_of_the_same_is_no_alarm() -> None:
    documents = as_documents(rows(120))
    assert detect_drift(documents[::2], documents[1::2]) == []


ODD: tuple[dict[str, str], ...] = ({}, {"price": "Sign in to see"}, {"price": "EUR 9999999", "place": "Sign in to see"})


@given(size=st.integers(8, 60), place=st.integers(0, 7), odd=st.sampled_from(ODD))
@settings(max_examples=tries(60), deadline=None)
def test_a_single_odd_page_is_no_alarm(size: int, place: int, odd: dict[str, str]) -> None:
    before = rows(240)
    window = before[:: 240 // size][:size]
    window[place] = odd
    assert detect_drift(as_documents(before), as_documents(window)) == []


def test_too_few_documents_say_nothing() -> None:
    assert detect_drift(as_documents(rows(60)), as_documents(rows(3, price="x"))) == []


@pytest.mark.parametrize(("value", "shape"), [("EUR 1,250", "A 9,9"), ("Smith v. Jones", "Aa a. Aa"), ("", "")])
def test_a_mask_keeps_the_shape(value: str, shape: str) -> None:
    assert mask(value) == shape


def test_what_earlier_runs_showed_too_is_the_season() -> None:
    weekday, sunday = rows(20), rows(20, place="closed")
    runs = [as_documents(run) for run in (weekday, weekday, sunday, weekday, weekday, sunday, weekday)]
    assert detect_run(runs, as_documents(sunday)) == []
    assert detect_run(runs[:2], as_documents(sunday))


def test_few_rows_and_copies_of_rows_are_found() -> None:
    history = [as_documents(rows(40)) for _ in range(3)]
    assert "rows" in {finding.kind for finding in detect_run(history, as_documents(rows(5)))}
    burst = as_documents(rows(20) + rows(1) * 20)
    assert "repeated" in {finding.kind for finding in detect_run(history, burst)}


def test_a_full_column_of_something_else_is_found() -> None:
    towns, trades = ("Riga", "Turku", "Porto", "Ghent"), ("mason", "joiner", "roofer", "glazier")
    before = [{"place": f"{towns[n % 4]} {towns[n // 4 % 4]}"} for n in range(60)]
    after = [{"place": f"{trades[n % 4]} {trades[n // 4 % 4]}"} for n in range(20)]
    assert "words" in {finding.kind for finding in detect_drift(as_documents(before), as_documents(after))}


class TestWatch:
    @pytest.fixture
    def broker(self, tmp_path: Path) -> LocalBroker:
        return LocalBroker(tmp_path / "events.db")

    def publish(self, broker: LocalBroker, run_id: str, values: list[dict[str, str]], extractor: str = "v1") -> Run:
        import json

        event = RowsExtracted(
            event_id=f"{run_id}-{extractor}",
            subject=TABLE,
            at=NOW,
            source_id="shop",
            document_id=run_id,
            extractor_id=extractor,
            run_id=run_id,
            columns=(Column(name="price", type="string"), Column(name="place", type="string")),
            rows=[row | {"_raw": json.dumps(row)} for row in values],
        )
        broker.publish([event])
        return Run(run_id=run_id, source_id="shop", reason="test", started_at=NOW)

    def test_a_run_that_reads_boilerplate_is_noticed(self, broker: LocalBroker) -> None:
        self.publish(broker, "one", rows(40))
        run = self.publish(broker, "two", rows(20, price="Sign in to see"))
        assert "price" in {finding.field for finding in Watch(broker).look(run, [TABLE])}

    def test_another_extractor_version_starts_a_baseline_of_its_own(self, broker: LocalBroker) -> None:
        self.publish(broker, "one", rows(40))
        run = self.publish(broker, "two", rows(20, price="Sign in to see"), extractor="v2")
        assert Watch(broker).look(run, [TABLE]) == []
