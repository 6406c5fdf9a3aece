"""Event backbones, one folder each: local (one SQLite file) and nats (JetStream). Every one passes the same suite."""

from collections.abc import Callable
from dataclasses import dataclass

from core.ports import ConsumerGroups, EventBroker, KeyValue, Objects, Requests, Retention


@dataclass(frozen=True)
class Backbone:
    """The ports of one backbone. `objects` is None where raw files lie in a folder."""

    log: EventBroker
    groups: ConsumerGroups
    keys: KeyValue
    requests: Requests
    retention: Retention
    close: Callable[[], None]
    objects: Objects | None = None
