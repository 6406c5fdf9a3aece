"""Learns the fields of a page template: candidates that agree become one field with fallbacks, the best come first."""

import math
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import compress

from core.dom.page_index import PageIndex
from core.dom.tree import Node
from core.induce.html.candidates import Candidate, candidates
from core.induce.html.parts import part_candidates
from core.induce.html.redundancy import new_ones
from core.induce.naming import Names, snake, token_name
from core.induce.types import placed_type
from core.model.blueprint import Field, RecordSet
from core.model.scope import DocumentScope
from core.model.selector import EmbeddedSelector, InlineSelector, LabelSelector, PathSelector, SectionSelector, Selector

PAGE = "page"
MAX_FIELDS = 60
MAX_SELECTORS = 6
MAX_EXAMPLES = 3
PARTED = 20
RECKONED = ("date", "datetime", "money")
FEW = 3
AGREEMENT = 0.7
DIRECT = 0.05  # what the thing itself has, not a thing it has
SITE_TYPES = frozenset(
    "WebSite WebPage Organization BreadcrumbList ImageObject Person ListItem SearchAction ReadAction CollectionPage "
    "SiteNavigationElement WPHeader WPFooter VideoObject Thing Comment "
    # FOAF, SIOC and SKOS: what publishing software says of any page
    "Document Item Post UserAccount Concept Image Container".split()
)
ASIDE = re.compile(
    r"nav|menu|footer|breadcrumb|sidebar|pagin|social|share|cookie|related|recommend|similar|also|viewed|sponsor|review|"
    r"comment|advert|promo|login|widget|carousel|popup|modal|newsletter",
    re.I,
)
CHOSEN_IMAGE = "og:image"  # the one picture a site chose for the page; lists of pictures differ from it elsewhere
PAGE_TYPES = frozenset({"Article", "BlogPosting", "NewsArticle", "Review", "Rating", "AggregateRating", "Offer"})
CONTENT_META = ("og:title", "og:description", "og:image", "description", "twitter:title", "author", "keywords")


@dataclass
class CandidateGroup:
    """A field in the making: candidates that read the same, best first."""

    members: list[Candidate]
    merit: float = 0.0
    keys: set[tuple[int, tuple[int, ...]]] = field(default_factory=set)

    @property
    def lead(self) -> Candidate:
        """The candidate whose selector comes first."""
        return self.members[0]


def page_table(pages: Sequence[PageIndex], names: Names) -> RecordSet | None:
    """The one-record table of the pages; None when nothing on them can be told from the template."""
    found = candidates(pages)
    main = main_type(found)
    found.sort(key=lambda candidate: (priority(candidate, main), *_rank(candidate.selector)))
    groups = _merged(found, len(pages))
    for group in groups:
        group.merit = _merit(group, pages, main)
    groups.sort(key=lambda group: -group.merit)
    groups = list(compress(groups, new_ones([group.lead for group in groups], pages)))
    if not groups:
        return None
    fields, left_out = _fields(_with_parts(groups, pages), pages), len(groups[MAX_FIELDS:])
    name = names.take(_table_name(main))
    return RecordSet(name=name, scope=DocumentScope(), fields=fields, confidence=0.7, left_out=left_out)


def _rank(selector: Selector) -> tuple[bool, str, str, str]:
    """The order of selectors that are trusted alike: bare places last."""
    return isinstance(selector, PathSelector), selector.kind, selector.path_text, selector.label_text


def _with_parts(groups: list[CandidateGroup], pages: Sequence[PageIndex]) -> list[CandidateGroup]:
    """The parts of the best texts last, as far as there is room: they say again what whole fields say.

    A date or an amount takes the place of the least of the others: nobody can reckon with the text around it.
    """
    parts = part_candidates([group.lead for group in groups[:PARTED]], pages)
    wanted = [part for part in parts if placed_type(part.selector, part.texts)[0] in RECKONED]
    kept = groups[: MAX_FIELDS - len(wanted)]
    others = [part for part in parts if part not in wanted][: MAX_FIELDS - len(kept) - len(wanted)]
    return [*kept, *(CandidateGroup([part], kept[-1].merit) for part in (*wanted, *others))]


