"""Keeps the old selectors behind the new ones: half-migrated sites and trials show old and new pages side by side."""

from collections.abc import Sequence

from core.compare.columns import texts_of
from core.model import Field, Record, RecordSet, ValueGuard
from core.values.shapes import mask

# earlier layouts of a list, and earlier selectors of a field, that are kept: each is tried on every page that the new
# ones do not read; fewer would lose the trial before last, more cost time on each empty cell
MOST_LAYOUTS = 2
MOST_SELECTORS = 8
# a guard tells by shapes where there is at most one for every four values: with more, a new value has a new one anyway
SHAPES_A_VALUE = 0.25
# how many times as long, or as short, as ever before a value of an earlier layout may be
SLACK = 2


def with_former(old: Field, new: Field, records: Sequence[Record]) -> Field:
    """A field at its new place with its old selectors behind a guard made of the values it is known to have."""
    most = MOST_SELECTORS // 2 if old.former else MOST_SELECTORS
    selectors = tuple(dict.fromkeys((*old.selectors[:most], *old.former[:most])))
    cells = [record.fields[old.name] for record in records if old.name in record.fields]
    guard = guard_of([text for cell in cells for text in texts_of(cell)])
    return new.model_copy(update={"former": selectors, "guard": guard})


def with_former_scope(old: RecordSet, new: RecordSet) -> RecordSet:
    """A table in its new scope that still knows the scopes before it."""
    scopes = tuple(dict.fromkeys((old.scope, *old.former)))
    return new.model_copy(update={"former": tuple(scope for scope in scopes if scope != new.scope)[:MOST_LAYOUTS]})


def guard_of(texts: Sequence[str]) -> ValueGuard:
    """The shapes and lengths of values; no shapes where there are too many for one to tell anything."""
    lengths = [len(text) for text in texts] or [0]
    found = set(map(mask, texts))
    shapes = tuple(sorted(found)) if len(found) <= max(1, SHAPES_A_VALUE * len(texts)) else ()
    return ValueGuard(shapes=shapes, shortest=min(lengths) // SLACK, longest=max(lengths) * SLACK)
