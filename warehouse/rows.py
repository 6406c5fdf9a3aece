"""Between nouns and rows of the state: columns carry the names of the nouns' fields."""

from typing import Any, TypeVar

from pydantic import BaseModel
from sqlalchemy import Row

Noun = TypeVar("Noun", bound=BaseModel)


def row_of(noun: BaseModel) -> dict[str, Any]:
    """The noun as a row; nested nouns become JSON-able data."""
    return {name: value.model_dump(mode="json") if isinstance(value, BaseModel) else value for name, value in noun}


def noun_of(kind: type[Noun], row: Row[Any]) -> Noun:
    """The noun of a row; columns that the noun does not have are bookkeeping and left out."""
    return kind.model_validate({name: value for name, value in row._mapping.items() if name in kind.model_fields})
