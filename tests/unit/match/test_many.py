"""Many pairs at once are judged as one by one."""

from core.match import match, match_many
from core.signature import StructureSignature
from tests.kinds_of_documents import made_documents


def test_many_at_once_say_what_each_alone_says() -> None:
    sites: dict[str, StructureSignature] = {"empty": StructureSignature()}
    for each in made_documents(2, sites=1, each=8):
        sites.setdefault(each.site, StructureSignature()).add(each.fields)
    pairs = [(left, right) for left in sites for right in sites if left < right]
    found = match_many(sites, pairs)
    assert list(found) == pairs
    for left, right in pairs:
        alone = match(sites[left], sites[right])
        assert [pair[:2] for pair in found[left, right]] == [pair[:2] for pair in alone]


def test_no_pair_is_no_answer() -> None:
    assert match_many({}, []) == {}
    assert match_many({"a": StructureSignature(), "b": StructureSignature()}, [("a", "b")]) == {("a", "b"): []}
