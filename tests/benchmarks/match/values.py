"""Kinds of made-up values: what an entity has (drawn once), and how a site writes it (its style, drawn once a site).

A kind is two functions: `draw(r)` gives the value itself, `style(r)` gives a function that writes such values.
"""

import datetime
import math
from collections.abc import Callable, Sequence
from random import Random
from typing import Any, NamedTuple

from tests.benchmarks.match import words as w

Write = Callable[[Any], str]


class Kind(NamedTuple):
    """How values are drawn and written, whether sites agree on an entity's value, and whether it is a size."""

    draw: Callable[[Random], Any]
    style: Callable[[Random], Write]
    told_alike: bool = True
    sized: bool = False


def log_between(r: Random, low: float, high: float) -> float:
    return math.exp(r.uniform(math.log(low), math.log(high)))


def figure(r: Random) -> Callable[[float], str]:
    """How a site writes numbers."""
    mark, group = r.choice([(".", ","), (".", ""), (".", ""), (",", "."), (".", " ")])
    return lambda x: _grouped(x, mark, group)


def _grouped(x: float, mark: str, group: str) -> str:
    text = f"{x:,.2f}" if x != int(x) else f"{int(x):,}"
    return text.replace(",", "\0").replace(".", mark).replace("\0", group)


def money(low: float, high: float, cents: float = 0.6) -> Kind:
    def style(r: Random) -> Write:
        sign, number, whole = (
            r.choice(["$", "€", "£", "USD ", "EUR ", "$", "$", "", "", "US$", "CHF ", "₹"]),
            figure(r),
            r.random() > cents,
        )
        after = r.random() < 0.25
        before = r.choice(["", "", "", "", "from ", "MSRP: ", "ab ", "List price: "])
        always = r.random() < 0.7

        def write(x: float) -> str:
            text = number(round(x)) if whole else number(round(x, 2))
            if not whole and always and x == int(x):
                text = f"{x:.2f}"
            return before + (f"{text} {sign.strip()}".strip() if after else sign + text)

        return write

    return Kind(lambda r: round(log_between(r, low, high), r.choice([0, 0, 1, 2])), style, sized=True)


def count(low: int, high: int, wide: bool = False) -> Kind:
    def style(r: Random) -> Write:
        number = figure(r) if r.random() < 0.5 else str
        after = r.choice(["", "", "", "", "", "+", " total", " items", " approx."]) if wide else ""
        return lambda x: number(int(x)) + after

    return Kind(
        lambda r: int(log_between(r, low + 1, high + 1)) - 1 if low >= 0 else r.randint(low, high),
        style,
        sized=high > 100,
    )


def plain(low: float, high: float, digits: int = 2) -> Kind:
    """A decimal number, spread evenly or by size."""

    def style(r: Random) -> Write:
        places = max(0, digits + r.choice([-1, 0, 0, 0, 1]))
        mark = "," if r.random() < 0.15 else "."
        return lambda x: f"{x:.{places}f}".replace(".", mark)

    even = low <= 0 or high / low < 20
    return Kind(lambda r: r.uniform(low, high) if even else log_between(r, low, high), style, sized=not even)


def measure(low: float, high: float, *units: tuple[str, float], digits: int = 1) -> Kind:
    """A number with a unit; sites take one of the units (with their factors), or leave it out."""

    def style(r: Random) -> Write:
        (unit, factor), gap, shown = r.choice(units), r.choice(["", " ", " "]), r.random() < 0.7
        places = r.choice([0, digits, digits])
        both = r.choice(units) if r.random() < 0.12 and len(units) > 1 else None

        def write(x: float) -> str:
            text = f"{x * factor:.{places}f}" + (gap + unit if shown else "")
            return text + (f" ({x * both[1]:.{digits}f} {both[0]})" if both else "")

        return write

    return Kind(lambda r: r.uniform(low, high) if high / low < 8 else log_between(r, low, high), style)


def percent(low: float = 0, high: float = 100) -> Kind:
    def style(r: Random) -> Write:
        form = r.choice(["{:.0f}%", "{:.1f}%", "{:.1f}", "{:.0f} %", "{:.2f}", "{:.0f}"])
        factor = 0.01 if form == "{:.2f}" and r.random() < 0.6 else 1
        return lambda x: form.format(x * factor)

    return Kind(lambda r: r.uniform(low, high), style)


