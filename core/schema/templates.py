"""How well a blueprint fits a document, and which documents are of one template."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.extract import extract
from core.induce import induce
from core.model import Blueprint, Extraction, ParsedDocument, RecordSet

SAME_TEMPLATE = 0.45


@dataclass
class TemplateGroup:
    """Documents of one template; `blueprint` was learned from the first and is learned anew from all."""

    blueprint: Blueprint
    members: list[int] = field(default_factory=list)


def fit(blueprint: Blueprint, document: ParsedDocument) -> float:
    """Share of the cells the blueprint expects that the document has, 0..1; 0 for another kind of document."""
    if blueprint.kind != document.kind:
        return 0.0
    extraction = extract(blueprint, document)
    shares = [_filled(table, extraction) for table in blueprint.tables if table.parent is None]
    return max(shares, default=0.0)


def _filled(table: RecordSet, extraction: Extraction) -> float:
    records = [record for record in extraction.records if record.table == table.name]
    expected = sum(field.fill for field in table.fields) * len(records)
    found = sum(len(record.fields) for record in records)
    return min(1.0, found / expected) if expected else 0.0


def group_templates(documents: Sequence[ParsedDocument]) -> list[TemplateGroup]:
    """Put documents together that one blueprint reads, first come first led; learn each group from all its members.

    Leader clustering (Hartigan 1975): groups never depend on what comes later, so names stay stable.
    """
    groups: list[TemplateGroup] = []
    for index, document in enumerate(documents):
        scored = [(fit(group.blueprint, document), group) for group in groups]
        share, leader = max(scored, key=lambda pair: pair[0], default=(0.0, None))
        if leader is None or share < SAME_TEMPLATE:
            leader = TemplateGroup(induce([document]))
            groups.append(leader)
        leader.members.append(index)
    for group in groups:
        if len(group.members) > 1:
            group.blueprint = induce([documents[index] for index in group.members])
    return groups
