"""What the name of a field says about its values, in several languages: ordinary words of labels and their types.

A name never makes a type by itself: it lowers the share of values that must be of it, and tells numbers that count from
numbers that name. Words are listed as `label_words` writes them: small letters without accents.
"""

from functools import lru_cache
from itertools import pairwise
from typing import Literal, cast

from core.propose.words import label_words

NameHint = Literal[
    "date",
    "time",
    "url",
    "email",
    "phone",
    "price",
    "amount",
    "currency",
    "id",
    "number",
    "code",
    "count",
    "boolean",
    "duration",
    "measure",
    "percent",
    "text",
    "title",
    "period",
]

# the hint, then the words that give it; an indented line goes on with the one above
_LINES = """
date: date dates dated datum data fecha dato dt day tag jour dia giorno deadline dob birthday born created updated
  modified published posted released issued expires since until start end begin geburtstag veroffentlicht frist дата
  日期 ημερομηνια kuupaev paiva
time: time timestamp datetime uhrzeit heure hora ora zeit zeitpunkt время 时间
url: url uri urls link links website homepage web href site permalink webseite image img picture photo bild foto
  thumbnail logo enlace lien sito 网址
email: email emails mail mails correo courriel епочта 邮箱
phone: phone phones telephone tel telefon telefono telefone mobile cell fax handy mobil telefax telephon phonenumber
  телефон факс 电话 τηλεφωνο
price: price prices cost costs salary wage fee fees budget revenue msrp preis preise prix precio preco prezzo kosten
  gehalt gebuhr salario salaire tarif cena prijs pris цена 价格 τιμη
amount: amount value val total sum betrag montant importe valor wert summe valeur valore importo kwota сумма 金额
currency: currency wahrung devise moneda moeda valuta waluta валюта 币种
id: id ids identifier uuid guid key ocid doi isbn issn ean gtin upc sku asin urn oclc iban vin kennung pk oid objectid
  nationalid taxid userid orderid productid itemid customerid companyid recordid identifiant identificador kennzeichen
  编号 标识
number: no nr num number numero nummer ref reference referenz referencia aktenzeichen docket accession serial mpn
  номер 号码 n°
code: code codes codigo kode cod zip zipcode postal postcode postcodes plz cpv nuts fips iso naics sic hs tax vat nif
  cif nip siret ssn account konto barcode version model 代码 код
count: count counts quantity qty nb anzahl nombre cantidad menge quantite quantidade numberof pages seats rooms items
  age score rank rating stars points votes population enrollment participants students visits views amountof 数量
  количество
boolean: is has flag active enabled allowed available can was did with include included ja
duration: duration runtime dauer duree duracion durata duracao laufzeit period runningtime 时长
percent: percent percentage pct rate share prozent anteil taux porcentaje ratio
measure: weight height length width depth size area volume distance speed power mileage elevation altitude mass
  capacity gewicht hohe lange breite tiefe grosse flache leistung poids hauteur longueur largeur peso altura largo
  ancho superficie altezza lunghezza
text: description descr desc summary abstract notes note comment comments details remark remarks beschreibung
  bemerkung resume descripcion descrizione info text body content
title: title name titel titre titulo titolo nombre nom nome bezeichnung label subject headline 名称 название
period: year jahr annee ano anno month monat mois mes quarter quartal semester season week period date день год 年
"""


def _listed() -> dict[str, frozenset[NameHint]]:
    """The hints of each listed word."""
    found: dict[str, frozenset[NameHint]] = {}
    for line in _LINES.replace("\n  ", " ").strip().splitlines():
        name, words = line.split(": ")
        for word in words.split():
            found[word] = found.get(word, frozenset()) | {cast("NameHint", name)}
    return found


_HINTS = _listed()

# what stands behind a word without being of it, as in "isbn13"
FIGURES = "0123456789"
# letters of a listed word that compounds end with ("Erscheinungsdatum"); shorter ones end other words too
SHORTEST_ENDING = 4
# words behind which a number counts: "number of pages", "# of students", "nombre de lots"
_OF = frozenset("of de der di von do da des".split())
_NUMBERS = frozenset("number no num nr numero nombre anzahl".split())
_NONE: frozenset[NameHint] = frozenset()


def _of_word(word: str) -> frozenset[NameHint]:
    """What a word says, or the word that it ends with; words of Chinese and Japanese are not parted, so any within."""
    if word in _HINTS:
        return _HINTS[word]
    if not word.isascii() and "\u3040" <= word[:1] <= "\u9fff":
        return _NONE.union(*(hints for known, hints in _HINTS.items() if known in word and not known.isascii()))
    ends = (word[i:] for i in range(1, len(word) - SHORTEST_ENDING + 1))
    return next((_HINTS[end] for end in ends if end in _HINTS), _NONE)


@lru_cache(maxsize=20_000)
def hints_of(label: str) -> frozenset[NameHint]:
    """What the words of a label say of its values; nothing for words that are not listed."""
    words = label_words(label)
    found = _NONE.union(*(_of_word(word.strip(FIGURES)) for word in words))
    if (
        "#" in label
        or words[:1] == ("num",)
        or any(word in _NUMBERS and after in _OF for word, after in pairwise(words))
    ):
        return (found - {"number", "id", "code"}) | {"count"}
    if "%" in label:
        return found | {"percent"}
    return found