def year(low: int, high: int) -> Kind:
    def style(r: Random) -> Write:
        form = r.choice(["{}"] * 6 + ["({})", "{}-01-01", "c. {}"])
        return lambda x: form.format(x)

    return Kind(lambda r: r.randint(low, high), style)


DATE_FORMS = [
    "%Y-%m-%d",
    "%Y-%m-%d",
    "%m/%d/%Y",
    "%d/%m/%Y",
    "%d.%m.%Y",
    "%B %d, %Y",
    "%b %d, %Y",
    "%d %B %Y",
    "%d-%b-%Y",
    "%d %b %Y",
    "%Y%m%d",
    "%m/%d/%y",
    "%B %Y",
    "%Y/%m/%d",
    "%a, %d %b %Y",
    "%b %Y",
    "%Y",
    "%m-%d-%Y",
    "%d.%m.%y",
]


def date(low: int, high: int, clock: float = 0.15) -> Kind:
    first, last = datetime.date(low, 1, 1).toordinal(), datetime.date(high, 12, 31).toordinal()

    def style(r: Random) -> Write:
        form = r.choice(DATE_FORMS)
        if r.random() < clock:
            form = r.choice(
                [
                    "%Y-%m-%dT%H:%M:%SZ",
                    "%Y-%m-%d %H:%M:%S",
                    "%m/%d/%Y %I:%M %p",
                    "%d.%m.%Y, %H:%M Uhr",
                    "%b %d, %Y %H:%M",
                ]
            )
        bare = r.random() < 0.3
        before = r.choice(["", "", "", "", "", "", "Published: ", "on ", "Date: "])

        def write(x: float) -> str:
            moment = datetime.datetime.fromordinal(int(x)) + datetime.timedelta(seconds=int((x % 1) * 86400))
            text = moment.strftime(form)
            return before + (
                text.replace(" 0", " ").replace("/0", "/").lstrip("0") if bare and not form.startswith("%Y") else text
            )

        return write

    return Kind(lambda r: r.uniform(first, last), style)


def recent() -> Kind:
    """When something was posted, some days before the page was saved."""

    def style(r: Random) -> Write:
        if r.random() < 0.25:
            return lambda x: (
                "today" if x < 1 else f"{int(x)} day{'s' if x >= 2 else ''} ago" if x < 30 else "30+ days ago"
            )
        write, today = date(2010, 2010).style(r), datetime.date(r.randint(2005, 2024), r.randint(1, 12), 15).toordinal()
        return lambda x: write(today - x)

    return Kind(lambda r: log_between(r, 0.5, 60), style, told_alike=False)


