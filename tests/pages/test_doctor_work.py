"""What the Doctor's page costs: it reads the pages of the part that is open, once, and nothing on the next run."""

from collections import Counter

import pytest
from streamlit.testing.v1 import AppTest

from core.flow.reader import Reader
from core.model import FixState
from core.pipeline import Pipeline, documents, repairs, sources
from jobs.commands.sources import scouted
from jobs.portal.server import PortalServer
from jobs.worker import drain
from tests.pages.test_pages import opened

Work = Counter[str]


@pytest.fixture
def repaired(pipeline: Pipeline, portal: PortalServer) -> Pipeline:
    """A source whose site was redesigned, with a repair that waits for a person."""
    pipeline.sources.accept(scouted(pipeline, f"{portal.url}/tenders", "tenders").draft_id)
    drain(pipeline, "test")
    portal.redesigned = True
    pipeline.repairs.start("tenders")
    drain(pipeline, "test")
    assert pipeline.repairs.attempts("tenders")[0].state is FixState.STAGED
    return pipeline


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Work:
    """Counts the pages that are parsed, the extractions, and the runs of the whole overview."""
    done: Work = Counter()

    def counted(owner: object, name: str) -> None:
        original = getattr(owner, name)

        def counting(*given: object, **named: object) -> object:
            done[name] += 1
            return original(*given, **named)

        monkeypatch.setattr(owner, name, counting)

    counted(Reader, "parsed")
    counted(documents, "extract")
    counted(repairs, "extract")
    counted(sources.Sources, "overview")
    return done


def look(pipeline: Pipeline, work: Work, **query: str) -> tuple[AppTest, Work]:
    """The page as a visitor gets it who has been on another page before, and what that took."""
    app = opened("overview", pipeline)
    app.switch_page("doctor.py")
    for name, value in {"source": "tenders", **query}.items():
        app.query_params[name] = value
    work.clear()
    app.run()
    assert not app.exception
    assert not app.error
    return app, Counter(work)


def test_a_load_parses_nothing_and_an_open_part_only_its_own_pages_once(repaired: Pipeline, work: Work) -> None:
    app, cost = look(repaired, work)
    assert cost == {}
    assert any("Tries left" in metric.label for metric in app.metric)

    app, cost = look(repaired, work, tab="pages")
    assert cost == {"parsed": 2, "extract": 2}
    _, again = look(repaired, work, tab="pages")
    assert again == {}
    _, other_field = look(repaired, work, tab="pages", field=_second_field(repaired))
    assert other_field == {}

    _, cost = look(repaired, work, tab="rows")
    pairs = len(repaired.repairs.attempts("tenders")[0].templates[0].fresh)
    assert cost == {"parsed": 2 * pairs, "extract": 2 * pairs}
    _, again = look(repaired, work, tab="rows")
    assert again == {}

    _, cost = look(repaired, work, replay="yes")
    assert cost["parsed"] > 0
    _, again = look(repaired, work, replay="yes")
    assert again == {}


def _second_field(pipeline: Pipeline) -> str:
    return list(pipeline.repairs.attempts("tenders")[0].templates[0].fields)[1]
