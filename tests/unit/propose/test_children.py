"""Lists that are equally long are the rows of a table, where that is no accident."""

from collections.abc import Callable

from core.propose.children import RepeatedGroup, repeated_groups
from core.propose.documents import SiteDocument, SiteDocuments


def groups(count: int = 30, **lengths: Callable[[int], int]) -> list[RepeatedGroup]:
    """The groups of documents whose lists, by labels with __ for steps, are so long in the document of a number."""
    documents = [
        SiteDocument(
            {label.replace("__", "."): ["x"] * size(number) for label, size in lengths.items() if size(number)}
        )
        for number in range(count)
    ]
    paths = {label.replace("__", "."): tuple(label.split("__")) for label in lengths}
    return repeated_groups(SiteDocuments(documents), paths)


def rows(number: int) -> int:
    return number % 4 + 1


def test_lists_of_one_length_are_rows() -> None:
    assert groups(a__items__id=rows, a__items__price=rows) == [
        RepeatedGroup(("a", "items"), ("a.items.id", "a.items.price"))
    ]


def test_a_list_that_whole_documents_lack_belongs_to_the_rows() -> None:
    [group] = groups(a__id=rows, a__price=rows, a__note=lambda number: rows(number) * (number % 2))
    assert group.labels == ("a.id", "a.price", "a.note")


def test_a_list_that_lacks_a_value_stays_one() -> None:
    [group] = groups(a__id=rows, a__price=rows, a__note=lambda number: max(1, rows(number) - 1))
    assert group.labels == ("a.id", "a.price")


def test_lists_further_below_belong_to_the_rows_where_their_lengths_tell() -> None:
    [group] = groups(a__id=rows, a__price__amount=rows, a__price__currency=rows)
    assert group == RepeatedGroup(("a",), ("a.id", "a.price.amount", "a.price.currency"))


def test_lists_that_always_have_two_values_may_be_alike_by_accident() -> None:
    two = {"a__tags": lambda number: 2, "a__items__id": lambda number: 2, "a__items__price": lambda number: 2}
    assert groups(**two) == [RepeatedGroup(("a", "items"), ("a.items.id", "a.items.price"))]


def test_a_group_is_called_by_the_steps_that_its_fields_share() -> None:
    [group] = groups(a__code=rows, a__code__scheme=rows)
    assert group.root == ("a", "code")


def test_single_values_and_lone_lists_are_no_rows() -> None:
    assert groups(a__id=lambda number: 1, a__name=lambda number: 1) == []
    assert groups(a__id=rows, b=rows) == []
    assert groups(1, a__id=lambda number: 3, a__name=lambda number: 3) == []
