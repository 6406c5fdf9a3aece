"""Words that mean the same column: terms of schema.org, OCDS and eForms, and what sites print in their place.

The first word of a line is the standard term; an indented line goes on with the one above. Fields keep the page's own
word as their name and label; the term only says what they are about, so that a wanted column finds them.
"""

from functools import lru_cache

_LINES = """
title, name, heading, headline, subject, object, case name, case title, parties, party names, style, caption, product
  name, event, designation, bezeichnung, titel, intitulé
description, summary, abstract, details, scope of work, synopsis, beschreibung, about, overview
identifier, id, reference, reference number, ref, number, no, notice number, notice id, case number, docket, docket
  number, docket no, case no, document number, publication number, tender id, file number, aktenzeichen, ocid,
  procurement id, solicitation number
sku, product code, article number, item number, stock number, part number, mpn, artikelnummer
buyer, customer, contracting authority, procuring entity, authority, organisation, organization, agency, purchaser,
  client, department, issuing body, auftraggeber, acheteur, publisher name
supplier, winner, contractor, awardee, vendor, bidder, tenderer, economic operator, awarded to, auftragnehmer
value, amount, estimated value, contract value, budget, total value, award value, sum, worth, auftragswert, montant
price, cost, list price, sale price, our price, msrp, base price, fee, preis, prix
currency, currency code, währung
published, date published, publication date, posted, date posted, release date, issued, issue date, date issued,
  date filed, filed, filing date, opinion date, decision date, date decided, decided, dispatch date, veröffentlicht
deadline, closing date, due date, submission deadline, closes, tender deadline, valid through, expires, response
  date, frist, angebotsfrist, date limite
start date, begins, start, commencement, contract start, from
end date, ends, end, completion date, contract end, until
updated, modified, date modified, last updated, last modified
status, state, stage, phase, tender status
category, classification, cpv, cpv code, type, genre, genres, section, sector, topic, kategorie, item category
procedure, procedure type, procurement method, method, verfahrensart
location, place, address, place of performance, delivery address, city, region, county, venue, ort
country, nation, land, pays
postal code, zip, zip code, postcode, plz
phone, telephone, tel, contact number, phone number, telefon
email, e mail, mail, contact email
fax, fax number
website, url, link, homepage, web site, download, download url, pdf, document, document url, file, permalink
image, picture, photo, thumbnail, logo, poster
author, authors, by, writer, creator, written by, autor, authored by, contributor
director, directed by, directors
publisher, published by, imprint, verlag
isbn, isbn 13, isbn 10, isbn13
pages, number of pages, page count, seiten
language, languages, sprache, langue
format, binding, edition, format type
rating, mpaa rating, score, stars, aggregate rating, review rating
duration, length, running time, runtime, total time, time
prep time, preparation time, vorbereitungszeit
cook time, cooking time, kochzeit
ingredients, recipe ingredient, zutaten, ingrédients
instructions, directions, recipe instructions, preparation, steps, method of preparation, zubereitung
yields, servings, yield, recipe yield, portions, serves, portionen
nutrients, nutrition, nutrition facts, nutritional information
cuisine, recipe cuisine, kitchen
keywords, tags, labels, subjects
manufacturer, brand, make, maker, hersteller, marque
model, model number, model name, year make model
engine, engine type, motor
fuel economy, mpg, gas mileage, city mpg, consumption
weight, mass, net weight, gewicht
height, size, dimensions
team, club, squad
position, role, job title
company, employer, hiring organization, firm, unternehmen
salary, base salary, pay, compensation, wage, gehalt
judge, judges, authoring judge, panel, justice
court, lower court, trial court, tribunal, gericht
disposition, outcome, result, decision, ruling
citation, citations, cited as, neutral citation
quantity, qty, number of items, menge
unit, unit of measure, uom, einheit
lot, lots, lot number, los
contact, contact person, contact name, contact point, ansprechpartner
population, inhabitants, enrollment, number of students
tuition, tuition fees
host organization, site name
""".strip()


_DATES = frozenset({"date", "datetime"})
_AMOUNTS = frozenset({"money", "decimal", "integer"})
_DURATIONS = frozenset({"duration", "integer"})
_CODES = frozenset({"identifier", "integer", "string"})
_LINKS = frozenset({"url"})
_COUNTS = frozenset({"integer", "decimal", "quantity"})
# of what types the values of a term are, where its words say so
_TYPES = (
    dict.fromkeys(("date", "day", "published", "deadline", "start date", "end date", "updated"), _DATES)
    | dict.fromkeys(("value", "price", "cost", "salary", "tuition"), _AMOUNTS)
    | dict.fromkeys(("duration", "prep time", "cook time"), _DURATIONS)
    | dict.fromkeys(("identifier", "sku", "isbn", "postal code"), _CODES)
    | dict.fromkeys(("quantity", "pages", "population"), _COUNTS)
    | dict.fromkeys(("website", "image"), _LINKS)
    | {"email": frozenset({"email"}), "phone": frozenset({"phone"})}
)


@lru_cache(maxsize=1)
def _terms() -> dict[str, str]:
    found: dict[str, str] = {}
    for line in _LINES.replace("\n  ", " ").splitlines():
        words = [word.strip() for word in line.split(",")]
        for word in words:
            found.setdefault(word, words[0])
    return found


def types_of(words: str) -> frozenset[str]:
    """The types that values of that name have: by its term, that of its last word, or its first word; none if open."""
    parts = words.split()
    keys = (term(words), *(key for part in parts[-1:] for key in (part, term(part))), *parts[:1])
    return next((_TYPES[key] for key in keys if key in _TYPES), frozenset())


@lru_cache(maxsize=20_000)
def term(words: str) -> str:
    """The standard term for a name or label: "closing_date" is "deadline"; "" for a word that is not listed."""
    plain = " ".join(words.casefold().replace("_", " ").strip(" :").split())
    terms = _terms()
    return terms.get(plain) or terms.get(plain.removesuffix("s"), "")
