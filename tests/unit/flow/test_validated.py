"""What is told of rows that are held against a schema: in parts, with what was decided, and each decision by itself."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from core.events import Column, RowsExtracted, RowsRefused, RowsValidated
from core.flow.validated import MOST_TOLD, TOLD_TOGETHER, decisions_by_row, validated
from core.model.review import Decision, DecisionKind, ReviewItem
from core.model.schema import ContractMode, SchemaField, SchemaTable, SchemaVersion, SiteLabel

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SITE = "extracted.alpha__page"


def version(mode: ContractMode = "discard_row") -> SchemaVersion:
    field = SchemaField(name="day", type="date", required=True, sources=(SiteLabel(SITE, "when"),))
    return SchemaVersion(
        schema_name="tender",
        number=1,
        table=SchemaTable(name="tender", fields=(field,)),
        columns={"day": "day"},
        review_id="one",
        approved_by="ann",
        approved_at=NOW,
        mode=mode,
    )


def rows(*texts: str, **more: Any) -> RowsExtracted:
    return RowsExtracted(
        event_id="rows",
        subject=SITE,
        at=NOW,
        source_id="alpha",
        document_id="page",
        extractor_id="reader",
        run_id="run",
        columns=(Column(name="when", type="string"),),
        rows=[{"_row_id": f"row{n}", "_raw": json.dumps({"when": text}), **more} for n, text in enumerate(texts)],
    )


def item(text: str, kind: DecisionKind, *values: str, row: str = "row0", rule: str = "type") -> ReviewItem:
    return ReviewItem(
        item_id=f"{row}{kind}",
        schema_name="tender",
        version=1,
        table=SITE,
        source_id="alpha",
        document_id="page",
        extractor_id="reader",
        row_id=row,
        column="day",
        label="when",
        rule=rule,
        text=text,
        opened_at=NOW,
        acts=(Decision(kind=kind, at=NOW, by="ann", values=values),),
    )


def told(given: RowsExtracted, *items: ReviewItem, mode: ContractMode = "discard_row") -> tuple[list[Any], list[Any]]:
    events = list(validated(version(mode), given, decisions_by_row(items)["tender"]))
    let_in = [row for event in events if isinstance(event, RowsValidated) for row in event.rows]
    return let_in, [event for event in events if isinstance(event, RowsRefused)]


def test_many_wrong_values_are_told_in_parts_and_counted_once() -> None:
    _, refused = told(rows(*["soon"] * (MOST_TOLD + 200)))
    assert [len(event.values) for event in refused] == [TOLD_TOGETHER] * (MOST_TOLD // TOLD_TOGETHER)
    assert (sum(event.rows for event in refused), sum(event.wrong for event in refused)) == (1_200, 1_200)
    assert len({event.event_id for event in refused}) == len(refused)


def test_a_text_of_a_whole_page_is_told_in_short() -> None:
    _, [refused] = told(rows("x" * 100_000))
    assert len(refused.values[0].text) == 1_000
    [row], none = told(rows("x" * 100_000), item(refused.values[0].text, "accepted"))
    assert (row["day"], none) == (None, [])


@pytest.mark.parametrize(
    ("mode", "kind", "expected"),
    [
        ("discard_row", "accepted", (None, False)),
        ("discard_row", "rejected", (None, True)),
        ("discard_row", "corrected", ("2026-03-31", False)),
        ("evolve", "rejected", (None, False)),
        ("evolve", "corrected", ("2026-03-31", False)),
        ("discard_value", "corrected", ("2026-03-31", False)),
    ],
)
def test_a_decision_says_what_becomes_of_the_row(
    mode: ContractMode, kind: DecisionKind, expected: tuple[str | None, bool]
) -> None:
    [row], refused = told(rows("soon"), item("soon", kind, "31 March 2026"), mode=mode)
    assert ((row.get("day"), row["_withheld"]), refused) == (expected, [])
    assert row["_decided"] == 1
    assert json.loads(row["_decision"])["day"]["kind"] == kind


def test_a_decision_about_another_text_counts_for_nothing() -> None:
    [row], [refused] = told(rows("later"), item("soon", "accepted"))
    assert row["_withheld"]
    assert refused.values[0].text == "later"
    [row], _ = told(rows("1 May 2026"), item("soon", "corrected", "31 March 2026"))
    assert row["day"] == "2026-05-01"


def test_each_decision_is_a_message_of_its_own_and_others_stay_together() -> None:
    given, decided = rows("1 May 2026", "soon", "2 May 2026"), item("soon", "accepted", row="row1")
    ids = [event.event_id for event in validated(version(), given, decisions_by_row([decided])["tender"])]
    assert len(set(ids)) == 2
    again = decided.model_copy(update={"acts": (*decided.acts, Decision(kind="reopened", at=NOW, by="ann"))})
    later = [event.event_id for event in validated(version(), given, decisions_by_row([again])["tender"])]
    assert later[0] == ids[0]
    assert later[1] != ids[1]


def test_a_dispute_is_a_misfit_with_both_values_unless_the_value_is_wrong_anyway() -> None:
    second = json.dumps({"when": {"raw": "2 May 2026", "evidence": ["xpath:/p", 0, 3]}})
    _, [refused] = told(rows("1 May 2026", _second=second))
    [value] = refused.values
    assert (value.rule, value.text, value.second) == ("second reader", "1 May 2026", "2 May 2026")
    assert value.second_places[0].locator == "xpath:/p"
    assert [one.rule for one in told(rows("soon", _second=second))[1][0].values] == ["type"]
    [row], _ = told(rows("1 May 2026", _second=second), mode="evolve")
    assert (row["day"], "_second" in row) == ("2026-05-01", False)
