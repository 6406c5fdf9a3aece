"""How well a blueprint fits a document, and which documents are of one template."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.extract import extract
from core.induce import induce
from core.model import Blueprint, Extraction, ParsedDocument, RecordSet, TemplateGroup

# the share of the cells that a blueprint expects from which on a page is of its template: most pages of one have all
# but optional cells, those of others have what every page has (title, description). Higher parts a template in several
SAME_TEMPLATE = 0.45


@dataclass
class _Followers:
    """Documents that the blueprint of the first of them reads."""

    blueprint: Blueprint
    members: list[int] = field(default_factory=list)


def fit(blueprint: Blueprint, extraction: Extraction) -> float:
    """Share of the cells the blueprint expects that it read in a document, 0..1."""
    shares = [_filled_share(table, extraction) for table in blueprint.tables if table.parent is None]
    return max(shares, default=0.0)


def _filled_share(table: RecordSet, extraction: Extraction) -> float:
    records = extraction.of(table.name)
    expected = sum(field.fill for field in table.fields) * len(records)
    found = sum(len(record.fields) for record in records)
    return min(1.0, found / expected) if expected else 0.0


def group_templates(documents: Sequence[ParsedDocument]) -> list[TemplateGroup]:
    """Put documents together that one blueprint reads, first come first led; learn each group from all its members.

    Leader clustering (Hartigan 1975): groups never depend on what comes later, so names stay stable.
    """
    led: list[_Followers] = []
    for index, document in enumerate(documents):
        scored = [(fit(group.blueprint, extract(group.blueprint, document)), group) for group in led]
        share, leader = max(scored, key=lambda pair: pair[0], default=(0.0, None))
        if leader is None or share < SAME_TEMPLATE:
            leader = _Followers(induce([document]))
            led.append(leader)
        leader.members.append(index)
    return [TemplateGroup(_learn_together(group, documents), tuple(group.members)) for group in led]


def _learn_together(group: _Followers, documents: Sequence[ParsedDocument]) -> Blueprint:
    """The blueprint of the first was learned from that alone."""
    if len(group.members) == 1:
        return group.blueprint
    return induce([documents[index] for index in group.members])
