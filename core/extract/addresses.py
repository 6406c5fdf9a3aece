"""Absolute addresses, also from pages whose links are not addresses at all."""

from urllib.parse import quote, urljoin

KEPT = "/?&=#%:;@+,"


def absolute(base: str, text: str) -> str:
    """A link as an absolute address; where none can be made of it ("//[token]"), with its odd characters quoted."""
    try:
        return urljoin(base, text)
    except ValueError:
        return urljoin(base, quote(text, safe=KEPT))
