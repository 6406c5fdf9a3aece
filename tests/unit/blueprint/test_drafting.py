"""What a person does to a draft: it is there at once, it can be taken back, and links follow the names."""

from datetime import UTC, datetime

import pytest

from core.blueprint.drafting import (
    MOST_SENDERS,
    MOST_UNDOS,
    Change,
    Click,
    clicked,
    edited,
    kept,
    leads_on,
    revised,
    undone,
)
from core.blueprint.edit import without_table
from core.errors import BadInput, Conflict
from core.model import Blueprint, DetailLink, Draft, Field, RecordSet
from core.model.scope import DocumentScope
from core.model.selector import JsonSelector
from core.schema.resemblance import Wanted
from core.schema.wanted import WishAnswer, with_answers
from pages._widgets.column_editor import changes_of, clicks_of


def table(name: str, *fields: str, parent: str | None = None) -> RecordSet:
    made = (Field(name=field, type="string", selectors=(JsonSelector(path=field),)) for field in fields)
    return RecordSet(name=name, scope=DocumentScope(), fields=tuple(made), parent=parent)


def drafted() -> Draft:
    link = DetailLink(table="berths", field="url", key="number", page_key="berth")
    main = Blueprint(
        kind="json", tables=(table("berths", "number", "url", "fee"), table("tides", "hour")), details=link
    )
    detail = Blueprint(kind="json", tables=(table("page", "berth", "depth"), table("lamps", "colour", parent="page")))
    return Draft(
        draft_id="d",
        location="https://harbour.test/berths",
        acquirer="http",
        name="berths",
        created_at=datetime(2026, 5, 4, tzinfo=UTC),
        state="ready",
        blueprints={"main": main, "detail": detail},
    )


def names(draft: Draft, template: str = "main") -> list[str]:
    blueprint = kept(draft, template)
    return [field.name for field in blueprint.tables[0].fields] if blueprint else []


def test_a_left_out_column_is_not_accepted_and_can_be_taken_up_again() -> None:
    draft = edited(drafted(), "main", "berths", [Change(2, keep=False)])
    assert names(draft) == ["number", "url"]
    renamed = edited(draft, "main", "berths", [Change(2, name="Harbour fee")])
    assert names(renamed) == ["number", "url"]
    assert names(edited(renamed, "main", "berths", [Change(2, keep=True)])) == ["number", "url", "harbour_fee"]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Fee (EUR)", "fee_eur"),
        ("number", "number_2"),
        ("  ", "fee"),
        ("!?", "fee"),
        ("table", "table_2"),
        ("τέλος", "τελοσ"),
    ],
)
def test_what_is_written_becomes_a_name_that_a_column_can_have(written: str, name: str) -> None:
    assert names(edited(drafted(), "main", "berths", [Change(2, name=written)])) == ["number", "url", name]


def test_names_and_types_that_were_set_are_pinned_and_nothing_done_is_no_step() -> None:
    draft = edited(drafted(), "main", "berths", [Change(2, type="money")])
    assert draft.blueprints["main"].tables[0].fields[2].pinned
    assert draft.steps[-1].words == "the new type of fee"
    assert edited(draft, "main", "berths", [Change(2, type="money", name="fee", keep=True)]) == draft


def test_links_to_pages_follow_the_names_of_their_columns() -> None:
    draft = edited(drafted(), "main", "berths", [Change(0, name="no"), Change(1, name="page address")])
    draft = edited(draft, "detail", "page", [Change(0, name="berth no")])
    link = draft.blueprints["main"].details
    assert link == DetailLink(table="berths", field="page_address", key="no", page_key="berth_no")
    assert leads_on(draft)
    found = [WishAnswer(Wanted("where"), "berths", "page_address", 1.0)]
    named = revised(draft, "main", with_answers(draft.blueprints["main"], found), "the wanted columns")
    assert named.blueprints["main"].details == link.model_copy(update={"field": "where"})
    assert not leads_on(edited(named, "main", "berths", [Change(0, keep=False)]))


def test_a_link_is_accepted_as_far_as_its_columns_are() -> None:
    without_key = kept(edited(drafted(), "main", "berths", [Change(0, keep=False)]), "main")
    assert without_key is not None
    assert without_key.details == DetailLink(table="berths", field="url")
    without_address = kept(edited(drafted(), "main", "berths", [Change(1, keep=False)]), "main")
    assert without_address is not None
    assert without_address.details is None


