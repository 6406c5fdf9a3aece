"""Rows of sources as rows of an approved schema: what fits, and what is wrong with the rest."""

from core.validate.rows import Checked, Finding, SourceRow, checked, stored_type, without

__all__ = ["Checked", "Finding", "SourceRow", "checked", "stored_type", "without"]