def _table_name(main: str) -> str:
    return snake(_words(main)) if main else PAGE


def _words(name: str) -> str:
    """CamelCase as words."""
    return "".join(f" {c}" if c.isupper() else c for c in name).strip()


def main_type(found: Sequence[Candidate]) -> str:
    """The type of the thing the page is about: the one with most properties, an article only if there is no other."""
    properties: dict[str, set[str]] = defaultdict(set)
    for candidate in found:
        kind, slash, rest = candidate.selector.path_text.partition("/")
        if candidate.selector.kind in ("jsonld", "microdata") and slash and kind not in SITE_TYPES:
            properties[kind].add(rest.partition("/")[0])
    worth = {kind: len(names) * (0.3 if kind in PAGE_TYPES else 1.0) for kind, names in properties.items()}
    best = max(worth, key=lambda kind: worth[kind], default="")
    return best if worth.get(best, 0) >= 1 else ""


PRIORITY = {"jsonld": 0.0, "microdata": 0.4, "inline": 1.5, "before": 4.0, "meta": 2.6, "state": 2.2, "section": 1.8}


def priority(candidate: Candidate, main: str) -> float:
    """The order in which selectors are trusted to find the same value on other pages; lower is better."""
    selector = candidate.selector
    if isinstance(selector, LabelSelector):
        base = 2.0 - 0.5 * max(-4.0, min(candidate.quality, 3.0)) + (0.3 if selector.extent != "text" else 0.0)
    elif isinstance(selector, PathSelector):
        base = _path_priority(selector.path_key)
    else:
        path = selector.path_text
        base = PRIORITY[selector.kind]
        base += 0.2 if selector.kind == "jsonld" and not path.startswith(main + "/") else 0.0
        base += 3.0 if path.partition("/")[0] in SITE_TYPES else 0.0
        base += 0.1 if path.endswith(("/name", "/url")) and path.count("/") > 1 else -0.1 if "//" in path else 0.0
        base += 1.5 if selector.kind == "meta" and path not in CONTENT_META else 0.0
    many = any(len(reading) > 1 for reading in candidate.readings)
    return base - 1.5 * candidate.support + (0.4 if many and isinstance(selector, PathSelector) else 0.0)


def _path_priority(path: str) -> float:
    if path.startswith("[itemprop="):
        return 0.5
    if path.startswith("#"):
        return 2.0 + 0.05 * path.count(">")
    if path.startswith(("h1/", "h2/")):
        return 2.2
    return 3.2 if path.startswith(("html", "body")) else 2.5 - 0.1 * min(path.count("."), 4)


def _merged(found: Sequence[Candidate], pages: int) -> list[CandidateGroup]:
    """Groups of candidates that read the same on most pages where both read anything."""
    groups: list[CandidateGroup] = []
    by_reading: dict[tuple[int, tuple[str, ...]], list[CandidateGroup]] = defaultdict(list)
    for candidate in found:
        keys = [(number, _folded(reading)) for number, reading in enumerate(candidate.readings) if reading]
        group = _same_group(candidate, keys, by_reading, pages)
        if group is None:
            group = CandidateGroup([candidate])
            groups.append(group)
        elif len(group.members) < MAX_SELECTORS:
            group.members.append(candidate)
        else:
            continue
        for key in keys:
            if group not in by_reading[key]:
                by_reading[key].append(group)
    return groups


