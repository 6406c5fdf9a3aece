"""Whether the counts of a run are far from those of the runs before, and what that makes of an incident.

Far is what is large enough to matter and no chance: a run a day of twenty columns raises an alarm by chance once in a
hundred years of columns, and a person who is called in vain does not come the next time.
"""

from collections.abc import Iterator
from datetime import datetime

from core.drift.statistics import FEWEST_RUNS, fisher
from core.model import stable_id
from core.model.incident import (
    Count,
    Deviation,
    Incident,
    IncidentState,
    Notice,
    NoticeKind,
    RunCounts,
    Watched,
    WatchedKind,
)
from core.model.words import counted

# runs that are the baseline, and rows in which a share is known well enough
BASELINE_RUNS, FEWEST_ROWS = 10, 20
# the probability below which a difference is no chance, in all columns of a table together
BY_CHANCE = 1e-3
# differences of shares that matter; and of rows a document, as a share of the usual number
LEAST_DIFFERENCE, FEWER_ROWS = 0.1, 0.5
# how much farther off than it was told an incident must be to be told of again
WORSE = 0.5
MOST_NAMED = 3


def after_run(
    watched: Watched, run: RunCounts, source_id: str, *, well: bool, incident: Incident | None, now: datetime
) -> tuple[Watched, Incident | None]:
    """What is watched, and its incident, after one more run; the same run twice changes nothing.

    Args:
        watched: the baseline.
        run: what was counted in the run.
        source_id: whose run it was.
        well: whether the run went well: others are no baseline.
        incident: the open one, if there is one.
        now: when it was counted.
    """
    if run.run_id == watched.last_run or any(run.run_id == one.run_id for one in watched.runs):
        return watched, incident
    seen = watched.model_copy(update={"last_run": run.run_id})
    usual = with_run(seen, run) if well else seen
    found = tuple(deviations(watched, run))
    if incident is None:
        if not found:
            return usual, None
        begun = _begun(watched, run, source_id, found, now)
        return seen.model_copy(update={"incident_id": begun.incident_id}), begun
    if not found and not well:
        return seen, incident
    if not found:
        over = _told(incident, "over", f"{_what(incident)} is as usual again.", now)
        ended = over.model_copy(update={"state": IncidentState.OVER, "ended_at": now})
        return usual.model_copy(update={"incident_id": ""}), ended
    lasting = incident.model_copy(update={"deviations": found, "last": run})
    if _is_worse(incident.told, found):
        worse = _told(lasting, "worse", f"Worse: {sentence(watched.kind, watched.table, found)}", now)
        lasting = worse.model_copy(update={"told": found})
    return seen, lasting


def with_run(watched: Watched, run: RunCounts) -> Watched:
    """The baseline with one more run."""
    return watched.model_copy(update={"runs": (*watched.runs, run)[-BASELINE_RUNS:]})


def expected(watched: Watched, incident: Incident, by: str, why: str, now: datetime) -> tuple[Watched, Incident]:
    """A person's word: this is how things are from now on. What was counted last is the new baseline."""
    ended = {"state": IncidentState.EXPECTED, "ended_at": now, "ended_by": by, "why": why}
    # once is enough when a person says so
    runs = (incident.last,) * FEWEST_RUNS
    return watched.model_copy(update={"runs": runs, "incident_id": ""}), incident.model_copy(update=ended)


def deviations(watched: Watched, run: RunCounts) -> Iterator[Deviation]:
    """The columns whose counts are far from usual."""
    if len(watched.runs) < FEWEST_RUNS:
        return
    level = BY_CHANCE / max(1, len(run.counts))
    for column, now in run.counts.items():
        before = [one.counts[column] for one in watched.runs if column in one.counts]
        usual = Count(sum(one.hits for one in before), sum(one.of for one in before))
        if now.of and usual.of and _is_far(watched.kind, usual, now, level):
            yield Deviation(column, now.rate, usual.rate)


def _is_far(kind: WatchedKind, usual: Count, now: Count, level: float) -> bool:
    if kind == "rows":
        return now.rate < FEWER_ROWS * usual.rate and _as_few(usual, now) < level
    if usual.of < FEWEST_ROWS:
        return False
    fell = usual.rate - now.rate if kind == "fill" else now.rate - usual.rate
    side = "greater" if kind == "fill" else "less"
    return fell >= LEAST_DIFFERENCE and fisher(usual.hits, usual.of, now.hits, now.of, side) < level


def _as_few(usual: Count, now: Count) -> float:
    """How likely as few of all rows are to be in this run, when its share of the documents is its share of the rows."""
    from scipy.stats import binom

    return float(binom.cdf(now.hits, usual.hits + now.hits, now.of / (usual.of + now.of)))


def _is_worse(told: tuple[Deviation, ...], now: tuple[Deviation, ...]) -> bool:
    """Whether a further column is concerned, or one is half as far off again as it was told."""
    known = {one.column: abs(one.now - one.usual) for one in told}
    return any(abs(one.now - one.usual) > (1 + WORSE) * known.get(one.column, 0.0) for one in now)


def _begun(watched: Watched, run: RunCounts, source_id: str, found: tuple[Deviation, ...], now: datetime) -> Incident:
    begun = Incident(
        incident_id=stable_id("incident", watched.table, watched.kind, run.run_id),
        table=watched.table,
        kind=watched.kind,
        source_id=source_id,
        begun_at=now,
        deviations=found,
        told=found,
        last=run,
    )
    return _told(begun, "begun", sentence(watched.kind, watched.table, found), now)


def _told(incident: Incident, kind: NoticeKind, said: str, now: datetime) -> Incident:
    number = len(incident.notices)
    notice = Notice(notice_id=stable_id("notice", incident.incident_id, number), kind=kind, at=now, sentence=said)
    return incident.model_copy(update={"notices": (*incident.notices, notice)})


def sentence(kind: WatchedKind, table: str, found: tuple[Deviation, ...]) -> str:
    """What is unusual, the farthest first."""
    ordered = sorted(found, key=lambda one: -abs(one.now - one.usual))
    first = ordered[0]
    if kind == "rows":
        return f"{table}: {first.now:.1f} rows a document, where {first.usual:.1f} are usual."
    if kind == "refused":
        share = f"{first.now:.0%} of the rows do not fit or are in doubt, where {first.usual:.0%} are usual"
        return f"{first.column} from {table}: {share}."
    named = ", ".join(f"{one.column} in {one.now:.0%} of the rows ({one.usual:.0%})" for one in ordered[:MOST_NAMED])
    more = len(ordered) - MOST_NAMED
    rest = f" and {counted(more, 'more column')}" if more > 0 else ""
    return f"{table}: fewer values than usual: {named}{rest}."


def _what(incident: Incident) -> str:
    said = {"rows": "the number of rows", "refused": "what does not fit", "fill": "what the columns hold"}
    return f"{incident.table}: {said[incident.kind]}"
