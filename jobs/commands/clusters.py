"""`clusters`: the kinds of records that came together, and what a person does with them."""

import argparse
import getpass
from collections.abc import Iterator

from core.bootstrap import build_pipeline
from core.cluster import FamilySuggestion
from core.errors import BadSetting
from core.model.cluster import AuditReport
from core.model.words import counted
from core.pipeline.cluster_views import ClusterDetail, ClusterField, ClusterView, shown_cluster, shown_detail
from core.pipeline.clusters import Clustering, criterion_of
from core.settings import load_settings
from jobs.commands.printing import print_json, print_table

# members of a cluster that are listed
MEMBERS_PRINTED = 10


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `clusters` to the command line."""
    command = subparsers.add_parser("clusters", help="kinds of records: list, look at one, merge, split, name, propose")
    command.add_argument("cluster", nargs="*", help="the one to look at; those that something is done with")
    what = command.add_mutually_exclusive_group()
    what.add_argument("--merge", action="store_true", help="the two that are named are of one kind")
    what.add_argument("--split", metavar="FIELD", help="it is of several kinds, which this field tells apart")
    what.add_argument("--name", help="what it is called")
    what.add_argument("--propose", metavar="TABLE", help="propose a typed table for the rows of those that are named")
    what.add_argument("--alike", action="store_true", help="which clusters of several sources may be of one kind")
    what.add_argument("--audit", action="store_true", help="compare them with what HDBSCAN finds, and map them")
    what.add_argument("--confirmed", action="store_true", help="fields that merges said to be the same, for `match`")
    command.add_argument("--by", choices=("text", "presence"), default="text", help="how the field tells kinds apart")
    command.add_argument("--why", default="", help="is kept with what is done")
    command.add_argument("--json", action="store_true")
    command.set_defaults(run=run_clusters)


def run_clusters(options: argparse.Namespace) -> None:
    """Look, or do what is asked."""
    clusters = build_pipeline(load_settings()).clusters
    if not _acted(clusters, options):
        _look(clusters, options)


def _look(clusters: Clustering, options: argparse.Namespace) -> None:
    if options.confirmed:
        print(clusters.confirmed(), end="")
    elif options.alike:
        _print_alike(clusters, options.json)
    elif options.cluster:
        _print_one(clusters.one(_one(options)), options.json)
    else:
        _print_all(clusters.all(), options.json)


def _acted(clusters: Clustering, options: argparse.Namespace) -> bool:
    """Whether something was asked to be done, which it is then."""
    by = getpass.getuser()
    if options.audit:
        _print_audit(clusters.audit(), options.json)
    elif options.merge:
        one, other = _named(options, 2)
        print(f"{clusters.merge(one, other, by, options.why)} holds the records of both.")
    elif options.split is not None:
        parts = clusters.split(_one(options), criterion_of(options.split, options.by), by, options.why)
        print(f"{counted(len(parts), 'part')}: {', '.join(parts)}")
    elif options.name is not None:
        clusters.name(_one(options), options.name, by)
    elif options.propose is not None:
        review = clusters.propose(options.cluster, options.propose, by, options.why)
        print(f"{review.review_id} proposes {review.schema_name}: python -m jobs proposals {review.review_id}")
    else:
        return False
    return True


def _named(options: argparse.Namespace, number: int) -> list[str]:
    found: list[str] = options.cluster
    if len(found) != number:
        said = f"{counted(len(found), 'cluster')} named, and {number} needed."
        raise BadSetting(said, "See those there are: python -m jobs clusters.")
    return found


def _one(options: argparse.Namespace) -> str:
    return _named(options, 1)[0]


def _print_all(views: list[ClusterView], as_json: bool) -> None:
    if as_json:
        return print_json([shown_cluster(view) for view in views])
    return print_table([_line(view) for view in views], "There is no cluster yet: run a source first.")


def _line(view: ClusterView) -> dict[str, object]:
    return {
        "cluster": view.facts.cluster_id,
        "called": view.label,
        "records": view.facts.records,
        "documents": view.facts.documents,
        "sources": ", ".join(view.facts.sources),
        "stable": "yes" if view.stability.stable else f"{view.stability.nearness:.0%}",
        "table": view.schema,
        "missing": " ".join(view.stability.missing),
    }


def _print_one(detail: ClusterDetail, as_json: bool) -> None:
    if as_json:
        return print_json(shown_detail(detail))
    for line in _told(detail):
        print(line)
    print_table([_field(field) for field in detail.fields], "It has no field.")
    for act in detail.history:
        into = f" into {', '.join(act.into)}" if act.into else ""
        print(f"{act.at:%Y-%m-%d %H:%M} {act.kind} {act.cluster_id}{into} by {act.by}: {act.why}")
    return None


def _told(detail: ClusterDetail) -> Iterator[str]:
    facts, stability = detail.view.facts, detail.view.stability
    size = f"{counted(facts.records, 'record')} of {counted(facts.documents, 'document')}"
    left = f", {facts.left_out:,} more not looked at" if facts.left_out else ""
    yield f"{facts.cluster_id}  {detail.view.label}  {facts.state}, {size}{left}"
    yield f"tables: {', '.join(facts.tables)}"
    if facts.state == "open":
        yield "It is stable." if stability.stable else f"Not stable: {' '.join(stability.missing)}"
    if facts.into:
        yield f"its records are in {', '.join(facts.into)}"
    if near := detail.nearest:
        apart = f"only here: {', '.join(near.only_here) or 'nothing'}; there: {', '.join(near.only_there) or 'nothing'}"
        yield f"nearest: {near.facts.cluster_id} ({near.likeness:.0%} alike; {apart})"
    for member in detail.members[:MEMBERS_PRINTED]:
        yield f"  record {member.record} of document {member.document_id} in {member.table}"
    for outlier in detail.outliers:
        yield f"  stands out: record {outlier.member.record} of document {outlier.member.document_id}"


def _field(field: ClusterField) -> dict[str, object]:
    examples = " · ".join(field.examples)
    return {"field": field.path, "in": f"{field.support:.0%}", "type": field.type, "examples": examples}


def _print_alike(clusters: Clustering, as_json: bool) -> None:
    suggested = clusters.suggestions()
    if as_json:
        return print_json({"pairs": suggested, "families": clusters.families(suggested)})
    return print_table([_pair(each) for each in suggested], "No two clusters seem to be of one kind.")


def _print_audit(report: AuditReport, as_json: bool) -> None:
    if as_json:
        return print_json(report)
    print(f"{counted(report.looked_at, 'record')} compared, agreement {report.agreement:.0%}")
    rows = [{"do": what, "clusters": ", ".join(ids), "because": why} for what, ids, why in report.proposals]
    return print_table(rows, "It would neither merge nor split any.")


def _pair(pair: FamilySuggestion) -> dict[str, object]:
    same = ", ".join(f"{each.left} = {each.right}" for each in pair.pairs)
    return {"alike": f"{pair.score:.0%}", "one": pair.left, "other": pair.right, "fields": same}
