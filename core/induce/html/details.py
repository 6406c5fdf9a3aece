"""Learns the fields of a page template: candidates that agree become one field with fallbacks, the best come first."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import compress

from core.dom.page_index import PageIndex
from core.induce.confidence import OF_A_PAGE, bounded
from core.induce.html.candidates import SelectorCandidate, candidates
from core.induce.html.parts import part_candidates
from core.induce.html.redundancy import new_ones
from core.induce.html.trust import CHOSEN_IMAGE, SITE_TYPES, main_type, priority
from core.induce.html.worth import merit_of
from core.induce.limits import MAX_FIELDS, MAX_SELECTORS, examples_of
from core.induce.naming import Names, snake, token_name
from core.induce.types import placed_type
from core.model.blueprint import Field, RecordSet
from core.model.scope import DocumentScope
from core.model.selector import InlineSelector, PathSelector, SectionSelector, Selector

PAGE_TABLE = "page"
# pages, or texts of one, up to which short values agree by chance, and characters from which they do not
FEW_PAGES, LONG_VALUE = 2, 5
# label quality (core/induce/html/labels.py) from which a label names a field: one sign of a label is enough for a name
NAMING_QUALITY = 1.0

# fields, the best ones, whose texts are looked through for parts
CUT_FIELDS = 20
RECKONED_TYPES = ("date", "datetime", "money")
# share of the pages on which two selectors must read the same to be one field (so in the prototype that reached .945
# on SWDE): at less, the second reads something else on the next page
SAME_FIELD_SHARE = 0.7


@dataclass
class CandidateGroup:
    """A field in the making: candidates that read the same, best first."""

    members: list[SelectorCandidate]
    merit: float = 0.0
    keys: set[tuple[int, tuple[int, ...]]] = field(default_factory=set)

    @property
    def lead(self) -> SelectorCandidate:
        """The candidate whose selector comes first."""
        return self.members[0]


def page_table(pages: Sequence[PageIndex], names: Names) -> RecordSet | None:
    """The one-record table of the pages; None when nothing on them can be told from the template."""
    found = candidates(pages)
    main = main_type(found)
    found.sort(key=lambda candidate: (priority(candidate, main), *_tie_order(candidate.selector)))
    groups = _group_readings(found, len(pages))
    for group in groups:
        group.merit = merit_of(group.members, pages, main)
    groups.sort(key=lambda group: -group.merit)
    groups = list(compress(groups, new_ones([group.lead for group in groups], pages)))
    if not groups:
        return None
    fields, left_out = _page_fields(_with_best_parts(groups, pages), pages), len(groups[MAX_FIELDS:])
    name = names.take(snake(_spaced(main)) if main else PAGE_TABLE)
    return RecordSet(name=name, scope=DocumentScope(), fields=fields, confidence=OF_A_PAGE, left_out=left_out)


def _tie_order(selector: Selector) -> tuple[bool, str, str, str]:
    """The order of selectors that are trusted alike: bare places last."""
    return isinstance(selector, PathSelector), selector.kind, selector.path_text, selector.label_text


def _with_best_parts(groups: list[CandidateGroup], pages: Sequence[PageIndex]) -> list[CandidateGroup]:
    """The parts of the best texts last, as far as there is room: they say again what whole fields say.

    A date or an amount takes the place of the least of the others: nobody can reckon with the text around it.
    """
    parts = part_candidates([group.lead for group in groups[:CUT_FIELDS]], pages)
    wanted = [part for part in parts if placed_type(part.selector, part.texts)[0] in RECKONED_TYPES]
    kept = groups[: MAX_FIELDS - len(wanted)]
    others = [part for part in parts if part not in wanted][: MAX_FIELDS - len(kept) - len(wanted)]
    return [*kept, *(CandidateGroup([part], kept[-1].merit) for part in (*wanted, *others))]


def _spaced(name: str) -> str:
    """CamelCase as words."""
    return "".join(f" {c}" if c.isupper() else c for c in name).strip()


def _group_readings(found: Sequence[SelectorCandidate], pages: int) -> list[CandidateGroup]:
    """Groups of candidates that read the same on most pages where both read anything."""
    groups: list[CandidateGroup] = []
    by_reading: dict[tuple[int, tuple[str, ...]], list[CandidateGroup]] = defaultdict(list)
    for candidate in found:
        keys = [(number, _fold_reading(reading)) for number, reading in enumerate(candidate.readings) if reading]
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


def _fold_reading(reading: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(text.casefold().strip(" :;,.|·•") for text in reading)


def _same_group(
    candidate: SelectorCandidate,
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
        if votes[name] >= SAME_FIELD_SHARE * len(keys) and _may_join(candidate, known[name], pages):
            return known[name]
    return None


def _may_join(candidate: SelectorCandidate, group: CandidateGroup, pages: int) -> bool:
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
    return pages > FEW_PAGES or longest >= LONG_VALUE or len(candidate.texts) > FEW_PAGES


def _page_fields(groups: Sequence[CandidateGroup], pages: Sequence[PageIndex]) -> tuple[Field, ...]:
    names = Names()
    top = max(group.merit for group in groups)
    return tuple(_page_field(group, pages, names, top) for group in groups)


def _page_field(group: CandidateGroup, pages: Sequence[PageIndex], names: Names, top: float) -> Field:
    lead = group.lead
    kind, locale = placed_type(lead.selector, lead.texts)
    label = next(
        (
            m.selector.label_text
            for m in group.members
            if m.selector.label_text
            and (m.quality >= NAMING_QUALITY or isinstance(m.selector, InlineSelector | SectionSelector))
        ),
        "",
    )
    return Field(
        name=names.take(_field_name(group, label, kind, pages)),
        type=kind,
        selectors=tuple(member.selector for member in group.members),
        many=lead.selector.reads_many,
        label=label,
        locale=locale,
        examples=examples_of(lead.texts),
        confidence=bounded(group.merit / max(top, 1.0)),
        fill=round(lead.support, 4),
    )


def _field_name(group: CandidateGroup, label: str, kind: str, pages: Sequence[PageIndex]) -> str:
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
    return snake(" ".join(_spaced(part) for part in (*prefix, *shortened)))


def _token_name(lead: SelectorCandidate, pages: Sequence[PageIndex]) -> str:
    number = next(n for n, nodes in enumerate(lead.nodes) if nodes)
    node = pages[number].tree.nodes[lead.nodes[number][0]]
    near = [node, *list(node.ancestors())[:3]]
    words = [place.attrs.get(key, "") for place in near for key in ("itemprop", "class", "id")]
    return token_name(words) or token_name(place.tag for place in near)
