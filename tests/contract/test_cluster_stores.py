"""What every keeper of clusters must hold: written in one step, over what was there, and read where it changed."""

from datetime import UTC, datetime, timedelta

import pytest

from core.errors import Conflict, UnknownName
from core.model.cluster import ClusterAct, ClusterFacts, ClusterReading, ClusterWriting, KeptCluster
from warehouse.stores import StateStores

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
# what stands in names of fields that somebody else made up
ABSURD = "a\x00b\ud800\u2028'\";--"


def kept(name: str, records: int = 1, founded: int = 0, signature: str | None = "s") -> KeptCluster:
    facts = ClusterFacts(cluster_id=name, state="open", records=records, tables={"extracted.a__page": records})
    held = None if signature is None else {"of": signature, ABSURD: 1}
    return KeptCluster(facts, {"founded": founded, "nodes": [ABSURD], "sample": [[ABSURD]]}, held)


def forgotten(name: str) -> KeptCluster:
    return KeptCluster(ClusterFacts(cluster_id=name, state="forgotten"), None, None)


def act(number: int, cluster: str, *into: str) -> ClusterAct:
    kind = "merged" if into else "founded"
    return ClusterAct(number=number, kind=kind, cluster_id=cluster, into=into, at=NOW, by="ann", after=number)


def reading(event: str, cluster: str, document: str = "d", minutes: int = 0) -> ClusterReading:
    return ClusterReading(event, cluster, document, "extracted.a__page", 2, NOW + timedelta(minutes=minutes))


def test_what_was_written_since_a_revision_is_read_in_the_order_of_founding(state: StateStores) -> None:
    store = state.clusters
    assert store.since(0) == (0, {}, {})
    first = store.write(ClusterWriting(0, (kept("b", founded=1), kept("a", founded=2)), {"counters": {"acts": 1}}))
    second = store.write(ClusterWriting(first, (kept("c", founded=3),), {"map": {"points": []}}))
    whole = store.since(0)
    assert (list(whole.clusters), dict(whole.parts)) == (["b", "a", "c"], {"counters": {"acts": 1}})
    assert whole.clusters["a"] == kept("a", founded=2).data
    assert list(store.since(first).clusters) == ["c"]
    assert store.since(second) == (second, {}, {})
    assert store.part("map") == {"points": []}
    assert store.part("none") == {}


def test_who_writes_over_what_he_has_not_seen_is_refused_and_nothing_is_kept(state: StateStores) -> None:
    store = state.clusters
    revision = store.write(ClusterWriting(0, (kept("a"),)))
    for seen in (0, revision + 1):
        with pytest.raises(Conflict, match="changed by another process"):
            store.write(ClusterWriting(seen, (kept("b"),), readings=(reading("e", "b"),), acts=(act(1, "b"),)))
    assert list(store.since(0).clusters) == ["a"]
    assert state.cluster_log.taken(["e"]) == set()
    assert state.cluster_log.acts() == []


def test_facts_are_listed_by_size_and_a_signature_and_a_sample_stay_where_none_is_written(state: StateStores) -> None:
    store = state.clusters
    revision = store.write(ClusterWriting(0, (kept("a", 1), kept("b", 9), kept("c", 5))))
    again = kept("a", 20, signature=None)
    assert again.data is not None
    store.write(ClusterWriting(revision, (again._replace(data={"founded": 0, "nodes": [ABSURD]}),)))
    assert [facts.cluster_id for facts in store.facts()] == ["a", "b", "c"]
    assert [facts.cluster_id for facts in store.facts(limit=1)] == ["a"]
    assert [facts.records for facts in store.facts(["c", "none"])] == [5]
    assert store.kept("a") == kept("a", 20)
    with pytest.raises(UnknownName, match="no cluster none"):
        store.kept("none")


def test_a_forgotten_cluster_goes_with_its_acts_and_may_come_back(state: StateStores) -> None:
    store, log = state.clusters, state.cluster_log
    revision = store.write(ClusterWriting(0, (kept("a"), kept("b")), acts=(act(1, "a"), act(2, "b"))))
    after = store.write(ClusterWriting(revision, (forgotten("a"),)))
    assert dict(store.since(revision).clusters) == {"a": None}
    assert [facts.cluster_id for facts in store.facts()] == ["b"]
    assert [one.number for one in log.acts()] == [2]
    with pytest.raises(UnknownName):
        store.kept("a")
    store.write(ClusterWriting(after, (kept("a"),)))
    assert store.kept("a") == kept("a")


def test_a_reading_is_known_and_found_by_its_document(state: StateStores) -> None:
    log = state.cluster_log
    readings = (reading("e", "a"), reading("e", "b"), reading("f", "", "other"), reading("g", "a", minutes=1))
    state.clusters.write(ClusterWriting(0, readings=readings))
    assert log.taken(["e", "f", "h"]) == {"e", "f"}
    assert [(one.event_id, one.cluster_id) for one in log.of_documents(["d"])] == [("g", "a"), ("e", "a"), ("e", "b")]
    assert log.of_documents(["other"]) == [readings[2]]
    assert log.of_documents([]) == []


def test_what_happened_is_told_of_each_cluster_that_it_concerns_newest_first(state: StateStores) -> None:
    state.clusters.write(ClusterWriting(0, acts=(act(1, "a"), act(2, "b"), act(3, "b", "a"))))
    assert [one.number for one in state.cluster_log.acts("a")] == [3, 1]
    assert [one.number for one in state.cluster_log.acts("b")] == [3, 2]
    assert state.cluster_log.acts()[0] == act(3, "b", "a")
    assert [one.number for one in state.cluster_log.acts(limit=2)] == [3, 2]
