"""A run far from those before it is told of once, and again when it is over; a person may say that it is expected."""

import logging
from functools import partial
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from core.bootstrap import build_pipeline
from core.events import AlertRaised, RunFinished, event_of
from core.model.incident import IncidentState
from core.pipeline import Pipeline
from core.propose.editing import require_field, set_key
from core.settings import load_settings
from jobs.__main__ import main
from jobs.api import build_api
from jobs.worker import drain
from tests.e2e.test_schemas import FIRST, added
from tests.parts import parts_of

PAGE = """<html><body><h1>Notice {n} of the towns</h1><dl><dt>Reference</dt><dd>AM-{n:03}</dd>
<dt>Buyer</dt><dd>Town {n}</dd><dt>Closes</dt><dd>{closes}</dd></dl></body></html>"""
PAGES = 12


def write(folder: Path, first: int, closes: str = "{n} March 2026") -> None:
    folder.mkdir(exist_ok=True)
    for n in range(first, first + PAGES):
        (folder / f"{n}.html").write_text(PAGE.format(n=n, closes=closes.format(n=n % 28 + 1)))


def run(pipeline: Pipeline) -> None:
    pipeline.flow.run_now("alpha")
    drain(pipeline, "test")


def raised(pipeline: Pipeline) -> list[AlertRaised]:
    events = (event_of(message) for message in parts_of(pipeline).broker.read(limit=5000))
    return [event for event in events if isinstance(event, AlertRaised)]


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipeline:
    """An approved table, and three runs that went well."""
    write(tmp_path / "alpha", 1)
    pipeline = build_pipeline(load_settings(data_dir=tmp_path / "data", lease_seconds=2.0))
    added(pipeline, tmp_path / "alpha", "alpha")
    review = pipeline.schemas.propose([FIRST], "tender", "ann")
    for change in (partial(require_field, name="closes", must=True), partial(set_key, names=["reference"])):
        pipeline.schemas.edit(review.review_id, change, "ann")
    pipeline.schemas.approve(review.review_id, "ann", mode="discard_row")
    for first in (101, 201, 301):
        write(tmp_path / "alpha", first)
        run(pipeline)
    assert pipeline.alerts.all() == []
    return pipeline


def test_an_incident_is_told_once_and_again_when_it_is_over(
    pipeline: Pipeline, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "core.alerts.log"):
        write(tmp_path / "alpha", 401, "to be announced")
        run(pipeline)
        [incident] = pipeline.alerts.open()
        write(tmp_path / "alpha", 501, "to be announced")
        run(pipeline)
        assert [one.kind for one in pipeline.alerts.open()[0].notices] == ["begun"]
        write(tmp_path / "alpha", 601)
        run(pipeline)
    assert incident.kind == "refused"
    assert incident.deviations[0].column == "silver.tender"
    assert pipeline.alerts.open() == []
    assert pipeline.alerts.all()[0].state is IncidentState.OVER
    told = [event.alert for event in raised(pipeline)]
    assert [alert.kind for alert in told] == ["begun", "over"]
    waiting = {item.row_id for item in pipeline.review.find()}
    assert set(told[0].rows) <= waiting
    assert len(told[0].rows) == 10
    assert told[0].link == "http://127.0.0.1:8501/review?table=tender"
    lines = [record.getMessage() for record in caplog.records if record.name == "core.alerts.log"]
    assert len(lines) == 2
    assert "100% of the rows do not fit" in lines[0]


def test_what_a_person_expects_is_no_incident_any_more(
    pipeline: Pipeline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SDP_DATA_DIR", str(pipeline.settings.folder.path))
    write(tmp_path / "alpha", 401, "to be announced")
    run(pipeline)
    [incident] = pipeline.alerts.open()
    assert main(["alerts"]) == 0
    assert incident.incident_id in capsys.readouterr().out
    [told] = TestClient(build_api(pipeline, None)).get("/alerts").json()
    assert told["incident_id"] == incident.incident_id
    assert pipeline.alerts.expect(incident.incident_id, "ann", "they wait").state is IncidentState.EXPECTED
    assert main(["alerts", "--expect", incident.incident_id]) == 1
    assert "is expected already" in capsys.readouterr().err
    write(tmp_path / "alpha", 501, "to be announced")
    run(pipeline)
    assert pipeline.alerts.open() == []
    assert [event.alert.kind for event in raised(pipeline)] == ["begun"]


def test_a_run_whose_end_is_told_twice_is_told_of_once(pipeline: Pipeline, tmp_path: Path) -> None:
    write(tmp_path / "alpha", 401, "to be announced")
    run(pipeline)
    events = [event_of(message) for message in parts_of(pipeline).broker.read(limit=5000)]
    ended = [event for event in events if isinstance(event, RunFinished)]
    before = pipeline.alerts.all()
    # another process, which knows nothing of what this one told
    build_pipeline(pipeline.settings).alerts.look(ended)
    drain(pipeline, "test")
    assert pipeline.alerts.all() == before
    assert len(raised(pipeline)) == 1


def test_a_kill_between_what_is_kept_and_what_is_told_forgets_nothing(
    pipeline: Pipeline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broker = parts_of(pipeline).broker
    publish = type(broker).publish

    def dies(self: object, events: list[object]) -> int:
        if any(isinstance(event, AlertRaised) for event in events):
            raise KeyboardInterrupt
        return publish(self, events)  # type: ignore[arg-type]

    write(tmp_path / "alpha", 401, "to be announced")
    monkeypatch.setattr(type(broker), "publish", dies)
    with pytest.raises(KeyboardInterrupt):
        run(pipeline)
    monkeypatch.undo()
    assert raised(pipeline) == []
    again = build_pipeline(pipeline.settings)
    events = [event_of(message) for message in parts_of(again).broker.read(limit=5000)]
    again.alerts.look([event for event in events if isinstance(event, RunFinished)][-1:])
    assert len(raised(again)) == 1
