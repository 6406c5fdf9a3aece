"""Acquirer "folder": saved files, one or a whole tree of them. It never leaves the folder it was given."""

import logging
import mimetypes
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from core.acquire.guard import ConnectionGuard
from core.acquire.http.decoding import too_large
from core.errors import AddressRefused, BadInput, PageGone, UnreadableDocument
from core.model import Fetched, FetchRequest, Source
from core.ports import KeyValue
from core.settings import Settings
from core.text.urls import SHOWN_ADDRESS

MEDIA_TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".json": "application/json",
    ".jsonl": "application/x-ndjson",
    ".ndjson": "application/x-ndjson",
    ".xml": "application/xml",
    ".rss": "application/rss+xml",
    ".atom": "application/atom+xml",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xls": "application/vnd.ms-excel",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".pdf": "application/pdf",
    ".txt": "text/plain",
}
# files that a warning names: the folder itself shows the others
NAMED_FILES = 3
logger = logging.getLogger(__name__)


class Skipped(NamedTuple):
    """A file that is left out, and why."""

    path: Path
    reason: str


def open_folder(settings: Settings, _guard: ConnectionGuard, _keys: KeyValue) -> "FolderAcquirer":
    """As the registry makes acquirers; files need no guard, and nobody has to wait for a turn."""
    return FolderAcquirer(settings)


class FolderAcquirer:
    """Reads files as they lie on the disk."""

    is_local = True

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def starts(self, source: Source) -> Iterator[FetchRequest]:
        found, skipped = survey(existing(source.location))
        for path, reason in skipped:
            logger.info("left out %s: %s", path, reason)
        if not found:
            raise BadInput(_nothing_in(source.location, skipped), f"Put files there: {' '.join(MEDIA_TYPES)}.")
        return (FetchRequest(source_id=source.source_id, url=path.as_uri()) for path in found)

    def fetch(self, request: FetchRequest) -> Fetched:
        path = path_of(request.url)
        if request.parent_id is not None:
            raise AddressRefused(f"{path} is a link on a page.", "Files are read from the folder, never by a link.")
        return Fetched(path.as_uri(), 200, media_type_of(path), None, self._read(path))

    def _read(self, path: Path) -> bytes:
        # A link put in the place of the file, or of a folder above it, would lead out of what we were given.
        if path != Path(os.path.realpath(path)):
            raise AddressRefused(f"{path} leads to another place.", "Put a copy of the file there instead of a link.")
        if not path.is_file():
            raise PageGone(
                f"{path} does not exist any more.",
                "Put the file back, or run the folder again: it reads those that are there.",
            )
        limit = self._settings.max_document_bytes
        try:
            with path.open("rb") as file:
                content = file.read(limit + 1)
        except OSError as error:
            raise BadInput(f"{path} cannot be read: {error.strerror}.", "Check its permissions.") from None
        if len(content) > limit:
            raise too_large(path, limit)
        if not content.strip():
            raise UnreadableDocument(f"{path} is empty.", "Save the page again.")
        return content


def survey(root: Path) -> tuple[list[Path], list[Skipped]]:
    """The readable files under a folder, or the one file, in natural order; and those that are left out."""
    root = Path(os.path.realpath(root))
    closed: list[Skipped] = []
    candidates = sorted(_walk(root, closed), key=_natural) if root.is_dir() else [root]
    judged = [Skipped(path, _reason_to_skip(path)) for path in candidates]
    return [path for path, reason in judged if not reason], [skip for skip in judged if skip.reason] + closed


def existing(location: str) -> Path:
    """The full path of a file or folder that is there.

    Raises:
        BadInput: it is not.
    """
    path = path_of(location).expanduser().absolute()
    if not location.strip() or not path.exists():
        raise BadInput(
            f"{location.strip() or 'The path'} does not exist.", "It must be on the machine the pipeline runs on."
        )
    return path


def path_of(location: str) -> Path:
    """The path in a file:// URL, or the path itself.

    Raises:
        AddressRefused: a URL of another kind, or of another machine.
    """
    if "://" not in location:
        return Path(location)
    parts = urlsplit(location)
    if parts.scheme != "file" or parts.netloc not in {"", "localhost"}:
        raise AddressRefused(f"{location[:SHOWN_ADDRESS]} is not a file of this machine.", "Give a path.")
    return Path(unquote(parts.path))


def media_type_of(path: Path) -> str:
    """The media type by the file's ending."""
    return MEDIA_TYPES.get(path.suffix.lower()) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"


def _walk(root: Path, closed: list[Skipped]) -> Iterator[Path]:
    def note(error: OSError) -> None:
        closed.append(Skipped(Path(error.filename), error.strerror or "unreadable"))

    for folder, names, files in os.walk(root, onerror=note):
        here = Path(folder)
        yield from (here / name for name in files)
        yield from (here / name for name in names if (here / name).is_symlink())
        names[:] = [name for name in names if not name.startswith(".")]


def _natural(path: Path) -> list[tuple[bool, int, str]]:
    """page-2 before page-10."""
    return [
        (not part.isdecimal(), int(part) if part.isdecimal() else 0, part)
        for part in re.split(r"(\d+)", str(path).casefold())
        if part
    ]


def _reason_to_skip(path: Path) -> str:
    if path.name.startswith("."):
        return "hidden"
    if path.is_symlink():
        return "a link to another place"
    if path.suffix.lower() not in MEDIA_TYPES:
        return f"of a kind that no reader knows ({path.suffix or 'no ending'})"
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return "not a file"
    except OSError as error:
        return error.strerror or "unreadable"
    return "" if os.access(path, os.R_OK) else "not readable for us"


def _nothing_in(location: str, skipped: list[Skipped]) -> str:
    if not skipped:
        return f"{location} holds no files."
    named = ", ".join(f"{skip.path.name} is {skip.reason}" for skip in skipped[:NAMED_FILES])
    more = f", and {len(skipped) - NAMED_FILES} more" if len(skipped) > NAMED_FILES else ""
    return f"{location} holds no file that can be read: {named}{more}."
