"""Runs that go well and are wrong all the same: columns of something else, copies, and changes that are no failure."""

from pathlib import Path

import pytest

from core.model import FixState, Source, SourceState
from core.pipeline import Pipeline
from jobs.commands.sources import scouted
from jobs.worker import drain
from tests.parts import parts_of

PAGES = 24
TOWNS = "Riga Turku Gdansk Lisbon Porto Bergen Ghent Graz Split Zadar Brno Pecs".split()


def write(folder: Path, edition: int, *, town: str = "", factor: float = 1.0) -> None:
    """One more edition of all pages; each has other numbers, so none of them is unchanged."""
    for n in range(PAGES):
        said = town or f"{TOWNS[(n + edition) % 12]} {TOWNS[n * 7 % 12]}"
        price = (700 + 37 * ((n * 5 + edition) % 31)) * factor
        facts = (("Town", said), ("Price", f"EUR {price:.2f}"), ("Lot", f"{edition:02d}-{n + 100}"))
        rows = "".join(f"<dt>{label}</dt><dd>{value}</dd>" for label, value in facts)
        (folder / f"{n:02d}.html").write_text(f"<html><body><h1>Lot {n + 100}</h1><dl>{rows}</dl></body></html>")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "lots"
    made.mkdir()
    write(made, 0)
    return made


@pytest.fixture
def source(pipeline: Pipeline, folder: Path) -> Source:
    found = pipeline.sources.accept(scouted(pipeline, str(folder), "lots").draft_id)
    drain(pipeline, "test")
    return found


def error_of_run(pipeline: Pipeline, source: Source) -> str:
    pipeline.flow.run_now(source.source_id)
    drain(pipeline, "test")
    return pipeline.flow.runs(source.source_id, limit=1)[0].error


def test_a_full_column_of_something_else_leads_to_quarantine_and_not_into_the_baseline(
    pipeline: Pipeline, source: Source, folder: Path
) -> None:
    write(folder, 1)
    assert error_of_run(pipeline, source) == ""
    for edition in (2, 3, 4):
        write(folder, edition, town="Sign in to see this")
        assert "Sign in to see this" in error_of_run(pipeline, source)
    assert pipeline.sources.get(source.source_id).state is SourceState.QUARANTINED


def test_a_person_who_releases_the_source_accepts_what_it_says_now(
    pipeline: Pipeline, source: Source, folder: Path
) -> None:
    for edition in (1, 2, 3):
        write(folder, edition, town="Sign in to see this")
        error_of_run(pipeline, source)
    pipeline.sources.set_state(source.source_id, SourceState.ACTIVE)
    write(folder, 4, town="Sign in to see this")
    assert error_of_run(pipeline, source) == ""


def test_numbers_in_another_unit_are_said_and_are_no_strike(pipeline: Pipeline, source: Source, folder: Path) -> None:
    assert pipeline.repairs.noticed(source.source_id) == []
    write(folder, 1, factor=2.2)
    assert error_of_run(pipeline, source) == ""
    assert any("times as much" in sentence for sentence in pipeline.repairs.noticed(source.source_id))


LOGIN = "<html><body><h1>Sign in {n}</h1><form><input name=u><input type=password name=p></form></body></html>"


def test_a_login_page_in_place_of_content_is_a_failure_and_nothing_to_learn_from(
    pipeline: Pipeline, source: Source, folder: Path
) -> None:
    rows = pipeline.tables.query("SELECT count(*) FROM extracted.lots__page").rows
    for n in range(PAGES):
        (folder / f"{n:02d}.html").write_text(LOGIN.format(n=n))
    assert "a login page in place of its content" in error_of_run(pipeline, source)
    assert pipeline.tables.query("SELECT count(*) FROM extracted.lots__page").rows == rows
    attempt = parts_of(pipeline).orchestrator.doctor.repair(source)
    assert attempt.state is FixState.FAILED
    assert "answers with a login page" in attempt.cause