def test_a_wanted_column_is_taken_up_although_it_was_left_out() -> None:
    draft = edited(drafted(), "main", "berths", [Change(1, keep=False), Change(2, keep=False)])
    found = [WishAnswer(Wanted("charge"), "berths", "fee", 1.0)]
    named = revised(draft, "main", with_answers(draft.blueprints["main"], found), "the wanted columns")
    assert names(named) == ["charge", "number"]


def test_tables_without_a_column_go_with_what_hangs_on_them() -> None:
    draft = edited(drafted(), "detail", "page", [Change(0, keep=False), Change(1, keep=False)])
    assert kept(draft, "detail") is None
    assert [found.name for found in draft.blueprints["detail"].tables] == ["page", "lamps"]


def test_changes_are_taken_back_one_by_one_as_far_as_they_are_kept() -> None:
    draft = drafted()
    for number in range(MOST_UNDOS + 2):
        draft = edited(draft, "main", "berths", [Change(0, name=f"number {number + 10}", keep=number % 2 == 0)])
    draft = revised(draft, "main", without_table(draft.blueprints["main"], "tides"), "dropping tides")
    assert [found.name for found in undone(draft).blueprints["main"].tables] == ["berths", "tides"]
    for _ in range(MOST_UNDOS):
        draft = undone(draft)
    assert draft.blueprints["main"].tables[0].fields[0].name == "number_12"
    assert names(draft)[0] == "number_12"
    with pytest.raises(Conflict):
        undone(draft)


def test_a_position_that_is_not_there_is_said() -> None:
    with pytest.raises(BadInput):
        edited(drafted(), "main", "berths", [Change(3, keep=False)])


def test_the_browser_is_not_trusted() -> None:
    sent = [
        {"at": 1, "what": "name", "value": "a"},
        {"at": 1, "what": "name", "value": "b"},
        {"at": 0, "what": "keep", "value": False},
        {"at": 0, "what": "keep", "value": "no"},
        {"at": 2, "what": "type", "value": "blob"},
        {"at": "2", "what": "type", "value": "money"},
        {"at": 2, "what": "selectors", "value": "x"},
        {},
    ]
    assert changes_of(sent) == [Change(1, name="b"), Change(0, keep=False)]


def test_a_click_that_is_told_again_is_done_once_and_in_its_order() -> None:
    first, second = Click(7, [Change(0, name="berth")]), Click(9, [Change(0, name="mooring"), Change(2, keep=False)])
    once = clicked(drafted(), "main", "berths", "browser", [second, first])
    assert [field.name for field in once.blueprints["main"].tables[0].fields] == ["mooring", "url", "fee"]
    assert [step.words for step in once.steps] == ["the new name of number", "the change of 2 columns"]
    # it was taken back meanwhile: that it is told once more does not bring it again
    back = undone(once)
    assert clicked(back, "main", "berths", "browser", [first, second]) is back
    later = clicked(back, "main", "berths", "browser", [second, Click(10, [Change(1, keep=False)])])
    assert later.left_out["main"] == (("berths", "url"),)


def test_browsers_whose_clocks_differ_do_not_silence_each_other() -> None:
    ahead = clicked(drafted(), "main", "berths", "ahead", [Click(10_000, [Change(0, name="berth")])])
    both = clicked(ahead, "main", "berths", "behind", [Click(3, [Change(2, keep=False)])])
    assert both.left_out["main"] == (("berths", "fee"),)
    for number in range(2 * MOST_SENDERS):
        both = clicked(both, "main", "berths", f"s{number}", [Click(1, [Change(2, keep=number % 2 == 0)])])
    assert len(both.answered) == MOST_SENDERS


def test_what_the_browser_sent_is_told_apart_by_its_clicks() -> None:
    sent = [
        {"number": 5, "at": 0, "what": "keep", "value": False},
        {"number": 5, "at": 1, "what": "keep", "value": False},
        {"number": 8, "at": 0, "what": "name", "value": "x"},
        {"number": True, "at": 0, "what": "name", "value": "y"},
        {"number": 9, "at": 0, "what": "type", "value": "blob"},
        {"at": 0, "what": "name", "value": "z"},
    ]
    assert clicks_of(sent) == [
        Click(5, [Change(0, keep=False), Change(1, keep=False)]),
        Click(8, [Change(0, name="x")]),
    ]
