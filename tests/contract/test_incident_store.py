"""What every keeper of incidents must hold: what is watched and what came of it, and which of it is to be told."""

from datetime import UTC, datetime, timedelta

import pytest

from core.errors import UnknownName
from core.model.incident import Count, Deviation, Incident, IncidentState, Notice, RunCounts, Watched
from warehouse.stores import StateStores

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
RUN = RunCounts(run_id="run", counts={"price": Count(5, 10)}, rows=("row",))
NOTICE = Notice(notice_id="notice", kind="begun", at=NOW, sentence="Fewer.")


def incident(name: str = "one", **changes: object) -> Incident:
    made = Incident(
        incident_id=name,
        table="extracted.alpha__page",
        kind="fill",
        source_id="alpha",
        begun_at=NOW,
        deviations=(Deviation("price", 0.5, 0.9),),
        told=(Deviation("price", 0.5, 0.9),),
        last=RUN,
        notices=(NOTICE,),
    )
    return made.model_copy(update=changes)


def test_what_is_watched_is_kept_by_table_and_kind(state: StateStores) -> None:
    fill = Watched(table="a", kind="fill", runs=(RUN,), incident_id="one", last_run="run")
    state.incidents.save([fill, Watched(table="a", kind="rows"), Watched(table="b", kind="fill")], [incident()])
    assert state.incidents.watched(["none"]) == []
    assert {one.kind for one in state.incidents.watched(["a"])} == {"fill", "rows"}
    assert fill in state.incidents.watched(["a", "b"])
    state.incidents.save([fill.model_copy(update={"incident_id": ""})])
    assert [one.incident_id for one in state.incidents.watched(["a"]) if one.kind == "fill"] == [""]
    assert state.incidents.incident("one") == incident()
    with pytest.raises(UnknownName, match="no incident two"):
        state.incidents.incident("two")


def test_incidents_are_found_by_state_newest_first(state: StateStores) -> None:
    later = incident("two", begun_at=NOW + timedelta(hours=1), state=IncidentState.OVER)
    state.incidents.save(incidents=[incident(), later])
    assert [one.incident_id for one in state.incidents.incidents()] == ["two", "one"]
    assert [one.incident_id for one in state.incidents.incidents([IncidentState.OPEN])] == ["one"]
    assert len(state.incidents.incidents(limit=1)) == 1


def test_an_incident_is_untold_until_all_its_notices_are_done(state: StateStores) -> None:
    done = NOTICE.model_copy(update={"is_done": True})
    state.incidents.save(incidents=[incident(), incident("two", notices=(done,)), incident("three", notices=())])
    assert [one.incident_id for one in state.incidents.untold(10)] == ["one"]
    state.incidents.save(incidents=[incident(notices=(done, NOTICE))])
    assert [one.incident_id for one in state.incidents.untold(10)] == ["one"]
    state.incidents.save(incidents=[incident(notices=(done, done))])
    assert state.incidents.untold(10) == []
