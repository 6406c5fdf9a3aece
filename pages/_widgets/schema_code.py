"""A table as source that other programs read: Pydantic, JSON Schema, Zod."""

import json

import streamlit as st

from core.model.schema import SchemaTable
from core.propose.code import json_schema, pydantic_source, zod_source


def draw_code(table: SchemaTable) -> None:
    """The three of them, each to be copied."""
    with st.expander("As code"):
        pydantic, schema, zod = st.tabs(["Pydantic", "JSON Schema", "Zod"])
        pydantic.code(pydantic_source([table]), language="python")
        schema.code(json.dumps(json_schema([table]), indent=2, ensure_ascii=False), language="json")
        zod.code(zod_source([table]), language="typescript")
