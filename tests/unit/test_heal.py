"""Repairs on the sample portal: the same data in another design, a lost field, and nothing wrong at all."""

from core.extract import extract
from core.heal import heal
from core.induce import induce
from core.model import Blueprint, ParsedDocument
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
    for name in ("reference", "title", "deadline", "published", "estimated_value"):
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
