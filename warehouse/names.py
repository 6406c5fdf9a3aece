"""Names that are safe as table names, column names and file names, and still tell what they name."""

import hashlib
import re
import unicodedata

from core.errors import BadInput

# characters of a name: files and views bear it with others before and behind it, and file systems allow 255 bytes
LONGEST_NAME = 100
WATERMARK = "pipeline.watermark"
NAMESPACES = ("bronze", "extracted", "silver")


def slug(text: str) -> str:
    """Lower-case ASCII letters, digits and underscores; empty when nothing of the text is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9_]+", "_", plain.lower()).strip("_")


def safe_name(text: str) -> str:
    """The text itself when it is a slug already, else its slug with a few digits of its hash.

    So two different texts never share a name.
    """
    name = slug(text)
    if name and name == text and len(name) <= LONGEST_NAME and not name[0].isdigit():
        return name
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    start = name[:LONGEST_NAME].strip("_")
    return f"t_{start}_{digest}" if not start or start[0].isdigit() else f"{start}_{digest}"


def folder_name(text: str) -> str:
    """The text itself when it can be the name of a folder anywhere, else a safe name."""
    return text if re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,99}", text) else safe_name(text)


def quoted(text: str, mark: str = '"') -> str:
    """The text as an SQL identifier, or with `'` as a literal."""
    return mark + text.replace(mark, mark + mark) + mark


def lake_name(table: str) -> str:
    """The name a table has in the lake: `namespace.name`, safe in SQL and as a folder, and unique.

    Raises:
        BadInput: the namespace is not one of the lake's.
    """
    namespace, _, name = table.partition(".")
    if namespace not in NAMESPACES or not name:
        raise BadInput(f"{table} cannot be a table of the lake.", f"Begin with one of {', '.join(NAMESPACES)}.")
    return f"{namespace}.{safe_name(name)}"


def mark_name(log: str) -> str:
    """The property that holds how far a table is with a log. Tables of the time before logs had names have no name."""
    return f"{WATERMARK}.{log}" if log else WATERMARK
