"""Families of generated documents for the drift benchmark: what tenders, goods and jobs say, some of it not always."""

import random
from collections.abc import Callable, Mapping
from typing import NamedTuple

Document = dict[str, list[str]]

TOWNS = "Riga Turku Gdansk Lisbon Porto Bergen Ghent Graz Split Zadar Brno Pecs Vaasa Umea Cork Derry Bath Lund".split()
NAMES = "Alba Bruno Clara Dario Edda Felix Greta Hugo Ines Jonas Klara Lorenz Mira Nils Olga Pavel Rosa Sven".split()
WORKS = "bridge school harbour library tram depot hospital museum archive stadium market theatre".split()
VERBS = "repair extend paint survey clean equip insure rewire furnish inspect".split()
STATES = "open closed awarded cancelled".split()
GOODS = "kettle lamp chair drill tent mirror shelf blanket ladder toaster scale clock".split()
COLOURS = "red green blue black white grey".split()
BRANDS = "Norvik Altea Brunn Castor Delmar Ekro Fjell Grano".split()
TRADES = "welder nurse driver cook teacher clerk planner baker carpenter analyst".split()
SHIFTS = "early late night flexible".split()


class Family(NamedTuple):
    """Documents of one kind: how one is made, how often each column stands there, and which columns are amounts."""

    make: Callable[[random.Random, float], Document]
    fills: Mapping[str, float]
    amounts: tuple[str, ...]

    def document(self, rng: random.Random, scale: float) -> Document:
        """One document; `scale` is how large the amounts of this source are."""
        found = self.make(rng, scale)
        return {name: values for name, values in found.items() if rng.random() < self.fills.get(name, 1.0)}


def _date(rng: random.Random) -> str:
    return f"{rng.randint(1, 28):02d}.{rng.randint(1, 12):02d}.{rng.randint(2022, 2026)}"


def _prose(rng: random.Random, words: list[str]) -> str:
    return " ".join(rng.choice(words) for _ in range(rng.randint(5, 30)))


def _tender(rng: random.Random, scale: float) -> Document:
    return {
        "reference": [f"{rng.choice('ABC')}-{rng.randint(2020, 2026)}-{rng.randint(100, 9999)}"],
        "title": [f"{rng.choice(VERBS).title()} the {rng.choice(WORKS)} of {rng.choice(TOWNS)}"],
        "published": [_date(rng)],
        "price": [f"EUR {rng.lognormvariate(9, 0.9) * scale:,.2f}"],
        "area": [f"{rng.lognormvariate(4, 0.7):.0f} m²"],
        "bids": [str(rng.randint(1, 40))],
        "town": [rng.choice(TOWNS)],
        "contact": [f"{rng.choice(NAMES)} {rng.choice(NAMES)}son"],
        "status": [rng.choice(STATES)],
        "note": [_prose(rng, WORKS + VERBS + TOWNS)],
        "link": [f"/tenders/{rng.randint(1, 99999)}"],
    }


def _article(rng: random.Random, scale: float) -> Document:
    return {
        "sku": [f"{rng.choice('GHK')}{rng.randint(10000, 99999)}"],
        "name": [f"{rng.choice(BRANDS)} {rng.choice(GOODS)} {rng.randint(2, 90)}"],
        "brand": [rng.choice(BRANDS)],
        "price": [f"{rng.lognormvariate(3.5, 0.8) * scale:,.2f} €"],
        "weight": [f"{rng.lognormvariate(6, 0.6):.0f} g"],
        "stock": [str(rng.randint(0, 250))],
        "colour": [rng.choice(COLOURS)],
        "rating": [f"{rng.uniform(2, 5):.1f}"],
        "image": [f"/media/{rng.randint(1, 99999)}.jpg"],
        "description": [_prose(rng, GOODS + COLOURS + VERBS)],
    }


def _job(rng: random.Random, scale: float) -> Document:
    return {
        "title": [f"{rng.choice(TRADES).title()} in {rng.choice(TOWNS)}"],
        "employer": [f"{rng.choice(NAMES)} & {rng.choice(NAMES)} Ltd"],
        "town": [rng.choice(TOWNS)],
        "salary": [f"£{rng.lognormvariate(10.2, 0.35) * scale:,.0f}"],
        "posted": [_date(rng)],
        "starts": [_date(rng)],
        "hours": [f"{rng.choice((20, 30, 35, 38, 40))} hours a week"],
        "shift": [rng.choice(SHIFTS)],
        "distance": [f"{rng.lognormvariate(2.5, 0.6):.1f} km"],
        "email": [f"{rng.choice(NAMES).lower()}@{rng.choice(BRANDS).lower()}.example"],
        "duties": [_prose(rng, TRADES + VERBS + WORKS)],
        "link": [f"/jobs/{rng.randint(1, 99999)}"],
    }


FAMILIES = {
    "tenders": Family(_tender, {"area": 0.8, "contact": 0.9, "note": 0.7}, ("price", "area")),
    "goods": Family(_article, {"rating": 0.8, "colour": 0.9}, ("price", "weight")),
    "jobs": Family(_job, {"salary": 0.75, "starts": 0.95, "email": 0.85}, ("salary", "distance")),
}
