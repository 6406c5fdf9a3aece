"""The pairs that are worth most together are chosen, one to one."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from core.match.assignment import one_to_one

WORTH = st.integers(1, 99).map(lambda percent: percent / 100)
GRIDS = st.dictionaries(st.tuples(st.integers(0, 3), st.integers(0, 3)), WORTH, max_size=12)


@given(GRIDS)
def test_no_other_choice_is_worth_more(grid: dict[tuple[int, int], float]) -> None:
    chosen = one_to_one([(i, j, worth) for (i, j), worth in grid.items()])
    assert len({i for i, _, _ in chosen}) == len({j for _, j, _ in chosen}) == len(chosen)
    best = max(sum(grid.get((i, j), 0.0) for i, j in enumerate(order)) for order in permutations(range(4)))
    assert abs(sum(worth for _, _, worth in chosen) - best) < 1e-9
