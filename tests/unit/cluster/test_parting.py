"""A cluster is split by what names its kinds, and by nothing else that is short."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cluster.criterion import Criterion
from core.cluster.parting import LEAST_PARTED, parting_of
from core.cluster.sample import MOST_SAMPLED, DocumentSample, SampledDocument

COLOURS = ["red", "green", "blue"]


def sampled(present: list[str], **texts: str) -> SampledDocument:
    return SampledDocument((*present, *texts), texts)


def some(chance: random.Random, names: list[str], share: float = 0.8) -> list[str]:
    return [name for name in names if chance.random() < share]


def frames(seed: int, kinds: int, each: int) -> list[SampledDocument]:
    """Documents of several kinds that share twenty fields, have five of their own each, and say their kind."""
    chance = random.Random(seed)
    made = []
    for number in range(kinds * each):
        kind = f"kind {number % kinds}"
        fields = some(chance, [f"shared {n}" for n in range(20)]) + some(
            chance, [f"{kind} {n}" for n in range(5)], 0.95
        )
        made.append(sampled(fields, form=kind, colour=chance.choice(COLOURS), number=str(chance.random())))
    return made


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("kinds", [2, 3, 8])
def test_the_field_that_names_the_kinds_is_found(seed: int, kinds: int) -> None:
    found = parting_of(frames(seed, kinds, 12 if kinds > 3 else 20))
    assert found is not None
    assert found.criterion == Criterion("form", "text")
    assert len(found.parts) == kinds


@pytest.mark.parametrize("seed", range(10))
def test_optional_fields_and_short_texts_of_one_kind_part_nothing(seed: int) -> None:
    chance = random.Random(seed)
    names = [f"f{n}" for n in range(12)]
    documents = [
        sampled(some(chance, names, 0.7), colour=chance.choice(COLOURS), country=chance.choice("ABCDEFGH"))
        for _ in range(100)
    ]
    assert parting_of(documents) is None


def test_a_block_of_fields_that_some_lack_is_optional() -> None:
    documents = [sampled([f"f{n}" for n in range(6 if number % 2 else 12)]) for number in range(80)]
    assert parting_of(documents) is None


def test_two_kinds_that_were_mixed_up_are_parted_by_a_field_of_their_own() -> None:
    sides = (["title", "price", "author", "pages"], ["title", "price", "height", "team"])
    found = parting_of([sampled(sides[number % 2]) for number in range(40)])
    assert found is not None
    assert found.criterion.by == "presence"
    assert sorted(map(len, found.parts.values())) == [20, 20]


def test_few_documents_are_not_parted() -> None:
    assert parting_of(frames(0, 2, 10)[: LEAST_PARTED - 1]) is None


@given(st.lists(st.integers(0, 400), max_size=300), st.integers(0, 300))
def test_a_sample_depends_neither_on_order_nor_on_shards(numbers: list[int], cut: int) -> None:
    whole, first, second = DocumentSample(), DocumentSample(), DocumentSample()
    for number in sorted(numbers):
        whole.add(str(number), {"f": [str(number)]})
    for position, number in enumerate(numbers):
        (first if position < cut else second).add(str(number), {"f": [str(number)]})
    first.merge(second)
    assert first.names == whole.names
    assert first.documents == whole.documents
    assert len(first) <= MOST_SAMPLED
    assert DocumentSample.of_stored(first.stored()).stored() == first.stored()
