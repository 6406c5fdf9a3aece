"""Typed tables from documents of one kind: canonical fields over sites, their types and keys, and the code of both."""

from core.propose.documents import SiteDocument
from core.propose.proposal import propose

__all__ = ["SiteDocument", "propose"]
