"""Labels of several sites become fields: by mutual evidence, one to one, and never two that stand side by side."""

import random
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from core.model.schema import SiteLabel
from core.propose.canonical import LabelGroup, canonical_fields
from core.propose.documents import SiteDocument, SiteDocuments
from tests.effort import tries

DRAW = random.Random(15)
FIRST = "Anna Boris Carla David Elena Felix Greta Hugo Irene Jonas".split()
LAST = "Adler Brandt Conti Dupont Eriksen Fischer Garcia Horvat Ivanov Jensen".split()
THINGS = "river stone light winter garden window silver morning paper harbour".split()

MAKERS: dict[str, Callable[[], str]] = {
    "title": lambda: f"The {DRAW.choice(THINGS)} and the {DRAW.choice(THINGS)}",
    "author": lambda: f"{DRAW.choice(FIRST)} {DRAW.choice(LAST)}",
    "price": lambda: f"EUR {DRAW.randint(5, 90)}.{DRAW.randint(10, 99)}",
    "published": lambda: f"{DRAW.randint(1990, 2020)}-0{DRAW.randint(1, 9)}-{DRAW.randint(10, 28)}",
    "language": lambda: DRAW.choice(["English", "German", "French"]),
}
LABELS = {
    "one": {"Title": "title", "Author": "author", "Price": "price", "Published": "published", "Language": "language"},
    "two": {"Book title": "title", "Written by": "author", "Our price": "price", "Languages": "language"},
    "three": {"title": "title", "by": "author", "Cost": "price", "Publication date": "published"},
}


def shops(documents: int = 30) -> SiteDocuments:
    return SiteDocuments(
        SiteDocument({label: [MAKERS[kind]()] for label, kind in labels.items()}, site)
        for site, labels in LABELS.items()
        for _ in range(documents)
    )


def meanings(groups: list[LabelGroup]) -> list[list[str]]:
    return [[LABELS[site][label] for site, label in group] for group in groups]


def test_labels_of_several_sites_become_the_fields_they_mean() -> None:
    found = meanings(canonical_fields(shops()))
    assert all(len(set(kinds)) == 1 for kinds in found), found
    assert sorted(found) == sorted([["title"] * 3, ["author"] * 3, ["price"] * 3, ["published"] * 2, ["language"] * 2])


def test_labels_beside_each_other_are_never_one_field() -> None:
    documents = [SiteDocument({"Price": ["5"], "Prices": ["5"]}, "a") for _ in range(10)]
    assert len(canonical_fields(SiteDocuments(documents))) == 2


def test_spellings_of_one_word_are_one_field() -> None:
    documents = [SiteDocument({("Director:", "Directors:", "director")[n % 3]: ["x"]}, "a") for n in range(9)]
    [group] = canonical_fields(SiteDocuments(documents))
    assert {label.label for label in group} == {"Director:", "Directors:", "director"}


def test_paths_of_a_format_are_told_apart() -> None:
    documents = [SiteDocument({("a.item.id", "a.items.id")[n % 2]: ["x"]}, "a") for n in range(9)]
    assert len(canonical_fields(SiteDocuments(documents), paths=True)) == 2


def test_more_sites_than_are_paired_join_what_the_others_made() -> None:
    documents = [
        SiteDocument({label: [MAKERS[kind]()] for label, kind in LABELS["one"].items()}, f"site {number}")
        for number in range(20)
        for _ in range(8)
    ]
    found = canonical_fields(SiteDocuments(documents))
    assert [len(group) for group in found] == [20] * 5


labels = st.sampled_from(["Price", "Prices", "Cost", "Title", "name", ""])
some_documents = st.lists(
    st.builds(
        SiteDocument,
        st.dictionaries(labels, st.lists(st.sampled_from(["1", "x", "EUR 5", "n/a"]), max_size=2), max_size=4),
        st.sampled_from(["a", "b", "c"]),
    ),
    max_size=10,
)


@settings(max_examples=tries(100), deadline=None)
@given(some_documents)
def test_each_label_is_in_one_group_and_none_with_its_neighbour(found: list[SiteDocument]) -> None:
    sites = SiteDocuments(found)
    groups = canonical_fields(sites)
    assert sorted(label for group in groups for label in group) == sorted(sites.labels)
    for group in groups:
        for one in group:
            assert not any(other != one and other.site == one.site and sites.beside(one, other) for other in group)


@settings(max_examples=tries(50), deadline=None)
@given(some_documents)
def test_the_same_documents_make_the_same_groups(found: list[SiteDocument]) -> None:
    assert canonical_fields(SiteDocuments(found)) == canonical_fields(SiteDocuments(found))


def test_a_label_means_something_on_its_own_site() -> None:
    assert SiteLabel("a", "Price") != SiteLabel("b", "Price")
