"""What the NATS server made of our settings is read back: what it changed, or ignored without a word, is refused."""

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import nats
import pytest
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig

from core.broker.nats import open_nats
from core.broker.nats.streams import ensure_consumer, ensure_stream
from core.errors import BadSetting
from core.events import Stream
from tests.contract.nouns import a_run_started
from tests.nats_server import NatsServer


def on_server(server: NatsServer, work: Callable[[JetStreamContext], Any]) -> Any:
    """Run a coroutine with a connection of its own, as an administrator would."""

    async def run() -> Any:
        client = await nats.connect(server.url)
        try:
            return await work(client.jetstream())
        finally:
            await client.close()

    return asyncio.run(run())


def test_a_stream_that_forgets_ids_too_soon_is_refused(nats_server: NatsServer) -> None:
    prefix = f"t{uuid4().hex[:8]}"
    name, subject = f"{prefix}_{Stream.TASKS}", f"{prefix}.{Stream.TASKS}.*"
    on_server(nats_server, lambda context: context.add_stream(name=name, subjects=[subject], duplicate_window=5.0))
    backbone = open_nats(f"{nats_server.url}/{prefix}")
    try:
        with pytest.raises(BadSetting, match=r"duplicate_window = 5\.0, not 3600\.0"):
            backbone.log.publish([a_run_started("1")])
    finally:
        backbone.close()


def test_an_option_that_the_server_ignores_is_refused(nats_server: NatsServer) -> None:
    name = f"t{uuid4().hex[:8]}"
    wanted = ConsumerConfig(
        durable_name="g", filter_subjects=[f"{name}.a", f"{name}.b"], ack_policy=AckPolicy.EXPLICIT, max_deliver=-1
    )

    async def join(context: JetStreamContext) -> str:
        await ensure_stream(context, name, f"{name}.*")
        try:
            made = await ensure_consumer(context, name, wanted)
        except BadSetting as error:
            return str(error)
        return f"kept {made.config.filter_subjects}"

    # servers from 2.10 on know it
    said = on_server(nats_server, join)
    assert said == f"kept {wanted.filter_subjects}" or "g on the NATS server has filter_subjects = None" in said
