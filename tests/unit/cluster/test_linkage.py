"""Average linkage over a sparse graph: what is left is not alike, and large graphs are quick."""

import time
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from core.cluster.linkage import linked

NAMES = "abcdefg"
likeness = st.dictionaries(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)).filter(lambda pair: pair[0] < pair[1]),
    st.integers(1, 1000).map(lambda number: number / 1000),
)


def mean(found: dict[tuple[str, str], float], one: list[str], other: list[str]) -> float:
    pairs = [found.get((min(a, b), max(a, b)), 0.0) for a in one for b in other]
    return sum(pairs) / len(pairs)


@given(likeness, st.sampled_from([0.1, 0.3, 0.6]))
def test_no_two_groups_are_alike_in_the_mean(found: dict[tuple[str, str], float], least: float) -> None:
    groups = linked(NAMES, found, least)
    assert sorted(name for group in groups for name in group) == list(NAMES)
    assert all(mean(found, a, b) < least + 1e-9 for a, b in combinations(groups, 2))
    assert groups == linked(NAMES[::-1], dict(reversed(found.items())), least)


def test_the_most_alike_are_joined_first() -> None:
    found = {("a", "b"): 0.9, ("b", "c"): 0.8, ("a", "c"): 0.1, ("c", "d"): 0.7}
    assert linked("abcd", found, 0.5) == [["a", "b"], ["c", "d"]]


def test_a_large_graph_is_quick() -> None:
    names = [f"{number:05}" for number in range(5_000)]
    found = {(names[n], names[n + step]): 1 / step for n in range(4_990) for step in range(1, 10)}
    start = time.perf_counter()
    groups = linked(names, found, 0.3)
    assert time.perf_counter() - start < 20
    assert sum(map(len, groups)) == 5_000
