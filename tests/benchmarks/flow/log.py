"""Publish, and fetch with acknowledgement, on the local log and on a single JetStream server of this machine."""

import asyncio
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import nats

from core.broker import Backbone
from core.broker.local import open_local
from core.broker.nats import open_nats
from core.events import ConsumerGroup, RunStarted, Stream
from tests.benchmarks.flow.table import print_table
from tests.contract.nouns import START
from tests.nats_server import SERVER, NatsServer

BATCH, MESSAGES, ROUNDS = 100, 20_000, 3


def event(number: int) -> RunStarted:
    """About 1 kB."""
    return RunStarted(event_id=f"e{number}", subject="shop", at=START, source_id="shop", run_id="r", reason="x" * 850)


def timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return MESSAGES / (time.perf_counter() - began)


def publish(backbone: Backbone, first: int) -> Callable[[], None]:
    events = [event(first + number) for number in range(MESSAGES)]

    def work() -> None:
        for start in range(0, MESSAGES, BATCH):
            assert backbone.log.publish(events[start : start + BATCH]) == BATCH

    return work


def consume(backbone: Backbone, group: str, after: int) -> Callable[[], None]:
    consumer = backbone.groups.join(ConsumerGroup(Stream.TASKS, group, after=after))

    def work() -> None:
        seen = 0
        while seen < MESSAGES:
            deliveries = consumer.fetch(BATCH, 5)
            consumer.ack(deliveries)
            seen += len(deliveries)

    return work


def measure(backbones: dict[str, Backbone]) -> dict[tuple[str, str], float]:
    """The best of some rounds, taken in turns so that a busy moment hits both."""
    best: dict[tuple[str, str], float] = {}
    for number in range(ROUNDS):
        for name, backbone in backbones.items():
            head = backbone.log.heads(Stream.TASKS).get("shop", 0)
            for what, rate in (
                ("publish", timed(publish(backbone, number * MESSAGES))),
                ("fetch and ack", timed(consume(backbone, f"g{number}", head))),
            ):
                best[name, what] = max(best.get((name, what), 0.0), rate)
    return best


async def raw_publish(url: str) -> float:
    """What the server takes from its own client, without our events: a thousand bytes, answers awaited a batch."""
    client = await nats.connect(url)
    context = client.jetstream()
    await context.add_stream(name="raw", subjects=["raw"])
    best = 0.0
    for number in range(ROUNDS):
        began = time.perf_counter()
        for start in range(0, MESSAGES, BATCH):
            ids = range(number * MESSAGES + start, number * MESSAGES + start + BATCH)
            sent = [await context.publish_async("raw", b"x" * 1000, headers={"Nats-Msg-Id": str(one)}) for one in ids]
            await asyncio.gather(*sent)
        best = max(best, MESSAGES / (time.perf_counter() - began))
    await client.close()
    return best


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        backbones = {"local": open_local(Path(folder) / "events.db")}
        server = NatsServer(Path(folder) / "nats").start() if SERVER else None
        if server:
            backbones["JetStream"] = open_nats(server.url)
        best = measure(backbones)
        rows = [
            (
                what,
                f"{best['local', what]:,.0f}/s",
                f"{best.get(('JetStream', what), 0):,.0f}/s",
                f"{best['local', what] / best['JetStream', what]:.2f}" if server else "no nats-server",
            )
            for what in ("publish", "fetch and ack")
        ]
        if server:
            raw = asyncio.run(raw_publish(server.url))
            ratio = best["local", "publish"] / raw
            rows.append(("publish, JetStream's own client", "", f"{raw:,.0f}/s", f"{ratio:.2f}"))
        for backbone in backbones.values():
            backbone.close()
        if server:
            server.kill()
    print_table(
        f"Event log, batches of {BATCH}, 1 kB (bar: ≥ 1)", ("", "local", "JetStream", "local / JetStream"), rows
    )


if __name__ == "__main__":
    main()
