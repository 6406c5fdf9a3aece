"""Rows of sources as rows of an approved schema: what fits, and what is wrong with the rest."""

from core.validate.rows import BETWEEN, FittedRow, Misfit, SourceRow, fitted, stored_type, without

__all__ = ["BETWEEN", "FittedRow", "Misfit", "SourceRow", "fitted", "stored_type", "without"]
