"""What a repair proves: green only where nothing was lost and rows were compared; a loss is named and asked about."""

import pytest

from core.compare.rows import compare
from core.compare.tables import diff_tables
from core.model import Blueprint, Extraction, Field, FieldValue, Proof, Record, RecordSet, TemplateFix, verdict_of
from core.model.scope import DocumentScope

GOOD = Proof(rows_before=4, rows_after=4, compared=4, known=40, same=40)
KEPT = {"page.title": "kept", "page.price": "moved"}


def fix(proof: Proof = GOOD, fields: dict[str, str] = KEPT, template: str = "main", staged: bool = True) -> TemplateFix:
    candidate = "c" if staged else ""
    verdict = "healed" if staged else "abstained"
    return TemplateFix(
        template=template, before_id="b", candidate_id=candidate, verdict=verdict, fields=fields, proof=proof
    )


def test_a_repair_that_reads_all_known_rows_as_before_is_proved() -> None:
    verdict = verdict_of([fix()])
    assert verdict.level == "proved"
    assert verdict.sentence == "Proved: 40 of 40 known cells in 4 of 4 rows read alike, and no field is lost."
    assert verdict.question == ""


def test_lost_fields_are_named_however_well_the_others_are_read() -> None:
    fields = KEPT | {"page.lots": "removed", "page.city": "abstained"}
    verdict = verdict_of([fix(), fix(fields=fields, template="detail")])
    assert verdict.level == "doubtful"
    assert verdict.lost == ("lots (detail)", "city (detail)")
    assert verdict.question == "Promote although 2 fields are lost: lots (detail), city (detail)?"
    assert "80 of 80 known cells" in verdict.sentence
    assert verdict.is_lossy_only


@pytest.mark.parametrize(
    ("proof", "said"),
    [
        (Proof(rows_before=4, rows_after=4), "no row could be compared"),
        (GOOD.model_copy(update={"compared": 1}), "only 1 of 4 rows could be compared"),
        (GOOD.model_copy(update={"known": 2, "same": 2}), "only 2 known cells could be compared"),
        (GOOD.model_copy(update={"same": 35}), "5 of 40 known cells read otherwise or are empty"),
        (GOOD.model_copy(update={"missing": 5}), "5 of 45 known cells read otherwise or are empty"),
        (GOOD.model_copy(update={"rows_before": 9, "compared": 9}), "4 rows now, 9 before"),
        (GOOD.model_copy(update={"otherwise": ("page.price",)}), "most known cells read otherwise in price"),
        (GOOD.model_copy(update={"unproved": ("page",)}), "no row of “page” reads as before"),
    ],
)
def test_what_the_rows_leave_open_is_a_doubt(proof: Proof, said: str) -> None:
    verdict = verdict_of([fix(proof)])
    assert verdict.level == "doubtful"
    assert said in verdict.doubts
    assert not verdict.is_lossy_only


@pytest.mark.parametrize(
    "proof",
    [
        GOOD.model_copy(update={"known": 3, "same": 3}),
        GOOD.model_copy(update={"same": 36}),
        GOOD.model_copy(update={"known": 30, "same": 36, "missing": 10}),
        GOOD.model_copy(update={"compared": 2}),
        GOOD.model_copy(update={"rows_before": 10, "rows_after": 5, "compared": 3}),
    ],
    ids=["three cells", "nine in ten", "one in ten is empty", "half of the rows", "half as many rows"],
)
def test_what_is_just_enough_is_proved(proof: Proof) -> None:
    assert verdict_of([fix(proof)]).level == "proved"


@pytest.mark.parametrize(
    ("fates", "doubts"),
    [
        (("removed", "kept"), ()),
        (("removed", "removed", "kept"), ("most fields are lost",)),
        (("removed", "removed", "removed"), ("most fields are lost",)),
    ],
)
def test_more_than_half_of_the_fields_lost_is_no_repair(fates: tuple[str, ...], doubts: tuple[str, ...]) -> None:
    verdict = verdict_of([fix(fields={f"page.field_{n}": fate for n, fate in enumerate(fates)})])
    assert (verdict.level, verdict.doubts) == ("doubtful", doubts)
    assert verdict.is_lossy_only == (not doubts)


