"""Keeps a lease alive while its holder works."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from core.errors import PipelineError

LOG = logging.getLogger(__name__)


@contextmanager
def renewed(renew: Callable[[], None], seconds: float) -> Iterator[None]:
    """Call `renew` at every third of a lease of so many seconds, until the block ends or the lease is lost."""
    ended = threading.Event()
    thread = threading.Thread(target=_renew, args=(renew, seconds / 3, ended), daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _renew(renew: Callable[[], None], pause: float, ended: threading.Event) -> None:
    while not ended.wait(pause):
        try:
            renew()
        except PipelineError as error:
            LOG.warning("a lease could not be renewed: %s", error)
