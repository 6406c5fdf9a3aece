"""The engine on the sample portal: what it learns, what it writes, where it leads on."""

import pytest

from core.blueprint.codegen import generate
from core.blueprint.edit import without_table
from core.errors import BadInput
from core.evidence.resolve import resolve
from core.extract import extract
from core.flow.lake_rows import plain_rows
from core.induce import induce
from core.model import Blueprint, Evidence, Extraction, ParsedDocument
from core.plugin import read
from core.schema.templates import fit, group_templates
from jobs.portal.content import TENDERS
from tests.unit.conftest import Visit

DETAILS = [f"/tenders/{tender.reference}" for tender in TENDERS[:3]]


class Page:
    """What a written extractor is given."""

    def __init__(self, content: bytes, url: str) -> None:
        self.content = content
        self.url = url


def texts(extraction: Extraction, table: str, field: str) -> list[str]:
    return [str(r.fields[field].raw) for r in extraction.records if r.table == table and field in r.fields]


@pytest.mark.parametrize("redesigned", [False, True], ids=["old design", "new design"])
def test_the_list_is_the_main_table_with_one_record_a_tender(visit: Visit, redesigned: bool) -> None:
    page = visit("/tenders", redesigned=redesigned)
    blueprint = induce([page])
    main = blueprint.tables[0]
    records = [record for record in extract(blueprint, page).records if record.table == main.name]
    assert len(records) == 20
    shown = [" ".join(str(cell.raw) for cell in record.fields.values()) for record in records]
    assert all(tender.reference in text and tender.title in text for tender, text in zip(TENDERS, shown, strict=False))


@pytest.mark.parametrize("redesigned", [False, True], ids=["old design", "new design"])
def test_the_list_leads_to_its_next_page_and_to_the_page_of_each_record(visit: Visit, redesigned: bool) -> None:
    page = visit("/tenders", redesigned=redesigned)
    extraction = extract(induce([page]), page)
    assert extraction.next_url is not None
    assert extraction.next_url.endswith("/tenders?page=2")
    assert [url.rpartition("/")[2] for url in extraction.detail_urls] == [t.reference for t in TENDERS[:20]]


def test_the_last_page_leads_nowhere(visit: Visit) -> None:
    blueprint = induce([visit("/tenders")])
    assert extract(blueprint, visit("/tenders?page=4")).next_url is None


def test_details_are_one_record_with_the_labels_as_names(visit: Visit) -> None:
    blueprint = induce([visit(path) for path in DETAILS])
    main = blueprint.tables[0]
    assert {"buyer", "deadline", "published", "estimated_value"} <= {field.name for field in main.fields}
    other = visit(f"/tenders/{TENDERS[30].reference}")
    assert texts(extract(blueprint, other), main.name, "buyer") == [TENDERS[30].buyer.name]


@pytest.mark.parametrize("path", ["/tenders", "/awards", DETAILS[0]])
def test_every_value_is_found_again_by_its_evidence(visit: Visit, path: str) -> None:
    page = visit(path)
    extraction = extract(induce([page]), page)
    assert extraction.records
    for record in extraction.records:
        for cell in record.fields.values():
            places = [cell.evidence] if isinstance(cell.evidence, Evidence) else cell.evidence
            raws = [cell.raw] if isinstance(cell.evidence, Evidence) else cell.raw
            assert [resolve(place, page) for place in places] == raws


@pytest.mark.parametrize("paths", [["/tenders"], ["/awards"], DETAILS], ids=["list", "table", "details"])
def test_the_written_module_gives_the_rows_of_the_blueprint(visit: Visit, paths: list[str]) -> None:
    pages = [visit(path) for path in paths]
    blueprint = induce(pages)
    module: dict[str, object] = {}
    code = generate(blueprint, source="portal")
    exec(compile(code, "extractor", "exec"), module)
    assert code == generate(blueprint, source="portal")
    written = module["BLUEPRINT"]
    assert isinstance(written, Blueprint)
    for page in pages:
        assert list(plain_rows(extract(written, page))) == list(plain_rows(extract(blueprint, page)))


def test_a_plugin_reads_bytes(visit: Visit) -> None:
    page = visit("/tenders")
    content = b"<table><tr><th>Name</th><th>City</th></tr>" + b"".join(
        f"<tr><td>Person {n}</td><td>Town {n}</td></tr>".encode() for n in range(6)
    )
    assert list(read(induce([page]), Page(content, "http://127.0.0.1/"))) == []


def test_pages_of_two_templates_fall_into_two_groups(visit: Visit) -> None:
    pages = [visit("/tenders"), *(visit(path) for path in DETAILS), visit("/tenders?page=2")]
    assert [group.members for group in group_templates(pages)] == [(0, 4), (1, 2, 3)]


def test_a_blueprint_fits_its_own_pages_and_no_other_kind(visit: Visit) -> None:
    blueprint = induce([visit("/tenders")])
    assert fit(blueprint, extract(blueprint, visit("/tenders?page=3"))) > 0.8
    assert fit(blueprint, extract(blueprint, ParsedDocument("json", "", "", {}))) == 0.0


class TestEditing:
    @pytest.fixture
    def blueprint(self, visit: Visit) -> Blueprint:
        return induce([visit("/tenders")])

    def test_the_last_table_cannot_be_dropped(self, blueprint: Blueprint) -> None:
        only = blueprint.model_copy(update={"tables": blueprint.tables[:1]})
        with pytest.raises(BadInput, match="No table is left"):
            without_table(only, only.tables[0].name)
