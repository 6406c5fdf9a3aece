"""A list beside the pages behind its records: nothing that either table holds is left out."""

from collections.abc import Sequence

import pytest

from core.model import DetailLink
from core.pipeline.joined_query import Joinable, joined_sql

LINK = DetailLink(table="berths", field="url", key="number", page_key="berth_number")


def columns(listed: Sequence[str], page: Sequence[str]) -> list[str]:
    """What the joined query shows, one text a column."""
    sql = joined_sql(LINK, Joinable("extracted.list", listed), Joinable("extracted.page", page))
    return sql.partition("\n")[0].removeprefix("SELECT ").split(", ")


def test_a_currency_is_there_beside_its_amount_from_either_table() -> None:
    shown = columns(
        ["url", "fee", "fee_currency", "_url"], ["fee", "fee_currency", "deposit", "deposit_currency", "_row_id"]
    )
    assert shown == [
        'list."url"',
        'list."fee"',
        'list."fee_currency"',
        'page."fee" AS "page_fee"',
        'page."fee_currency" AS "page_fee_currency"',
        'page."deposit"',
        'page."deposit_currency"',
        "list._row_id",
        "page._row_id AS _page_row_id",
        "list._document_id",
        "list._evidence",
    ]


def test_no_two_columns_share_a_name() -> None:
    shown = columns(["url", "title", "page_title"], ["title", "page_title", "page_page_title"])
    names = [column.rpartition(" AS ")[2].rpartition(".")[2] for column in shown]
    assert len(set(names)) == len(names) == 10


@pytest.mark.parametrize(
    ("listed", "page", "on"),
    [
        (["url", "number"], ["berth_number"], 'page._url = list."url"'),
        (["number"], ["berth_number"], 'page."berth_number" = list."number"'),
        (["number"], ["length"], ""),
    ],
)
def test_the_tables_are_joined_by_address_else_by_key_else_not_at_all(
    listed: list[str], page: list[str], on: str
) -> None:
    sql = joined_sql(LINK, Joinable("extracted.list", listed), Joinable("extracted.page", page))
    assert sql.partition(" AS page ON ")[2].partition("\n")[0] == on
