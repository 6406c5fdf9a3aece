"""One loop at a time: a second one stands by, takes over, and schedules are fired by whoever leads."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.bootstrap import build_pipeline
from core.errors import BadSetting
from core.model import Schedule, SourceState
from core.pipeline import Pipeline
from core.settings import load_settings
from jobs.commands.sources import schedule_from, scouted
from jobs.scheduler import AgentLoop, trigger_of
from tests.contract.nouns import a_source
from tests.waiting import never, wait_for

# a leader that gives no sign of life for so long is rightly taken for dead: longer than a busy machine stalls
LEASE = 10.0
PAGE = (
    "<html><body><h1>Notice {n}</h1>"
    "<dl><dt>Buyer</dt><dd>Town {n}</dd><dt>Value</dt><dd>EUR {n}00</dd></dl></body></html>"
)


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipeline:
    pages = tmp_path / "pages"
    pages.mkdir()
    for n in range(1, 5):
        (pages / f"{n}.html").write_text(PAGE.format(n=n))
    return build_pipeline(load_settings(data_dir=tmp_path / "data", lease_seconds=LEASE, sample_portal_port=0))


def test_a_second_loop_stands_by_and_takes_over(pipeline: Pipeline) -> None:
    first, second = AgentLoop(pipeline), AgentLoop(pipeline)
    first.start()
    wait_for(lambda: first.leading)
    second.start()
    try:
        # it asks once a second
        assert never(lambda: second.leading, seconds=2.5)
        first.end()
        wait_for(lambda: second.leading)
    finally:
        second.end()
    assert not second.leading


def test_the_leader_fires_schedules_and_stops_for_a_paused_source(pipeline: Pipeline, tmp_path: Path) -> None:
    draft = scouted(pipeline, str(tmp_path / "pages"), "notices")
    source = pipeline.sources.accept(draft.draft_id, schedule=Schedule(every_seconds=1))
    loop = AgentLoop(pipeline)
    loop.start()
    try:
        scheduled = lambda: [run for run in pipeline.flow.runs(source.source_id) if run.reason == "schedule"]  # noqa: E731
        wait_for(lambda: any(run.finished_at for run in scheduled()))
        pipeline.sources.set_state(source.source_id, SourceState.PAUSED)
        wait_for(lambda: loop.planned == {})
        wait_for(lambda: not pipeline.flow.runs(source.source_id, open_only=True))
        count = len(scheduled())
        # it ran every second
        assert never(lambda: len(scheduled()) > count, seconds=3.0)
    finally:
        loop.end()


@pytest.mark.parametrize(
    ("text", "schedule"),
    [
        ("", Schedule()),
        ("30m", Schedule(every_seconds=1800)),
        ("6h", Schedule(every_seconds=21600)),
        ("0 6 * * 1-5", Schedule(cron="0 6 * * 1-5")),
    ],
)
def test_a_schedule_is_read(text: str, schedule: Schedule) -> None:
    assert schedule_from(text) == schedule


@pytest.mark.parametrize("text", ["often", "6 hours", "* * *", "0 99 * * *", "0m"])
def test_what_is_no_schedule_is_said(text: str) -> None:
    with pytest.raises(BadSetting, match="not a schedule"):
        schedule_from(text)


def test_a_cron_line_is_read_in_its_time_zone_and_put_off_by_chance() -> None:
    source = a_source(schedule=schedule_from("0 6 * * *", "Europe/Berlin", 600))
    trigger = trigger_of(source)
    assert trigger is not None
    fires = {trigger.get_next_fire_time(None, datetime(2026, 7, 1, tzinfo=UTC)) for _ in range(20)}
    assert len(fires) > 1
    assert all(
        datetime(2026, 7, 1, 4, tzinfo=UTC) <= at <= datetime(2026, 7, 1, 4, 10, tzinfo=UTC) for at in fires if at
    )
    with pytest.raises(BadSetting, match="no time zone"):
        schedule_from("6h", "Europe/Atlantis")
