"""temporary"""

from core.model import Blueprint


def generate(blueprint: Blueprint, *, source: str = "") -> str:
    return f'''"""Extractor of {source}."""
from core.agents.builder import plain_rows
from core.extract import extract as read
from core.model import Blueprint
from core.parse import parse
BLUEPRINT = Blueprint.model_validate_json({blueprint.model_dump_json()!r})
def extract(document):
    yield from plain_rows(read(BLUEPRINT, parse(document.content, url=document.url)))
'''
