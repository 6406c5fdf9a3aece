"""A table as source that other programs read: Pydantic, JSON Schema, Zod."""

import json

import streamlit as st

from core.model.schema import SchemaTable
from core.propose.code import json_schema, pydantic_source, zod_source
from pages._widgets import address


def draw_code(table: SchemaTable) -> None:
    """The three of them, each to be copied."""
    with st.expander("As code", expanded=bool(address.asked("code"))):
        _, tabs = address.tabs_of("code", {"pydantic": "Pydantic", "json": "JSON Schema", "zod": "Zod"})
        tabs["pydantic"].code(pydantic_source([table]), language="python")
        tabs["json"].code(json.dumps(json_schema([table]), indent=2, ensure_ascii=False), language="json")
        tabs["zod"].code(zod_source([table]), language="typescript")
