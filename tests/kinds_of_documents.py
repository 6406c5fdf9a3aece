"""Generated documents of several kinds of things, each kind on several sites with labels and formats of their own."""

import random
from collections.abc import Callable, Iterator
from typing import NamedTuple

Value = Callable[[random.Random], str]
# what sites print over the same thing, and how they write it: one way a site
CONCEPTS: dict[str, tuple[tuple[str, ...], tuple[Value, ...]]] = {}
FIRST = "Ada Ben Cleo Dan Eve Finn Gina Hugo Iris Jon Kira Leo Mona Nils Olga Paul Rita Sven Tara Uwe".split()
LAST = "Abel Braun Carter Dietz Evans Fuchs Grant Huber Irving Jansen Kern Lopez Meyer Novak Otto Price".split()
WORDS = (
    "river stone light garden winter copper silent morning paper bridge harbour mountain glass signal forest engine "
    "market summer island letter"
).split()
TOWNS = "Bergen Cork Delft Essen Faro Ghent Halle Izmir Jena Kiel Lyon Metz Nancy Olten Porto".split()


def _concept(labels: str, *ways: Value) -> None:
    CONCEPTS[labels.split("|")[0]] = (tuple(labels.split("|")), ways)


def _of(words: list[str]) -> Value:
    return lambda chance: chance.choice(words)


def _title(chance: random.Random) -> str:
    return " ".join(chance.sample(WORDS, 3)).title()


def _person(chance: random.Random) -> str:
    return f"{chance.choice(FIRST)} {chance.choice(LAST)}"


def _code(letters: str, figures: int) -> Value:
    return lambda chance: letters + "".join(chance.choice("0123456789") for _ in range(figures))


def _number(low: int, high: int, form: str = "{}") -> Value:
    return lambda chance: form.format(chance.randint(low, high))


def _date(form: str) -> Value:
    def made(chance: random.Random) -> str:
        return form.format(chance.randint(2001, 2024), chance.randint(1, 12), chance.randint(1, 28))

    return made


_concept("Title|Name|Heading|Designation", _title)
_concept("Author|Written by|By|Creator", _person, lambda chance: f"{chance.choice(LAST)}, {chance.choice(FIRST)}")
_concept("ISBN|ISBN-13|Book number", _code("978", 10), lambda chance: f"978-{chance.randint(10**8, 10**9)}-1")
_concept("Publisher|Imprint|Published by", lambda chance: f"{chance.choice(LAST)} Press")
_concept("Pages|Page count|Length", _number(80, 900), _number(80, 900, "{} pages"))
_concept("Price|Our price|Cost", _number(3, 90, "${}.99"), _number(3, 90, "EUR {}.50"), _number(3, 90, "{},95 €"))
_concept("Published|Release date|Date", _date("{}-{:02}-{:02}"), _date("{2}/{1}/{0}"))
_concept("Salary|Pay|Compensation", _number(20, 120, "{},000 per year"), _number(20, 120, "£{}k"))
_concept("Employer|Company|Firm", lambda chance: f"{chance.choice(LAST)} {chance.choice(['Ltd', 'Inc', 'GmbH'])}")
_concept("Location|City|Town|Place", _of(TOWNS), lambda chance: f"{chance.choice(TOWNS)}, EU")
_concept("Contract|Employment type|Hours", _of(["Full time", "Part time", "Temporary"]))
_concept("Closing date|Apply by|Deadline", _date("{}-{:02}-{:02}"), _date("{2:02}.{1:02}.{0}"))
_concept("Reference|Job ID|Ref", _code("J", 6), _code("REF-", 5))
_concept("Mileage|Odometer|Km", _number(1, 200, "{},000 km"), _number(1, 200, "{},500 miles"))
_concept("Make|Manufacturer|Brand", _of(["Arden", "Borgo", "Celta", "Dornier", "Estrel"]))
_concept("Engine|Motor|Displacement", _number(1, 5, "{}.0 L V6"), _number(1, 5, "{}000 cc"))
_concept("Fuel|Fuel type", _of(["Petrol", "Diesel", "Electric", "Hybrid"]))
_concept("Doors|Number of doors", _number(2, 5))
_concept("Year|Model year|Built", _number(1990, 2024))
_concept(
    "Height|Size|Tall", _number(160, 215, "{} cm"), lambda chance: f"{chance.randint(5, 7)}-{chance.randint(0, 11)}"
)
_concept("Weight|Mass", _number(60, 130, "{} kg"), _number(130, 290, "{} lbs"))
_concept("Team|Club|Squad", lambda chance: f"{chance.choice(TOWNS)} {chance.choice(['Rovers', 'United', 'Hawks'])}")
_concept("Position|Role|Plays", _of(["Guard", "Forward", "Center", "Wing"]))
_concept("Born|Birth date|Date of birth", _date("{}-{:02}-{:02}"), _date("{2}. {1}. {0}"))
_concept("Phone|Telephone|Tel", _code("+49 30 ", 7), _code("(555) 01", 5))
_concept("E-mail|Contact", lambda chance: f"{chance.choice(FIRST)}@{chance.choice(WORDS)}.example".lower())
_concept("Opening hours|Open", lambda chance: f"{chance.randint(7, 11)}:00 - {chance.randint(16, 23)}:00")
_concept("Cuisine|Kitchen|Food", _of(["Thai", "Greek", "Basque", "Vegan", "Creole"]))
_concept(
    "Rating|Stars|Score", lambda chance: f"{chance.randint(1, 4)}.{chance.randint(0, 9)}", _number(1, 5, "{} of 5")
)
_concept(
    "Running time|Duration|Minutes", _number(60, 180, "{} min"), lambda chance: f"{chance.randint(1, 2)} hr. 20 min."
)
_concept("Director|Directed by|Filmed by", _person)
_concept("Genre|Kind|Category", _of(["Drama", "Comedy", "Western", "Horror", "Crime"]))

