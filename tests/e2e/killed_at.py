"""The command line in a process that ends itself by SIGKILL at a given call.

Usage: python -m tests.e2e.killed_at POINT before|after N ARGUMENT...
"""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from core.broker.local.groups import LocalConsumer
from core.broker.local.log import LocalBroker
from jobs.__main__ import main
from warehouse.bronze.documents import SqlBronzeStore
from warehouse.lake.tables import IcebergTables
from warehouse.state.clusters import SqlClusterStore
from warehouse.state.ledger import SqlExtractionLedger
from warehouse.state.queue import SqlTaskQueue
from warehouse.state.review import SqlReviewQueue
from warehouse.state.schemas import SqlSchemaStore

POINTS: dict[str, tuple[type[Any], str]] = {
    "bytes": (SqlBronzeStore, "put_all"),
    "event": (LocalBroker, "publish"),
    "report": (SqlTaskQueue, "report_all"),
    "claim": (SqlTaskQueue, "claim"),
    "ledger": (SqlExtractionLedger, "record"),
    "ack": (LocalConsumer, "ack"),
    "lake": (IcebergTables, "append"),
    "tag": (IcebergTables, "tag"),
    "clusters": (SqlClusterStore, "write"),
    "show": (SqlSchemaStore, "show"),
    "told": (SqlReviewQueue, "note_done"),
}


def kill_at(point: str, when: str, number: int) -> None:
    """End this process before or after the n-th call, as a power switch would."""
    owner, name = POINTS[point]
    called = getattr(owner, name)
    count = 0

    def doomed(*arguments: Any, **options: Any) -> Any:
        nonlocal count
        count += 1
        if count == number and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        found = called(*arguments, **options)
        if count == number and when == "after":
            os.kill(os.getpid(), signal.SIGKILL)
        return found

    wrapped: Callable[..., Any] = doomed
    setattr(owner, name, wrapped)


if __name__ == "__main__":
    kill_at(sys.argv[1], sys.argv[2], int(sys.argv[3]))
    sys.exit(main(sys.argv[4:]))
