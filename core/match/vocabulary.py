"""Words that stand for each other in the names of fields: abbreviations, other languages, other words for the same.

A line is a family; a word that could be of several is of the one where it is used most. Whole labels that mean the
same column are in `core/text/synonyms.py`; here one word of a name is held against one word of another.
"""

from functools import lru_cache

_FAMILIES = """
number num no nr nbr numero nummer numer count cnt total tot anzahl cantidad quantity qty quant menge
identifier id ident uid uuid guid key code cod kennung kennzeichen clave codigo schluessel schlussel
reference ref referenz referencia
name nm nom nombre bezeichnung denominacion naam naziv
title titel titre titulo titolo heading headline
description desc descr dsc beschreibung descripcion descrizione details detail text summary abstract
comment comments remark remarks note notes bemerkung kommentar observaciones remarque
date dt datum fecha data day tag jour dia
time tm zeit uhrzeit hora heure hour hours hr hrs stunde stunden
year yr jahr ano annee anno yyyy
month mon mth monat mes mois
week wk woche semana semaine
minute min mins minuten minuto
second sec secs sekunde segundo
start begin began from beginn anfang inicio debut commencement since ab von
end finish to until ende fin bis hasta expiry expires expiration stop
created creation erstellt made inserted added creado
updated modified changed update upd modification geaendert aktualisiert modificado
published publication issued posted release released veroeffentlicht publicado
address addr adr adresse direccion indirizzo
street str strasse calle rue via road rd
city town ort stadt ciudad ville municipality gemeinde municipio place locality
state province region prov bundesland kanton canton estado departamento county district bezirk
country land pays pais nation paese
postal zip postcode plz postleitzahl cp cap
latitude lat breite breitengrad latitud
longitude lon lng long laenge laengengrad longitud
telephone phone tel telefon telefono fon telephonenumber mobile cell handy
email mail emailaddress correo
website web url link homepage site uri href weblink
fax telefax
person people human persona personne
first given forename fname vorname prenom nombre1
last sur surname family lname nachname familienname apellido apellidos
birth born birthday dob geburt geburtsdatum geboren nacimiento naissance
sex gender geschlecht sexo sexe
age alter edad
company organisation organization org firm firma unternehmen empresa societe employer business enterprise
customer client kunde kundin cliente buyer purchaser acheteur auftraggeber
supplier vendor lieferant proveedor seller merchant fournisseur provider
manufacturer maker make mfr mfg brand hersteller marke marque marca fabricante producer
product prod item article artikel producto produit goods ware
category cat categ kategorie categoria categorie type typ tipo kind class classification art group grp gruppe genre
price preis precio prix prezzo cost costs kosten coste costo fee rate tarif charge
amount amt betrag importe montant value val wert valor valeur sum summe
currency curr waehrung wahrung moneda devise
revenue gross income earnings earned turnover sales proceeds umsatz einnahmen ingresos
profit gain gewinn net benefice beneficio
budget expense expenses expenditure spending spent ausgaben gastos
tax vat mwst ust iva tva steuer
discount rabatt descuento rebate reduction
status zustand phase stage condition
active enabled aktiv activo valid gueltig
language lang sprache idioma langue lingua
size sz groesse grosse tamano taille dimension dimensions dim
weight wt wgt gewicht peso poids mass masse
height ht hgt hoehe hohe altura hauteur tall
width wd ancho largeur
length len largo longueur duration dauer runtime
depth tiefe profundidad profondeur
area flaeche flache superficie surface sqft sqm
volume vol volumen
temperature temp temperatur temperatura
pressure druck presion
speed velocity vel geschwindigkeit velocidad vitesse
distance dist entfernung distancia
percent pct percentage prozent porcentaje share ratio proportion quote anteil
average avg mean mittel mittelwert durchschnitt promedio moyenne
minimum minimal lowest low kleinste
maximum max maximal highest high groesste
population pop inhabitants einwohner habitantes residents
author autor auteur writer verfasser autore by creator
editor hrsg herausgeber
publisher verlag editorial editeur press imprint
director regisseur regie directed
actor cast schauspieler starring stars actors
artist kuenstler interprete singer band performer
album record platte
song track lied cancion
rating rated score bewertung puntuacion grade points punkte
review rezension kritik opinion critique
page pages pg pp seite seiten paginas
edition ed auflage ausgabe version ver rev
format fmt binding form
image img picture pic photo foto bild imagen thumbnail
file filename datei archivo fichier document doc dokument
position pos role job posten cargo poste occupation beruf profession
department dept abteilung dep division div unit
salary gehalt sueldo salaire wage pay lohn compensation
experience exp erfahrung
school university college uni schule universidad ecole hochschule
student students studierende pupils schueler alumnos
team club mannschaft equipo equipe squad verein
player spieler jugador joueur
game match spiel partido event evento veranstaltung
venue location loc standort ubicacion lieu
home heim local
away guest gast visitor visitante
colour color farbe couleur
material werkstoff matiere
model modell modelo modele
engine motor moteur
fuel kraftstoff treibstoff combustible carburant
mileage km kilometerstand odometer miles mi
power leistung ps hp kw potencia
account acct konto cuenta compte
order ord bestellung auftrag pedido commande purchase
invoice inv rechnung factura facture bill
payment zahlung pago paiement paid
balance saldo solde
delivery shipping versand lieferung envio livraison shipment
stock inventory bestand lager existencias availability available verfuegbar
contract vertrag contrato contrat agreement
tender notice ausschreibung bid offer licitacion bando
deadline due frist plazo closing
contact kontakt contacto ansprechpartner
doctor physician arzt medico dr
patient pt patienten paciente case subject participant
disease diagnosis dx krankheit diagnose enfermedad illness disorder
drug medication medicine medikament medicamento
dose dosage dosis
hospital clinic klinik krankenhaus spital
species especie espece taxon
source src quelle fuente

sequence seq rank rang index idx
level lvl stufe nivel niveau
frequency freq haeufigkeit
standard std
deviation dev abweichung
estimated est estimate estimation
actual ist real
current cur aktuell now
previous prev old alt former
new neu nuevo nouveau
administration admin verwaltung
government govt regierung gobierno
international intl
information info infos
development
management mgmt mgt
equipment equip
building bldg gebaeude
apartment apt flat
transaction trans txn
 hospitalization hosp hospitalized
death deaths died dead deceased tod todesfaelle
""".strip()


@lru_cache(maxsize=1)
def _families() -> dict[str, int]:
    found: dict[str, int] = {}
    for number, line in enumerate(_FAMILIES.splitlines()):
        for word in line.split():
            found.setdefault(word, number)
    return found


def family(word: str) -> int:
    """The number of the family of a word; -1 for one that is in none."""
    families = _families()
    return families.get(word, families.get(word.removesuffix("s"), -1))
