"""Repairs on the sample portal: the same data in another design, a lost field, and nothing wrong at all."""

import pytest

from core.extract import extract
from core.heal import changes, heal, leave_doubtful_empty
from core.heal.fallback import guard_of
from core.induce import induce
from core.model import Blueprint, Field, ParsedDocument, RecordSet
from core.model.scope import DocumentScope
from core.model.selector import LabelSelector
from core.parse import parse
from jobs.portal.content import TENDERS
from tests.unit.conftest import Visit

DETAILS = [f"/tenders/{tender.reference}" for tender in TENDERS[:4]]


def column(blueprint: Blueprint, page: ParsedDocument, name: str) -> list[str]:
    main = blueprint.tables[0].name
    records = extract(blueprint, page).records
    return [str(r.fields[name].raw).strip() for r in records if r.table == main and name in r.fields]


def test_another_page_of_the_same_list_is_healthy(visit: Visit) -> None:
    before, after = visit("/tenders"), visit("/tenders?page=2")
    blueprint = induce([before])
    healed, report = heal(blueprint, [before], [after])
    assert report.verdict == "healthy"
    assert healed is blueprint
    assert set(report.fields.values()) == {"kept"}


def test_a_redesigned_list_is_read_again_under_the_old_names(visit: Visit) -> None:
    before, after = visit("/tenders"), visit("/tenders", redesigned=True)
    blueprint = induce([before])
    healed, report = heal(blueprint, [before], [after])
    assert report.verdict in ("healed", "partial")
    for name in ("reference", "title", "deadline", "published", "estimated_value", "status"):
        assert report.fields[f"{blueprint.tables[0].name}.{name}"] == "moved", name
        assert column(healed, after, name) == column(blueprint, before, name), name


def test_redesigned_details_are_read_again_under_the_old_names(visit: Visit) -> None:
    before = [visit(path) for path in DETAILS]
    after = [visit(path, redesigned=True) for path in DETAILS]
    blueprint = induce(before)
    healed, _ = heal(blueprint, before, after)
    for name in ("buyer", "deadline", "published", "reference_number"):
        assert column(healed, after[0], name) == column(blueprint, before[0], name), name


def test_a_page_without_anything_that_repeats_is_left_to_a_person(visit: Visit) -> None:
    before = visit("/tenders")
    blueprint = induce([before])
    after = visit("/empty-of-records")
    healed, report = heal(blueprint, [before], [after])
    assert report.verdict == "abstained"
    assert healed is blueprint
    assert set(report.fields.values()) == {"abstained"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("td class='price'", "td class='cost'"), "class “price” became “cost” (12 texts show it)"),
        (("<th>Keeper", "<th>Warden"), "label “Keeper” became “Warden” (12 texts show it)"),
        (("<td", "<td><b><i"), "element “td” became “i” (24 texts show it)"),
        (("<th>Berth</th><th>Keeper</th>", "<th>Keeper</th><th>Berth</th>"), "“Keeper” stands before “Berth” now"),
        (("<th>Keeper</th>", ""), "label “Keeper” is gone"),
        (("Captain", "Skipper"), ""),
    ],
)
def test_the_change_is_named_with_what_shows_it(change: tuple[str, str], said: str) -> None:
    rows = "".join(f"<tr><td class='price'>Berth {n}</td><td>Captain {n}</td></tr>" for n in range(12))
    page = f"<h1>Berths</h1><table><tr><th>Berth</th><th>Keeper</th></tr>{rows}</table>"
    found = changes(parse(page.encode()), parse(page.replace(*change).encode()))
    assert found[:1] == ([said] if said else [])


BERTHS = [(f"Berth {n}", f"Captain {name}", f"{n + 1} May 2026") for n, name in enumerate("ABCDEFGHIJKL")]


def berths(*shown: str) -> ParsedDocument:
    """A list of berths with some of its columns."""
    names = ("Berth", "Keeper", "Free from")
    heads = "".join(f"<th>{name}</th>" for name in names if name in shown)
    rows = (zip(names, berth, strict=True) for berth in BERTHS)
    cells = ("".join(f"<td>{text}</td>" for name, text in row if name in shown) for row in rows)
    body = "".join(f"<tr>{row}</tr>" for row in cells)
    return parse(f"<h1>Berths</h1><table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>".encode())


def test_a_removed_column_is_said_to_be_gone_and_answered_with_nothing_else() -> None:
    before, after = berths("Berth", "Keeper", "Free from"), berths("Berth", "Free from")
    blueprint = induce([before])
    healed, report = heal(blueprint, [before], [after])
    assert report.fields[f"{blueprint.tables[0].name}.keeper"] == "removed"
    assert column(healed, after, "keeper") == []
    assert column(healed, after, "free_from") == column(blueprint, before, "free_from")


def test_a_healed_blueprint_still_reads_the_old_layout(visit: Visit) -> None:
    before, after = visit("/tenders"), visit("/tenders", redesigned=True)
    blueprint = induce([before])
    healed, _ = heal(blueprint, [before], [after])
    for name in ("reference", "title", "deadline", "published"):
        assert column(healed, before, name) == column(blueprint, before, name), name
        assert column(healed, after, name) == column(blueprint, before, name), name


def test_a_fallback_value_must_look_like_the_field() -> None:
    old = parse(b"<html><dl><dt>Price</dt><dd>12.50 EUR</dd></dl></html>")
    field = Field(
        name="price",
        type="string",
        selectors=(LabelSelector(label="Cost"),),
        former=(LabelSelector(label="Price"),),
        guard=guard_of(["12.50 EUR", "7.90 EUR"]),
    )
    blueprint = Blueprint(kind="html", tables=(RecordSet(name="page", scope=DocumentScope(), fields=(field,)),))
    assert column(blueprint, old, "price") == ["12.50 EUR"]
    assert extract(blueprint, parse(b"<html><dl><dt>Price</dt><dd>ask our staff</dd></dl></html>")).records == []


def test_fields_in_doubt_stay_empty_in_service(visit: Visit) -> None:
    before, after = visit("/tenders"), visit("/tenders", redesigned=True)
    blueprint = induce([before])
    healed, report = heal(blueprint, [before], [after])
    report.fields[f"{blueprint.tables[0].name}.deadline"] = "abstained"
    in_service = leave_doubtful_empty(blueprint, healed, report)
    assert column(in_service, after, "deadline") == []
    assert column(in_service, after, "title") == column(blueprint, before, "title")


def test_the_change_on_the_page_is_said_in_words(visit: Visit) -> None:
    before, after = visit("/tenders"), visit("/tenders", redesigned=True)
    said = " ".join(changes(before, after))
    assert "class names are gone" in said
    assert "table rows were given up" in said
    assert changes(before, visit("/tenders?page=2")) == []
