"""What a reader says of a document is held against the document itself."""

import pytest

from core.evidence.spot_check import Unproven, unproven
from core.extract import extract
from core.induce import induce
from core.model import Evidence, Extraction
from core.parse import parse

PRICES = b"Name,Amount\nOak,3\nElm,4\nAsh,5\n"
LAMPS = b"""<html><body><ul>%s</ul></body></html>""" % b"".join(
    b"<li><b>Lamp %d</b> <i>EUR %d.50</i>%s</li>" % (number, number, b"<u>red</u><u>blue</u>" * (number % 3))
    for number in range(1, 10)
)


def changed(extraction: Extraction, record: int, field: str, **parts: object) -> Extraction:
    fields = extraction.records[record].fields
    fields[field] = fields[field]._replace(**parts)
    return extraction


def test_what_stands_where_it_says_is_proved() -> None:
    for content in (PRICES, LAMPS):
        document = parse(content)
        assert unproven(extract(induce([document]), document), document) == []


def test_a_value_that_stands_elsewhere_is_not() -> None:
    document = parse(PRICES)
    extraction = extract(induce([document]), document)
    moved = extraction.records[0].fields["amount"].evidence
    [one] = unproven(changed(extraction, 1, "amount", evidence=moved), document)
    assert (one.record, one.field, one.raw) == (1, "amount", "4")
    assert "row 2" in one.sentence


def test_a_place_that_is_not_there_and_no_place_at_all_prove_nothing() -> None:
    document = parse(PRICES)
    for evidence in (Evidence("cell:!R99C1"), Evidence("nonsense"), None):
        extraction = changed(extract(induce([document]), document), 0, "name", evidence=evidence)
        assert [one.record for one in unproven(extraction, document)] == [0]


def test_one_value_of_a_list_is_enough() -> None:
    document = parse(LAMPS)
    extraction = extract(induce([document]), document)
    [(name, value)] = [pair for pair in extraction.records[1].fields.items() if isinstance(pair[1].raw, list)]
    wrong = changed(extraction, 1, name, raw=[*value.raw[:-1], "green"])
    assert [(one.record, one.raw) for one in unproven(wrong, document)] == [(1, "green")]


def test_each_value_of_a_list_needs_a_place_of_its_own() -> None:
    document = parse(LAMPS)
    extraction = extract(induce([document]), document)
    [(name, value)] = [pair for pair in extraction.records[1].fields.items() if isinstance(pair[1].raw, list)]
    unplaced = changed(extraction, 1, name, evidence=value.evidence[0])
    assert [(one.record, one.raw) for one in unproven(unplaced, document)] == [(1, str(value.raw[0]))]
    with pytest.raises(ValueError, match="shorter"):
        unproven(changed(extraction, 1, name, evidence=value.evidence[:-1]), document)


def test_a_long_value_is_cut_in_the_sentence() -> None:
    said = Unproven("lamps", 0, "name", "x" * 81).sentence
    assert f"“{'x' * 80}”" in said
    assert said.startswith("row 1 of “lamps” is not kept: its “name”, ")
