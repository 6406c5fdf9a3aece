"""One field of a proposal, from the labels that it takes."""

from collections.abc import Mapping
from typing import NamedTuple

from core.model.blueprint import FieldType
from core.model.schema import ColumnType, SchemaField
from core.propose.canonical import LabelGroup
from core.propose.evidence import FieldEvidence
from core.propose.hints import NameHint, hints_of
from core.propose.patterns import pattern_of
from core.propose.types import is_closed, type_of
from core.propose.units import ONE_UNIT, CurrencyFields, one_unit, unit_shares
from core.signature import FieldSignature

# share of the documents with several values of a field from which it is a list: fewer are slips of a reader
SEVERAL_SHARE = 0.03
# examples that are shown, and letters of each
EXAMPLES = 3
EXAMPLE_LETTERS = 80
# labels that a description names
LABELS_SAID = 4
# units that it names
UNITS_SAID = 4
# the readers that take the values of a type; the types that are not here take any text
READ_AS: Mapping[ColumnType, tuple[FieldType, ...]] = {
    "integer": ("integer",),
    "decimal": ("decimal", "integer"),
    "money": ("money", "decimal", "integer"),
    "percent": ("percent",),
    "quantity": ("quantity",),
    "date": ("date", "datetime"),
    "datetime": ("datetime", "date"),
    "duration": ("duration",),
    "boolean": ("boolean",),
    "url": ("url",),
    "email": ("email",),
    "phone": ("phone",),
}
RANGED: frozenset[ColumnType] = frozenset({"integer", "decimal", "money", "percent", "quantity"})


class FieldSource(NamedTuple):
    """What a field is made of: its labels, with how many documents have each, its place, and what was counted of it."""

    members: LabelGroup
    labels: Mapping[str, int]
    steps: tuple[str, ...]
    signature: FieldSignature

    @property
    def sites(self) -> int:
        """How many sites have the field."""
        return len({label.site for label in self.members})


def schema_field(
    name: str, source: FieldSource, documents: int, currencies: CurrencyFields, *, in_rows: bool = False
) -> SchemaField:
    """The field as it is proposed; `in_rows`: each value of a document stands in a row of its own."""
    signature = source.signature
    evidence = FieldEvidence(signature, _hints(source))
    in_currency = currencies.holds(source.steps, evidence.hinted("price", "amount"))
    kind = type_of(evidence, in_currency=in_currency)
    missing = signature.blank / max(1, signature.documents)
    several = 0.0 if in_rows else signature.several / max(1, signature.documents)
    many = several > SEVERAL_SHARE
    stood_in = evidence.stand_ins if kind in READ_AS else 0
    filled = (signature.documents - signature.blank) / max(1, documents)
    return SchemaField(
        name=name,
        type=kind,
        unit=_unit(kind, source, currencies),
        required=filled >= 1 and not stood_in,
        many=many,
        aliases=tuple(source.labels),
        sources=tuple(source.members),
        enum=tuple(evidence.texts) if kind == "enum" and is_closed(evidence) else (),
        range=_range(kind, signature),
        pattern=pattern_of(evidence.texts) if kind == "identifier" else "",
        description=_description(source) + _units_said(kind, signature),
        examples=tuple(text[:EXAMPLE_LETTERS] for text in list(evidence.texts)[:EXAMPLES]),
        filled=round(filled, 4),
        lost=round(max(_unread(kind, evidence), 0.0 if many else several) * (1 - missing), 4),
    )


def _hints(source: FieldSource) -> frozenset[NameHint]:
    """What the names say: the last steps of paths, or all labels of a field."""
    if len(source.steps) > 1:
        return hints_of(source.steps[-1])
    return frozenset[NameHint]().union(*map(hints_of, source.labels))


def _unread(kind: ColumnType, evidence: FieldEvidence) -> float:
    """The share of the values that the type cannot take."""
    if kind not in READ_AS or not evidence.signature.values:
        return 0.0
    if kind == "boolean" and not evidence.share("boolean"):
        return evidence.fitting(lambda text: text.strip() not in ("0", "1"))
    taken = evidence.share(*READ_AS[kind]) * (evidence.signature.values - evidence.stand_ins)
    return 1 - taken / evidence.signature.values


def _unit(kind: ColumnType, source: FieldSource, currencies: CurrencyFields) -> str:
    if kind not in ("money", "quantity"):
        return ""
    return one_unit(source.signature) or (currencies.of(source.steps) if kind == "money" else "")


def _range(kind: ColumnType, signature: FieldSignature) -> tuple[float, float] | None:
    if kind not in RANGED or not signature.numbers.count:
        return None
    return signature.numbers.lowest, signature.numbers.highest


def _units_said(kind: ColumnType, signature: FieldSignature) -> str:
    """The units of a field that has several, which must be brought to one before numbers are compared."""
    shares = list(unit_shares(signature).items())[:UNITS_SAID] if kind in ("money", "quantity") else []
    if len(shares) < 2 or shares[0][1] >= ONE_UNIT:
        return ""
    return "; in " + ", ".join(f"{unit} ({share:.0%})" for unit, share in shares)


def _description(source: FieldSource) -> str:
    """Where the field comes from, in one sentence."""
    said = ", ".join(f"“{label}”" for label in list(source.labels)[:LABELS_SAID])
    more = len(source.labels) - LABELS_SAID
    others = f" and {more} more labels" if more > 0 else ""
    return said + others + (f" of {source.sites} sites" if source.sites > 1 else "")
