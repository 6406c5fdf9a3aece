"""Groups grow by mean evidence: no chains, no two members of one site, and the same whatever comes first."""

from hypothesis import given
from hypothesis import strategies as st

from core.propose.joining import EvidenceGroups


def groups(evidence: dict[tuple[str, str], float], *members: str, least: float = 0.3) -> list[set[str]]:
    """Members are named by their site and a number: a1 and a2 are of one site; the sites a to d are hubs."""
    grown = EvidenceGroups({member: member[0] for member in members}, evidence, "abcd")
    return [set(group) for group in grown.joined(least)]


def test_evidence_joins() -> None:
    assert groups({("a1", "b1"): 0.9}, "a1", "b1", "c1") == [{"a1", "b1"}, {"c1"}]


def test_too_little_evidence_does_not() -> None:
    assert groups({("a1", "b1"): 0.2}, "a1", "b1") == [{"a1"}, {"b1"}]


def test_members_of_one_site_are_never_joined() -> None:
    found = groups({("a1", "b1"): 0.9, ("a2", "b1"): 0.8, ("a1", "a2"): 1.0}, "a1", "a2", "b1")
    assert found == [{"a1", "b1"}, {"a2"}]


def test_a_chain_is_no_group() -> None:
    evidence = {("a1", "b1"): 0.9, ("b1", "c1"): 0.5}
    assert groups(evidence, "a1", "b1", "c1") == [{"a1", "b1"}, {"c1"}]


def test_many_weak_pairs_are_a_group() -> None:
    evidence = dict.fromkeys([("a1", "b1"), ("b1", "c1"), ("a1", "c1"), ("c1", "d1"), ("b1", "d1")], 0.6)
    assert groups(evidence, "a1", "b1", "c1", "d1") == [{"a1", "b1", "c1", "d1"}]


def test_sites_that_were_never_compared_are_joined_by_the_hubs() -> None:
    later = [f"{letter}1" for letter in "efghijklmnopqrstuvwxyz"]
    evidence = {(hub, member): 0.9 for hub in ("a1", "b1") for member in later} | {("a1", "b1"): 0.9}
    assert groups(evidence, "a1", "b1", *later) == [{"a1", "b1", *later}]


members = st.sampled_from([f"{site}{number}" for site in "abcd" for number in "12"])
pairs = st.dictionaries(st.tuples(members, members).filter(lambda pair: pair[0][0] < pair[1][0]), st.floats(0.0, 1.0))


@given(pairs)
def test_each_member_stays_in_one_group_without_its_neighbour(evidence: dict[tuple[str, str], float]) -> None:
    known = sorted({member for pair in evidence for member in pair})
    found = groups(evidence, *known)
    assert sorted(member for group in found for member in group) == known
    assert all(len({member[0] for member in group}) == len(group) for group in found)
    again = dict(sorted(evidence.items(), reverse=True))
    assert sorted(map(sorted, groups(again, *known))) == sorted(map(sorted, found))
