"""Keeps the C heap of a process that runs for weeks small, where the C library is that of GNU.

By default each thread gets a heap of its own, and each keeps what a merge of files once needed.
"""

import ctypes
import sys
from functools import cache
from typing import Any

# of glibc's malloc.h
_M_ARENA_MAX = -8
# heaps of all threads together: with one they wait for each other, with more each keeps what a merge once needed
HEAPS = 2


def share_heaps() -> None:
    """Let all threads share a few heaps; those that there are stay."""
    if library := _library():
        library.mallopt(_M_ARENA_MAX, HEAPS)


def give_back() -> None:
    """Give what is free on the heaps back to the machine."""
    if library := _library():
        library.malloc_trim(0)


@cache
def _library() -> Any:
    library = ctypes.CDLL(None) if sys.platform == "linux" else None
    return library if hasattr(library, "mallopt") and hasattr(library, "malloc_trim") else None
