"""The differences of two readings of the same pages."""

from core.compare.tables import diff_tables
from core.model import Blueprint, Evidence, Extraction, Field, FieldValue, Record, RecordSet
from core.model.scope import DocumentScope

NAMES = ("berth", "keeper")
BLUEPRINT = Blueprint(
    kind="html",
    tables=(
        RecordSet(
            name="berths",
            scope=DocumentScope(),
            fields=tuple(Field(name=n, type="string", selectors=()) for n in NAMES),
        ),
    ),
)


def reading(*rows: tuple[str, str]) -> Extraction:
    records = [
        Record(
            "berths",
            number,
            {n: FieldValue(v, v, 0.9, Evidence(f"xpath:/{number}/{n}")) for n, v in zip(NAMES, row, strict=True) if v},
        )
        for number, row in enumerate(rows)
    ]
    return Extraction("hash", "https://harbour.test/", records)


def test_cells_that_read_otherwise_are_named() -> None:
    before = reading(("north 1", "Ada Lund"), ("north 2", "Bo Ek"))
    after = reading(("north 1", "Ada Lund"), ("north 2", "Cy Dahl"))
    [diff] = diff_tables(BLUEPRINT, [before], [after])
    assert diff.same == 1
    assert [(change.field, change.before, change.after) for change in diff.changed] == [("keeper", "bo ek", "cy dahl")]


def test_rows_gone_and_new_are_shown() -> None:
    before = reading(("north 1", "Ada Lund"), ("north 2", "Bo Ek"), ("north 3", "Cy Dahl"))
    after = reading(("north 1", "Ada Lund"), ("south 9", "Di Falk"))
    [diff] = diff_tables(BLUEPRINT, [before], [after])
    assert [row["berth"] for row in diff.gone] == ["north 2", "north 3"]
    assert [row["berth"] for row in diff.new] == ["south 9"]


def test_the_same_reading_differs_in_nothing() -> None:
    rows = reading(("north 1", "Ada Lund"))
    assert all(diff.is_empty for diff in diff_tables(BLUEPRINT, [rows], [rows]))
