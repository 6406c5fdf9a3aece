"""Addresses as pages write them: any text may stand where an address is due, and none of them is an error."""

import re
from functools import lru_cache
from urllib.parse import SplitResult, urljoin, urlsplit

# a whole address, or a path from the root, of which no part can be left out or resolved
# letters of an address that a sentence shows: a line
SHOWN_ADDRESS = 120
PLAIN = re.compile(r"(?:https?://[A-Za-z0-9.-]+)?/(?!/)[\w/%=&:,+~@!$'()*.-]*(?:\?[\w/%=&:,+~@!$'()*.-]+)?", re.ASCII)


def absolute(base: str, reference: str) -> str:
    """A reference seen from a base address; the reference as it stands where that makes no address."""
    if (root := _root(base)) and PLAIN.fullmatch(reference) and "/." not in reference:
        return root + reference if reference[0] == "/" else reference
    try:
        return urljoin(base, reference)
    except ValueError:
        return reference


@lru_cache(maxsize=1_000)
def _root(base: str) -> str:
    """Scheme and host of an address."""
    parts = split_address(base)
    whole = parts.netloc if parts.scheme in ("http", "https") else parts.scheme == "file"
    return f"{parts.scheme}://{parts.netloc}" if whole else ""


def split_address(address: str) -> SplitResult:
    """An address split into its parts; all of it the path where it is none."""
    try:
        return urlsplit(address)
    except ValueError:
        return SplitResult("", "", address, "", "")
