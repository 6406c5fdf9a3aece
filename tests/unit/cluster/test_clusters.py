"""Documents of one template come together, ids stay, and what is absurd costs no more than the rest."""

import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.cluster import Clusters
from core.cluster.changes import ClusterChanges
from core.cluster.clusters import LONE_KEPT
from core.cluster.criterion import Criterion
from core.errors import BadInput, UnknownName
from tests.effort import tries
from tests.kinds_of_documents import MadeDocument, made_documents

Fields = dict[str, list[str]]
some_fields = st.dictionaries(st.sampled_from("abcdefgh"), st.just(["x"]), max_size=6)
some_documents = st.lists(st.tuples(some_fields, st.sampled_from(["", "one", "two"])), max_size=60)


def run(found: Clusters, documents: Iterable[tuple[str, Fields, str]]) -> list[str]:
    return [found.assign(document, fields, site) for document, fields, site in documents]


def named(documents: Sequence[tuple[Fields, str]]) -> list[tuple[str, Fields, str]]:
    return [(f"d{number}", fields, site) for number, (fields, site) in enumerate(documents)]


def purity(documents: Sequence[MadeDocument], clusters: Sequence[str]) -> tuple[float, float]:
    """The share of documents in the main site of their cluster, and in the main cluster of their site."""
    by_cluster, by_site = defaultdict(Counter), defaultdict(Counter)
    for document, cluster in zip(documents, clusters, strict=True):
        by_cluster[cluster][document.site] += 1
        by_site[document.site][cluster] += 1
    most = [sum(max(counts.values()) for counts in by.values()) for by in (by_cluster, by_site)]
    return most[0] / len(documents), most[1] / len(documents)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("hidden", "site"), [(True, False), (False, True)])
def test_documents_of_one_site_come_together(seed: int, hidden: bool, site: bool) -> None:
    documents = made_documents(seed, sites=4, each=20, hidden=hidden)
    found = Clusters()
    clusters = run(found, ((each.document, each.fields, each.site if site else "") for each in documents))
    found.settle()
    ends = [found.settled(cluster, each.fields) for cluster, each in zip(clusters, documents, strict=True)]
    assert min(purity(documents, ends)) > 0.99


@pytest.mark.parametrize("seed", range(3))
def test_sites_that_share_labels_are_told_apart_once_there_are_enough_documents(seed: int) -> None:
    documents = made_documents(seed, sites=4, each=60)
    found = Clusters()
    clusters = run(found, ((each.document, each.fields, "") for each in documents))
    ends = [found.settled(cluster, each.fields) for cluster, each in zip(clusters, documents, strict=True)]
    assert min(purity(documents, ends)) > 0.85


def restored(changes: ClusterChanges) -> Clusters:
    """The clusters of what was kept, as JSON keeps it."""
    found = Clusters()
    kept = {name: json.loads(json.dumps(data)) for name, data in changes.clusters.items()}
    order = sorted(kept, key=lambda name: ((kept[name] or {}).get("founded", 0), name))
    found.restore(changes._replace(clusters={name: kept[name] for name in order}))
    return found


@settings(max_examples=tries(100), deadline=None)
@given(some_documents, st.integers(0, 60), st.integers(1, 20))
def test_a_restart_changes_nothing(documents: list[tuple[Fields, str]], cut: int, step: int) -> None:
    rows, straight, first = named(documents), Clusters(), Clusters()
    whole = run(straight, rows)
    early, kept = list[str](), ClusterChanges(0, {}, {})
    for start in range(0, min(cut, len(rows)), step):
        early += run(first, rows[start : min(start + step, cut)])
        kept = added(kept, first.take_changes())
    second = restored(kept)
    assert early + run(second, rows[len(early) :]) == whole
    assert added(kept, second.take_changes()) == straight.take_changes()


def added(before: ClusterChanges, after: ClusterChanges) -> ClusterChanges:
    """What is kept after further changes."""
    background = {**before.background, **after.background}
    clusters = {
        # one that went into another is kept as nothing but that
        name: data if not data or "into" in data else {**(before.clusters.get(name) or {}), **data}
        for name, data in after.clusters.items()
    }
    return ClusterChanges(after.documents, {**before.clusters, **clusters}, background)


def test_what_a_person_merged_stays_one_although_its_fields_differ() -> None:
    found = Clusters()
    for number in range(40):
        found.assign(f"d{number}", {"title": ["x"], "price": ["1"]}, "one")
        found.assign(f"e{number}", {"heading": ["x"], "cost": ["1"]}, "two")
    left, right = (each.cluster_id for each in found)
    stays = found.merge(left, right, "one kind")
    for number in range(40, 300):
        labels, site = (("title", "price"), "one") if number % 2 else (("heading", "cost"), "two")
        fields = {label: ["x"] for label in (*labels, *(["extra"] if number % 3 else []))}
        assert found.assign(f"d{number}", fields, site) == stays
        found.settle()
    assert [event.what for event in found.events] == ["merged"]


def test_what_a_person_split_stays_apart_and_takes_further_kinds() -> None:
    found = Clusters()
    for number in range(20):
        [cluster] = {found.assign(f"d{number}", {"kind": ["ab"[number % 2]], "price": ["1"]}, "one")}
    first, second = found.split(cluster, Criterion("kind", "text"), "two kinds")
    for number in range(20, 200):
        fields = {"kind": ["abc"[number % 3]], "price": ["1"]}
        part = found.assign(f"d{number}", fields, "one")
        assert (part == first, part == second) == (number % 3 == 0, number % 3 == 1)
        found.settle()
    assert [event.what for event in found.events] == ["split"]


