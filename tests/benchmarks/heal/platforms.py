"""Pairs of sites of one platform: the same software, other skins and other content, and what a person wants of them."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

Thing = Mapping[str, str]


class Skin(NamedTuple):
    """How a site looks: its name, its menu, its theme, and what it puts round the content."""

    name: str
    menu: Sequence[str]
    theme: str
    before: str
    after: str


class Platform(NamedTuple):
    """A software: how it shows things, how many a page and in which elements, what a person calls the parts, and both
    sites' things.
    """

    page: Callable[[Sequence[Thing]], str]
    a_page: int
    blocks: str
    wanted: Sequence[str]
    things: Sequence[Sequence[Thing]]


SKINS = (
    Skin("Harrowby", ("Home", "Council", "Services"), "theme-slate", "<p class='motto'>Working for the valley</p>", ""),
    Skin(
        "Port Elvin",
        ("Start", "Visit", "Business", "Contact"),
        "theme-sand wide",
        "<div class='hero'><div class='slide'><h2>Welcome ashore</h2><p>Ferries run every day.</p></div></div>",
        "<section class='partners'><h4>With the help of</h4><a href='/p/1'>Harbour trust</a></section>",
    ),
)


def shown(platform: Platform, skin: Skin, things: Sequence[Thing]) -> bytes:
    """One page of a site."""
    menu = "".join(f"<a href='/{word.lower()}'>{word}</a>" for word in skin.menu)
    body = f"{skin.before}<main>{platform.page(things)}</main>{skin.after}"
    head = f"<html><head><title>{skin.name}</title></head><body class='{skin.theme}'><nav>{menu}</nav>"
    return f"{head}{body}<footer>{skin.name} 2026</footer></body></html>".encode()


def _notices(things: Sequence[Thing]) -> str:
    rows = "".join(
        f"<li class='nb-item'><span class='nb-k'>{thing['reference']}</span><a class='nb-h' href='/n/{number}'>"
        f"{thing['title']}</a><span class='nb-s'>{thing['office']}</span>"
        f"<em class='nb-x'>Issued {thing['issued']}, closes {thing['closes']}</em></li>"
        for number, thing in enumerate(things)
    )
    return f"<h1>Notices</h1><ul class='nb-list'>{rows}</ul>"


def _article(things: Sequence[Thing]) -> str:
    thing = things[0]
    facts = (("Art. no.", "sku"), ("Weight", "weight"), ("Made in", "origin"), ("Category", "category"))
    rows = "".join(f"<tr><th>{label}</th><td>{thing[name]}</td></tr>" for label, name in facts)
    return (
        f"<div class='sf-p'><h1>{thing['name']}</h1><div class='price'>{thing['price']}</div>"
        f"<div class='sf-q'>Only {thing['stock']} left</div><table class='sf-t'>{rows}</table>"
        f"<div class='sf-d'><p>{thing['description']}</p></div></div>"
    )


def _events(things: Sequence[Thing]) -> str:
    cards = "".join(
        f"<div class='ev-c'><div class='ev-1'>{thing['starts']}</div><h3>{thing['name']}</h3>"
        f"<div class='venue'>{thing['venue']}</div><div class='ev-3'>from {thing['price']}</div>"
        f"<div class='organiser'>{thing['organiser']}</div></div>"
        for thing in things
    )
    return f"<h1>What is on</h1><div class='ev-g'>{cards}</div>"


def _made(names: str, rows: str) -> list[Thing]:
    """Things of a table written down line by line."""
    keys = names.split()
    lines = [line.split("|") for line in rows.strip().splitlines()]
    return [dict(zip(keys, (part.strip() for part in line), strict=True)) for line in lines]


NOTICE = "reference title office issued closes"
GOODS = "name price sku weight origin category stock description"
EVENT = "name starts venue price organiser"

PLATFORMS = {
    "notice board": Platform(
        _notices,
        6,
        "//li",
        NOTICE.split(),
        (
            _made(
                NOTICE,
                """
                HB/24/101 | Repair of the weir bridge | Roads office | 3 May 2026 | 1 June 2026
                HB/24/107 | New boiler for the library | Buildings office | 5 May 2026 | 9 June 2026
                HB/24/110 | Gritting of rural lanes | Roads office | 9 May 2026 | 12 June 2026
                HB/24/118 | Care of street trees | Parks office | 11 May 2026 | 15 June 2026
                HB/24/121 | Lease of the market hall | Estates office | 15 May 2026 | 22 June 2026
                HB/24/125 | School meals in two villages | Schools office | 18 May 2026 | 30 June 2026
                HB/24/131 | Survey of old culverts | Water office | 21 May 2026 | 2 July 2026
                HB/24/139 | Printing of ballot papers | Clerk | 22 May 2026 | 4 July 2026
                HB/24/140 | Cleaning of bus shelters | Roads office | 25 May 2026 | 6 July 2026
                HB/24/144 | Hire of road rollers | Roads office | 27 May 2026 | 9 July 2026
                HB/24/152 | Insurance of the fleet | Treasury | 29 May 2026 | 13 July 2026
                HB/24/160 | Signs for cycle routes | Roads office | 30 May 2026 | 20 July 2026
                """,
            ),
            _made(
                NOTICE,
                """
                PE-9001 | Dredging of the inner basin | Harbour master | 12 March 2026 | 30 April 2026
                PE-9014 | Sale of a disused crane | Treasury | 14 March 2026 | 2 May 2026
                PE-9020 | Lamps along the quay | Works | 19 March 2026 | 8 May 2026
                PE-9033 | Mooring lines and fenders | Harbour master | 21 March 2026 | 11 May 2026
                PE-9041 | Roof of the customs house | Works | 26 March 2026 | 15 May 2026
                PE-9047 | Radio sets for pilots | Pilot station | 28 March 2026 | 19 May 2026
                PE-9052 | Fuel for the ferries | Ferry desk | 2 April 2026 | 22 May 2026
                PE-9060 | Paint for buoys | Harbour master | 4 April 2026 | 26 May 2026
                PE-9066 | Waste bins for the beach | Works | 9 April 2026 | 29 May 2026
                PE-9071 | Audit of ticket sales | Treasury | 11 April 2026 | 3 June 2026
                PE-9080 | Tide gauge and housing | Pilot station | 16 April 2026 | 8 June 2026
                PE-9085 | Benches on the pier | Works | 18 April 2026 | 10 June 2026
                """,
            ),
        ),
    ),
    "shop": Platform(
        _article,
        1,
        "//table|//main/div",
        GOODS.split(),
        (
            _made(
                GOODS,
                """
                Copper kettle | € 49.90 | K-1001 | 1.2 kg | Portugal | Kitchen | 4 | Whistles when the water boils.
                Oak stool | € 85.00 | S-2210 | 5.4 kg | Sweden | Furniture | 11 | Three legs and a seat of one board.
                Wool blanket | € 129.00 | B-0907 | 2.1 kg | Ireland | Bedroom | 7 | Woven of hill wool, washed soft.
                Garden lantern | € 24.50 | L-3315 | 0.9 kg | Poland | Garden | 23 | Holds a candle through the rain.
                Bread knife | € 31.20 | K-1177 | 0.3 kg | Germany | Kitchen | 15 | Long teeth for a hard crust.
                """,
            ),
            _made(
                GOODS,
                """
                Trail tent | € 310.00 | TT-77 | 2.8 kg | Norway | Camping | 3 | Stands in a gale on two poles.
                Rope, 30 m | € 64.00 | RP-30 | 1.9 kg | Austria | Climbing | 18 | Easy to knot when it is cold.
                Head lamp | € 38.40 | HL-5 | 0.1 kg | Japan | Light | 42 | Shines for ten hours on end.
                Steel flask | € 27.00 | SF-1 | 0.4 kg | Italy | Camping | 30 | Keeps tea hot up to the summit.
                Map case | € 19.90 | MC-2 | 0.2 kg | Spain | Walking | 9 | Closes tight, opens flat.
                """,
            ),
        ),
    ),
    "event calendar": Platform(
        _events,
        6,
        "//div[h3]",
        EVENT.split(),
        (
            _made(
                EVENT,
                """
                Brass band in the park | 4 July 2026 19:00 | Bandstand | 5 EUR | Harrowby Music Society
                Open mill day | 11 July 2026 10:00 | Weir Mill | 3 EUR | Friends of the Mill
                Lantern walk | 18 July 2026 21:30 | Castle Hill | 2 EUR | Scouts of the valley
                Choir of the five villages | 25 July 2026 18:00 | St Anne | 8 EUR | Valley Choirs
                Tales by the fire | 1 August 2026 20:00 | Old Barn | 4 EUR | Library of Harrowby
                Village fair | 8 August 2026 11:00 | Green | 1 EUR | Fair committee
                Night of the bats | 15 August 2026 20:30 | Beech Wood | 6 EUR | Nature club
                Harvest dance | 22 August 2026 19:30 | Town Hall | 9 EUR | Dance circle
                Walk to the source | 29 August 2026 09:00 | Station | 2 EUR | Ramblers
                Cider pressing | 5 September 2026 13:00 | Orchard | 7 EUR | Growers of the valley
                Chess in the street | 12 September 2026 14:00 | Market Square | 1 EUR | Chess club
                Film under the stars | 19 September 2026 20:00 | Meadow | 10 EUR | Cinema van
                """,
            ),
            _made(
                EVENT,
                """
                Blessing of the boats | 6 June 2026 10:30 | North Pier | 1 EUR | Fishers' guild
                Regatta | 13 June 2026 09:00 | Outer Basin | 12 EUR | Sailing club Elvin
                Knots for beginners | 14 June 2026 15:00 | Rope Loft | 6 EUR | Museum of the port
                Sea shanties | 20 June 2026 20:00 | Anchor Inn | 4 EUR | Anchor Inn
                Crab race | 27 June 2026 16:00 | Slipway | 2 EUR | Harbour school
                Night swim | 4 July 2026 22:00 | East Beach | 3 EUR | Lifeguards
                Smokehouse tasting | 5 July 2026 12:00 | Smokehouse | 15 EUR | Elvin Smokers
                Lighthouse open day | 11 July 2026 11:00 | Lighthouse | 5 EUR | Pilot station
                Model ships | 18 July 2026 10:00 | Customs House | 4 EUR | Modellers of Elvin
                Storm tales | 25 July 2026 19:30 | Rope Loft | 6 EUR | Museum of the port
                Oyster evening | 1 August 2026 18:00 | South Quay | 20 EUR | Oyster farm
                Fireworks at sea | 8 August 2026 23:00 | Outer Basin | 2 EUR | Town of Port Elvin
                """,
            ),
        ),
    ),
}
