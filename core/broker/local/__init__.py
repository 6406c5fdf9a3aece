"""The backbone in one SQLite file: the default, for one machine and several processes."""

from pathlib import Path

from core.broker import Backbone
from core.broker.local.groups import LocalGroups
from core.broker.local.keys import LocalKeys
from core.broker.local.log import LocalBroker
from core.broker.local.requests import LocalRequests
from core.broker.local.retention import LocalRetention

__all__ = ["LocalBroker", "open_local"]


def open_local(path: Path) -> Backbone:
    """The backbone in that file, which is made when it is not there.

    Raises:
        Conflict: the file was written by a newer version.
        RetryLater: it cannot be opened.
    """
    log = LocalBroker(path)
    return Backbone(
        log, LocalGroups(log.file), LocalKeys(log.file), LocalRequests(log.file), LocalRetention(log.file), log.close
    )
