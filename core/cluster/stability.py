"""Whether a cluster is stable enough for a table to be proposed of it, and if not, how far it is from that and why."""

from dataclasses import dataclass
from typing import NamedTuple

from core.cluster.history import ClusterHistory
from core.model.words import counted


@dataclass(frozen=True, slots=True)
class StabilityThresholds:
    """What must hold for a cluster to be stable.

    Attributes:
        documents: 20 show nearly every field and type of a template, 30 all that one in twenty documents has.
        novelty: share of what the last third of the documents say that stands in fields new to it. At one in a hundred,
            a table made now keeps 99 of 100 values that come.
        last_part: the share of the documents that counts as the last ones for `novelty`.
        calm_documents: documents since a field last changed its type: the first slips in a column come within ten.
        calm_audits: audits in a row that found nothing to merge or split: one may have been made by chance.
    """

    documents: int = 30
    novelty: float = 0.01
    last_part: float = 1 / 3
    calm_documents: int = 10
    calm_audits: int = 2


class StabilityCondition(NamedTuple):
    """One thing that must hold: what there is, what is needed, whether that is met, and one sentence about it."""

    name: str
    have: float
    need: float
    met: bool
    sentence: str


class Stability(NamedTuple):
    """Whether a cluster is stable, how near it is (0..1, by the condition that is farthest), and each condition."""

    stable: bool
    nearness: float
    conditions: tuple[StabilityCondition, ...]

    @property
    def missing(self) -> list[str]:
        """One sentence for each condition that is not met."""
        return [condition.sentence for condition in self.conditions if not condition.met]


USUAL_THRESHOLDS = StabilityThresholds()


def stability_of(history: ClusterHistory, thresholds: StabilityThresholds = USUAL_THRESHOLDS) -> Stability:
    """Whether a cluster is stable, and why not."""
    conditions = (
        _enough_documents(history, thresholds),
        _nothing_new(history, thresholds),
        _types_hold(history, thresholds),
        _audits_agree(history, thresholds),
    )
    return Stability(all(each.met for each in conditions), min(map(_nearness, conditions)), conditions)


def _enough_documents(history: ClusterHistory, thresholds: StabilityThresholds) -> StabilityCondition:
    have, need = history.documents, thresholds.documents
    said = f"It has {have} records." if have >= need else f"It has {have} records; {need - have} more are needed."
    return StabilityCondition("documents", have, need, have >= need, said)


def _nothing_new(history: ClusterHistory, thresholds: StabilityThresholds) -> StabilityCondition:
    share, fields = _novelty(history, thresholds.last_part)
    met = share <= thresholds.novelty
    said = "The last records bring no new fields to speak of."
    if not met:
        named = ", ".join(f"“{path}”" for path in fields[:3]) or "fields of which there are too many"
        said = f"{share:.1%} of what the last records say is in new fields, such as {named}."
    return StabilityCondition("novelty", share, thresholds.novelty, met, said)


def _novelty(history: ClusterHistory, last_part: float) -> tuple[float, list[str]]:
    """The share of what the last documents say that is in fields new to them, and these fields, the most used first."""
    start = history.documents * (1 - last_part)
    new = [path for path, field in history.fields.items() if field.first > max(start, 1)]
    said = sum(field.documents for field in history.fields.values()) + history.unfollowed
    if not said:
        return 0.0, []
    fresh = sum(history.fields[path].documents for path in new) + history.unfollowed * last_part
    share = min(1.0, fresh / (said * last_part))
    return share, sorted(new, key=lambda path: (-history.fields[path].documents, path))


def _types_hold(history: ClusterHistory, thresholds: StabilityThresholds) -> StabilityCondition:
    path, field = max(history.fields.items(), key=lambda entry: (entry[1].changed, entry[0]), default=("", None))
    have = history.documents - field.changed if field else history.documents
    met = have >= thresholds.calm_documents
    said = f"No field changed its type in the last {have} records."
    if not met and field and field.changed:
        said = (
            f"“{path}” changed its type {have} records ago (now {field.type}); {thresholds.calm_documents} must pass."
        )
    elif not met:
        said = f"There are only {have} records to see types in; {thresholds.calm_documents} are needed."
    return StabilityCondition("types", have, thresholds.calm_documents, met, said)


def _audits_agree(history: ClusterHistory, thresholds: StabilityThresholds) -> StabilityCondition:
    have, need = history.calm_audits, thresholds.calm_audits
    said = f"The last {have} audits found nothing to merge or split."
    if have < need:
        said = f"{counted(need - have, 'more audit')} must find nothing to merge or split."
    return StabilityCondition("audits", have, need, have >= need, said)


def _nearness(condition: StabilityCondition) -> float:
    """How near a condition is to being met, 0..1."""
    if condition.met:
        return 1.0
    more_is_better = condition.name != "novelty"
    return condition.have / condition.need if more_is_better else condition.need / condition.have
