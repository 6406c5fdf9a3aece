"""Events as messages on the wire: JSON, deflated when it is long, in the object store when it is too long."""

import json
import zlib
from datetime import UTC, datetime
from typing import NamedTuple

from nats.aio.client import Client
from nats.js import JetStreamContext
from pydantic_core import PydanticSerializationError

from core.broker.nats.connection import server_words
from core.broker.nats.objects import get_object, put_object
from core.disk.refusals import one_line
from core.events import Event, Message, Stream, payload_of, unreadable

# bytes from which on a message is deflated: of shorter ones the server's own work is the most, and packing costs more
LONG_BYTES = 16_000
# bytes that the headers of a message may take of the server's limit
HEADER_BYTES = 1000
ID, KIND, AT, CODING, OBJECT = "Nats-Msg-Id", "Sdp-Kind", "Sdp-At", "Sdp-Coding", "Sdp-Object"
LARGE = "large"


class Outgoing(NamedTuple):
    """An event that is ready to be sent."""

    content: bytes
    headers: dict[str, str]


def outgoing(event: Event) -> Outgoing:
    """The event as bytes and headers."""
    headers = {ID: _header(event.message_id), KIND: event.kind, AT: event.at.astimezone(UTC).isoformat()}
    content = _json(event)
    if len(content) < LONG_BYTES:
        return Outgoing(content, headers)
    return Outgoing(zlib.compress(content, 1), headers | {CODING: "deflate"})


async def send(client: Client, context: JetStreamContext, prefix: str, subject: str, message: Outgoing) -> bool:
    """Publish and wait for the server's word; False when it knew the message."""
    content, headers = message.content, message.headers
    if len(content) + HEADER_BYTES > client.max_payload:
        name = message.headers[ID]
        await put_object(context, f"{prefix}_{LARGE}", name, content)
        content, headers = b"", headers | {OBJECT: name}
    acknowledged = await context.publish(subject, content, headers=headers)
    return not acknowledged.duplicate


async def received(
    context: JetStreamContext, prefix: str, subject: str, seq: int, content: bytes, headers: dict[str, str]
) -> Message:
    """The message that came in on a subject of the server."""
    if name := headers.get(OBJECT):
        content = await get_object(context, f"{prefix}_{LARGE}", name)
    _, stream, subject_token = subject.split(".")
    try:
        payload = payload_of(zlib.decompress(content) if CODING in headers else content)
        at = datetime.fromisoformat(headers[AT])
        message_id = payload["event_id"] + (f"~{copy}" if (copy := payload.get("copy_number")) else "")
        return Message(seq, Stream(stream), server_words(subject_token), message_id, headers[KIND], at, payload)
    except (ValueError, TypeError, KeyError, zlib.error) as error:
        return unreadable(
            seq, Stream(stream), server_words(subject_token), headers.get(ID, str(seq)), one_line(str(error))
        )


def _json(event: Event) -> bytes:
    try:
        return event.model_dump_json().encode()
    except PydanticSerializationError:
        # half of a surrogate pair: escaped, it comes back as it was
        return json.dumps(event.model_dump(mode="json")).encode()


def _header(text: str) -> str:
    """Header values are one line of ASCII."""
    return text if text.isascii() and text.isprintable() else text.encode().hex()