def clock() -> Kind:
    def style(r: Random) -> Write:
        form = r.choice(["%H:%M", "%I:%M %p", "%I:%M%p", "%H:%M:%S", "%H.%M", "%Hh%M", "%H:%M Uhr"])
        return lambda x: datetime.time(x // 60, x % 60).strftime(form).lstrip("0" if "%I" in form else "")

    return Kind(lambda r: r.randint(6, 23) * 60 + r.choice([0, 0, 15, 30, 30, 45]), style)


def span(low: int, high: int) -> Kind:
    """A duration in minutes."""

    def style(r: Random) -> Write:
        forms: list[Write] = [
            lambda x: f"{x} min",
            lambda x: f"{x} minutes",
            lambda x: f"PT{x}M",
            lambda x: f"{x // 60}:{x % 60:02}",
            lambda x: str(x),
            lambda x: f"{x // 60} hr {x % 60} min" if x >= 60 else f"{x} min",
            lambda x: f"{x // 60}h{x % 60:02}m",
            lambda x: f"PT{x // 60}H{x % 60}M",
        ]
        return r.choice(forms)

    return Kind(lambda r: int(log_between(r, low, high)), style)


def phone() -> Kind:
    def style(r: Random) -> Write:
        forms = [
            "({0}) {1}-{2}",
            "{0}-{1}-{2}",
            "{0}.{1}.{2}",
            "+1 {0} {1} {2}",
            "+1-{0}-{1}-{2}",
            "0{0}/{1}{2}",
            "+49 {0} {1}{2}",
            "0{0} {1} {2}",
            "tel: {0}-{1}-{2}",
            "+44 {0} {1} {2}",
            "0{0}-{1}{2}",
            "+33 {0} {1} {2}",
        ]
        form = r.choice(forms)
        return lambda x: form.format(*x)

    return Kind(lambda r: (r.randint(200, 989), r.randint(200, 999), f"{r.randint(0, 9999):04}"), style)


def _word(r: Random) -> str:
    return "".join(r.choice(w.SYLLABLES) for _ in range(r.randint(2, 3)))


def email() -> Kind:
    def style(r: Random) -> Write:
        before = r.choice(["", "", "", "mailto:"])
        return lambda x: before + x

    def draw(r: Random) -> str:
        who = r.choice(
            [f"{r.choice(w.GIVEN)}.{r.choice(w.FAMILY)}", "info", "contact", "sales", "jobs", r.choice(w.FAMILY)]
        ).lower()
        return f"{who.replace(chr(39), '')}@{_word(r)}.{r.choice(['com', 'org', 'de', 'net', 'co.uk', 'edu'])}"

    return Kind(draw, style)


def link(what: str = "page") -> Kind:
    def style(r: Random) -> Write:
        host = f"https://{'www.' if r.random() < 0.6 else ''}{_word(r)}.{r.choice(['com', 'org', 'de', 'net'])}"
        host = host.replace("https", r.choice(["http", "https"]))
        ending = r.choice(["", ".html", "/", ".php"])
        number = r.random() < 0.5
        form = r.choice(["{}.jpg", "{}.png", "{}_large.jpg", "{}.jpg?w=200"]) if what == "picture" else "{}"
        folder = (
            r.choice(["images", "media", "cdn/img", "photos"])
            if what == "picture"
            else r.choice(["item", "p", "detail", "view", "articles", "en"])
        )
        if what == "home":
            return lambda x: r"http://" + x[0] if r.random() < 0.8 else x[0]
        relative = r.random() < 0.2
        return lambda x: (
            ("" if relative else host)
            + f"/{folder}/"
            + form.format(x[2] if number else x[1])
            + ("" if what == "picture" else ending)
        )

    def draw(r: Random) -> tuple[str, str, int]:
        return (
            f"www.{_word(r)}.{r.choice(['com', 'org', 'de', 'edu'])}",
            f"{r.choice(w.ADJECTIVES)}-{r.choice(w.NOUNS)}-{_word(r)}",
            r.randint(1000, 999999),
        )

    return Kind(draw, style)


def postal() -> Kind:
    def style(r: Random) -> Write:
        country = r.choice(["us", "us", "de", "gb", "ca", "us4"])

        def write(x: int) -> str:
            letters = "ABCDEFGHJKLMNPRSTUVWXY"
            if country == "gb":
                return f"{letters[x % 22]}{letters[x % 19]}{x % 20 + 1} {x % 10}{letters[x % 17]}{letters[x % 13]}"
            if country == "ca":
                return f"{letters[x % 22]}{x % 10}{letters[x % 19]} {x % 7}{letters[x % 17]}{x % 9}"
            return f"{x:05}" + (f"-{x % 9000 + 1000}" if country == "us4" else "")

        return write

    return Kind(lambda r: r.randint(1001, 99950), style)


def address(full: bool = False) -> Kind:
    def style(r: Random) -> Write:
        first, joiner = r.random() < 0.7, r.choice([", ", " ", "; "])
        return lambda x: joiner.join([f"{x[1]} {x[0]}" if first else f"{x[0]} {x[1]}", *(x[2:] if full else ())])

    def draw(r: Random) -> tuple[str, ...]:
        return (
            r.choice(w.STREETS),
            str(r.randint(1, 4000)),
            r.choice(w.CITIES),
            f"{r.choice(w.REGIONS).split('=')[1]} {r.randint(10000, 99999)}",
        )

    return Kind(draw, style)


def listed(lines: Sequence[str]) -> Kind:
    """One of a list, which a site writes out or by one of its codes: "Germany=DE=DEU"."""

    def style(r: Random) -> Write:
        form, case = r.choice([0, 0, 0, 1, 2]), r.choice([str, str, str, str.upper, str.lower])
        return lambda x: case(x.split("=")[min(form, x.count("="))])

    return Kind(lambda r: _skewed(r, lines), style)


def _skewed(r: Random, items: Sequence[Any]) -> Any:
    """One of a list, the first ones more often."""
    return items[min(len(items) - 1, int(len(items) * r.random() ** 1.8))]


def city() -> Kind:
    def style(r: Random) -> Write:
        regions = [f", {x.split('=')[1]}" for x in w.REGIONS] if r.random() < 0.3 else [""]
        if r.random() < 0.1:
            regions = [f", {x.split('=')[0]}" for x in w.COUNTRIES[:12]]
        case = r.choice([str, str, str, str.upper])
        return lambda x: case(x + regions[sum(map(ord, x)) % len(regions)])

    return Kind(lambda r: _skewed(r, w.CITIES), style)


def choice(text: str, other: str = "", code: str = "") -> Kind:
    """One of "a|b|c"; some sites take the other words or the codes that stand at the same places."""
    lists = [[x.strip() for x in t.split("|")] for t in (text, other, code) if t]

    def style(r: Random) -> Write:
        taken = r.choice([lists[0], lists[0], *lists])
        case = r.choice([str, str, str, str, str.upper, str.lower, str.title])
        return lambda x: case(taken[x % len(taken)])

    return Kind(lambda r: min(len(lists[0]) - 1, int(len(lists[0]) * r.random() ** 1.6)), style)


def several(kind: Kind, most: int) -> Kind:
    """One to some values in one cell."""

    def style(r: Random) -> Write:
        write, joiner, bound = (
            kind.style(r),
            r.choice([", ", "; ", "; ", " | ", ",", " / ", " and "]),
            r.choice([1, most, most, most]),
        )
        return lambda xs: joiner.join(dict.fromkeys(write(x) for x in xs[:bound]))

    return Kind(lambda r: [kind.draw(r) for _ in range(r.randint(1, most))], style)


def person(most: int = 1) -> Kind:
    def one(r: Random) -> tuple[str, str, str]:
        return r.choice(w.GIVEN), r.choice(w.FAMILY), r.choice("ABCDEFGHJKLMRSTW") if r.random() < 0.2 else ""

    def style(r: Random) -> Write:
        forms: list[Callable[[tuple[str, str, str]], str]] = [
            lambda x: f"{x[0]} {x[2] + '. ' if x[2] else ''}{x[1]}",
            lambda x: f"{x[0]} {x[1]}",
            lambda x: f"{x[1]}, {x[0]}",
            lambda x: f"{x[0][0]}. {x[1]}",
            lambda x: f"{x[1]} {x[0][0]}",
            lambda x: f"{x[0]} {x[1]}".upper(),
        ]
        form = r.choice([forms[0], forms[0], forms[1], forms[1], *forms])
        before = r.choice(["", "", "", "", "", "by ", "By ", "Dr. "])
        joiner, bound = r.choice([", ", "; ", "; ", " and ", " & ", " / "]), r.choice([1, most, most])
        return lambda xs: before + joiner.join(form(x) for x in xs[:bound])

    return Kind(lambda r: [one(r) for _ in range(r.randint(1, most))], style)


def part_of_name(which: int) -> Kind:
    """A given name (0) or a family name (1)."""
    return Kind(lambda r: r.choice((w.GIVEN, w.FAMILY)[which]), _cased)


def _cased(r: Random) -> Write:
    return r.choice([str, str, str, str, str, str.upper])


def firm(*endings: str) -> Kind:
    """The name of an organisation; its ending tells of which kind."""

    def draw(r: Random) -> str:
        core = r.choice(
            [
                r.choice(w.FAMILY),
                _word(r).title(),
                f"{r.choice(w.ADJECTIVES).title()} {r.choice(w.NOUNS).title()}",
                r.choice(w.CITIES),
                f"{r.choice(w.FAMILY)} & {r.choice(w.FAMILY)}",
                r.choice(w.NOUNS).title(),
                "".join(r.choice("ABCDGHIKMNPRST") for _ in range(3)),
            ]
        )
        return f"{core} {r.choice(endings)}".strip()

    return Kind(draw, _cased)


def institution(forms: str) -> Kind:
    """Named after a place or a person: "University of {city}|{family} College"."""
    lines = forms.split("|")
    return Kind(
        lambda r: r.choice(lines).format(
            city=r.choice(w.CITIES),
            family=r.choice(w.FAMILY),
            noun=r.choice(w.NOUNS).title(),
            adj=r.choice(w.ADJECTIVES).title(),
        ),
        _cased,
    )


def title(low: int = 1, high: int = 6, addition: str = "") -> Kind:
    """A title of some words; some sites add to it."""
    additions = addition.split("|") if addition else [""]

    def draw(r: Random) -> str:
        n, out = r.randint(low, high), []
        for k in range(n):
            pools = (
                [w.NOUNS, w.NOUNS, w.ADJECTIVES, w.ADJECTIVES]
                + ([w.FILLERS] if k and k < n - 1 else []) * 4
                + [[_word(r), r.choice(w.FAMILY), r.choice(w.CITIES)]]
            )
            out.append(r.choice(r.choice(pools)))
        return ("The " if r.random() < 0.25 else "") + " ".join(
            x if x in w.FILLERS else x[0].upper() + x[1:] for x in out
        )

    def style(r: Random) -> Write:
        tail, case, bound = (
            r.choice(["", "", *additions]),
            r.choice([str, str, str, str, str.upper, str.capitalize]),
            r.choice([200, 200, 200, 40]),
        )
        turned = r.random() < 0.15

        def write(x: str) -> str:
            text = f"{x[4:]}, The" if turned and x.startswith("The ") else x
            text = case(text) + tail
            return text if len(text) <= bound else text[: bound - 3] + "..."

        return write

    return Kind(draw, style)


def prose(low: int, high: int) -> Kind:
    """Some sentences."""

    def draw(r: Random) -> str:
        out, n = [], r.randint(low, high)
        while len(out) < n:
            out += [
                r.choice(["The", "This", "Our", "A", "Their"]),
                r.choice(w.ADJECTIVES),
                r.choice(w.NOUNS),
                r.choice(w.VERBS),
                r.choice(w.FILLERS),
                r.choice(w.ADJECTIVES),
                r.choice(w.NOUNS) + r.choice([".", ".", ",", " and", "!"]),
            ]
        return " ".join(out)

    def style(r: Random) -> Write:
        bound, tail = r.choice([10_000, 10_000, 150, 80]), r.choice(["", "...", "…", " Read more"])
        return lambda x: x if len(x) <= bound else x[:bound] + tail

    return Kind(draw, style)


def isbn() -> Kind:
    def style(r: Random) -> Write:
        forms: list[Write] = [
            lambda x: f"978{x}0",
            lambda x: f"978-{x[0]}-{x[1:4]}-{x[4:]}-7",
            lambda x: f"{x}X",
            lambda x: f"ISBN {x[0]}-{x[1:4]}-{x[4:]}-3",
            lambda x: f"{x}5",
            lambda x: f"978-{x}2",
        ]
        return r.choice(forms)

    return Kind(lambda r: f"{r.randint(0, 1)}{r.randint(0, 99999999):08}", style)


def pattern(*forms: str) -> Kind:
    """A code of a form that each site has for itself: "AB-####" (# a digit, @ a letter, * either)."""

    def style(r: Random) -> Write:
        form = r.choice(forms)
        alphabet = {"#": "0123456789", "@": "ABCDEFGHJKLMNPRSTUVWXYZ", "*": "0123456789abcdef"}

        def write(x: int) -> str:
            own = Random(x)
            return "".join(own.choice(alphabet[c]) if c in alphabet else c for c in form)

        return write

    return Kind(lambda r: r.randint(0, 10**12), style)


def own_pattern(r: Random) -> Kind:
    """A code whose form all sites share, made up here."""
    form = "".join(
        r.choice(["#", "##", "###", "@", "@@", "-", "/", ".", "*", r.choice("ABCKXZ")]) for _ in range(r.randint(3, 6))
    )
    return pattern(form + "#")


def serial() -> Kind:
    """A running number."""

    def style(r: Random) -> Write:
        first, before, zeros = (
            r.choice([0, 1, 1, 1000, 20210000]),
            r.choice(["", "", "", "#", "ID", "No. "]),
            r.choice([0, 0, 0, 5]),
        )
        return lambda x: f"{before}{first + x:0{zeros}}"

    return Kind(lambda r: r.randint(0, 5000), style, told_alike=False)


def rating(top: int = 5) -> Kind:
    def style(r: Random) -> Write:
        scale = r.choice([top, top, 5, 10, 100])
        form = r.choice(
            [
                "{:.1f}",
                "{:.1f}",
                "{:.0f}",
                "{:.1f}/" + str(scale),
                "{:.1f} out of " + str(scale),
                "{:.2f}",
                "{:.0f} stars",
            ]
        )
        return lambda x: form.format(x * scale)

    return Kind(lambda r: min(1.0, max(0.1, r.gauss(0.72, 0.15))), style)


def truth() -> Kind:
    def style(r: Random) -> Write:
        pair = r.choice(
            [
                ("Yes", "No"),
                ("yes", "no"),
                ("Y", "N"),
                ("true", "false"),
                ("TRUE", "FALSE"),
                ("1", "0"),
                ("ja", "nein"),
                ("✓", ""),
                ("True", "False"),
            ]
        )
        return lambda x: pair[0] if x else pair[1]

    return Kind(lambda r: r.random() < 0.5, style)


def sizes(low: float, high: float) -> Kind:
    def style(r: Random) -> Write:
        joiner, unit, n = (
            r.choice([" x ", "x", " × ", '" x ']),
            r.choice([" cm", " in", " mm", '"', "", " inches"]),
            r.choice([2, 3, 3]),
        )
        return lambda x: joiner.join(f"{v:.1f}" for v in x[:n]) + unit

    return Kind(lambda r: [log_between(r, low, high) for _ in range(3)], style)


def place_on_earth(which: str) -> Kind:
    def style(r: Random) -> Write:
        places = r.choice([4, 5, 6, 7, 3])
        return lambda x: f"{x:.{places}f}"

    return Kind(lambda r: r.uniform(24, 60) if which == "latitude" else r.uniform(-125, 30), style)


def score_of_game() -> Kind:
    def style(r: Random) -> Write:
        joiner = r.choice(["-", ":", " - ", " : ", "–"])
        return lambda x: f"{x[0]}{joiner}{x[1]}"

    return Kind(lambda r: (r.randint(0, 6), r.randint(0, 6)), style)


def hours() -> Kind:
    def style(r: Random) -> Write:
        form, days = (
            r.choice(["{}:00-{}:00", "{} AM - {} PM", "{}:00 – {}:30", "{}h-{}h"]),
            r.choice(["", "", "Mon-Fri ", "Daily: ", "Mo-Fr: "]),
        )
        return lambda x: days + form.format(*x)

    return Kind(lambda r: (r.randint(7, 11), r.randint(4, 22)), style)


def height() -> Kind:
    """Of a person, in centimetres."""

    def style(r: Random) -> Write:
        forms: list[Write] = [
            lambda x: f"{int(x / 30.48)}-{int(x / 2.54) % 12}",
            lambda x: f"{int(x / 30.48)}'{int(x / 2.54) % 12}\"",
            lambda x: f"{x:.0f} cm",
            lambda x: f"{x / 100:.2f} m",
            lambda x: f"{x / 100:.2f}",
            lambda x: f"{x:.0f}",
            lambda x: f"{int(x / 30.48)} ft {int(x / 2.54) % 12} in",
            lambda x: f"{int(x / 30.48)}' {int(x / 2.54) % 12}\" ({x / 100:.2f} m)",
        ]
        return r.choice(forms)

    return Kind(lambda r: r.gauss(182, 12), style)


def constant(form: str = "https://schema.org/{}", items: str = "Active|Cancelled|Postponed") -> Kind:
    """A word of a controlled list, as an address or bare."""
    names = items.split("|")

    def style(r: Random) -> Write:
        before = form if r.random() < 0.5 else "{}"
        return lambda x: before.format(names[x])

    return Kind(lambda r: min(len(names) - 1, int(len(names) * r.random() ** 2)), style)


def phrase(heads: str, tails: str, fronts: str = "||Senior|Junior") -> Kind:
    """Two or three words of lists: titles of jobs, names of dishes, names of models."""
    first, last, front = heads.split("|"), tails.split("|"), fronts.split("|")

    def style(r: Random) -> Write:
        case, tail = r.choice([str, str, str, str.upper]), r.choice(["", "", "", " (m/f)", " - urgent", " #1"])
        return lambda x: case(x) + tail

    return Kind(lambda r: f"{r.choice(front)} {r.choice(first)} {r.choice(last)}".strip(), style)
