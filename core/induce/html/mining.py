"""Finds the groups of repeated elements of a page that look like the records of a table.

Candidates are children of one parent with the same step, elements with the same path under several parents, and runs
of siblings that start with the same step. What makes records: much text, the same places in each, values that vary.
After MDR (Liu 2003) and tag path clustering (Miao 2009), with sets of path keys in the place of tree matching.
"""

import math
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from core.dom.page_index import PageIndex
from core.dom.paths import step
from core.dom.table_grid import CELLS
from core.dom.tree import INLINE, TEXT, UNSEEN, Node, Tree
from core.extract.scopes import BLANK_LINE, Span, blank_lines, elements_at, opening, ranges_from, span_of, spans
from core.induce.html.bounds import until, with_what_follows
from core.induce.html.unions import unite
from core.model.scope import ElementScope, RowsScope, SiblingsScope

# records from which repetition is seen: two things are alike by chance
MIN_RECORDS = 3
# candidates that are looked at closely, those with the most text first, and lists kept of a page; the miner's own
# list of the first five held the wanted one on 81 % of the court pages it was tried on
MAX_CANDIDATES, MAX_GROUPS = 60, 5
# elements, all over a candidate, that tell how its records are made
SAMPLED_ELEMENTS = 60
# share of the records that must have a place before it counts as one of the list
CORE_SHARE = 0.5
# share of the runs that hold a second head, or an empty line within: then the heads are wrong for most
MIXED_SHARE = 0.5
# elements to a head, or empty lines to a run, from which there are several in most: with fewer, a mean above one
# comes of a few odd records
SEVERAL_IN_EACH = 1.5
# share of the places (Jaccard) from which two elements are of one kind, and of the elements that must be so: some
# fields are missing in some records
SAME_ELEMENTS = 0.8
# places that a record is known by: the most frequent ones; more make a scope long and no surer
MAX_REQUIRED = 8
# ways to begin of the rows of a list that are tried
MAX_OPENINGS = 3
# rows to a head: where there are more, heads are headings of a part
MOST_BELOW = 5
# share of the records of a list that stand within those of another before they are its pieces
WITHIN_SHARE = 0.5
# records of one list to a record of another up to which there is about one in each
ABOUT_AS_MANY = 1.2
# characters of one text, and elements of one candidate, that count for its worth: one long text makes no list, and past
# some dozens more elements say nothing new
COUNTED_TEXT, COUNTED_MEMBERS = 300, 50
# what the score of a candidate is multiplied with: records that are runs of siblings, because plain elements are the
# likelier; runs that are mixed; what stands in menus. Set by hand; higher puts menus and halves of records first
FLAT_WORTH, MIXED_WORTH, ASIDE_WORTH = 0.8, 0.4, 0.35
# kinds of siblings that are tried as headers; the siblings to a header, itself among them, below which nothing stands
# between headers; the share by which the numbers of two kinds must differ to part the siblings otherwise; kinds kept
STEPS_TRIED, SIBLINGS_A_HEADER, OTHER_COUNT, MAX_HEADER_STEPS = 6, 1.8, 0.2, 3
# share of its places that a record must have at least: records with gaps are records, single links are not
LEAST_PLACES = 0.4
# share of different texts, and their mean length in characters, from which records of a single text are worth cutting
RICH_VARIETY, RICH_LENGTH = 0.8, 25
# different values a record from which a place varies; labels and marks do not
VARIED_PLACE = 0.5
# steps around the first record within which a menu or a footer holds the list
STEPS_TO_MENU = 7
MENU_WORDS = re.compile(r"nav|menu|footer|breadcrumb|sidebar|pagination|pager|social|share|cookie|toolbar", re.I)
HEADS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "dt", "hr"})
NOT_RECORDS = frozenset({"br", "hr", "option", "col", "colgroup", "input", "button", "script", "style", "th", "td"})


class RecordCandidate(NamedTuple):
    """Elements that may be records, or the first elements of records that go on to the next (`flat`)."""

    members: list[Node]
    path: str
    flat: bool
    head: str = ""


class RecordGroup(NamedTuple):
    """A scope that finds records on a page, the records, and how good they look."""

    scope: ElementScope
    spans: list[Span]
    score: float


