"""The backbone on NATS JetStream: several machines. At least once, and never the source of truth."""

from core.broker import Backbone
from core.broker.nats.connection import NatsConnection
from core.broker.nats.groups import NatsGroups
from core.broker.nats.keys import NatsKeys
from core.broker.nats.log import NatsLog
from core.broker.nats.objects import NatsObjects
from core.broker.nats.requests import NatsRequests
from core.broker.nats.retention import NatsRetention


def open_nats(url: str) -> Backbone:
    """The backbone on a server; nothing is connected before it is used.

    Args:
        url: `nats://HOST:PORT/PREFIX`; the prefix begins all names, so that several pipelines share a server.

    Raises:
        BadSetting: the URL is not one.
    """
    connection = NatsConnection(url)
    log = NatsLog(connection)
    return Backbone(
        log,
        NatsGroups(connection),
        NatsKeys(connection),
        NatsRequests(connection),
        NatsRetention(connection, log),
        connection.close,
        NatsObjects(connection, "objects"),
    )
