"""Forgets old messages of JetStream."""

from datetime import datetime

from nats.aio.client import Client
from nats.js import JetStreamContext

from core.broker.nats.connection import NatsConnection
from core.broker.nats.log import NatsLog
from core.events import Stream

# messages that are looked through at a time
PAGE_MESSAGES = 1000


class NatsRetention:
    """Retention on JetStream."""

    def __init__(self, connection: NatsConnection, log: NatsLog) -> None:
        self._connection = connection
        self._log = log

    def prune(self, stream: Stream, subject: str, before: datetime, upto: int, *, dry_run: bool) -> int:
        head = self._log.heads(stream).get(subject, 0)
        last, count = self._last_old(stream, subject, before, min(upto, head - 1))
        if count and not dry_run:
            name, filtered = self._connection.stream_name(stream), self._connection.subject(stream, subject)

            async def purge(_client: Client, context: JetStreamContext) -> None:
                await context.purge_stream(name, seq=last + 1, subject=filtered)

            self._connection.on_stream(stream, purge)
        return count

    def _last_old(self, stream: Stream, subject: str, before: datetime, upto: int) -> tuple[int, int]:
        """The number of the last old message, and how many there are."""
        last = count = 0
        while messages := self._log.read(stream, subject=subject, after=last, limit=PAGE_MESSAGES):
            old = [message for message in messages if message.at < before and message.seq <= upto]
            count += len(old)
            last = old[-1].seq if old else last
            if len(old) < len(messages):
                break
        return last, count
