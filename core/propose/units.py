"""Units and currencies of fields: within their values, or in a field beside them."""

from collections.abc import Iterable, Mapping

from core.propose.hints import hints_of
from core.signature import FieldSignature

# share of the values that have one unit, from which on it is that of the field
ONE_UNIT = 0.95
# letters of a currency code (ISO 4217)
CODE_LETTERS = 3

Steps = tuple[str, ...]


def unit_within(signature: FieldSignature) -> str:
    """The unit that nearly all values are written with; "" where they differ or have none."""
    [(unit, times), *_] = signature.units.most_common(1) or [("", 0)]
    return unit if times >= ONE_UNIT * signature.values else ""


class CurrencyFields:
    """The fields that hold currencies, by where they stand, and the currency where it is always the same."""

    def __init__(self, fields: Iterable[tuple[Steps, FieldSignature]]) -> None:
        self._at: dict[Steps, str] = {}
        for steps, signature in fields:
            if "currency" in hints_of(steps[-1]) and _are_codes(signature.sketch.values):
                texts = list(signature.sketch.values)
                self._at[steps[:-1]] = texts[0] if len(texts) == 1 else ""

    def holds(self, steps: Steps, named: bool) -> bool:
        """Whether there is a currency for the amounts at a place: below it; beside it for those `named` as amounts."""
        return steps in self._at or (named and steps[:-1] in self._at)

    def of(self, steps: Steps) -> str:
        """The one currency of the amounts at a place; "" where it changes from document to document."""
        return self._at.get(steps) or self._at.get(steps[:-1], "")


def _are_codes(values: Mapping[str, int]) -> bool:
    return bool(values) and all(len(text) == CODE_LETTERS and text.isalpha() and text.isupper() for text in values)
