"""Between nouns and rows of the state: columns carry the names of the nouns' fields."""

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from sqlalchemy import Row

from core.errors import BadBlueprint, Damaged, LaterVersion

CHECK = "Run python -m jobs check --full."

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
    return noun_from(kind, kind.model_validate, cells)


def noun_from(kind: type[Noun], reader: Callable[[Any], Noun], stored: Any) -> Noun:
    """What is stored, as the reader of its kind makes a noun of it.

    Raises:
        Damaged: it is not what was written.
        LaterVersion: it was written by a later version of this program.
    """
    try:
        return reader(stored)
    except LaterVersion:
        raise
    except BadBlueprint as error:
        raise Damaged(f"state.db is damaged: {kind.__name__}: {error.message}", CHECK) from error
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        said = f"state.db is damaged: {kind.__name__} with a {where} that is none: {first['msg']}."
        raise Damaged(said, CHECK) from error
