"""What the pages of this process show: a pipeline, or why there is none."""

from collections.abc import Callable
from typing import NamedTuple

from core.errors import BadSetting, PipelineError
from core.pipeline import Pipeline


class StoredView(NamedTuple):
    """A pipeline, or why there is none; `again` tries to build what is missing."""

    pipeline: Pipeline | PipelineError
    again: Callable[[], None]


_shown: list[StoredView] = []


def set_current(pipeline: Pipeline | PipelineError, again: Callable[[], None] = lambda: None) -> None:
    """Say which pipeline the pages of this process show, or why none; called by whoever starts the workbench."""
    _shown[:] = [StoredView(pipeline, again)]


def current() -> Pipeline:
    """The pipeline of this process.

    Raises:
        PipelineError: why there is none.
        BadSetting: nobody started one: the shell was run without app.py.
    """
    if not _shown:
        raise BadSetting("The workbench was started without its pipeline.", "Start it with: streamlit run app.py")
    found = _shown[0].pipeline
    if isinstance(found, PipelineError):
        raise found.with_traceback(None)
    return found


def start_again() -> None:
    """A person's word: the cause is gone, so build the pipeline."""
    for shown in _shown:
        shown.again()