@settings(max_examples=tries(100), deadline=None)
@given(some_documents)
def test_only_an_event_changes_where_a_document_is(documents: list[tuple[Fields, str]]) -> None:
    found = Clusters()
    before: dict[str, str] = {}
    for document, fields, site in named(documents):
        assigned = found.assign(document, fields, site)
        gone = {event.cluster for event in found.take_events()}
        for name, cluster in before.items():
            now = found.settled(cluster, documents[int(name[1:])][0])
            assert now == cluster or cluster in gone
            before[name] = now
        before[document] = assigned


@settings(max_examples=tries(50), deadline=None)
@given(some_documents)
def test_documents_of_two_known_sites_are_apart(documents: list[tuple[Fields, str]]) -> None:
    found = Clusters()
    known = [(fields, site) for fields, site in documents if site]
    clusters = run(found, named(known))
    sites = defaultdict(set)
    for (fields, site), cluster in zip(known, clusters, strict=True):
        sites[found.settled(cluster, fields)].add(site)
    assert all(len(each) == 1 for each in sites.values())


def test_an_id_is_made_of_what_founded_the_cluster() -> None:
    one, other = Clusters(), Clusters()
    other.assign("x", {"quite": ["1"], "different": ["2"]})
    fields = {"title": ["a"], "price": ["b"]}
    assert one.assign("d1", fields) == other.assign("d9", dict(reversed(fields.items())))


def test_kinds_that_share_a_frame_are_parted_by_what_names_them() -> None:
    chance = random.Random(7)
    frame = [f"frame/{n}" for n in range(30)]
    own = {kind: [f"{kind} {n}" for n in range(6)] for kind in ("notice", "award", "change")}
    rows = []
    for number in range(180):
        kind = chance.choice(sorted(own))
        fields = {name: ["x"] for name in [*frame, *own[kind]] if chance.random() < 0.9}
        fields |= {"frame/kind": [kind.upper()], "frame/country": [chance.choice(["DE", "FR", "PT"])]}
        rows.append((f"d{number}", fields, ""))
    found = Clusters()
    clusters = run(found, rows)
    ends = [found.settled(cluster, row[1]) for cluster, row in zip(clusters, rows, strict=True)]
    pairs = {(end, row[1]["frame/kind"][0]) for end, row in zip(ends, rows, strict=True)}
    assert len(pairs) == len(set(ends)) == 3
    assert [event.reason for event in found.events if "frame/kind" in event.reason]


HOSTILE = {
    "no field": {},
    "an empty name": {"": ["x"]},
    "a name of dots": {"." * 10_000: ["x"]},
    "a name of steps": {".".join("abc" * 3_000): ["x"]},
    "half a character": {"\ud800": ["\udfff"]},
    "five thousand fields": {f"f{number}": ["x"] for number in range(5_000)},
    "a million values": {"list": [""] * 1_000_000},
    "a huge value": {"text": ["x" * 1_000_000]},
    "signs of control": {"a\x1fb\x00c": ["x"], "a\x1f": ["b"]},
}


@pytest.mark.parametrize("what", HOSTILE)
def test_absurd_documents_are_put_somewhere(what: str) -> None:
    found = Clusters()
    start = time.perf_counter()
    clusters = {found.assign(f"d{number}", HOSTILE[what]) for number in range(20)}
    assert len(clusters) == 1
    assert time.perf_counter() - start < 10
    assert len(restored(found.take_changes())) == 1


def test_documents_that_are_all_different_do_not_fill_the_memory() -> None:
    found = Clusters()
    for number in range(LONE_KEPT + 500):
        found.assign(f"d{number}", {f"field {number}": ["x"]})
    assert len(found) == LONE_KEPT
    gone = found.assign("again", {"field 0": ["x"]})
    assert gone == Clusters().assign("d0", {"field 0": ["x"]})


def two_sites() -> tuple[Clusters, str, str]:
    found = Clusters()
    for number in range(5):
        one = found.assign(
            f"a{number}", {"title": ["x"], "price": ["1"], "kind": ["new" if number % 2 else "used"]}, "a"
        )
        other = found.assign(f"b{number}", {"name": ["x"], "cost": ["1"]}, "b")
    return found, one, other


def test_a_person_merges_what_is_of_two_sites() -> None:
    found, one, other = two_sites()
    assert found.merge(one, other, "Both are offers.") == one
    assert found.settled(other, {"name": ["x"], "cost": ["1"]}) == one
    assert found.assign("new", {"name": ["x"], "cost": ["2"]}, "b") == one
    assert [(event.what, event.cluster, event.into) for event in found.take_events()] == [("merged", other, (one,))]
    assert found.events == []
    with pytest.raises(BadInput, match="same cluster"):
        found.merge(one, other, "Again.")
    with pytest.raises(UnknownName):
        found.merge(one, "c0", "A slip.")


def test_a_person_splits_by_a_field() -> None:
    found, one, other = two_sites()
    parts = found.split(one, Criterion("kind", "text"), "Used things are another table.")
    assert len(parts) == 2
    assert found.assign("later", {"title": ["x"], "price": ["1"], "kind": ["used"]}, "a") in parts
    assert found.assign("other", {"title": ["x"], "price": ["1"], "kind": ["rented"]}, "a") not in [*parts, one]
    with pytest.raises(BadInput, match="does not part"):
        found.split(other, Criterion("name", "text"), "All say the same.")
    with pytest.raises(BadInput, match="was split"):
        found.merge(one, other, "Too late.")