def _folded(reading: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(text.casefold().strip(" :;,.|·•") for text in reading)


def _same_group(
    candidate: Candidate,
    keys: list[tuple[int, tuple[str, ...]]],
    by_reading: dict[tuple[int, tuple[str, ...]], list[CandidateGroup]],
    pages: int,
) -> CandidateGroup | None:
    votes: dict[int, int] = defaultdict(int)
    known: dict[int, CandidateGroup] = {}
    for key in keys:
        for group in by_reading.get(key, ()):
            votes[id(group)] += 1
            known[id(group)] = group
    for name in sorted(votes, key=lambda name: -votes[name]):
        if votes[name] >= AGREEMENT * len(keys) and _may_join(candidate, known[name], pages):
            return known[name]
    return None


def _may_join(candidate: Candidate, group: CandidateGroup, pages: int) -> bool:
    """On one page short values agree by chance, and two keys of the same data are two fields."""
    kind, mine, theirs = candidate.selector.kind, candidate.selector.path_text, group.lead.selector.path_text
    if CHOSEN_IMAGE in (mine, theirs):
        return False
    if kind in ("jsonld", "microdata") and any(m.selector.kind == kind for m in group.members):
        told = (
            theirs.startswith(mine.partition("//")[0]) if "//" in mine else mine.startswith(theirs.partition("//")[0])
        )
        return told or mine.partition("/")[0] != theirs.partition("/")[0]
    if any(set(mine) & set(theirs) for mine, theirs in zip(candidate.nodes, group.lead.nodes, strict=True)):
        return True
    both_named = kind == group.lead.selector.kind == "label"
    if pages == 1 and both_named and candidate.selector.label_text != group.lead.selector.label_text:
        return False
    longest = max((len(text) for text in candidate.texts), default=0)
    return pages > 2 or longest >= 5 or len(candidate.texts) > 2


def _merit(group: CandidateGroup, pages: Sequence[PageIndex], main: str) -> float:
    """How much a field is worth to an analyst, about 0 to 1: embedded data of the main thing first."""
    lead = group.lead
    selector = lead.selector
    kinds = {member.selector.kind for member in group.members}
    merit = 0.25 + 0.15 * lead.support + 0.03 * min(len(group.members), 5) + 0.05 * min(len(kinds), 4)
    if isinstance(selector, EmbeddedSelector):
        merit = _with_data(merit, selector, main, pages)
    merit += 0.08 * max(0.0, min(max(m.quality for m in group.members), 3.0))
    merit += 0.35 if any(map(_is_in_heading, group.members)) else 0.0
    merit += 0.3 * _titled(lead, pages)
    if isinstance(selector, LabelSelector):
        merit -= 0.1 * (selector.extent == "paragraph") + 0.06 * min(selector.occurrence - 1, 2)
    merit += 0.15 * (len(set(lead.readings)) - 2) / (len(pages) - 1) if len(pages) > 1 else 0.0
    merit -= 0.15 if selector.path_text.endswith(("@src", "@href", "@alt", "@title")) else 0.0
    merit -= _cost(lead, pages)
    kind = placed_type(lead.selector, lead.texts)[0]
    return merit + (0.05 if kind not in ("string", "text") else 0.0)


def _with_data(merit: float, selector: EmbeddedSelector, main: str, pages: Sequence[PageIndex]) -> float:
    """A merit with what speaks for and against a place in embedded data."""
    path = selector.path
    if selector.kind in ("jsonld", "microdata"):
        merit += 0.5 if path.startswith(main + "/") else -0.05
        merit -= 0.3 if path.partition("/")[0] in SITE_TYPES else 0.0
        deep = path.replace("//text", "").removesuffix("/name").count("/") - 1
        merit += -0.1 * deep if deep > 0 else DIRECT * path.startswith(main + "/")
        merit -= 0.1 * ("review" in path.lower())
        merit -= 0.15 * _is_one_of_many(selector, pages)
    elif selector.kind == "meta":
        merit += 0.85 if path == CHOSEN_IMAGE else 0.3 if path in CONTENT_META else -0.1
    return merit


def _is_in_heading(member: Candidate) -> bool:
    return member.selector.path_text.startswith("h1/") or ">h1" in member.selector.path_text


def _is_one_of_many(selector: EmbeddedSelector, pages: Sequence[PageIndex]) -> bool:
    """Whether it is the first or the last of a list in embedded data, which the list itself says too."""
    found = [getattr(page.embedded, selector.kind).get(selector.path, ()) for page in pages]
    return selector.nth in (1, -1) and max(map(len, found)) > FEW


def _titled(lead: Candidate, pages: Sequence[PageIndex]) -> float:
    """On which share of the pages the title of the page holds the value too."""
    hits = 0
    for page, reading in zip(pages, lead.readings, strict=True):
        title = next((datum.text for datum in page.embedded.meta.get("title", ())), "").casefold()
        hits += bool(reading) and len(reading[0]) >= 4 and reading[0].casefold().strip(" ()") in title
    return hits / len(pages)


def _cost(lead: Candidate, pages: Sequence[PageIndex]) -> float:
    """What speaks against visible text: links, places aside of the content, the end of the page."""
    if isinstance(lead.selector, EmbeddedSelector):
        return 0.0
    number = next(n for n, nodes in enumerate(lead.nodes) if nodes)
    tree = pages[number].tree
    node = tree.nodes[lead.nodes[number][0]]
    cost = 0.1 * lead.nodes[number][0] / len(tree.nodes)
    cost += 0.25 if _aside(node) else 0.0
    cost += 0.1 if node.parent is not None and "a" in (node.tag, node.parent.tag) else 0.0
    cost -= 0.06 * min(math.log10(1 + sum(len(text) for text in lead.readings[number])), 4)
    return cost + (0.15 if len(lead.readings[number]) > 40 else 0.0)


def _aside(node: Node) -> bool:
    for steps, above in enumerate([node, *node.ancestors()]):
        if steps > 7 or above.tag in ("body", "html"):
            return False
        if above.tag in ("nav", "footer", "aside") or ASIDE.search(
            above.attrs.get("class", "") + above.attrs.get("id", "")
        ):
            return True
    return False


def _fields(groups: Sequence[CandidateGroup], pages: Sequence[PageIndex]) -> tuple[Field, ...]:
    names = Names()
    top = max(group.merit for group in groups)
    return tuple(_field(group, pages, names, top) for group in groups)


def _field(group: CandidateGroup, pages: Sequence[PageIndex], names: Names, top: float) -> Field:
    lead = group.lead
    kind, locale = placed_type(lead.selector, lead.texts)
    label = next(
        (
            m.selector.label_text
            for m in group.members
            if m.selector.label_text and (m.quality >= 1.0 or isinstance(m.selector, InlineSelector | SectionSelector))
        ),
        "",
    )
    return Field(
        name=names.take(_name(group, label, kind, pages)),
        type=kind,
        selectors=tuple(member.selector for member in group.members),
        many=lead.selector.reads_many,
        label=label,
        locale=locale,
        examples=tuple(dict.fromkeys(lead.texts))[:MAX_EXAMPLES],
        confidence=round(max(0.05, min(0.99, group.merit / max(top, 1.0))), 4),
        fill=round(lead.support, 4),
    )


def _name(group: CandidateGroup, label: str, kind: str, pages: Sequence[PageIndex]) -> str:
    for member in group.members:
        if member.selector.kind in ("jsonld", "microdata"):
            return data_name(member.selector.path_text)
    if label:
        return snake(label)
    for member in group.members:
        if member.selector.kind == "meta":
            return snake(member.selector.path_text.removeprefix("og:").removeprefix("twitter:"))
        if member.selector.path_text.startswith("h1/"):
            return "title"
    return _token_name(group.lead, pages) or (kind if kind not in ("string", "text") else "text")


def data_name(path: str) -> str:
    """`Recipe/recipeIngredient` is "ingredient", `Recipe/author/name` is "author"."""
    kind, _, rest = path.rpartition("/") if path.count("/") == 0 else path.partition("/")
    parts = [part for part in rest.split("/") if not part.startswith(("@", "*"))] or [rest]
    if len(parts) > 1 and parts[-1] in ("name", "text", "url", "value"):
        parts.pop()
    lowered = kind[:1].lower() + kind[1:]
    shortened = [
        part[len(lowered) :] if part.startswith(lowered) and len(part) > len(lowered) else part for part in parts[-2:]
    ]
    prefix = [kind] if kind in SITE_TYPES else []
    return snake(" ".join(_words(part) for part in (*prefix, *shortened)))


def _token_name(lead: Candidate, pages: Sequence[PageIndex]) -> str:
    number = next(n for n, nodes in enumerate(lead.nodes) if nodes)
    node = pages[number].tree.nodes[lead.nodes[number][0]]
    near = [node, *list(node.ancestors())[:3]]
    words = [place.attrs.get(key, "") for place in near for key in ("itemprop", "class", "id")]
    return token_name(words) or token_name(place.tag for place in near)
