"""A proposal of typed tables, from documents of one kind."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from core.model.schema import SchemaProposal, SchemaQuality, SchemaTable, SiteLabel
from core.propose.canonical import LabelGroup, canonical_fields, joined_signature
from core.propose.children import RepeatedGroup, Steps, repeated_groups
from core.propose.documents import SiteDocument, SiteDocuments, told
from core.propose.fields import FieldSource, schema_field
from core.propose.keys import KeyColumn, KeyGuess, key_of
from core.propose.naming import best_label, column_name, field_names, first_free
from core.propose.units import CurrencyFields
from core.propose.words import separator_of, steps_of


class PlannedTable(NamedTuple):
    """A table before its fields are typed: the step that repeats (none: it is the main table), and its fields."""

    name: str
    root: Steps
    sources: list[FieldSource]


def propose(documents: Iterable[SiteDocument], name: str = "documents", origin: str = "") -> SchemaProposal:
    """Typed tables for documents of one kind, of one or several sites; the main table first, then its child tables."""
    sites = SiteDocuments(documents)
    mark = separator_of(dict.fromkeys(label.label for label in sites.labels))
    sources = [_source(sites, group, mark) for group in canonical_fields(sites, paths=bool(mark))]
    plan = _planned(sites, sources, name)
    currencies = CurrencyFields((source.steps, source.signature) for source in sources)
    main, *children = [_table(table, plan, len(sites.documents), currencies) for table in plan]
    key = _key(sites, main, plan[0].sources)
    tables = (main.model_copy(update={"key": key.fields}), *children)
    return SchemaProposal(
        tables=tables,
        documents=len(sites.documents),
        sites=tuple(sorted(site for site in sites.signatures if site)),
        quality=_quality(tables, sources, key),
        origin=origin,
        unseen=sites.unseen,
    )


def _source(sites: SiteDocuments, group: LabelGroup, mark: str) -> FieldSource:
    labels: dict[str, int] = {}
    for label in group:
        labels[label.label] = labels.get(label.label, 0) + sites.support(label)
    return FieldSource(group, labels, steps_of(best_label(labels), mark), joined_signature(sites, group))


def _planned(sites: SiteDocuments, sources: Sequence[FieldSource], name: str) -> list[PlannedTable]:
    """The main table and the child tables with what is to be in them."""
    # only paths of one label say where they stand
    paths = {next(iter(s.labels)): s.steps for s in sources if len(s.labels) == 1 and len(s.steps) > 1}
    repeated = repeated_groups(sites, paths)
    inside = {label for group in repeated for label in group.labels}
    plan = [PlannedTable(name, (), [source for source in sources if inside.isdisjoint(source.labels)])]
    used = {name}
    for group in repeated:
        held = [source for source in sources if not set(group.labels).isdisjoint(source.labels)]
        plan.append(PlannedTable(_table_name(group, used), group.root, held))
    return plan


def _table_name(group: RepeatedGroup, used: set[str]) -> str:
    """A child table is called after the step that repeats, with as many steps before it as it takes."""
    wanted = [column_name(group.root[-length:]) for length in range(1, len(group.root) + 1)]
    return first_free([name for name in wanted if name] or ["rows"], used)


def _table(
    table: PlannedTable, plan: Sequence[PlannedTable], documents: int, currencies: CurrencyFields
) -> SchemaTable:
    # rows of the main table hold the rows of the others under their names, so that no field may be called so
    children = [] if table.root else [child.name for child in plan[1:]]
    names = field_names([source.steps[len(table.root) :] or source.steps for source in table.sources], children)
    fields = tuple(
        schema_field(name, source, documents, currencies, in_rows=bool(table.root))
        for name, source in zip(names, table.sources, strict=True)
    )
    return SchemaTable(name=table.name, fields=fields, parent=plan[0].name if table.root else "")


def _key(sites: SiteDocuments, table: SchemaTable, sources: Sequence[FieldSource]) -> KeyGuess:
    # what some documents lack cannot tell them apart
    pairs = [(field, s) for field, s in zip(table.fields, sources, strict=True) if field.required and not field.many]
    columns = [KeyColumn(field.name, s.steps[-1], field.type, len(s.steps) - 1) for field, s in pairs]
    homes = {label: field.name for field, source in pairs for label in source.members}
    return key_of(columns, _rows(sites, homes))


def _rows(sites: SiteDocuments, homes: Mapping[SiteLabel, str]) -> Iterable[Mapping[str, str]]:
    """The documents with the first text of each of some fields."""
    for document in sites.documents:
        row = {}
        for label, values in document.fields.items():
            name = homes.get(SiteLabel(document.site, label))
            if name and (kept := told(values)):
                row[name] = kept[0]
        yield row


def _quality(tables: Iterable[SchemaTable], sources: Sequence[FieldSource], key: KeyGuess) -> SchemaQuality:
    fields = [field for table in tables for field in table.fields]
    return SchemaQuality(
        filled=_mean([field.filled for field in fields]),
        typed=_mean([1 - field.lost for field in fields]),
        joined=_mean([float(source.sites > 1) for source in sources]),
        key_holds=round(key.holds, 4),
    )


def _mean(shares: Sequence[float]) -> float:
    return round(sum(shares) / len(shares), 4) if shares else 0.0
