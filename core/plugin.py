"""What a generated extractor module needs to run: its blueprint applied to the bytes of a document."""

from collections.abc import Iterator
from typing import Any, Protocol

from core.extract import extract
from core.model.blueprint import Blueprint
from core.parse import parse


class Document(Protocol):
    """What an extractor is given: raw bytes and the address they came from."""

    @property
    def content(self) -> bytes:
        """The raw bytes."""

    @property
    def url(self) -> str:
        """Where they came from."""


def rows(blueprint: Blueprint, document: Document) -> Iterator[dict[str, Any]]:
    """One dict a record: "table", and the typed value of each field that was found.

    Raises:
        UnreadableDocument: the bytes are not a document.
    """
    for record in extract(blueprint, parse(document.content, url=document.url)).records:
        yield {"table": record.table, **{name: value.value for name, value in record.fields.items()}}
