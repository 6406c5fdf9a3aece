"""What every keeper of proposals and approved versions must hold: decided once, and one version shown."""

from datetime import UTC, datetime

import pytest

from core.errors import Conflict, UnknownName
from core.model.schema import (
    ReviewAct,
    ReviewState,
    SchemaField,
    SchemaProposal,
    SchemaQuality,
    SchemaReview,
    SchemaTable,
    SchemaVersion,
    VersionState,
)
from warehouse.stores import StateStores

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TABLE = SchemaTable(name="tender", fields=(SchemaField(name="title", type="string"),))
PROPOSAL = SchemaProposal(tables=(TABLE,), documents=5, quality=SchemaQuality(filled=1, typed=1, joined=0, key_holds=0))


def review(name: str = "one", state: ReviewState = ReviewState.WAITING, schema: str = "tender") -> SchemaReview:
    return SchemaReview(
        review_id=name,
        schema_name=schema,
        base=0,
        state=state,
        proposal=PROPOSAL,
        tables=(TABLE,),
        acts=(ReviewAct(kind="proposed", at=NOW, by="ann"),),
    )


def version(number: int, review_id: str = "one", schema: str = "tender") -> SchemaVersion:
    return SchemaVersion(
        schema_name=schema,
        number=number,
        table=TABLE,
        columns={"title": "title"},
        review_id=review_id,
        approved_by="ann",
        approved_at=NOW,
    )


def states(state: StateStores) -> list[tuple[int, VersionState]]:
    return [(found.number, found.state) for found in state.schemas.versions("tender")]


def approved(state: StateStores, number: int) -> None:
    name = f"review {number}"
    state.reviews.save(review(name))
    state.schemas.approve(version(number, name), review(name, ReviewState.APPROVED))


def test_a_proposal_is_kept_and_found_by_state_and_schema(state: StateStores) -> None:
    state.reviews.save(review("one"))
    state.reviews.save(review("two", ReviewState.REJECTED))
    state.reviews.save(review("three", schema="award"))
    assert state.reviews.get("one") == review("one")
    assert {found.review_id for found in state.reviews.find()} == {"one", "two", "three"}
    assert {found.review_id for found in state.reviews.find("tender")} == {"one", "two"}
    assert [found.review_id for found in state.reviews.find(states=[ReviewState.REJECTED])] == ["two"]
    assert len(state.reviews.find(limit=2)) == 2
    with pytest.raises(UnknownName, match="no proposal four"):
        state.reviews.get("four")


def test_what_somebody_did_meanwhile_is_not_lost(state: StateStores) -> None:
    state.reviews.save(review())
    mine, theirs = (
        review().model_copy(update={"acts": (*review().acts, ReviewAct(kind="edited", at=NOW, by=by))})
        for by in ("ann", "bob")
    )
    state.reviews.save(mine, was=ReviewState.WAITING)
    with pytest.raises(Conflict, match="was edited by ann meanwhile"):
        state.reviews.save(theirs, was=ReviewState.WAITING)
    with pytest.raises(Conflict, match="was edited by ann meanwhile"):
        state.schemas.approve(version(1), review(state=ReviewState.APPROVED))
    assert state.reviews.get("one") == mine


def test_what_was_decided_meanwhile_is_not_decided_again(state: StateStores) -> None:
    state.reviews.save(review())
    state.reviews.save(review(state=ReviewState.REJECTED), was=ReviewState.WAITING)
    with pytest.raises(Conflict, match="not waiting any more, but rejected"):
        state.reviews.save(review(state=ReviewState.PAUSED), was=ReviewState.WAITING)
    with pytest.raises(Conflict, match="not waiting any more"):
        state.schemas.approve(version(1), review(state=ReviewState.APPROVED))
    assert state.reviews.get("one").state is ReviewState.REJECTED
    assert state.schemas.versions() == []


def test_an_approval_keeps_the_version_and_the_review_or_neither(state: StateStores) -> None:
    approved(state, 1)
    assert state.reviews.get("review 1").state is ReviewState.APPROVED
    state.reviews.save(review("late"))
    with pytest.raises(Conflict, match="Version 1 of tender was approved by somebody else"):
        state.schemas.approve(version(1, "late"), review("late", ReviewState.APPROVED))
    assert state.reviews.get("late").state is ReviewState.WAITING
    assert [found.review_id for found in state.schemas.versions("tender")] == ["review 1"]


def test_one_version_is_shown(state: StateStores) -> None:
    approved(state, 1)
    state.schemas.show("tender", 1)
    approved(state, 2)
    assert states(state) == [(2, VersionState.FILLING), (1, VersionState.ACTIVE)]
    state.schemas.show("tender", 2)
    assert states(state) == [(2, VersionState.ACTIVE), (1, VersionState.RETIRED)]
    with pytest.raises(Conflict, match="Version 1 of tender is not being filled any more"):
        state.schemas.show("tender", 1)
    assert states(state) == [(2, VersionState.ACTIVE), (1, VersionState.RETIRED)]


def test_a_version_that_was_never_shown_is_withdrawn(state: StateStores) -> None:
    approved(state, 1)
    state.schemas.show("tender", 1)
    approved(state, 2)
    state.schemas.withdraw("tender", 2)
    assert states(state) == [(2, VersionState.RETIRED), (1, VersionState.ACTIVE)]
    with pytest.raises(Conflict):
        state.schemas.withdraw("tender", 1)


def test_versions_of_all_schemas_come_by_name(state: StateStores) -> None:
    approved(state, 1)
    state.reviews.save(review("other", schema="award"))
    state.schemas.approve(version(1, "other", "award"), review("other", ReviewState.APPROVED, "award"))
    approved(state, 2)
    found = [(one.schema_name, one.number) for one in state.schemas.versions()]
    assert found == [("award", 1), ("tender", 2), ("tender", 1)]