def mine(index: PageIndex, fewest: int = MIN_RECORDS) -> list[RecordGroup]:
    """The best groups of a page of at least so many records, best first, none of them inside another's share."""
    mass = _mass(index)
    candidates = sorted(_record_candidates(index, fewest), key=lambda c: -_weight_by_text(c, mass))[:MAX_CANDIDATES]
    groups = [group for candidate in candidates if (group := _group_of(candidate, index, fewest))]
    groups.sort(key=lambda group: -group.score)
    return _keep_distinct(_join_parts_of_lists(_outer_first(groups), index), index)


def _join_parts_of_lists(groups: list[RecordGroup], index: PageIndex) -> list[RecordGroup]:
    """The groups, those that are parts of one list put together, each where its first part was."""
    kept: list[RecordGroup] = []
    for group in groups:
        for position, other in enumerate(kept):
            scope = unite(other.scope, other.spans, group.scope, group.spans, index)
            if scope:
                kept[position] = RecordGroup(scope, spans(scope, index), other.score)
                break
        else:
            kept.append(group)
    return kept


def _outer_first(groups: list[RecordGroup]) -> list[RecordGroup]:
    """Records over several elements come before what consists of pieces of them, however regular those are."""
    ordered: list[RecordGroup] = []
    for group in groups:
        inner = [position for position, other in enumerate(ordered) if _goes_over(group, other)]
        ordered.insert(inner[0] if inner else len(ordered), group)
    return ordered


def _goes_over(group: RecordGroup, other: RecordGroup) -> bool:
    """Whether the records of a group go over several elements, of which those of the other are one each, or pieces."""
    if not isinstance(group.scope, SiblingsScope):
        return False
    if group.scope.opening:
        return _share_within(other, group) >= WITHIN_SHARE
    if not isinstance(other.scope, RowsScope):
        return False
    # a single place more may be the heading of a part
    has_more = len(group.scope.required_keys) > len(other.scope.required_keys) + 1
    return has_more and len(group.spans) <= ABOUT_AS_MANY * len(other.spans) and _parts_of(other, group)


def _share_within(group: RecordGroup, larger: RecordGroup) -> float:
    """The share of the records of a group that stand within those of another."""
    starts = [span.start for span in larger.spans]
    places = ((span, bisect_right(starts, span.start) - 1) for span in group.spans)
    return sum(at >= 0 and span.end <= larger.spans[at].end for span, at in places) / len(group.spans)


def _keep_distinct(groups: list[RecordGroup], index: PageIndex) -> list[RecordGroup]:
    kept: list[RecordGroup] = []
    seen: list[set[int]] = []
    for group in (_with_bounds(group, index) for group in groups):
        orders = {span.start for span in group.spans}
        if any(len(orders & other) >= SAME_ELEMENTS * len(orders) for other in seen) or any(
            _parts_of(group, k) for k in kept
        ):
            continue
        kept.append(group)
        seen.append(orders)
        if len(kept) == MAX_GROUPS:
            break
    return kept


