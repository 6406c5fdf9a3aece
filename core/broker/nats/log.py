"""The event log on JetStream: one stream a stream, one subject token a subject."""

import asyncio
from collections.abc import Iterable

from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.errors import NotFoundError

from core.broker.nats.connection import NatsConnection, server_words
from core.broker.nats.messages import Outgoing, outgoing, received, send
from core.events import Event, Message, Stream

# seconds for messages that the server has already: longer means that it is away
FETCH_SECONDS = 5.0
# seconds after which the server forgets a reader that did not say that it is done
FORGOTTEN_SECONDS = 30.0


class NatsLog:
    """EventBroker on JetStream."""

    def __init__(self, connection: NatsConnection) -> None:
        self._connection = connection
        self._heads: dict[Stream, tuple[str, int, dict[str, int]]] = {}

    def publish(self, events: Iterable[Event]) -> int:
        ready = [(event.stream, event.subject, outgoing(event)) for event in events]
        return sum(
            self._publish(stream, [(subject, message) for other, subject, message in ready if other is stream])
            for stream in dict.fromkeys(stream for stream, *_ in ready)
        )

    def _publish(self, stream: Stream, some: list[tuple[str, Outgoing]]) -> int:
        addressed = [(self._connection.subject(stream, subject), message) for subject, message in some]
        return self._connection.on_stream(stream, lambda client, context: self._send(client, context, addressed))

    async def _send(self, client: Client, context: JetStreamContext, some: list[tuple[str, Outgoing]]) -> int:
        prefix = self._connection.prefix
        sent = (send(client, context, prefix, subject, message) for subject, message in some)
        return sum(await asyncio.gather(*sent))

    def read(
        self, stream: Stream | None = None, *, subject: str = "", after: int = 0, limit: int = 100
    ) -> list[Message]:
        if stream is not None:
            return self._read(stream, subject, after, limit)
        found = [message for one in Stream for message in self._read(one, subject, after, limit)]
        return sorted(found, key=lambda message: (message.at, message.seq))[:limit]

    def tail(self, limit: int = 50) -> list[Message]:
        found = [
            message
            for stream in Stream
            for message in self._read(stream, "", max(0, self._last(stream) - limit), limit)
        ]
        return sorted(found, key=lambda message: (message.at, message.seq), reverse=True)[:limit]

    def heads(self, stream: Stream) -> dict[str, int]:
        identity, last = self._connection.identity(stream), self._last(stream)
        known = self._heads.get(stream)
        if known is None or known[:2] != (identity, last):
            found = self._connection.on_stream(stream, lambda _client, context: self._ask_heads(context, stream))
            known = self._heads[stream] = (identity, last, found)
        return dict(known[2])

    def identity(self, stream: Stream) -> str:
        return self._connection.identity(stream)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _last(self, stream: Stream) -> int:
        name = self._connection.stream_name(stream)

        async def ask(_client: Client, context: JetStreamContext) -> int:
            return (await context.stream_info(name)).state.last_seq

        return self._connection.on_stream(stream, ask)

    async def _ask_heads(self, context: JetStreamContext, stream: Stream) -> dict[str, int]:
        name = self._connection.stream_name(stream)
        info = await context.stream_info(name, subjects_filter=">")
        subjects = sorted(info.state.subjects or {})
        last = await asyncio.gather(*(context.get_last_msg(name, subject, direct=True) for subject in subjects))
        return {
            server_words(subject.rpartition(".")[2]): int(message.seq or 0)
            for subject, message in zip(subjects, last, strict=True)
        }

    def _read(self, stream: Stream, subject: str, after: int, limit: int) -> list[Message]:
        config = ConsumerConfig(
            filter_subject=self._connection.subject(stream, subject),
            deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
            opt_start_seq=after + 1,
            ack_policy=AckPolicy.NONE,
            inactive_threshold=FORGOTTEN_SECONDS,
            mem_storage=True,
        )
        name = self._connection.stream_name(stream)
        return self._connection.on_stream(stream, lambda _client, context: self._replay(context, name, config, limit))

    async def _replay(self, context: JetStreamContext, name: str, config: ConsumerConfig, limit: int) -> list[Message]:
        """Let a consumer of the moment hand out the messages."""
        made = await context.add_consumer(name, config=config)
        count = min(limit, made.num_pending or 0)
        try:
            return await self._fetch(context, name, made.name, count) if count else []
        finally:
            await _forget(context, name, made.name)

    async def _fetch(self, context: JetStreamContext, stream: str, consumer: str, count: int) -> list[Message]:
        subscription = await context.pull_subscribe_bind(stream=stream, name=consumer)
        prefix = self._connection.prefix
        found: list[Message] = []
        while len(found) < count:
            for message in await subscription.fetch(count - len(found), timeout=FETCH_SECONDS):
                seq = message.metadata.sequence.stream
                found.append(await received(context, prefix, message.subject, seq, message.data, message.headers or {}))
        await subscription.unsubscribe()
        return found


async def _forget(context: JetStreamContext, stream: str, consumer: str) -> None:
    try:
        await context.delete_consumer(stream, consumer)
    except NotFoundError:
        return
