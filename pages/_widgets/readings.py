"""What an extractor version reads in a document version: worked out once, because neither of them ever changes."""

import streamlit as st

from core.compare.tables import TableDiff
from core.model import TemplateFix
from core.pipeline import Pipeline
from core.pipeline.documents import DocumentView
from core.pipeline.repairs import Backtest

# a view holds the bytes and the tree of a page: those of two repairs, and of a few documents looked at beside them
MOST_VIEWS = 12
MOST_COMPARISONS = 12


def view_of(pipeline: Pipeline, document_id: str, extractor_id: str = "") -> DocumentView:
    """The document as the version given reads it, or the one that read it last."""
    if not extractor_id:
        entry = pipeline.documents.readings([document_id]).get(document_id)
        if entry is None:
            # nothing has read it yet, so what will read it may change
            return pipeline.documents.view(document_id)
        extractor_id = entry.extractor_id
    view = _view(pipeline, _home(pipeline), document_id, extractor_id)
    if view.error:
        # what was in the way may be gone next time
        _view.clear(pipeline, _home(pipeline), document_id, extractor_id)
    return view


def repaired_rows_of(pipeline: Pipeline, fix: TemplateFix) -> list[TableDiff]:
    """What the old version read on the archived pages against what the staged one reads on the fresh ones."""
    return _repaired_rows(pipeline, fix, _home(pipeline), fix.before_id, fix.candidate_id, fix.archived, fix.fresh)


def backtest_of(pipeline: Pipeline, extractor_id: str) -> Backtest:
    """What a version reads otherwise on archived pages; worked out anew when pages came or were read anew."""
    return _backtest(pipeline, _home(pipeline), extractor_id, pipeline.repairs.readers_of_like_pages(extractor_id))


def _home(pipeline: Pipeline) -> str:
    """Ids are unique within a data folder."""
    return str(pipeline.settings.data_dir)


@st.cache_resource(max_entries=MOST_VIEWS, show_spinner=False)
def _view(_pipeline: Pipeline, home: str, document_id: str, extractor_id: str) -> DocumentView:
    return _pipeline.documents.view(document_id, extractor_id)


@st.cache_resource(max_entries=MOST_COMPARISONS, show_spinner="Comparing the rows")
def _repaired_rows(
    _pipeline: Pipeline,
    _fix: TemplateFix,
    home: str,
    before_id: str,
    candidate_id: str,
    archived: tuple[str, ...],
    fresh: tuple[str, ...],
) -> list[TableDiff]:
    return _pipeline.repairs.repaired_rows(_fix)


@st.cache_resource(max_entries=MOST_COMPARISONS, show_spinner="Reading the archived pages")
def _backtest(_pipeline: Pipeline, home: str, extractor_id: str, readers: tuple[tuple[str, str], ...]) -> Backtest:
    return _pipeline.repairs.backtest(extractor_id)
