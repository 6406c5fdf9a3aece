"""Consumer groups on JetStream: durable pull consumers, with one filter subject each."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import ConsumerInfo
from nats.js.errors import NotFoundError

from core.broker.nats.connection import Call, NatsConnection, T
from core.broker.nats.messages import AT, received
from core.broker.nats.streams import durable, ensure_consumer
from core.events import ConsumerGroup, Delivery, Stream, StreamLevel

# seconds for the server's answer, also where nobody wants to wait for new messages
SHORTEST_WAIT = 0.02


class NatsGroups:
    """ConsumerGroups on JetStream."""

    def __init__(self, connection: NatsConnection) -> None:
        self._connection = connection

    def join(self, group: ConsumerGroup) -> "NatsConsumer":
        consumer = NatsConsumer(self._connection, group)
        consumer.ensure()
        return consumer

    def levels(self) -> list[StreamLevel]:
        return [level for stream in Stream for level in self._levels_of(stream)]

    def _levels_of(self, stream: Stream) -> list[StreamLevel]:
        return self._connection.on_stream(stream, lambda _client, context: self._levels(context, stream))

    async def _levels(self, context: JetStreamContext, stream: Stream) -> list[StreamLevel]:
        name = self._connection.stream_name(stream)
        last = (await context.stream_info(name)).state.last_seq
        groups = [info for info in await context.consumers_info(name) if info.config.durable_name]
        found = [await self._level(context, stream, last, info) for info in groups]
        return sorted(found, key=lambda level: level.group) or [StreamLevel(stream, "", last, 0, 0, None)]

    async def _level(self, context: JetStreamContext, stream: Stream, last: int, info: ConsumerInfo) -> StreamLevel:
        waiting, in_flight = info.num_pending or 0, info.num_ack_pending or 0
        floor = info.ack_floor.stream_seq if info.ack_floor else 0
        oldest = await self._time_after(context, info, floor) if waiting + in_flight else None
        return StreamLevel(stream, info.name, last, waiting, in_flight, oldest)

    async def _time_after(self, context: JetStreamContext, info: ConsumerInfo, floor: int) -> datetime | None:
        subject = info.config.filter_subject or ">"
        try:
            message = await context.get_msg(info.stream_name, floor + 1, subject, next=True, direct=True)
        except NotFoundError:
            return None
        return datetime.fromisoformat((message.headers or {})[AT])


class NatsConsumer:
    """Consumer on JetStream. The receipt of a delivery is the subject that its answer goes to."""

    def __init__(self, connection: NatsConnection, group: ConsumerGroup) -> None:
        self._connection = connection
        self._group = group
        self._subscription: JetStreamContext.PullSubscription | None = None
        self._turn = asyncio.Lock()

    def ensure(self) -> None:
        """Make the consumer on the server when it is not there.

        Raises:
            BadSetting: it is there with other settings, or the server did not take ours.
        """
        self._on_stream(lambda _client, context: self._ensure(context))

    def fetch(self, limit: int, wait: float = 0.0) -> list[Delivery]:
        return self._on_stream(lambda _client, context: self._fetch(context, limit, max(wait, SHORTEST_WAIT)))

    def ack(self, deliveries: Sequence[Delivery]) -> None:
        self._answer(deliveries, b"+ACK")

    def nak(self, delivery: Delivery, delay: float) -> None:
        self._answer([delivery], f'-NAK {{"delay": {int(delay * 1e9)}}}'.encode())

    def renew(self, deliveries: Sequence[Delivery]) -> None:
        self._answer(deliveries, b"+WPI")

    def _on_stream(self, make: Call[T]) -> T:
        return self._connection.on_stream(self._group.stream, make)

    def _answer(self, deliveries: Sequence[Delivery], word: bytes) -> None:
        async def answer(client: Client, _context: JetStreamContext) -> None:
            for delivery in deliveries:
                await client.publish(delivery.receipt, word)
            await client.flush()

        self._connection.call(answer)

    async def _ensure(self, context: JetStreamContext) -> None:
        group, stream = self._group, self._connection.stream_name(self._group.stream)
        subject = self._connection.subject(group.stream, group.subject)
        await ensure_consumer(context, stream, durable(group.name, subject, group.ack_seconds, group.after))
        self._subscription = await context.pull_subscribe_bind(durable=group.name, stream=stream)

    async def _fetch(self, context: JetStreamContext, limit: int, wait: float) -> list[Delivery]:
        async with self._turn:
            if self._subscription is None:
                await self._ensure(context)
            assert self._subscription is not None
            try:
                messages = await self._subscription.fetch(limit, timeout=wait)
            except TimeoutError:
                return []
            except NotFoundError:
                self._subscription = None
                raise
        found = []
        for message in messages:
            about = message.metadata
            seq, prefix = about.sequence.stream, self._connection.prefix
            kept = await received(context, prefix, message.subject, seq, message.data, message.headers or {})
            found.append(Delivery(kept, about.num_delivered, message.reply))
        return found
