"""The key of a table: the fewest fields that tell rows apart, where that is no chance."""

import random
from collections.abc import Mapping, Sequence

from hypothesis import given
from hypothesis import strategies as st

from core.model.schema import ColumnType
from core.propose.keys import KeyColumn, key_of

DRAW = random.Random(15)
Row = Mapping[str, str]


def key(rows: Sequence[Row], **types: ColumnType) -> tuple[str, ...]:
    return key_of([KeyColumn(name, name.replace("_", " "), kind) for name, kind in types.items()], rows).fields


def test_an_identifier_is_the_key() -> None:
    rows = [{"title": f"Title {n}", "notice_id": f"N-{n}", "value": str(n)} for n in range(50)]
    assert key(rows, title="string", notice_id="identifier", value="money") == ("notice_id",)


def test_a_field_that_repeats_or_is_missing_somewhere_is_none() -> None:
    rows = [{"id": str(n // 2), "number": str(n)} if n else {"id": "x"} for n in range(50)]
    assert key(rows, id="identifier", number="identifier") == ()


def test_prose_money_and_measures_are_none() -> None:
    rows = [{"text": f"{n} and so on", "price": f"{n}.5", "height": f"{n}.25"} for n in range(50)]
    assert key(rows, text="text", price="money", height="decimal") == ()


def test_numbers_that_did_not_meet_by_chance_are_none() -> None:
    rows = [{"kind": "x", "area": str(area)} for area in DRAW.sample(range(1_000_000), 60)]
    assert key(rows, kind="enum", area="integer") == ()


def test_running_numbers_are_a_key_without_a_name() -> None:
    rows = [{"kind": "x", "a": str(n)} for n in DRAW.sample(range(900), 300)]
    assert key(rows, kind="enum", a="integer") == ("a",)


def test_a_day_of_each_row_is_a_key_and_a_free_date_is_none() -> None:
    days = [f"2024-{month:02d}-{day:02d}" for month in range(1, 5) for day in range(1, 29)]
    assert key([{"day": day, "cases": "7"} for day in days], day="date", cases="integer") == ("day",)
    assert key([{"week": day, "cases": "7"} for day in days[::7]], week="date", cases="integer") == ("week",)
    free = [f"20{DRAW.randint(10, 23)}-0{DRAW.randint(1, 9)}-{n + 10}" for n in range(18)]
    assert key([{"kind": "x", "sent": day} for day in free], kind="enum", sent="date") == ()


def test_an_entity_and_a_time_are_a_key_together() -> None:
    towns = {f"{n:05d}": f"Town {n}" for n in range(40)}
    rows = [
        {"year": str(year), "name": name, "org_code": code, "pupils": str(DRAW.randint(10, 500))}
        for year in range(2000, 2010)
        for code, name in towns.items()
    ]
    found = key(rows, year="integer", name="string", org_code="identifier", pupils="integer")
    assert found == ("year", "org_code")


def test_a_key_of_two_is_minimal() -> None:
    rows = [{"id": str(n), "year": str(2000 + n % 5)} for n in range(50)]
    assert key(rows, id="identifier", year="integer") == ("id",)


def test_the_nearest_identifier_to_the_root_is_taken() -> None:
    columns = [KeyColumn("buyer_id", "id", "identifier", 1), KeyColumn("id", "id", "identifier", 0)]
    rows = [{"id": f"a{n}", "buyer_id": f"b{n}"} for n in range(20)]
    assert key_of(columns, rows).fields == ("id",)


def test_no_rows_have_no_key() -> None:
    assert key([], id="identifier") == ()
    assert key([{"id": "1"}], id="identifier") == ()


@given(st.lists(st.dictionaries(st.sampled_from(["id", "code", "year"]), st.sampled_from("123"), min_size=1)))
def test_a_key_tells_all_rows_apart(rows: list[dict[str, str]]) -> None:
    found = key(rows, id="identifier", code="identifier", year="integer")
    assert not found or len({tuple(row[name] for name in found) for row in rows}) == len(rows)
