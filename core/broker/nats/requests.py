"""Requests and answers over NATS."""

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.js import JetStreamContext

from core.broker.answers import answered, opened
from core.broker.nats.connection import NatsConnection, token
from core.errors import RetryLater

ANSWERERS = "answerers"


class NatsRequests:
    """Requests on NATS: each question goes to one of the processes that serve its subject."""

    def __init__(self, connection: NatsConnection) -> None:
        self._connection = connection

    def ask(self, subject: str, question: Mapping[str, Any], seconds: float) -> dict[str, Any]:
        async def ask(client: Client, _context: JetStreamContext) -> str:
            answer = await client.request(self._subject(subject), json.dumps(question).encode(), timeout=seconds)
            return answer.data.decode()

        try:
            text = self._connection.call(ask, seconds + 1)
        except RetryLater as error:
            raise RetryLater(
                f"Nobody answered {subject} in {seconds:g} seconds.", "Start a worker.", after=1
            ) from error
        return opened(text)

    def serve(self, subject: str, answer: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[[], None]:
        async def reply(message: Msg) -> None:
            text = await asyncio.to_thread(answered, answer, message.data.decode())
            await message.respond(text.encode())

        async def subscribe(client: Client, _context: JetStreamContext) -> Subscription:
            return await client.subscribe(self._subject(subject), queue=ANSWERERS, cb=reply)

        subscription = self._connection.call(subscribe)

        async def unsubscribe(_client: Client, _context: JetStreamContext) -> None:
            await subscription.unsubscribe()

        return lambda: self._connection.call(unsubscribe)

    def _subject(self, subject: str) -> str:
        return f"{self._connection.prefix}.ask.{token(subject)}"
