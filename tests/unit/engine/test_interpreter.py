"""The runner of today: a version is read by its blueprint, and its written module gives the same rows."""

from core.blueprint.codegen import generate
from core.engine.interpreter import Interpreter
from core.induce import induce
from core.model import Evidence
from core.parse import parse
from tests.contract.nouns import an_extractor

CONTENT = b"Name,Amount\nOak,3\nElm,4\n"
DOCUMENT = parse(CONTENT, url="https://wood.example/list.csv")
BLUEPRINT = induce([DOCUMENT])
VERSION = an_extractor(blueprint=BLUEPRINT, code=generate(BLUEPRINT))


def test_a_version_and_its_blueprint_alone_read_the_same() -> None:
    read = Interpreter().run(VERSION, DOCUMENT)
    assert [record.fields["name"].value for record in read.records] == ["Oak", "Elm"]
    assert Interpreter().try_out(BLUEPRINT, DOCUMENT) == read


def test_values_are_located_unless_somebody_wants_only_values() -> None:
    runner = Interpreter()
    for found in (runner.run(VERSION, DOCUMENT), runner.try_out(BLUEPRINT, DOCUMENT)):
        assert all(isinstance(value.evidence, Evidence) for record in found.records for value in record.fields.values())
    for found in (
        runner.run(VERSION, DOCUMENT, located=False),
        runner.try_out(BLUEPRINT, DOCUMENT, located=False),
    ):
        assert not any(value.evidence for record in found.records for value in record.fields.values())


def test_the_written_module_gives_the_rows_of_the_blueprint() -> None:
    rows = Interpreter().module_rows(VERSION, CONTENT, DOCUMENT.url)
    assert [(row["name"], row["amount"]) for row in rows] == [("Oak", 3), ("Elm", 4)]
