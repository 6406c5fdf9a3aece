"""A schema as source that other programs read: Pydantic models, JSON Schema 2020-12, and Zod.

Rows are one object a document: its fields by their names, and a list of objects for each child table. Values are as
records hold them: dates as ISO texts, decimals as texts or numbers, money and quantities as an amount with its unit.
All three take the same rows; `tests/unit/propose/test_code.py` says so.
"""

from core.propose.code.json_schema import json_schema
from core.propose.code.pydantic_source import pydantic_source
from core.propose.code.zod_source import zod_source

__all__ = ["json_schema", "pydantic_source", "zod_source"]
