"""Silent drift: a run whose rows are all there, and wrong."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.agents.watch import Watch
from core.broker.local import LocalBroker
from core.drift import detect
from core.events import Column, RowsExtracted
from core.model import Run
from core.values.shapes import mask

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
    findings = detect(as_documents(rows(60)), as_documents(window))
    assert (field, kind) in {(finding.field, finding.kind) for finding in findings}
    assert all(field in finding.sentence for finding in findings if finding.field == field)


def test_more_of_the_same_is_no_alarm() -> None:
    documents = as_documents(rows(120))
    assert detect(documents[::2], documents[1::2]) == []


def test_too_few_documents_say_nothing() -> None:
    assert detect(as_documents(rows(60)), as_documents(rows(3, price="x"))) == []


@pytest.mark.parametrize(("value", "shape"), [("EUR 1,250", "A 9,9"), ("Smith v. Jones", "Aa a. Aa"), ("", "")])
def test_a_mask_keeps_the_shape(value: str, shape: str) -> None:
    assert mask(value) == shape


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
