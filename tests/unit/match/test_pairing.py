"""Fields of two tables that hold the same find each other, and no other."""

from core.match import match
from core.signature import StructureSignature

HOUSES = [("Ulm", "12 m"), ("Graz", "7 m"), ("Bern", "19 m"), ("Metz", "22 m"), ("Ulm", "8 m")]


def signature(*names: str) -> StructureSignature:
    made = StructureSignature()
    for row in HOUSES:
        made.add({name: [value] for name, value in zip(names, row, strict=True)})
    return made


def test_names_that_are_alike_find_each_other():
    found = match(signature("Town", "Height"), signature("town", "height_m"))
    assert [pair[:2] for pair in found] == [("Town", "town"), ("Height", "height_m")]
    assert all(0.5 <= pair.score <= 1 for pair in found)


def test_nothing_matches_nothing():
    assert match(StructureSignature(), signature("Town", "Height")) == []
    assert match(StructureSignature(), StructureSignature()) == []
