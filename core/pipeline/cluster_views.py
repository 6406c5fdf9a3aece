"""Clusters as they are shown: how far from stable, what their fields hold, what is near, what stands out."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from core.cluster.clusters import SURE_LIKENESS
from core.cluster.contents import ClusterContents
from core.cluster.criterion import Criterion
from core.cluster.history import ClusterHistory
from core.cluster.parting import criteria_of
from core.cluster.paths import nodes_of
from core.cluster.stability import Stability, StabilityThresholds, stability_of
from core.cluster.template_cluster import TemplateCluster
from core.flow.cluster_facts import kept_contents
from core.model.cluster import ClusterAct, ClusterFacts, ClusterMember, KeptCluster
from core.signature.kinds import is_placeholder

# values of a field that are shown
EXAMPLES_SHOWN = 3
# records that are named: of those that stand out, the least alike
OUTLIERS_SHOWN = 5


class ClusterView(NamedTuple):
    """One cluster in a list.

    `label` is what it is called, which no other one in the list is; `schema` the table that is proposed or approved of
    it, "" where there is none.
    """

    facts: ClusterFacts
    label: str
    stability: Stability
    schema: str


class ClusterField(NamedTuple):
    """A field of a cluster: the share of its records that have it, the type of its values, and some of them."""

    path: str
    support: float
    type: str
    examples: tuple[str, ...]


class NearCluster(NamedTuple):
    """The cluster whose fields are most alike (0..1), with the fields that only one of the two has."""

    facts: ClusterFacts
    likeness: float
    only_here: tuple[str, ...]
    only_there: tuple[str, ...]


class ClusterOutlier(NamedTuple):
    """A record that shares little with the others of its cluster (0..1)."""

    member: ClusterMember
    likeness: float


class ClusterDetail(NamedTuple):
    """Everything about one cluster. `members` are a sample; `criteria` are what it can be split by."""

    view: ClusterView
    fields: tuple[ClusterField, ...]
    members: tuple[ClusterMember, ...]
    nearest: NearCluster | None
    outliers: tuple[ClusterOutlier, ...]
    criteria: tuple[Criterion, ...]
    history: tuple[ClusterAct, ...]


def label_of(facts: ClusterFacts) -> str:
    """What a cluster is called by a person, or after the table that most of its records are in."""
    tables = sorted(facts.tables, key=lambda name: (-facts.tables[name], name)) or [facts.cluster_id]
    more = f" and {len(tables) - 1} more" if tables[1:] else ""
    kind = f" ({facts.kind_of})" if facts.kind_of else ""
    return facts.name or f"{tables[0].removeprefix('extracted.')}{more}{kind}"


def distinct_labels(listed: Sequence[ClusterFacts]) -> dict[str, str]:
    """What each cluster is called, by its id; those that would be called the same are told apart by a field."""
    same: dict[str, list[ClusterFacts]] = {}
    for facts in listed:
        same.setdefault(label_of(facts), []).append(facts)
    return {
        cluster_id: called
        for label, group in same.items()
        for cluster_id, called in (_apart(label, group) if group[1:] else [(group[0].cluster_id, label)])
    }


def _apart(label: str, group: Sequence[ClusterFacts]) -> Iterator[tuple[str, str]]:
    """Clusters by the field that most records of each and none of another have; by their ids where there is none."""
    fields = {facts.cluster_id: _supports(facts) for facts in group}
    having = Counter(path for supports in fields.values() for path in supports)
    for cluster_id, supports in fields.items():
        own = max((path for path in supports if having[path] == 1), key=lambda path: supports[path], default="")
        yield cluster_id, f"{label} with “{own}”" if own else f"{label} {cluster_id}"


def cluster_view(
    facts: ClusterFacts, label: str, thresholds: StabilityThresholds, schemas: Mapping[str, str]
) -> ClusterView:
    """A cluster in a list; `schemas` are the tables that are proposed or approved, by what they are filled from."""
    schema = next((schemas[table] for table in facts.tables if table in schemas), "")
    return ClusterView(facts, label, stability_of(_history(facts), thresholds), schema)


def detail_of(
    view: ClusterView, kept: KeptCluster, others: Iterable[ClusterFacts], history: Iterable[ClusterAct]
) -> ClusterDetail:
    """One cluster in full; `others` are those that it may be near to."""
    fields, near = _fields(kept_contents(kept)), _nearest(kept.facts, others)
    if kept.data is None or kept.facts.state == "merged":
        return ClusterDetail(view, fields, (), near, (), (), tuple(history))
    found = TemplateCluster.of_stored(kept.data)
    members = tuple(map(ClusterMember.of_text, found.sample.names))
    criteria = () if found.parted_by else tuple(criteria_of(found.sample.documents))
    return ClusterDetail(view, fields, members, near, _outliers(found), criteria, tuple(history))


def shown_cluster(view: ClusterView) -> dict[str, object]:
    """A cluster in a list, for machines."""
    facts = view.facts.model_dump(mode="json", exclude={"history"})
    stability = view.stability
    told = {"stable": stability.stable, "nearness": stability.nearness, "missing": stability.missing}
    return facts | {"label": view.label, "schema": view.schema} | told


def shown_detail(detail: ClusterDetail) -> dict[str, object]:
    """A cluster in full, for machines."""
    near = detail.nearest
    nearest = near._asdict() | {"facts": near.facts.cluster_id} if near else None
    rest = {name: part for name, part in detail._asdict().items() if name not in ("view", "nearest")}
    return shown_cluster(detail.view) | rest | {"nearest": nearest}


def _fields(contents: ClusterContents) -> tuple[ClusterField, ...]:
    """The fields, those that most records have first."""
    history, signature = contents.history, contents.signature
    found = []
    for path, field in history.fields.items():
        values = signature.fields[path].sketch.values if path in signature.fields else ()
        examples = tuple(value for value in values if not is_placeholder(value))[:EXAMPLES_SHOWN]
        found.append(ClusterField(path, field.documents / max(1, history.documents), field.type, examples))
    return tuple(sorted(found, key=lambda field: -field.support))


def _nearest(facts: ClusterFacts, others: Iterable[ClusterFacts]) -> NearCluster | None:
    """The open cluster with the most alike fields, by the soft Jaccard index."""
    mine = _supports(facts)
    found = [
        (_likeness(mine, theirs), other, theirs)
        for other in others
        if other.cluster_id != facts.cluster_id and (theirs := _supports(other))
    ]
    if not mine or not found:
        return None
    likeness, other, theirs = max(found, key=lambda each: (each[0], each[1].cluster_id))
    return NearCluster(other, likeness, _without(mine, theirs), _without(theirs, mine)) if likeness else None


def _supports(facts: ClusterFacts) -> dict[str, float]:
    history = _history(facts)
    return {path: field.documents / max(1, history.documents) for path, field in history.fields.items()}


def _likeness(mine: Mapping[str, float], theirs: Mapping[str, float]) -> float:
    shared = sum(min(support, theirs.get(path, 0.0)) for path, support in mine.items())
    return shared / (sum(mine.values()) + sum(theirs.values()) - shared)


def _without(mine: Mapping[str, float], theirs: Collection[str]) -> tuple[str, ...]:
    return tuple(sorted((path for path in mine if path not in theirs), key=lambda path: -mine[path]))


def _outliers(found: TemplateCluster) -> tuple[ClusterOutlier, ...]:
    """The sampled records that would not surely join the cluster by what they share with the mean one."""
    alike = [
        ClusterOutlier(ClusterMember.of_text(name), found.profile.likeness_to(nodes_of(document.fields)))
        for name, document in zip(found.sample.names, found.sample.documents, strict=True)
    ]
    apart = [each for each in alike if each.likeness < SURE_LIKENESS]
    return tuple(sorted(apart, key=lambda each: each.likeness)[:OUTLIERS_SHOWN])


def _history(facts: ClusterFacts) -> ClusterHistory:
    return ClusterHistory.of_stored(facts.history) if facts.history else ClusterHistory()
