"""Addresses as pages write them: any text may stand where an address is due, and none of them is an error."""

from urllib.parse import SplitResult, urljoin, urlsplit


def absolute(base: str, reference: str) -> str:
    """A reference seen from a base address; the reference as it stands where that makes no address."""
    try:
        return urljoin(base, reference)
    except ValueError:
        return reference


def split_address(address: str) -> SplitResult:
    """An address split into its parts; all of it the path where it is none."""
    try:
        return urlsplit(address)
    except ValueError:
        return SplitResult("", "", address, "", "")