KINDS = {
    "book": "Title Author ISBN Publisher Pages Price Published",
    "job": "Title Salary Employer Location Contract|Closing date|Reference",
    "car": "Title Mileage Make Engine Fuel Doors Year Price",
    "player": "Title Height Weight Team Position Born",
    "restaurant": "Title Phone|Opening hours|Cuisine Rating Location",
    "film": "Title Director Genre|Running time|Rating Published",
}


class MadeDocument(NamedTuple):
    """A document, the site and kind that it is of, and its fields."""

    document: str
    site: str
    kind: str
    fields: dict[str, list[str]]


class MadeSite:
    """A site of one kind: which concepts it has, and how it prints each."""

    def __init__(self, kind: str, name: str, chance: random.Random, hidden: bool) -> None:
        concepts = [part for group in KINDS[kind].split("|") for part in _known(group)]
        kept = [concept for concept in concepts if chance.random() < 0.85] or concepts
        self.kind, self.name = kind, name
        self.columns = []
        for concept in kept:
            labels, ways = CONCEPTS[concept]
            label = f"f{chance.randrange(16**5):05x}" if hidden else chance.choice(labels)
            self.columns.append((label, chance.choice(ways), 1.0 if chance.random() < 0.6 else chance.uniform(0.5, 1)))

    def document(self, number: int, chance: random.Random) -> MadeDocument:
        fields = {label: [way(chance)] for label, way, share in self.columns if chance.random() < share}
        return MadeDocument(f"{self.name}-{number}", self.name, self.kind, fields or {self.columns[0][0]: ["x"]})


def _known(group: str) -> list[str]:
    """The concepts that a group of words names: one of several words, or several of one."""
    return [group] if group in CONCEPTS else [*_split(group)]


def _split(group: str) -> Iterator[str]:
    words = group.split()
    while words:
        size = next(n for n in range(len(words), 0, -1) if " ".join(words[:n]) in CONCEPTS)
        yield " ".join(words[:size])
        words = words[size:]


def made_sites(seed: int, sites: int, *, hidden: bool = False) -> list[MadeSite]:
    """So many sites of each kind."""
    chance = random.Random(seed)
    return [MadeSite(kind, f"{kind}{n}.example", chance, hidden) for kind in KINDS for n in range(sites)]


def made_documents(seed: int, sites: int, each: int, *, hidden: bool = False) -> list[MadeDocument]:
    """So many documents of each site, mixed."""
    chance = random.Random(f"{seed}-documents")
    made = [site.document(n, chance) for site in made_sites(seed, sites, hidden=hidden) for n in range(each)]
    chance.shuffle(made)
    return made
