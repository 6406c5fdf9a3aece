"""Files of figures whose headers are renamed, reordered or dropped: no column takes the place of its neighbour."""

import random
from collections.abc import Sequence

import pytest

from core.extract import extract
from core.heal import changes, heal
from core.induce import induce
from core.model import Blueprint
from core.model.document import ParsedDocument
from core.parse import parse

AGES = ("0-4", "5-12", "13-17", "18-24", "25-34", "35-44", "45-54", "55-64")


def figures(headers: Sequence[str], order: Sequence[int], *, digits: int = 6, first: int = 1) -> ParsedDocument:
    """Forty days of a share for each age; the same days give the same shares."""
    lines = [",".join(["Day", *(headers[number] for number in order)])]
    for day in range(first, first + 40):
        draw = random.Random(day)
        shares = [f"{5 + draw.random():.12f}"[: 2 + digits] for _ in AGES]
        lines.append(",".join([f"2021-{day // 28 + 1:02d}-{day % 28 + 1:02d}", *(shares[number] for number in order)]))
    return parse("\n".join(lines).encode(), url="https://figures.test/shares.csv", media_type="text/csv")


OLD = [f"Admitted {age}" for age in AGES]
NEW = [f"admit_{age.replace('-', '_')}" for age in AGES]


def column(blueprint: Blueprint, page: ParsedDocument, name: str) -> list[object]:
    return [record.fields[name].raw if name in record.fields else None for record in extract(blueprint, page).records]


def read_alike(blueprint: Blueprint, healed: Blueprint, before: ParsedDocument, after: ParsedDocument) -> list[bool]:
    """For each field whether the healed blueprint reads on the fresh file what the old one read on the archived."""
    names = [field.name for field in blueprint.tables[0].fields]
    pairs = [(column(blueprint, before, name), column(healed, after, name)) for name in names]
    return [all(str(new).startswith(str(old)) for old, new in zip(*pair, strict=True)) for pair in pairs]


def test_known_days_tell_which_renamed_column_is_which() -> None:
    before, after = figures(OLD, range(8)), figures(NEW, [7, 6, 5, 4, 3, 2, 1, 0], digits=10)
    blueprint = induce([before])
    healed, report = heal(blueprint, [before], [after])
    assert set(report.fields.values()) == {"moved"}
    assert all(read_alike(blueprint, healed, before, after))


def test_numbers_in_the_headers_tell_which_column_is_which_where_no_day_is_known() -> None:
    before, after = figures(OLD, range(8)), figures(NEW, [7, 6, 5, 4, 3, 2, 1, 0], first=100)
    blueprint = induce([before])
    healed, _ = heal(blueprint, [before], [after])
    fresh = induce([after])
    for old, new in zip(OLD, NEW, strict=True):
        name, other = (
            next(field.name for field in each.tables[0].fields if field.label == label)
            for each, label in ((blueprint, old), (fresh, new))
        )
        assert column(healed, after, name) == column(fresh, after, other)


def test_columns_that_nothing_tells_apart_are_left_to_a_person() -> None:
    before, after = figures(OLD, range(8)), figures([f"share {n}" for n in "abcdefgh"], range(8), first=100)
    blueprint = induce([before])
    _, report = heal(blueprint, [before], [after])
    ages = [fate for name, fate in report.fields.items() if "admitted" in name]
    assert len(ages) == 8
    assert not {"kept", "moved"} & set(ages)


def test_a_healed_table_still_reads_the_earlier_file() -> None:
    before, after = figures(OLD, range(8)), figures(NEW, range(8), digits=10)
    blueprint = induce([before])
    healed, _ = heal(blueprint, [before], [after])
    assert all(read_alike(blueprint, healed, before, before))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (
            b"Day,Admit 0-4\n2021-03-01,17\n2021-03-02,23\n",
            b"Day,admit_0_4\n2021-03-01,17\n2021-03-02,23\n",
            [
                "1 of 2 columns is gone: “Admit 0-4”, “admit_0_4” is new",
                "column “Admit 0-4” became “admit_0_4” (2 texts show it)",
            ],
        ),
        (
            b'{"items": [{"ref": "A-1", "buyer": {"name": "Mere"}}]}',
            b'{"data": [{"ref": "A-1"}]}',
            [
                "2 of 2 keys are gone: “items/ref”, “data/ref” is new",
                "key “items/ref” became “data/ref” (1 text shows it)",
            ],
        ),
        (
            b"<?xml version='1.0'?><all><n><ref>A-1</ref></n></all>",
            b"<?xml version='1.0'?><all><n><ref>A-1</ref><on>2 May</on></n></all>",
            ["1 element is new: “on”"],
        ),
        (b"Day,Share\n2021-03-01,17\n", b"Day,Share\n2021-03-02,23\n", []),
    ],
)
def test_what_changed_in_a_file_is_said_by_its_names(before: bytes, after: bytes, said: list[str]) -> None:
    assert changes(parse(before), parse(after)) == said


@pytest.mark.parametrize("shift", [2, 1000])
def test_numbers_that_are_only_about_the_same_are_left_to_a_person(shift: int) -> None:
    rows = [(f"2021-03-{n:02d}", f"Harbour of heir {n}", 20180200 + 7 * n) for n in range(1, 21)]
    before, after = (
        parse("\n".join([header, *(f"{a},{b},{c + more}" for a, b, c in rows)]).encode(), media_type="text/csv")
        for header, more in (("Day,Place,Docket", 0), ("On,Where,Number", shift))
    )
    blueprint = induce([before])
    _, report = heal(blueprint, [before], [after])
    fates = {name.partition(".")[2]: fate for name, fate in report.fields.items()}
    assert fates["docket"] == "abstained"
    assert fates["place"] == "moved"


def test_keys_that_are_data_are_no_names() -> None:
    before, after = (
        "{" + ",".join(f'"2024-{n // 28 + 1:02d}-{n % 28 + 1:02d}": {{"{key}": "{n}x"}}' for n in range(300)) + "}"
        for key in ("ref", "number")
    )
    assert changes(parse(before.encode()), parse(after.encode())) == [
        "1 of 1 keys is gone: “*/ref”, “*/number” is new",
        "key “*/ref” became “*/number” (300 texts show it)",
    ]
