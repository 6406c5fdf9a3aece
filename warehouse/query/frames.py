"""What the process that answers queries and the one that asks say to each other: frames over two pipes.

The answering process saw what a stranger typed, so what comes from it is unpickled to plain values and nothing else.
"""

import io
import pickle
import struct
from collections.abc import Sequence
from typing import Any, BinaryIO, NamedTuple

_LENGTH = struct.Struct(">Q")

# what cells are made of, beside the types that a pickle needs no name for
_CELLS = {
    "datetime": {"date", "datetime", "time", "timedelta", "timezone"},
    "decimal": {"Decimal"},
    "uuid": {"UUID"},
    "pytz": {"_UTC", "_FixedOffset", "_p"},
}


class Setup(NamedTuple):
    """What a process is started with. Paths of folders that it may read, and memory in bytes."""

    folders: Sequence[str]
    extensions: Sequence[str]
    memory: int


class Ping(NamedTuple):
    """Whether anybody is there."""


class Define(NamedTuple):
    """A statement of ours that makes a view."""

    statement: str


class Copy(NamedTuple):
    """Rows for a table, as an Arrow stream."""

    table: str
    rows: bytes


class ReadFrame(NamedTuple):
    """A statement that somebody typed, and how many rows and bytes its answer may have."""

    sql: str
    parameters: Sequence[Any]
    rows: int
    size: int


class Write(NamedTuple):
    """A statement that somebody typed, whose rows go to a new file of ours: these of its columns, or all of them."""

    sql: str
    path: str
    columns: Sequence[str] = ()


class NoFrame(Exception):
    """The other side is gone, or said what it may not say."""


class _Cells(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if name not in _CELLS.get(module, ()):
            raise NoFrame(f"{module}.{name} is no cell")
        return super().find_class(module, name)


def send(pipe: BinaryIO, message: object) -> int:
    """Write one frame; its size."""
    content = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    pipe.write(_LENGTH.pack(len(content)))
    pipe.write(content)
    pipe.flush()
    return len(content)


def receive(pipe: BinaryIO) -> Any:
    """The next frame from a process that may be believed.

    Raises:
        NoFrame: there is none any more.
    """
    return pickle.loads(_content(pipe, None))


def receive_cells(pipe: BinaryIO, most: int) -> Any:
    """The next frame from a process that may not be believed: tuples, lists, dicts, texts, numbers and times.

    Raises:
        NoFrame: there is none any more, it holds something else, or it is larger than `most` bytes.
    """
    try:
        return _Cells(io.BytesIO(_content(pipe, most))).load()
    except NoFrame:
        raise
    except Exception as error:  # a pickle that was tampered with fails in any way
        raise NoFrame(str(error)) from error


def _content(pipe: BinaryIO, most: int | None) -> bytes:
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise NoFrame("the other side is gone")
    (length,) = _LENGTH.unpack(head)
    if most is not None and length > most:
        raise NoFrame(f"a frame of {length} bytes is too large")
    content = pipe.read(length)
    if len(content) < length:
        raise NoFrame("the other side is gone")
    return content
