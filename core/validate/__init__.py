"""Rows of sources as rows of an approved schema: what fits, and what is wrong with the rest."""

from core.validate.rows import BETWEEN, FittedRow, Misfit, Said, SourceRow, fitted, stored_type, without

__all__ = ["BETWEEN", "FittedRow", "Misfit", "Said", "SourceRow", "fitted", "stored_type", "without"]