def test_the_sentence_names_five_losses_and_the_question_all_of_them() -> None:
    lost = {f"page.lost_{n}": "removed" for n in range(1, 7)}
    verdict = verdict_of([fix(fields=lost | {f"page.kept_{n}": "kept" for n in range(6)})])
    assert verdict.sentence == (
        "Not proved: 6 fields are lost: lost_1, lost_2, lost_3, lost_4, lost_5 and 1 more. "
        "40 of 40 known cells in 4 of 4 rows read alike."
    )
    assert verdict.question == ("Promote although 6 fields are lost: lost_1, lost_2, lost_3, lost_4, lost_5, lost_6?")


def test_one_loss_and_a_doubt_are_said_together() -> None:
    lost = {"page.lots": "removed", "page.title": "kept", "page.city": "kept"}
    verdict = verdict_of([fix(GOOD.model_copy(update={"unproved": ("page",)}), lost)])
    assert verdict.question == "Promote although 1 field is lost: lots; no row of “page” reads as before?"
    assert verdict.sentence.startswith("Not proved: 1 field is lost: lots; no row of “page” reads as before. 40 of 40")


def test_a_doubt_without_a_loss_is_said_alone() -> None:
    verdict = verdict_of([fix(GOOD.model_copy(update={"otherwise": tuple(f"page.f{n}" for n in range(6))}))])
    assert verdict.sentence.startswith("Not proved: most known cells read otherwise in f0, f1, f2, f3, f4 and 1 more. ")


def test_only_what_abstained_is_a_doubt_where_something_else_is_staged() -> None:
    healthy = fix(Proof(), template="detail", staged=False).model_copy(update={"verdict": "healthy"})
    assert verdict_of([fix(), healthy]).level == "proved"


def test_a_kind_of_page_that_was_not_found_again_is_a_doubt() -> None:
    verdict = verdict_of([fix(), fix(Proof(), template="detail", staged=False)])
    assert verdict.doubts == ("nothing was found again on detail pages",)


def test_nothing_staged_is_nothing_to_promote() -> None:
    assert verdict_of([]).level == "nothing"
    assert verdict_of([fix(staged=False)]).level == "nothing"


NAMES = ("berth", "keeper", "tide")
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
ROWS = [("north 1", "Ada Lund", "low"), ("north 2", "Bo Ek", "high"), ("north 3", "Cy Dahl", "low")]


def reading(rows: list[tuple[str, str, str]]) -> list[Extraction]:
    cells = [{n: FieldValue(v, v, 0.9, None) for n, v in zip(NAMES, row, strict=True) if v} for row in rows]
    records = [Record("berths", number, fields) for number, fields in enumerate(cells)]
    return [Extraction("hash", "https://harbour.test/", records)]


@pytest.mark.parametrize(
    "after",
    [
        [(a, "", c) for a, _, c in ROWS],
        [(a, f"{b} and sons", c) for a, b, c in ROWS],
        [(f"pier {n}", f"Di Falk {n}", "low") for n in range(3)],
        ROWS[:1],
        [],
    ],
    ids=["a field is empty", "a field reads otherwise", "other rows", "few rows", "no rows"],
)
def test_what_is_not_read_as_before_is_never_green(after: list[tuple[str, str, str]]) -> None:
    proof = compare(BLUEPRINT, reading(ROWS), reading(after))
    assert verdict_of([fix(proof)]).level == "doubtful", proof


def test_a_field_that_is_empty_in_most_known_rows_is_lost() -> None:
    proof = compare(BLUEPRINT, reading(ROWS), reading([(a, "", c) for a, _, c in ROWS]))
    assert proof.emptied == ("berths.keeper",)
    assert (proof.compared, proof.known, proof.same, proof.missing) == (3, 6, 6, 0)
    assert fix(proof).lost == ("berths.keeper",)


def test_no_table_without_a_row_that_reads_the_same_stands_under_a_green_sign() -> None:
    for after in (ROWS, [(a, b, "") for a, b, _ in ROWS], [(a, b, f"{c} water") for a, b, c in ROWS], ROWS[1:]):
        before, now = reading(ROWS), reading(after)
        green = verdict_of([fix(compare(BLUEPRINT, before, now))]).level == "proved"
        assert not (green and any(diff.same == 0 for diff in diff_tables(BLUEPRINT, before, now)))


def test_a_value_that_is_written_otherwise_reads_the_same() -> None:
    [before], [now] = reading(ROWS), reading(ROWS)
    for row, record in enumerate(now.records):
        record.fields["tide"] = FieldValue(ROWS[row][2], f"the tide is {ROWS[row][2]}", 0.9, None)
    assert diff_tables(BLUEPRINT, [before], [now])[0].same == 3
