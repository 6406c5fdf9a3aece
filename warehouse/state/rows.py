"""Between nouns and rows of the state: columns carry the names of the nouns' fields."""

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from sqlalchemy import Row

from core.errors import Damaged

Noun = TypeVar("Noun", bound=BaseModel)


def row_of(noun: BaseModel) -> dict[str, Any]:
    """The noun as a row; nested nouns become JSON-able data."""
    return {name: value.model_dump(mode="json") if isinstance(value, BaseModel) else value for name, value in noun}


def noun_of(kind: type[Noun], row: Row[Any]) -> Noun:
    """The noun of a row; columns that the noun does not have are bookkeeping and left out.

    Raises:
        Damaged: the row does not hold what was written.
    """
    cells = {name: value for name, value in row._mapping.items() if name in kind.model_fields}
    try:
        return kind.model_validate(cells)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        said = f"state.db is damaged: {kind.__name__} with a {where} that is none: {first['msg']}."
        raise Damaged(said, "Run python -m jobs check --full.") from error
