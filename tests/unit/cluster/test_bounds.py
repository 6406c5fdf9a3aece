"""What a cluster knows, and what is looked at for one document, stays bounded."""

from hypothesis import given
from hypothesis import strategies as st

from core.cluster.background import MOST_NODES, Background
from core.cluster.evidence import joining, merging
from core.cluster.index import CANDIDATES, NODES_POSTED, FieldIndex
from core.cluster.paths import MOST_STEPS, group_of, lineage, nodes_of
from core.cluster.profile import MOST_PROFILED, FieldProfile
from core.cluster.remembered import Remembered

node_sets = st.lists(st.frozensets(st.sampled_from("abcdef"), min_size=1), min_size=1, max_size=8)


def profile_of(found: list[frozenset[str]]) -> FieldProfile:
    made = FieldProfile()
    for nodes in found:
        made.add(nodes)
    return made


def background_of(found: list[frozenset[str]]) -> Background:
    made = Background()
    for nodes in found:
        made.add(nodes)
    return made


def test_a_path_is_its_groups_and_itself() -> None:
    assert lineage("a.b.c") == ("a", "a.b", "a.b.c")
    assert lineage("FORM/NOTICE/@TYPE") == ("FORM", "FORM/NOTICE", "FORM/NOTICE/@TYPE")
    assert lineage("Cast and Credits | Starring:") == ("Cast and Credits", "Cast and Credits | Starring:")
    assert lineage("Price: 3.50") == ("Price: 3", "Price: 3.50")
    assert lineage("e. g.") == ("e", "e. g.")
    assert group_of("title") == ""
    assert len(lineage("x" + ".x" * 500)) == MOST_STEPS
    assert list(nodes_of(["a.b", "a.c"])) == ["a", "a.b", "a.c"]


def test_rare_nodes_find_a_cluster_among_thousands() -> None:
    index = FieldIndex()
    for number in range(5_000):
        index.post(f"c{number}", ["name", "price", *(["rare"] if number == 4_321 else [])])
    found = index.candidates(["name", "price", "rare", "unknown"])
    assert found[0] == "c4321"
    assert len(found) <= CANDIDATES


def test_a_cluster_is_posted_under_so_many_nodes() -> None:
    index = FieldIndex()
    for start in range(0, 1_000, 100):
        index.post("c", [f"{number:04}" for number in range(start, start + 100)])
    assert len(index.posted("c")) == NODES_POSTED
    index.withdraw("c")
    assert index.candidates([f"{number:04}" for number in range(1_000)]) == []


def test_counters_forget_the_rarest() -> None:
    profile, background = FieldProfile(), Background()
    for number in range(30):
        nodes = ["always", *(f"{number} {n}" for n in range(1_500))]
        profile.add(nodes)
        background.add(nodes)
    assert len(profile.counts) <= 2 * MOST_PROFILED
    assert profile.counts["always"] == profile.documents == 30
    assert profile.mass == sum(profile.counts.values()) - 30
    assert sum(map(len, background.take_changes().values())) <= 2 * MOST_NODES
    assert background.rate("always") > 0.9


@given(node_sets, node_sets)
def test_profiles_add_up_and_likeness_has_no_direction(one: list[frozenset[str]], other: list[frozenset[str]]) -> None:
    left, right = profile_of(one), profile_of(other)
    assert left.likeness(right) == right.likeness(left)
    assert 0 <= left.likeness(right) <= 1
    left.merge(right)
    assert left.stored() == profile_of([*one, *other]).stored()


@given(node_sets, node_sets)
def test_to_join_is_to_merge_with_a_single_document(one: list[frozenset[str]], other: list[frozenset[str]]) -> None:
    background = background_of([*one, *other])
    counts, single = profile_of(one).counts, other[0]
    joined = joining(single, counts, background)
    assert abs(joined - merging(counts, profile_of([single]).counts, background)) < 1e-6
    # to the last digit, so that the order in which Python keeps texts decides nothing
    assert merging(counts, counts, background) == merging(dict(reversed(counts.items())), counts, background)


def test_what_was_not_used_longest_is_forgotten() -> None:
    memory = Remembered(2)
    assert memory.put("a", "1") is None
    assert memory.put("b", "2") is None
    assert memory.get("a") == "1"
    assert memory.put("c", "3") == "b"
    assert memory.get("b") is None
    assert list(memory) == [("a", "1"), ("c", "3")]
