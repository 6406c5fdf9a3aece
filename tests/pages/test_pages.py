"""Each page by itself, without a browser: what it shows when there is nothing, something, and bad input."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.errors import BadInput
from core.events import Column
from core.pipeline import Pipeline
from core.pipeline.shown import set_current
from core.ports import Damage
from jobs.commands.sources import scouted
from jobs.portal.server import PortalServer
from jobs.worker import drain
from tests.parts import parts_of

PAGES = Path(__file__).parents[2] / "pages"


def opened(name: str, pipeline: Pipeline, **query: str) -> AppTest:
    set_current(pipeline)
    app = AppTest.from_file(str(PAGES / "_shell.py"), default_timeout=60)
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    app.switch_page(str(PAGES / f"{name}.py"))
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


@pytest.fixture
def filled(pipeline: Pipeline, portal: PortalServer) -> Pipeline:
    draft = scouted(pipeline, f"{portal.url}/tenders", "tenders")
    pipeline.sources.accept(draft.draft_id)
    drain(pipeline, "test")
    return pipeline


def test_overview_of_nothing_says_what_to_do_first(pipeline: Pipeline) -> None:
    app = opened("overview", pipeline)
    assert "Paste an address" in app.subheader[0].value


def test_overview_says_what_was_damaged(filled: Pipeline) -> None:
    parts_of(filled).integrity.note(Damage("catalog.db", "it is not there", "Look at the tables.", "made anew"))
    parts_of(filled).integrity.note(Damage("state.x", "it is torn", "Run python -m jobs check."))
    app = opened("overview", filled)
    assert app.error[0].value.startswith("**state.x**: it is torn; not mended")
    assert app.warning[0].value.startswith("**catalog.db**: it is not there; made anew")


def test_tables_of_nothing_say_when_they_appear(pipeline: Pipeline) -> None:
    assert "No table yet" in opened("tables", pipeline).info[0].value


def test_a_long_table_is_cut_off_and_told_and_exported_in_full(pipeline: Pipeline, tmp_path: Path) -> None:
    rows = [{"n": n, "_row_id": str(n)} for n in range(700)]
    parts_of(pipeline).lake.append("extracted.long__rows", (Column(name="n", type="integer"),), rows, 1)
    app = opened("tables", pipeline, table="extracted.long__rows")
    assert any("500 rows" in caption.value and "more exist" in caption.value for caption in app.caption)
    assert pipeline.tables.export(app.text_area[0].value, str(tmp_path / "all.csv")) == 700


def test_a_question_with_a_name_is_asked_and_has_a_link(filled: Pipeline) -> None:
    app = opened("tables", filled)
    app.selectbox(key="question").select("latest_runs").run()
    assert app.query_params["question"] == "latest_runs"
    assert "FROM state.runs" in app.text_area[0].value
    assert any("what they brought" in caption.value for caption in app.caption)
    assert list(app.dataframe[-1].value["source_id"]) == ["tenders"]
    assert "FROM state.runs" in opened("tables", filled, question="latest_runs").text_area[0].value


def test_sources_refuse_what_is_no_address(pipeline: Pipeline) -> None:
    with pytest.raises(BadInput) as refused:
        pipeline.sources.begin("not an address at all")
    app = opened("sources", pipeline)
    app.text_input(key="location").input("not an address at all")
    app.button[0].click().run()
    assert [error.value for error in app.error] == [str(refused.value)]


def test_unknown_source_is_one_clear_error(pipeline: Pipeline) -> None:
    app = opened("sources", pipeline, source="nobody")
    assert len(app.error) == 1


def test_an_address_is_text_whatever_stands_in_it(filled: Pipeline) -> None:
    hostile = "![x](http://evil.example/x.png)"
    for page, query in (("tables", "table"), ("tables", "source"), ("sources", "source"), ("doctor", "source")):
        said = opened(page, filled, **{query: hostile}).error
        assert len(said) == 1
        assert "](" not in said[0].value.replace("\\](", "")
    for number in ("0", "-1", "²", "9" * 30):
        assert opened("documents", filled, page=number).number_input(key="page").value == 1


def test_every_page_shows_a_filled_pipeline(filled: Pipeline) -> None:
    assert [metric.value for metric in opened("overview", filled).metric][:3] == ["1", "0", "0"]
    document = filled.documents.find("tenders", limit=1)[0]
    assert opened("documents", filled, document=document.document_id).dataframe
    assert "rows in" in " ".join(caption.value for caption in opened("tables", filled).caption)
    assert opened("sources", filled, source="tenders").button(key="run-now")


def test_an_unchanged_run_says_what_stands(filled: Pipeline) -> None:
    rows = sum(table.rows for table in filled.tables.all() if table.name in filled.tables.names_of("tenders"))
    filled.flow.run_now("tenders")
    drain(filled, "test")
    [said] = opened("doctor", filled, source="tenders").success
    assert "none changed" in said.value
    assert f"{rows:,} rows stand" in said.value
    assert " 0 records" not in said.value


def test_a_run_that_stopped_at_its_bound_says_so_and_the_bound_is_changed(filled: Pipeline) -> None:
    filled.sources.set_bound("tenders", 20)
    filled.flow.run_now("tenders")
    drain(filled, "test")
    app = opened("sources", filled, source="tenders")
    [said] = [warning.value for warning in app.warning]
    assert said.startswith("Read 20 of ")
    assert "the bound of the source, 20 documents" in said
    assert any(caption.value == said for caption in opened("overview", filled).caption)
    app.number_input[0].set_value(30).run()
    assert filled.sources.get("tenders").max_documents == 30
    app.number_input[0].set_value(0).run()
    assert filled.sources.get("tenders").max_documents is None


def test_an_address_that_is_known_is_opened_or_added_once_more(filled: Pipeline, portal: PortalServer) -> None:
    app = opened("sources", filled)
    app.text_input(key="location").input(f"{portal.url}/tenders")
    app.button[0].click().run()
    assert "reads this address already" in app.warning[0].value
    assert filled.sources.drafts() == []
    app.button(key="add-known-tenders").click().run()
    assert [draft.location for draft in filled.sources.drafts()] == [f"{portal.url}/tenders"]

    again = opened("sources", filled)
    again.text_input(key="location").input(f"{portal.url}/tenders/")
    again.button[0].click().run()
    again.button(key="open-known-tenders").click().run()
    assert again.query_params["source"] == "tenders"


def test_an_address_that_was_not_read_is_corrected_or_dismissed(pipeline: Pipeline, portal: PortalServer) -> None:
    wrong = pipeline.sources.begin(f"{portal.url}/tendrs")
    drain(pipeline, "test")
    assert [metric.value for metric in opened("overview", pipeline).metric] == []
    app = opened("sources", pipeline)
    assert "1 address" in app.expander[0].label
    app = opened("sources", pipeline, draft=wrong.draft_id)
    assert "404" in app.error[0].value
    app.text_input(key=f"corrected-{wrong.draft_id}").input(f"{portal.url}/tenders")
    next(button for button in app.button if button.label == "Look again").click().run()
    [draft] = pipeline.sources.drafts()
    assert (draft.location, draft.state) == (f"{portal.url}/tenders", "scouting")

    pipeline.sources.begin(f"{portal.url}/quite-another")
    drain(pipeline, "test")
    app = opened("sources", pipeline)
    next(button for button in app.button if button.label == "Dismiss").click().run()
    assert [draft.state for draft in pipeline.sources.drafts()] == ["ready"]


def test_failures_are_tried_again_or_dismissed(filled: Pipeline, portal: PortalServer) -> None:
    source = filled.sources.get("tenders")
    parts_of(filled).sources.save(source.model_copy(update={"location": f"{portal.url}/gone"}))
    filled.flow.run_now("tenders")
    drain(filled, "test")
    app = opened("overview", filled)
    assert [metric.value for metric in app.metric][2] == "1"
    next(button for button in app.button if button.label == "Dismiss").click().run()
    assert [metric.value for metric in app.metric][2] == "0"
    assert filled.flow.failures() == []