def _with_bounds(group: RecordGroup, index: PageIndex) -> RecordGroup:
    """The group with records that hold what stands behind their headers, and nothing that belongs to others."""
    flat = with_what_follows(group.scope, group.spans, index)
    scope = flat or group.scope
    if not isinstance(scope, SiblingsScope):
        return group
    ends = until(group.spans, index)
    if flat is None and not ends:
        return group
    runs = ranges_from([span.start for span in group.spans], index.tree, ends)
    sample = runs[:: max(1, len(runs) // SAMPLED_ELEMENTS)]
    keys, least = _required_keys([span_of(run, index, flat=scope.names_siblings) for run in sample])
    scope = scope.model_copy(update={"until": ends, "required_keys": keys, "at_least": least})
    found = spans(scope, index)
    return RecordGroup(scope, found, group.score) if len(found) >= SAME_ELEMENTS * len(group.spans) else group


def _parts_of(group: RecordGroup, larger: RecordGroup) -> bool:
    """Whether the records of a group are parts of the records of another, about one in each."""
    if len(group.spans) > ABOUT_AS_MANY * len(larger.spans):
        return False
    starts = [span.start for span in larger.spans]
    ends = [span.end for span in larger.spans]
    holders = set()
    for span in group.spans:
        position = bisect_right(starts, span.start) - 1
        if position >= 0 and span.end <= ends[position]:
            holders.add(position)
    return len(holders) >= SAME_ELEMENTS * len(group.spans)


def _mass(index: PageIndex) -> list[int]:
    """Running total of visible text by document order."""
    total = [0]
    skip_until = 0
    for node in index.tree.nodes:
        if node.tag in UNSEEN:
            skip_until = max(skip_until, node.end)
        seen = node.tag == TEXT and node.order >= skip_until
        total.append(total[-1] + (min(len(node.text), COUNTED_TEXT) if seen else 0))
    return total


def _weight_by_text(candidate: RecordCandidate, mass: list[int]) -> float:
    if candidate.flat and candidate.members[0].parent is not None:
        parents = {id(node.parent): node.parent for node in candidate.members if node.parent is not None}
        text = sum(mass[parent.end] - mass[parent.order] for parent in parents.values()) * FLAT_WORTH
    else:
        text = sum(mass[node.end] - mass[node.order] for node in candidate.members)
    return text * math.log(1 + min(len(candidate.members), COUNTED_MEMBERS))


def _record_candidates(index: PageIndex, fewest: int) -> Iterator[RecordCandidate]:
    for path, nodes in index.elements.items():
        if nodes[0].tag not in NOT_RECORDS and len(nodes) >= fewest:
            yield RecordCandidate(nodes, path, False)
    for node in index.tree.nodes:
        if node.order in index.element_paths and len(node.children) >= fewest:
            yield from _candidates_below(node, index, fewest)


def _candidates_below(parent: Node, index: PageIndex, fewest: int) -> Iterator[RecordCandidate]:
    kids = [child for child in parent.elements() if child.tag not in UNSEEN]
    path = index.element_paths[parent.order]
    by_tag: dict[str, list[Node]] = defaultdict(list)
    for kid in kids:
        by_tag[kid.tag].append(kid)
    for tag, members in by_tag.items():
        if len(members) >= fewest and tag not in NOT_RECORDS and len({step(m) for m in members}) > 1:
            yield RecordCandidate(members, f"{path}>{tag}.*", False)
    blanks = blank_lines([kid.order for kid in kids if kid.tag == "br"][:1], index.tree)
    if len(blanks) >= MIN_RECORDS:
        yield RecordCandidate([index.tree.node(order) for order in blanks], f"{path}>{BLANK_LINE}", True)
    yield from _candidates_by_opening(kids, path, index)
    for name in _header_steps(kids, len(parent.children)):
        yield RecordCandidate([kid for kid in kids if step(kid) == name], f"{path}>{name}", True)


def _candidates_by_opening(kids: list[Node], path: str, index: PageIndex) -> Iterator[RecordCandidate]:
    """Runs of elements of one kind that begin with those whose first text stands elsewhere than in the others.

    So do the rows of a record that goes over several rows, of which only the first has something in the first cell.
    """
    kind = Counter(map(step, kids)).most_common(1)
    members = [kid for kid in kids if kind and step(kid) == kind[0][0]]
    if len(members) < max(2 * MIN_RECORDS, SAME_ELEMENTS * len(kids)):
        return
    by_opening: dict[str, list[Node]] = defaultdict(list)
    for member in members:
        by_opening[opening(index.tree, member.order)].append(member)
    for way, heads in list(by_opening.items())[:MAX_OPENINGS]:
        is_share = SEVERAL_IN_EACH * len(heads) <= len(members) <= MOST_BELOW * len(heads)
        is_head = way and len(heads) >= MIN_RECORDS and is_share and not _begins_within(heads, members, index)
        if is_head and _stands_out(heads, members, index):
            yield RecordCandidate(heads, f"{path}>{step(heads[0])}", True, way)


def _begins_within(heads: list[Node], members: list[Node], index: PageIndex) -> bool:
    """Whether the first of the members stands before all heads and is of the kind that mostly stands below them.

    Then that kind begins the records, and what looked like heads are parts of some of them.
    """
    if members[0] is heads[0] or index.grid.is_header(members[0].order):
        return False
    first = {node.order for node in heads}
    orphan, *below = (
        index.record((node.order,)).by_key.keys() for node in members[:SAMPLED_ELEMENTS] if node.order not in first
    )
    return 2 * sum(len(orphan & keys) >= SAME_ELEMENTS * len(orphan | keys) for keys in below) > len(below)


def _stands_out(heads: list[Node], members: list[Node], index: PageIndex) -> bool:
    """Whether few of the places in the elements that begin records are in the others."""
    first = {node.order for node in heads}
    own = {leaf.path_key for node in heads[:SAMPLED_ELEMENTS] for leaf in index.record((node.order,)).leaves}
    others = [index.record((node.order,)).leaves for node in members if node.order not in first]
    return sum(all(leaf.path_key not in own for leaf in those) for those in others) >= SAME_ELEMENTS * len(others)


def _header_steps(kids: list[Node], children: int) -> list[str]:
    """The steps that may start a run; of steps that are as many, they only shift the runs, the one that comes first."""
    counts = Counter(step(kid) for kid in kids)
    first = {step(kid): position for position, kid in reversed(list(enumerate(kids)))}
    often = [
        name
        for name, count in counts.most_common(STEPS_TRIED)
        if count >= MIN_RECORDS and children >= SIBLINGS_A_HEADER * count
    ]
    often.sort(key=lambda name: (name.partition(".")[0] not in HEADS, first[name]))
    kept: list[str] = []
    for name in often:
        if name not in CELLS and all(abs(counts[name] - counts[k]) > OTHER_COUNT * counts[k] for k in kept):
            kept.append(name)
    return kept[:MAX_HEADER_STEPS]


def _group_of(candidate: RecordCandidate, index: PageIndex, fewest: int) -> RecordGroup | None:
    members = [node.order for node in candidate.members]
    found = ranges_from(members, index.tree) if candidate.flat else [(order,) for order in members]
    if candidate.head:
        # what has nothing below it is a heading, or a record of another table
        found = [run for run in found if len(run) > 1]
    sample = [
        span_of(run, index, flat=candidate.flat and not candidate.head)
        for run in found[:: max(1, len(found) // SAMPLED_ELEMENTS)]
    ]
    keys = [{leaf.path_key for leaf in span.view.leaves} for span in sample]
    core = _core_keys(keys)
    if len(core) < 2 and not _is_rich(sample):
        return None
    scope = _anchored(_scope_for(candidate, core), candidate.members, index)
    found_spans = spans(scope, index)
    if len(found_spans) < fewest:
        return None
    return RecordGroup(scope, found_spans, _score_of(candidate, found_spans, set(core), index))


def _scope_for(candidate: RecordCandidate, core: list[str]) -> ElementScope:
    keys, least = tuple(core[:MAX_REQUIRED]), _at_least(core)
    if not candidate.flat:
        return RowsScope(element_path=candidate.path, required_keys=keys, at_least=least)
    head = candidate.head
    return SiblingsScope(element_path=candidate.path, opening=head, required_keys=keys, at_least=least)


def _required_keys(sample: list[Span]) -> tuple[tuple[str, ...], int]:
    """The places that make records of some spans, and how many of them each must have."""
    core = _core_keys([{leaf.path_key for leaf in span.view.leaves} for span in sample])
    return tuple(core[:MAX_REQUIRED]), _at_least(core)


def _at_least(core: list[str]) -> int:
    return max(1, math.ceil(LEAST_PLACES * min(len(core), MAX_REQUIRED)))


def _is_rich(sample: list[Span]) -> bool:
    """Whether single texts are long enough to be records that have to be cut."""
    texts = [leaf.text for span in sample for leaf in span.view.texts]
    return len(set(texts)) > RICH_VARIETY * len(texts) and sum(map(len, texts)) > RICH_LENGTH * max(1, len(texts))


def _core_keys(keys: list[set[str]]) -> list[str]:
    rich = [found for found in keys if len(found) >= 2] or keys
    counts = Counter(key for found in rich for key in found)
    often = [key for key, count in counts.items() if count >= CORE_SHARE * len(rich)]
    return sorted(often, key=lambda key: (-counts[key], key))


def _anchored(scope: ElementScope, members: list[Node], index: PageIndex) -> ElementScope:
    """The shortest path, of two steps at least, that finds the members alone; inside an id where that takes one."""
    wanted = {node.order for node in members}
    inside = _common_id(members, index)
    head = scope.opening if isinstance(scope, SiblingsScope) else ""
    steps = scope.element_path.split(">")
    for count in range(2, len(steps) + 1):
        path = ">".join(steps[-count:])
        if _heads_at(path, "", head, index) == wanted:
            return scope.model_copy(update={"element_path": path})
    for count in range(2, len(steps) + 1):
        path = ">".join(steps[-count:])
        if inside and _heads_at(path, inside, head, index) == wanted:
            return scope.model_copy(update={"element_path": path, "inside_id": inside})
    return scope


def _heads_at(path: str, inside: str, head: str, index: PageIndex) -> set[int]:
    return {order for order in elements_at(path, inside, index) if not head or opening(index.tree, order) == head}


def _common_id(members: list[Node], index: PageIndex) -> str:
    last = members[-1].order
    for above in members[0].ancestors():
        name = above.attrs.get("id", "")
        if above.end > last and name and not any(c.isdigit() for c in name) and index.ids.get(name) == above.order:
            return name
    return ""


def _score_of(candidate: RecordCandidate, spans: list[Span], core: set[str], index: PageIndex) -> float:
    sample = spans[:: max(1, len(spans) // SAMPLED_ELEMENTS)]
    values: dict[str, set[str]] = defaultdict(set)
    text = agreement = 0.0
    for span in sample:
        keys = {leaf.path_key for leaf in span.view.leaves}
        agreement += len(keys & core) / max(1, len(keys | core))
        for leaf in span.view.leaves:
            values[leaf.path_key].add(leaf.text)
            text += min(len(leaf.text), COUNTED_TEXT) if leaf.kind == "text" else 0
    varied = sum(1 for key in core if len(values[key]) >= VARIED_PLACE * len(sample))
    score = math.log1p(text) * (agreement / len(sample)) * math.log1p(varied) * math.log1p(len(spans))
    score *= ASIDE_WORTH if _is_aside(candidate.members[0]) else 1.0
    return score * _flat_share(candidate, sample, index) if candidate.flat else score


def _flat_share(candidate: RecordCandidate, sample: list[Span], index: PageIndex) -> float:
    """What the score of runs of siblings is worth: less where several records make up a run, or halves of two."""
    mixed = _crosses_blank_lines(candidate, sample, index.tree) or _repeats_its_head(sample, index)
    return MIXED_WORTH if mixed else FLAT_WORTH


def _repeats_its_head(sample: list[Span], index: PageIndex) -> bool:
    """Whether most runs hold a second element with the places of the first: rows that differ in their colour only."""
    return sum(_holds_a_second(span, index) for span in sample) > MIXED_SHARE * len(sample)


def _holds_a_second(span: Span, index: PageIndex) -> bool:
    first, *others = span.orders
    tag = index.tree.heads[first].tag
    places = index.record((first,)).by_key.keys()
    alike = (index.record((other,)).by_key.keys() for other in others if index.tree.heads[other].tag == tag)
    return len(places) > 1 and any(len(places & those) >= SAME_ELEMENTS * len(places | those) for those in alike)


def _crosses_blank_lines(candidate: RecordCandidate, spans: list[Span], tree: Tree) -> bool:
    """Whether runs that begin within a line go on behind an empty line, of which there is about one in each.

    Their heads stand inside the records then, which begin behind the empty lines.
    """
    if candidate.path.endswith(BLANK_LINE) or candidate.members[0].tag not in INLINE:
        return False
    blanks = blank_lines([order for span in spans for order in span.orders if tree.heads[order].tag == "br"], tree)
    starts = [span.start for span in spans]
    crossed = [
        at
        for blank in blanks
        if (at := bisect_right(starts, blank) - 1) >= 0
        and any(blank < leaf.order for leaf in spans[at].view.texts)
        and blank < spans[at].end
    ]
    return len(set(crossed)) > MIXED_SHARE * len(spans) and len(crossed) < SEVERAL_IN_EACH * len(spans)


def _is_aside(node: Node) -> bool:
    for above in [node, *node.ancestors()][:STEPS_TO_MENU]:
        if above.tag in ("nav", "footer", "aside"):
            return True
        if above.tag not in ("body", "html") and MENU_WORDS.search(
            above.attrs.get("class", "") + " " + above.attrs.get("id", "")
        ):
            return True
    return False
