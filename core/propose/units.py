"""Units and currencies of fields: within their values, or in a field beside them."""

from collections import Counter
from collections.abc import Iterable, Mapping

from core.propose.hints import hints_of
from core.signature import FieldSignature
from core.signature.field import OTHERS

# share of the values that have one unit, from which on it is that of the field
ONE_UNIT = 0.95
# letters of a currency code (ISO 4217)
CODE_LETTERS = 3
# symbols, and what is written in their place
_SPELLINGS = """
kg kgs kilo kilos kilogram kilograms kilogramm
g gr gram grams gramm grammes
lb lbs pound pounds
oz ounce ounces
km kilometer kilometers kilometre kilometres
m meter meters metre metres
cm centimeter centimeters centimetre centimetres
mm millimeter millimeters millimetre millimetres
mi mile miles
ft foot feet '
in inch inches zoll pouces "
l liter liters litre litres
ml milliliter milliliters millilitre millilitres
h hr hrs hour hours stunde stunden std
min mins minute minutes minuten
s sec secs second seconds sekunden
d day days tag tage tagen jours
mo month months monat monate monaten mois
y yr yrs year years jahr jahre jahren ans
kW kw kilowatt
hp bhp ps ch cv
mph
MB mb megabyte megabytes
GB gb gigabyte gigabytes
"""
_SYMBOLS = {word.casefold(): line.split()[0] for line in _SPELLINGS.strip().splitlines() for word in line.split()}

Steps = tuple[str, ...]


def unit_shares(signature: FieldSignature) -> dict[str, float]:
    """The units that values are written with, in their usual spelling, and the share of each, the commonest first."""
    found = Counter[str]()
    for unit, times in signature.units.items():
        if unit != OTHERS:
            found[usual_unit(unit)] += times
    return {unit: times / signature.units.total() for unit, times in sorted(found.items(), key=lambda u: (-u[1], u[0]))}


def one_unit(signature: FieldSignature) -> str:
    """The unit that nearly all values with a unit are written with; "" where they differ or have none."""
    return next((unit for unit, share in unit_shares(signature).items() if share >= ONE_UNIT), "")


def is_known_unit(unit: str) -> bool:
    """Whether a unit is one of measure or time, and no word that happens to stand behind a number."""
    return usual_unit(unit) in _SYMBOLS.values()


def usual_unit(unit: str) -> str:
    """The symbol of a unit that is written out, in the plural or with a point; other units as they are."""
    return _SYMBOLS.get(unit.casefold().rstrip("."), unit)


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
