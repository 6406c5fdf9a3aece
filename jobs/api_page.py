"""The description of the REST interface as a page: plain, and without anything from elsewhere."""

from html import escape
from typing import Any

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>
<style>body {{ font: 1rem/1.5 sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem }}
dt {{ margin-top: 1rem }}</style><h1>{title}</h1><dl>{calls}</dl>
<p>For programs: <a href="{schema}">{schema}</a></p></html>"""


def api_page(schema: dict[str, Any]) -> str:
    """Every call with its parameters and what it gives, from the OpenAPI description."""
    calls = [
        f"<dt><code>{escape(method.upper())} {escape(path)}{escape(_parameters(call))}</code></dt>"
        f"<dd>{escape(call.get('description', ''))}</dd>"
        for path, methods in schema["paths"].items()
        for method, call in methods.items()
    ]
    return _PAGE.format(title=escape(schema["info"]["title"]), calls="".join(calls), schema="openapi.json")


def _parameters(call: dict[str, Any]) -> str:
    names = [one["name"] for one in call.get("parameters", ()) if one["in"] == "query"]
    return "?" + "&".join(f"{name}=…" for name in names) if names else ""
