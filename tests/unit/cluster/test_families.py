"""Sites of one kind of thing are suggested to be one family, also where their labels say nothing."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cluster.families import FamilySuggestion, confirmed_lines, families_of, suggestions
from core.signature import StructureSignature
from tests.kinds_of_documents import made_documents

names = st.sampled_from("abcdef")
graphs = st.lists(st.tuples(names, names, st.floats(0, 1)).map(lambda edge: FamilySuggestion(*edge, [])), max_size=12)


def sites(seed: int, *, hidden: bool) -> dict[str, StructureSignature]:
    found: dict[str, StructureSignature] = {}
    for each in made_documents(seed, sites=4, each=15, hidden=hidden):
        found.setdefault(each.site, StructureSignature()).add(each.fields)
    return found


def kind(site: str) -> str:
    return site.partition(".")[0][:-1]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("hidden", "least"), [(False, 0.9), (True, 0.8)])
def test_the_best_suggestions_are_right(seed: int, hidden: bool, least: float) -> None:
    best = suggestions(sites(seed, hidden=hidden))[:12]
    assert sum(kind(each.left) == kind(each.right) for each in best) >= least * len(best)


@pytest.mark.parametrize("seed", range(3))
def test_families_are_mostly_of_one_kind(seed: int) -> None:
    clusters = sites(seed, hidden=False)
    found = families_of(clusters, suggestions(clusters))
    assert len(found) >= 5
    assert sum(len({kind(site) for site in family}) == 1 for family in found) >= 0.8 * len(found)


def test_templates_of_one_site_are_no_family() -> None:
    clusters = sites(0, hidden=False)
    assert suggestions(clusters, dict.fromkeys(clusters, "the same")) == []


def test_of_nothing_nothing_is_suggested() -> None:
    assert suggestions({}) == []
    assert suggestions({"one": StructureSignature()}) == []
    assert suggestions({"one": StructureSignature(), "two": StructureSignature()}) == []


@given(graphs)
def test_a_cluster_is_in_one_family_at_most(graph: list[FamilySuggestion]) -> None:
    found = families_of("abcdef", graph)
    members = [name for family in found for name in family]
    assert len(members) == len(set(members))
    assert all(len(family) > 1 for family in found)
    assert families_of("fedcba", list(reversed(graph))) == families_of("abcdef", list(reversed(graph)))


def test_a_merge_is_told_as_confirmed_names() -> None:
    said = confirmed_lines([("Prix", "price"), ("\u2028", '"')])
    lines = [json.loads(line) for line in said.split("\n")[:-1]]
    assert lines == [{"left": "Prix", "right": "price", "same": True}, {"left": "\u2028", "right": '"', "same": True}]
