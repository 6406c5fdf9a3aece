"""What people decided about values of a row, applied to the row as it is read now.

A decision holds for the text that it was made about: where the page says something else by now, or a better extractor
reads it, the value is judged anew.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from core.errors import BadInput
from core.model.review import Decision, ItemState, ReviewItem
from core.model.schema import ContractMode, SchemaField, SchemaTable, SiteLabel
from core.validate.rows import BETWEEN, FittedRow, Misfit, read_anew, without

# letters of a text that is shown to a person and kept with the decision: a page may be one text
MOST_LETTERS = 1_000
# where nothing is let in that does not fit
HOLDING_BACK: Collection[ContractMode] = ("freeze", "discard_row")


class DecidedRow(NamedTuple):
    """A row with what was corrected in it.

    `open` is what does not fit and nobody decided about; `rejected` are the fields whose values a person wants out;
    `decisions` are the last ones by field, `corrected` the texts that they brought.
    """

    fitted: FittedRow
    open: tuple[Misfit, ...]
    rejected: frozenset[str]
    decisions: Mapping[str, Decision]
    corrected: Mapping[str, tuple[str, ...]]


def told_text(text: str) -> str:
    """A text as it is kept for a person."""
    return text[:MOST_LETTERS]


def decided_row(table: SchemaTable, site: str, found: FittedRow, items: Sequence[ReviewItem]) -> DecidedRow:
    """A fitted row of an extracted table, with what was decided about it.

    Args:
        table: the schema.
        site: the extracted table.
        found: what the row says by the rules alone.
        items: the decisions about this row.
    """
    holding = list(_holding(table, site, found, items))
    held = dict(holding)
    corrected = {name: item.acts[-1].values for name, item in held.items() if item.state is ItemState.CORRECTED}
    values = found.values | {name: _typed(table, name, said)[0] for name, said in corrected.items()}
    misfits = tuple(misfit for misfit in found.misfits if misfit.field not in corrected)
    settled = {
        (name, item.rule, item.text) for name, item in holding if item.state in (ItemState.ACCEPTED, ItemState.REJECTED)
    }
    return DecidedRow(
        FittedRow(values, misfits, found.said),
        tuple(one for one in misfits if (one.field, one.rule, told_text(one.text)) not in settled),
        frozenset(name for name, item in held.items() if item.state is ItemState.REJECTED),
        {name: item.acts[-1] for name, item in held.items() if item.state is not ItemState.OPEN},
        corrected,
    )


def kept_values(mode: ContractMode, row: DecidedRow) -> dict[str, object] | None:
    """The values that the contract lets in; None when it refuses the row."""
    if mode in HOLDING_BACK:
        return None if row.open or row.rejected else row.fitted.values
    refused = {misfit.field for misfit in row.open} if mode == "discard_value" else set()
    return without(row.fitted.values, refused | row.rejected)


def require_typed(field: SchemaField, texts: Sequence[str]) -> None:
    """Refuse texts that are no value of a field.

    Raises:
        BadInput: one of them is of another type, or there are several where one is meant.
    """
    _, wrong = read_anew(field, texts)
    if wrong or not texts:
        said = f"“{BETWEEN.join(texts)}” is no {field.type}" if texts else "Nothing is no value"
        raise BadInput(f"{said} for {field.name}.", "Write it as the page would, or reject the value.")


def _typed(table: SchemaTable, name: str, texts: Sequence[str]) -> tuple[object, list[Misfit]]:
    return read_anew(next(field for field in table.fields if field.name == name), texts)


def _holding(
    table: SchemaTable, site: str, found: FittedRow, items: Sequence[ReviewItem]
) -> Iterator[tuple[str, ReviewItem]]:
    """The decisions about what the row still says, by field; of several about one field the correction comes last."""
    for item in sorted(items, key=lambda one: one.state is ItemState.CORRECTED):
        field = meant_field(table, site, item)
        if field is not None and item.text in _now(found.said[field.name].texts if field.name in found.said else ()):
            yield field.name, item


def meant_field(table: SchemaTable, site: str, item: ReviewItem) -> SchemaField | None:
    """The field of a version that an item is about: the one that takes its column, else the one of its name."""
    label = SiteLabel(site, item.label)
    taking = (field for field in table.fields if item.label and label in field.sources)
    named = (field for field in table.fields if field.name == item.column)
    return next(taking, None) or next(named, None)


def _now(texts: Sequence[str]) -> set[str]:
    """The texts of a field as a misfit may quote them."""
    return {told_text(text) for text in (*texts, BETWEEN.join(texts))}
