"""What every keeper of review items must hold: known once, decided once, and told of until it is noted."""

from datetime import UTC, datetime, timedelta

import pytest

from core.errors import Conflict, UnknownName
from core.model.extraction import Evidence
from core.model.review import Decision, DecisionKind, ItemState, ReviewFilter, ReviewItem
from warehouse.stores import StateStores

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def item(name: str = "one", **changes: object) -> ReviewItem:
    made = ReviewItem(
        item_id=name,
        schema_name="tender",
        version=1,
        table="extracted.alpha__page",
        source_id="alpha",
        document_id="page",
        extractor_id="reader",
        row_id="row",
        column="closes",
        label="closes",
        rule="type",
        text="soon",
        places=(Evidence("xpath:/html/body/p", 0, 4),),
        opened_at=NOW,
    )
    return made.model_copy(update=changes)


def decided(before: ReviewItem, kind: DecisionKind = "accepted") -> ReviewItem:
    act = Decision(kind=kind, at=NOW, by="ann", values=("now",) if kind == "corrected" else ())
    return before.model_copy(update={"acts": (*before.acts, act)})


def names(items: list[ReviewItem]) -> list[str]:
    return [found.item_id for found in items]


def test_an_item_is_kept_once_and_found_by_what_it_is_about(state: StateStores) -> None:
    later = NOW + timedelta(hours=1)
    state.review.add([item("two", opened_at=later, column="value"), item("one"), item("three", schema_name="award")])
    state.review.add([item("one"), item("four", source_id="beta", rule="missing", opened_at=later)])
    state.review.add([])
    assert state.review.get("one") == item("one")
    assert names(state.review.find()) == ["one", "three", "four", "two"]
    assert names(state.review.find(limit=1)) == ["one"]
    assert names(state.review.find(ReviewFilter("tender"))) == ["one", "four", "two"]
    assert names(state.review.find(ReviewFilter(column="value"))) == ["two"]
    assert names(state.review.find(ReviewFilter(rule="missing", source_id="beta"))) == ["four"]
    assert names(state.review.find(states=[ItemState.ACCEPTED])) == []
    with pytest.raises(UnknownName, match="no review item five"):
        state.review.get("five")


def test_what_only_earlier_versions_refused_is_left_out(state: StateStores) -> None:
    state.review.add([item("one"), item("two"), item("three", schema_name="award")])
    state.review.add([item("two", version=2), item("two", version=1)])
    assert names(state.review.find(since={"tender": 2})) == ["two"]
    assert names(state.review.find(since={"tender": 1, "award": 1})) == ["one", "three", "two"]
    assert names(state.review.find(since={})) == []
    assert state.review.get("two").version == 2
    assert [tuple(group) for group in state.review.groups({"tender": 1})] == [
        (ReviewFilter("tender", "closes", "type", "alpha"), 2)
    ]
    assert state.review.groups({}) == []


def test_what_was_decided_meanwhile_is_not_decided_again(state: StateStores) -> None:
    state.review.add([item("one"), item("two")])
    state.review.decide([decided(item("one"))])
    with pytest.raises(Conflict, match="Somebody else decided about “soon” in closes"):
        state.review.decide([decided(item("two")), decided(item("one"), "rejected")])
    assert state.review.get("one").state is ItemState.ACCEPTED
    assert state.review.get("two").state is ItemState.OPEN
    assert [group.items for group in state.review.groups({"tender": 1})] == [1]
    # a refusal that is told again changes nothing about what was decided
    state.review.add([item("one")])
    assert state.review.get("one").state is ItemState.ACCEPTED


def test_a_decision_is_undone_until_it_is_noted_and_each_further_one_again(state: StateStores) -> None:
    state.review.add([item("one"), item("two"), item("other", document_id="elsewhere")])
    assert state.review.undone(10) == []
    accepted = decided(item("one"))
    state.review.decide([accepted, decided(item("two"), "corrected")])
    assert names(state.review.undone(10)) == ["one", "two"]
    assert names(state.review.undone(1)) == ["one"]
    reopened = decided(accepted, "reopened")
    state.review.decide([reopened])
    # whoever was told of the first act alone has not told of the second
    state.review.note_done([accepted])
    assert names(state.review.undone(10)) == ["one", "two"]
    state.review.note_done([reopened])
    assert names(state.review.undone(10)) == ["two"]
    assert names(state.review.of_documents(["page", "page", "elsewhere"])) == ["one", "two"]
    assert state.review.of_documents([]) == []
    assert state.review.get("two").acts[-1].values == ("now",)
