"""Clusters as they are kept: what lists say of one, and its contents read back."""

from collections import Counter

from core.cluster.contents import ClusterContents
from core.cluster.history import ClusterHistory
from core.cluster.template_cluster import TemplateCluster
from core.model.cluster import ClusterFacts, KeptCluster
from core.signature import StructureSignature


def cluster_facts(cluster_id: str, here: TemplateCluster, contents: ClusterContents) -> ClusterFacts:
    """What lists say of a cluster; `here` is what its id stands for now: another one where it was merged."""
    merged = here.cluster_id != cluster_id
    return ClusterFacts(
        cluster_id=cluster_id,
        state="merged" if merged else "parted" if here.parted_by else "open",
        name=contents.name,
        records=0 if merged else here.documents,
        documents=contents.origins,
        into=(here.cluster_id,) if merged else tuple(here.parts.values()),
        kind_of=here.mark.sentence if here.mark else "",
        tables=dict(contents.tables),
        sources=dict(contents.sources),
        left_out=contents.left_out,
        last_at=contents.last_at,
        history=contents.history.stored(),
    )


def kept_contents(kept: KeptCluster) -> ClusterContents:
    """What is in a cluster that was kept."""
    made, facts = ClusterContents(), kept.facts
    made.name, made.last_at = facts.name, facts.last_at
    made.origins, made.left_out = facts.documents, facts.left_out
    made.tables, made.sources = Counter(facts.tables), Counter(facts.sources)
    made.history = ClusterHistory.of_stored(facts.history)
    if kept.signature:
        made.signature = StructureSignature.of_stored(kept.signature)
    return made
