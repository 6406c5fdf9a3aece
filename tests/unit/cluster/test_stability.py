"""How far a cluster is from stable, and why, in words."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cluster.history import FIELDS_FOLLOWED, ClusterHistory
from core.cluster.stability import Stability, StabilityThresholds, stability_of

Fields = dict[str, list[str]]
values = st.sampled_from(["1", "2", "x y", "2024-01-02", "-", ""])
documents = st.lists(st.dictionaries(st.sampled_from("abcd"), st.lists(values, max_size=2)), max_size=12)


def history_of(found: list[Fields], audits: int = 0) -> ClusterHistory:
    made = ClusterHistory()
    for fields in found:
        made.add(fields)
    for _ in range(audits):
        made.audited(changed=False)
    return made


def unmet(found: Stability) -> set[str]:
    return {condition.name for condition in found.conditions if not condition.met}


STEADY = [{"title": [f"A title {n}"], "price": [f"{n}.50"]} for n in range(30)]


def test_thirty_alike_documents_and_two_calm_audits_are_stable() -> None:
    found = stability_of(history_of(STEADY, audits=2))
    assert found.stable
    assert found.nearness == 1
    assert found.missing == []


@pytest.mark.parametrize(
    ("history", "name", "said"),
    [
        (history_of(STEADY[:20], 2), "documents", "10 more are needed"),
        (history_of([*STEADY[:25], *({**row, "fresh": ["x"]} for row in STEADY[25:])], 2), "novelty", "“fresh”"),
        (history_of([*STEADY, *({"title": ["x"], "price": ["ask us"]} for _ in range(9))], 2), "types", "“price”"),
        (history_of(STEADY, 1), "audits", "1 more audit must"),
    ],
)
def test_what_is_missing_is_said(history: ClusterHistory, name: str, said: str) -> None:
    found = stability_of(history)
    assert unmet(found) == {name}
    assert 0 < found.nearness < 1
    assert said in found.missing[0]


def test_an_empty_history_is_far_from_stable() -> None:
    found = stability_of(ClusterHistory())
    assert not found.stable
    assert found.nearness == 0


def test_thresholds_are_settings() -> None:
    assert stability_of(history_of(STEADY[:12]), StabilityThresholds(documents=10, calm_audits=0)).stable


def test_a_merge_asks_for_new_audits() -> None:
    history = history_of(STEADY, audits=2)
    history.merge(history_of(STEADY))
    assert unmet(stability_of(history)) == {"audits"}


def test_an_audit_that_finds_something_starts_the_count_anew() -> None:
    history = history_of(STEADY, audits=5)
    history.audited(changed=True)
    assert history.calm_audits == 0


def test_documents_whose_fields_are_all_new_are_bounded_and_never_stable() -> None:
    history = history_of([{f"field {n} {m}": ["x"] for m in range(50)} for n in range(100)], audits=2)
    assert len(history.fields) == FIELDS_FOLLOWED
    assert "novelty" in unmet(stability_of(history))


@given(documents, st.integers(0, 12))
def test_histories_add_up(found: list[Fields], cut: int) -> None:
    whole, first = history_of(found), history_of(found[:cut])
    first.merge(history_of(found[cut:]))
    assert first.documents == whole.documents
    assert {path: (field.first, field.documents, field.kinds) for path, field in first.fields.items()} == {
        path: (field.first, field.documents, field.kinds) for path, field in whole.fields.items()
    }


@given(documents)
def test_a_stored_history_is_the_same(found: list[Fields]) -> None:
    history = history_of(found, 1)
    stored = json.loads(json.dumps(history.stored()))
    assert ClusterHistory.of_stored(stored).stored() == history.stored()
