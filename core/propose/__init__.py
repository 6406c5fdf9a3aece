"""Typed tables from documents of one kind: canonical fields over sites, their types and keys, and the code of both."""

from core.propose.difference import SchemaChange, compatibility, difference
from core.propose.documents import SiteDocument
from core.propose.proposal import propose

__all__ = ["SchemaChange", "SiteDocument", "compatibility", "difference", "propose"]
