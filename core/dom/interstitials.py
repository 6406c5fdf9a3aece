"""Pages that stand in front of the content: consent, login, checks of the visitor, shells for scripts, error pages."""

import re
from typing import Literal, NamedTuple

from core.dom.page_index import PageIndex
from core.dom.tree import Tree
from core.errors import WrongAnswer
from core.model import ParsedDocument

Wall = Literal["consent", "login", "check", "script", "error"]

# characters and links of a page that is more than its wall
MOST_TEXT_OF_A_WALL = 4_000
FEW_LINKS = 25
# characters of a page that, whatever its heading, says nothing but that it is a wall
ALL_SAID = 300
# characters of a page that nothing but scripts fills
SHELL = 300
# characters of a page that says that something went wrong
MOST_EXCUSES = 1_500
# words of a heading that asks for a login
SHORT_HEADING = 6

VISITOR_CHECK = re.compile(
    r"just a moment|attention required|checking (your|the|if the site).{0,20}(browser|secure)"
    r"|verify(ing)? (that )?you are (a )?human|are you a robot|access denied|enable javascript and cookies"
    r"|unusual traffic|ddos protection|einen moment|vérification de sécurité|un momento|security check|captcha",
    re.I,
)
CONSENT = re.compile(
    r"(before you continue|we (value|respect) your privacy|accept (all )?cookies|cookie (consent|settings|preferences)"
    r"|consent to (the use|cookies)|alle (cookies )?akzeptieren|einwilligung|tout accepter|accepter (les )?cookies"
    r"|aceptar (todas )?(las )?cookies|accetta (tutti|i cookie)|alles accepteren|godkänn (alla )?cookies)",
    re.I,
)
LOGIN = re.compile(
    r"\b(log ?in|sign ?in|anmelden|einloggen|se connecter|connexion|iniciar sesión|accedi|inloggen|logga in)\b", re.I
)
ASKS_TO_LOG_IN = re.compile(rf"\W*(please|bitte|veuillez|por favor)?\s*{LOGIN.pattern}", re.I)
SCRIPT = re.compile(
    r"(enable|activate|turn on|requires?|needs?|aktivieren|activez|activer|active|habilite) .{0,20}java ?script"
    r"|java ?script .{0,30}(disabled|required|not enabled|enabled|deaktiviert|aktivieren|désactivé|desactivado)",
    re.I,
)
ERROR = re.compile(
    r"\W*(http )?(error|fehler|erreur)?\W*\b(40[0134]|410|429|50[0234])\b\W*"
    r"($|[|·–—-]|not found|error|forbidden|bad |page |gone|internal|service|gateway|too many)"
    r"|.{0,30}\b(page|site|file|document|url)\b.{0,20}\b(not (be )?found|(does not|doesn.t) exist|no longer available)"
    r"|\W*(not found|page gone|forbidden|internal server error|service unavailable|bad gateway)\W*$"
    r"|.{0,20}(something went wrong|temporarily unavailable|under maintenance|down for maintenance)"
    r"|.{0,20}(seite (wurde )?nicht gefunden|page introuvable|página no encontrada|pagina non trovata)",
    re.I,
)
ABOUT = re.compile(r"author|headline|article|product", re.I)


class Words(NamedTuple):
    """What a wall is, and what a person may do about it."""

    what: str
    advice: str


SAVE_IT = "Open it in a browser, save the page behind it, and add the file or its folder"
WALLS: dict[Wall, Words] = {
    "consent": Words("a question for consent", f"{SAVE_IT}, or give the address that is shown after the answer."),
    "login": Words("a login page", f"{SAVE_IT}, or look for a public page or feed with the same data."),
    "check": Words("a check of its visitors", f"{SAVE_IT}, or ask the site for a feed or an interface for programs."),
    "script": Words("a shell that scripts fill", f"{SAVE_IT}, or add the address of the data (JSON) that it loads."),
    "error": Words("a message that something went wrong", "Open it in a browser and check the address."),
}


def wall_of(document: ParsedDocument) -> Wall | None:
    """Which kind of wall a page may be; None for content. A long page or one of many links is content with a banner.

    To be asked where next to nothing was read: short content that only mentions cookies or a login is not told apart.
    """
    if document.kind != "html":
        return None
    index = PageIndex(document)
    text = _text(index)
    if len(text) > MOST_TEXT_OF_A_WALL or len(index.tree.tagged("a")) > FEW_LINKS:
        return None
    return _says(" ".join([*_titles(index), text]), index) or _excuse(_titles(index), text) or _shell(index, text)


def front_of(document: ParsedDocument) -> Wall | None:
    """Which kind of wall a page is that nobody read before: its title or heading says so, or it says nothing else."""
    wall = wall_of(document)
    if wall in (None, "script", "error"):
        return wall
    index = PageIndex(document)
    is_short = len(_text(index)) <= ALL_SAID
    return wall if is_short or any(_names(wall, title) for title in _titles(index)) else None


def refusal(address: str, wall: Wall) -> WrongAnswer:
    """The error that says which wall stands at an address, and what to do."""
    what, advice = WALLS[wall]
    return WrongAnswer(f"{address} shows {what} in place of its content.", advice)


def _text(index: PageIndex) -> str:
    return " ".join(leaf.text for leaf in index.lookup.texts)


def _titles(index: PageIndex) -> list[str]:
    """What a page calls itself: its title and its main headings."""
    tree = index.tree
    return [tree.text(order) for tag in ("title", "h1") for order in tree.tagged(tag)]


def _says(text: str, index: PageIndex) -> Wall | None:
    asks = any(ASKS_TO_LOG_IN.match(title) and len(title.split()) <= SHORT_HEADING for title in _titles(index))
    if (_asks_for_password(index.tree) and LOGIN.search(text)) or (asks and index.tree.tagged("input")):
        return "login"
    if VISITOR_CHECK.search(text):
        return "check"
    return "consent" if CONSENT.search(text) else None


def _names(wall: Wall | None, title: str) -> bool:
    pattern = {"consent": CONSENT, "login": LOGIN, "check": VISITOR_CHECK}
    return wall in pattern and bool(pattern[wall].search(title))


def _asks_for_password(tree: Tree) -> bool:
    return any(tree.heads[at].attrs.get("type", "").lower() == "password" for at in tree.tagged("input"))


def _excuse(titles: list[str], text: str) -> Wall | None:
    return "error" if len(text) <= MOST_EXCUSES and any(ERROR.match(title) for title in titles) else None


def _shell(index: PageIndex, text: str) -> Wall | None:
    """Whether next to nothing is to be read without scripts, and no data lie in the page either."""
    tree = index.tree
    if len(text) > SHELL or not tree.tagged("script"):
        return None
    hints = " ".join([text, *(_hidden(order, tree) for order in tree.tagged("noscript"))])
    is_shell = not text.strip() or bool(SCRIPT.search(hints))
    return "script" if is_shell and not _says_in_data(index) else None


def _hidden(order: int, tree: Tree) -> str:
    """What an element says that no reader sees."""
    return " ".join(tree.texts[place] for place in range(order, tree.ends[order]) if place in tree.texts)


def _says_in_data(index: PageIndex) -> bool:
    """Whether data or meta elements say what the page is about, beside its title and its looks."""
    embedded = index.embedded
    return bool(embedded.jsonld or embedded.state or any(ABOUT.search(name) for name in embedded.meta))
