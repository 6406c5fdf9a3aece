"""Counters of fields: they add up, stay bounded, and say what was seen."""

import json
import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.signature import FieldSignature, StructureSignature
from core.signature.field import MOST_MASKS, OTHERS
from core.signature.kinds import kind_of
from core.signature.moments import Moments
from core.signature.sketch import KEPT_VALUES, ValueSketch

texts = st.text(max_size=12)
documents = st.lists(st.dictionaries(st.sampled_from("abcd"), st.lists(texts, max_size=3)), max_size=12)


def signature_of(found: Sequence[dict[str, list[str]]]) -> StructureSignature:
    made = StructureSignature()
    for fields in found:
        made.add(fields)
    return made


def counted(made: StructureSignature) -> dict[str, object]:
    """What was counted, apart from the order of addition, which the last digits of a mean show."""
    fields = {}
    for path, field in made.fields.items():
        data = field.stored()
        del data["lengths"], data["numbers"]
        fields[path] = data
    return {"documents": made.documents, "fields": fields}


@given(documents, st.integers(0, 12))
def test_shards_add_up_to_the_whole(found: list[dict[str, list[str]]], cut: int) -> None:
    parts, whole = signature_of(found[:cut]), signature_of(found)
    parts.merge(signature_of(found[cut:]))
    assert counted(parts) == counted(whole)
    for path, field in whole.fields.items():
        assert parts.fields[path].lengths.mean == pytest.approx(field.lengths.mean)
        assert parts.fields[path].lengths.spread == pytest.approx(field.lengths.spread, abs=1e-6)


@given(documents)
def test_what_is_stored_is_read_again(found: list[dict[str, list[str]]]) -> None:
    made = signature_of(found)
    again = StructureSignature.of_stored(json.loads(json.dumps(made.stored())))
    assert again.stored() == made.stored()


def test_a_field_says_how_it_is_filled() -> None:
    field = FieldSignature()
    for values in (["EUR 10.50"], ["EUR 20.00", "EUR 1.00"], ["n/a"], []):
        field.add(values)
    assert (field.documents, field.several, field.blank, field.values) == (4, 1, 2, 3)
    assert field.units == {"EUR": 3}
    assert field.numbers.highest == 20.0
    assert all("money" in kinds for kinds in field.kinds)


def test_a_number_too_large_for_a_float_is_none() -> None:
    assert math.isnan(kind_of("9" * 400).number)
    assert math.isnan(kind_of("-1" + "0" * 29 + "E999").number)


def test_many_shapes_are_counted_together() -> None:
    field = FieldSignature()
    for number in range(200):
        field.add([" ".join("a" if number >> bit & 1 else "9" for bit in range(8))])
    assert len(field.masks) <= MOST_MASKS + 1
    assert field.masks[OTHERS] == 200 - MOST_MASKS
    assert field.masks.total() == 200


def test_a_sketch_is_exact_while_it_is_small() -> None:
    sketch = ValueSketch()
    for value in ["open", "closed", "open"]:
        sketch.add(value)
    assert sketch.whole
    assert dict(sketch.values) == {"open": 2, "closed": 1}
    assert next(iter(sketch.values)) == "open"


def test_a_sketch_of_many_values_is_bounded_and_estimates() -> None:
    sketch = ValueSketch()
    for number in range(20_000):
        sketch.add(f"value {number}")
    assert len(sketch.values) <= 2 * KEPT_VALUES
    assert not sketch.whole
    assert sketch.distinct == pytest.approx(20_000, rel=0.3)


def test_sketches_of_shards_add_up_when_much_was_forgotten() -> None:
    shards, whole = [ValueSketch(), ValueSketch(), ValueSketch()], ValueSketch()
    for number in range(3_000):
        value = f"value {number * number % 1_000}"
        shards[number % 3].add(value)
        whole.add(value)
    for shard in shards[1:]:
        shards[0].merge(shard)
    assert shards[0].stored() == whole.stored()


def test_sketches_know_what_they_share() -> None:
    first, second = ValueSketch(), ValueSketch()
    for number in range(3_000):
        first.add(f"value {number}")
        second.add(f"value {number + 1_500}")
    assert first.overlap(second) == pytest.approx(1 / 3, abs=0.12)
    assert first.held_in(second) == pytest.approx(1 / 2, abs=0.15)
    assert first.overlap(ValueSketch()) == 0


@given(st.lists(st.floats(-1e6, 1e6), min_size=1), st.lists(st.floats(-1e6, 1e6)))
def test_moments_are_those_of_all_numbers(mine: list[float], theirs: list[float]) -> None:
    one, other = Moments(), Moments()
    for number in mine:
        one.add(number)
    for number in theirs:
        other.add(number)
    one.merge(other)
    both = mine + theirs
    mean = math.fsum(both) / len(both)
    spread = math.sqrt(math.fsum((number - mean) ** 2 for number in both) / len(both))
    assert one.count == len(both)
    assert (one.lowest, one.highest) == (min(both), max(both))
    assert one.mean == pytest.approx(mean, abs=1e-6)
    assert one.spread == pytest.approx(spread, rel=1e-3, abs=1e-3)
