"""The connection to the NATS server: a thread with an event loop, made at the first call and kept."""

import asyncio
import logging
import re
import threading
from collections.abc import Awaitable, Callable
from typing import TypeVar

import nats
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.errors import NoServersError
from nats.js import JetStreamContext
from nats.js.errors import NoStreamResponseError, NotFoundError

from core.broker.nats.streams import ensure_stream
from core.errors import BadSetting, RetryLater
from core.events import Stream
from core.text.urls import split_address

LOG = logging.getLogger(__name__)
# seconds until a server that does not answer is said to be away: to a knock, and to a call, which may write to a disk;
# and between two knocks
CONNECT_SECONDS = 5.0
CALL_SECONDS = 30.0
RECONNECT_PAUSE = 0.1
# older servers know no `sync_interval: always`: what they have acknowledged may be lost with the power
SYNCING = (2, 10)

T = TypeVar("T")
Call = Callable[[Client, JetStreamContext], Awaitable[T]]


class NatsConnection:
    """One connection of this process, used by all its threads. A server that went away is waited for."""

    def __init__(self, url: str) -> None:
        self._url, self.prefix = _parts(url)
        self._lock = threading.RLock()
        self._connecting = asyncio.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._client: Client | None = None
        self._identities: dict[Stream, str] = {}

    def call(self, make: Call[T], seconds: float = CALL_SECONDS) -> T:
        """Run a coroutine on the connection.

        Raises:
            RetryLater: the server does not answer, or refuses for now.
        """
        try:
            return self._run(self._connected(make), seconds)
        except (NatsError, TimeoutError, OSError) as error:
            said = str(error) or type(error).__name__
            raise RetryLater(f"The NATS server at {self._url} did not answer: {said}.", "Start it.", after=2) from error

    def on_stream(self, stream: Stream, make: Call[T], seconds: float = CALL_SECONDS) -> T:
        """The same for a call that needs the stream, which is made, with what it needs, when it is not there."""
        self.identity(stream)
        try:
            return self.call(make, seconds)
        except RetryLater as error:
            if not isinstance(error.__cause__, NoStreamResponseError | NotFoundError):
                raise
            # the server came back without its data
            self._identities.clear()
            self.identity(stream)
            return self.call(make, seconds)

    def identity(self, stream: Stream) -> str:
        """What tells this stream from one of the same name on another server, or made again on this one."""
        if stream not in self._identities:
            self._identities[stream] = self.call(
                lambda _client, context: ensure_stream(context, self.stream_name(stream), self.subject(stream))
            )
        return self._identities[stream]

    def stream_name(self, stream: Stream) -> str:
        """The name the stream has on the server."""
        return f"{self.prefix}_{stream}"

    def subject(self, stream: Stream, subject: str = "") -> str:
        """The subject on the server of a subject of ours; of all of them when it is empty."""
        return f"{self.prefix}.{stream}.{token(subject) if subject else '*'}"

    def close(self) -> None:
        """Close the connection; it is made again when it is used again."""
        with self._lock:
            client, self._client = self._client, None
            if client is not None:
                self._run(client.close(), CONNECT_SECONDS)

    async def _connected(self, make: Call[T]) -> T:
        async with self._connecting:
            if self._client is None or self._client.is_closed:
                self._client = await self._connect()
        return await make(self._client, self._client.jetstream(timeout=CONNECT_SECONDS))

    async def _connect(self) -> Client:
        client = await asyncio.wait_for(
            nats.connect(
                self._url,
                connect_timeout=CONNECT_SECONDS,
                reconnect_time_wait=RECONNECT_PAUSE,
                max_reconnect_attempts=1,
                error_cb=_log_error,
            ),
            CONNECT_SECONDS,
        )
        client.options["max_reconnect_attempts"] = -1
        version = client.connected_server_version
        if (version.major, version.minor) < SYNCING:
            LOG.warning("nats-server %s cannot sync every message; after a power failure events may be gone", version)
        return client

    def _run(self, work: Awaitable[T], seconds: float) -> T:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=self._loop.run_forever, daemon=True, name="nats").start()
        future = asyncio.run_coroutine_threadsafe(_bounded(work, seconds), self._loop)
        return future.result(seconds + CONNECT_SECONDS)


def _parts(url: str) -> tuple[str, str]:
    """The address of the server, and the prefix of our names on it."""
    parts = split_address(url)
    prefix = parts.path.strip("/") or "sdp"
    try:
        usable = parts.scheme in ("nats", "tls") and parts.hostname and parts.port != 0
    except ValueError:
        # what stands where a port is due is none; it may be a password
        usable = False
    if not usable or not re.fullmatch(r"[A-Za-z0-9_-]+", prefix):
        raise BadSetting(f"SDP_BROKER_URL is no address of a NATS server: {url}.", "Write nats://HOST:PORT/PREFIX.")
    return f"{parts.scheme}://{parts.netloc}", prefix


def token(text: str) -> str:
    """The text as one token of a subject and as a key: everything but letters, digits, - and _ is written in hex."""
    return re.sub(r"[^A-Za-z0-9_-]", lambda found: "".join(f"={byte:02X}" for byte in found[0].encode()), text)


def server_words(token_: str) -> str:
    """The text of a token."""
    return re.sub(r"((?:=[0-9A-F]{2})+)", lambda found: bytes.fromhex(found[0].replace("=", "")).decode(), token_)


async def _bounded(work: Awaitable[T], seconds: float) -> T:
    return await asyncio.wait_for(work, seconds)


async def _log_error(error: Exception) -> None:
    if not isinstance(error, NoServersError):
        LOG.info("NATS: %s", error)
