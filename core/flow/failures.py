"""Which failed tasks still wait for a person: those that nothing which went well since has settled."""

from collections.abc import Callable, Sequence
from datetime import datetime

from core.model import Run, Task, TaskKind


def open_failures(failed: Sequence[Task], runs_of: Callable[[str], Sequence[Run]]) -> list[Task]:
    """The failed tasks that are no part of an onboarding and older than no run of their source that went well.

    A later run visits again whatever the source still leads to, unless it stopped at its bound: what is wrong there
    still failed once more by then.
    A scout that failed is told by its draft.
    """
    ours = [task for task in failed if task.kind is not TaskKind.SCOUT]
    settled = {source_id: _last_good_start(runs_of(source_id)) for source_id in {task.source_id for task in ours}}
    return [task for task in ours if not _is_before(task, settled[task.source_id])]


def _last_good_start(runs: Sequence[Run]) -> datetime | None:
    well = (run for run in runs if run.finished_at is not None and not run.error and not run.limited_by)
    return max((run.started_at for run in well), default=None)


def _is_before(task: Task, moment: datetime | None) -> bool:
    return moment is not None and (task.finished_at or task.created_at) < moment
