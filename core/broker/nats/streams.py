"""Makes streams and consumers, and reads back what the server made of them.

Servers ignore options that they do not know without a word: one of version 2.9 gives every message to a consumer that
was asked to see two subjects. So whatever does not come back as it was sent is refused.
"""

from typing import Any

from nats.js import JetStreamContext
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    ConsumerInfo,
    DeliverPolicy,
    RetentionPolicy,
    StorageType,
    StreamConfig,
)
from nats.js.errors import BadRequestError, NotFoundError

from core.errors import BadSetting

# how long the server remembers message ids; what is published twice later is known by its id in the lake
DUPLICATE_SECONDS = 3600.0
# messages of a group that workers may hold at a time: far more than all of them take, as the server delivers none above
MOST_IN_FLIGHT = 10_000


async def ensure_stream(context: JetStreamContext, name: str, subject: str) -> str:
    """Make the stream when it is not there; its identity.

    Raises:
        BadSetting: it exists with other settings, or the server did not take ours.
    """
    wanted = StreamConfig(
        name=name,
        subjects=[subject],
        storage=StorageType.FILE,
        retention=RetentionPolicy.LIMITS,
        duplicate_window=DUPLICATE_SECONDS,
        allow_direct=True,
        max_age=0.0,
        max_bytes=-1,
        max_msgs=-1,
    )
    try:
        info = await context.stream_info(name)
    except NotFoundError:
        info = await context.add_stream(wanted)
    _check(name, wanted, info.config, ("subjects", "storage", "retention", "duplicate_window", "allow_direct"))
    return f"{info.created:%Y%m%d%H%M%S%f}" if info.created else name


async def ensure_consumer(context: JetStreamContext, stream: str, wanted: ConsumerConfig) -> ConsumerInfo:
    """Make the consumer when it is not there.

    Raises:
        BadSetting: it exists with other settings, or the server did not take ours.
    """
    name = wanted.durable_name or ""
    try:
        info: ConsumerInfo = await context.consumer_info(stream, name)
        if info.config.ack_wait != wanted.ack_wait:
            info = await context.add_consumer(stream, config=info.config.evolve(ack_wait=wanted.ack_wait))
    except NotFoundError:
        info = await _add_consumer(context, stream, wanted)
    _check(name, wanted, info.config, ("filter_subject", "filter_subjects", "ack_policy", "ack_wait", "max_deliver"))
    return info


async def _add_consumer(context: JetStreamContext, stream: str, wanted: ConsumerConfig) -> ConsumerInfo:
    try:
        made: ConsumerInfo = await context.add_consumer(stream, config=wanted)
    except BadRequestError as error:
        raise BadSetting(f"The server refused the group {wanted.durable_name}: {error.description}.") from error
    return made


def durable(name: str, subject: str, ack_seconds: float, after: int) -> ConsumerConfig:
    """A pull consumer that gives every message until it is acknowledged: when to give up is decided by its members."""
    return ConsumerConfig(
        name=name,
        durable_name=name,
        filter_subject=subject,
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=ack_seconds,
        max_deliver=-1,
        max_ack_pending=MOST_IN_FLIGHT,
        deliver_policy=DeliverPolicy.BY_START_SEQUENCE if after else DeliverPolicy.ALL,
        opt_start_seq=after + 1 if after else None,
    )


def _check(name: str, wanted: Any, kept: Any, fields: tuple[str, ...]) -> None:
    for field in fields:
        asked, got = getattr(wanted, field), getattr(kept, field)
        if asked != got and not (asked in (None, [], "") and got in (None, [], "")):
            raise BadSetting(
                f"{name} on the NATS server has {field} = {got}, not {asked}.",
                "Choose another prefix in SDP_BROKER_URL, or a newer server.",
            )
