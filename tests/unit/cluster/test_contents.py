"""What a cluster holds is counted for every document, and its values are looked into as often as tells something."""

from core.cluster.contents import LOOKED_INTO, WELL_KNOWN, ClusterContents
from core.cluster.sample import FIELDS_SAMPLED

PLAIN = {"title": ["A title"], "price": ["1.50"]}


def contents_of_documents(number: int) -> ClusterContents:
    made = ClusterContents()
    for _ in range(number):
        made.add(PLAIN, "extracted.a__page", "a")
    return made


def test_every_document_counts_and_some_are_looked_into_once_the_cluster_is_well_known() -> None:
    made = contents_of_documents(WELL_KNOWN + 10 * LOOKED_INTO)
    assert made.history.documents == made.tables["extracted.a__page"] == WELL_KNOWN + 10 * LOOKED_INTO
    assert {field.documents for field in made.history.fields.values()} == {made.history.documents}
    assert made.signature.documents == WELL_KNOWN + 10


def test_a_new_field_is_always_looked_into() -> None:
    made = contents_of_documents(WELL_KNOWN + 1)
    assert not made.add(PLAIN, "extracted.a__page", "a")
    assert made.add({**PLAIN, "closes": ["2026-03-01"]}, "extracted.a__page", "a")
    assert made.history.fields["closes"].type == "date"


def test_contents_add_up_and_fields_without_end_are_bounded() -> None:
    left, right = contents_of_documents(3), contents_of_documents(4)
    right.name = "Notices"
    left.merge(right)
    assert (left.history.documents, left.tables["extracted.a__page"], left.name) == (7, 7, "Notices")
    for n in range(5):
        left.add({f"{n} {m}": ["x"] for m in range(500)}, "extracted.b__page", "b")
    assert len(left.signature.fields) <= 2 * FIELDS_SAMPLED
    assert left.signature.fields.keys() >= PLAIN.keys()
