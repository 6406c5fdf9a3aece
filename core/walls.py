"""Pages that stand in front of the content: consent, login, and checks of the visitor ("just a moment")."""

import re
from typing import Literal

from core.extract.index import PageIndex
from core.model import ParsedDocument

Wall = Literal["consent", "login", "check"]

MOST_TEXT = 4_000
FEW_LINKS = 25
CHECK = re.compile(
    r"just a moment|attention required|checking (your|the) browser|verify(ing)? (that )?you are (a )?human"
    r"|are you a robot|access denied|enable javascript and cookies|unusual traffic|ddos protection"
    r"|einen moment|vérification de sécurité|un momento|security check|captcha",
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


def wall_of(document: ParsedDocument) -> Wall | None:
    """Which kind of wall a page is; None for content. A long page or one of many links is content with a banner."""
    if document.kind != "html":
        return None
    index = PageIndex(document)
    text = " ".join(leaf.text for leaf in index.lookup.texts)
    links = len(index.tree.tagged("a"))
    if len(text) > MOST_TEXT or links > FEW_LINKS:
        return None
    title = next((datum.text for datum in index.embedded.meta.get("title", ())), "")
    return _said(f"{title} {text}", password=_asks_for_password(index))


def _asks_for_password(index: PageIndex) -> bool:
    return any(index.tree.heads[at].attrs.get("type", "").lower() == "password" for at in index.tree.tagged("input"))


def _said(text: str, *, password: bool) -> Wall | None:
    if password and LOGIN.search(text):
        return "login"
    if CHECK.search(text):
        return "check"
    return "consent" if CONSENT.search(text) else None
