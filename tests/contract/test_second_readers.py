"""What every keeper of second readers must hold: one a version, the last one that was learned."""

from datetime import UTC, datetime, timedelta

from core.model import Blueprint, Field, RecordSet
from core.model.scope import DocumentScope
from core.model.second import SecondReader
from core.model.selector import EmbeddedSelector
from warehouse.stores import StateStores

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
WAY = EmbeddedSelector(kind="jsonld", path="Event/startDate")
TABLE = RecordSet(name="page", scope=DocumentScope(), fields=(Field(name="day", type="date", selectors=(WAY,)),))
READER = SecondReader(
    extractor_id="one",
    blueprint=Blueprint(kind="html", tables=(TABLE,)),
    alone=("page.title",),
    pages=3,
    learned_at=NOW,
)


def test_the_second_reader_that_was_learned_last_is_kept(state: StateStores) -> None:
    assert state.second.get("one") is None
    state.second.save(READER)
    assert state.second.get("one") == READER
    assert READER.twice == ("page.day",)
    later = READER.model_copy(update={"blueprint": None, "pages": 6, "learned_at": NOW + timedelta(days=1)})
    state.second.save(later)
    state.second.save(READER.model_copy(update={"extractor_id": "other"}))
    assert state.second.get("one") == later
    assert later.twice == ()
