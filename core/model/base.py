"""What every noun shares: it is frozen, it refuses unknown fields, and its id follows from what it is."""

import hashlib

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """A noun: immutable, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def content_hash(content: bytes) -> str:
    """SHA-256 of raw bytes in hex: the address of a document in the object store."""
    return hashlib.sha256(content).hexdigest()


def stable_id(*parts: object) -> str:
    """A 24-digit id that is the same for the same parts, on every machine and after every restart."""
    joined = "\x1f".join(str(part) for part in parts)
    return hashlib.sha256(joined.encode()).hexdigest()[:24]
