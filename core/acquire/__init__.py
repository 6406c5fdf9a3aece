"""Source → raw documents. Each acquirer plays the port core.ports.Acquirer and passes its contract suite.

To add one: write it in a file of its own, name it in core/registry.py, and say in `detect_acquirer` what is its.
"""

import re
from pathlib import Path

from core.acquire.folder import MEDIA_TYPES, existing
from core.errors import AddressRefused, BadInput
from core.text.redaction import has_password
from core.text.urls import SHOWN_ADDRESS

SCHEME = re.compile(r"(?i)(https?|file)://")
HOST = re.compile(r"(?i)(?P<name>localhost|[\w-]+(\.[\w-]+)+|\[[0-9a-f:.]+\])\.?(:\d+)?(?=[/?#]|$)")
OWN_MACHINE = re.compile(r"(?i)localhost|127\.|\[::1\]")


def detect_acquirer(location: str) -> tuple[str, str]:
    """The name of the acquirer for what a person typed or pasted, and the location in full.

    Raises:
        BadInput: it is neither an address nor a path that exists.
        AddressRefused: it holds a user name or password, which would be kept and shown wherever its pages are.
    """
    text = location.strip()
    if not text:
        raise BadInput("There is no address.", "Give the URL of a page, or the path of a folder or file.")
    if has_password(text) and not _exists(text):
        raise AddressRefused(
            f"{text[:SHOWN_ADDRESS]} holds a user name or password, which is kept nowhere here.",
            "Remove everything up to the @; pages behind a login cannot be read.",
        )
    if SCHEME.match(text):
        return ("folder", str(existing(text))) if text.lower().startswith("file:") else ("http", text)
    if _exists(text):
        return "folder", str(existing(text))
    if HOST.match(text) and not _is_file_name(text):
        return "http", f"{'http' if OWN_MACHINE.match(text) else 'https'}://{text}"
    raise BadInput(
        f"{text[:SHOWN_ADDRESS]} is neither a web address nor a file or folder that exists.",
        "Give a URL that begins with https://, or a path on this machine.",
    )


def _exists(text: str) -> bool:
    try:
        return Path(text).expanduser().exists()
    except (OSError, RuntimeError):  # too long for a path, or the home of somebody unknown
        return False


def _is_file_name(text: str) -> bool:
    return "/" not in text and Path(text).suffix.lower() in MEDIA_TYPES
