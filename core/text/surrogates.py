"""Halves of surrogate pairs: JSON can spell them, no text may hold them (Unicode, 3.9, D75)."""

import re
from typing import Any

# an escape of one of them, alone or in a pair
HALF = re.compile(r"\\u[dD][89a-fA-F]")


def without_halves(value: Any) -> Any:
    """The JSON value with U+FFFD in place of halves without their other half."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [without_halves(each) for each in value]
    if isinstance(value, dict):
        return {without_halves(name): without_halves(each) for name, each in value.items()}
    return value
