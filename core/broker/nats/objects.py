"""Raw files on JetStream's object store."""

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.errors import BucketNotFoundError, NotFoundError, ObjectNotFoundError
from nats.js.object_store import ObjectStore

from core.errors import RetryLater, UnknownName

if TYPE_CHECKING:
    from core.broker.nats.connection import NatsConnection

# seconds for bringing or fetching objects, which may be the largest documents that are kept
OBJECT_SECONDS = 120.0


class NatsObjects:
    """Objects on JetStream; the server keeps a checksum, and so does whoever names objects by their hash."""

    def __init__(self, connection: "NatsConnection", bucket: str) -> None:
        self._connection = connection
        self._bucket = f"{connection.prefix}_{bucket}"

    def put(self, name: str, content: bytes) -> None:
        async def put(_client: Client, context: JetStreamContext) -> None:
            await put_object(context, self._bucket, name, content)

        self._connection.call(put, OBJECT_SECONDS)

    def put_all(self, objects: Mapping[str, bytes]) -> None:
        async def put_all(_client: Client, context: JetStreamContext) -> None:
            # made by one of them, where it is not there
            await _open(context, self._bucket)
            await asyncio.gather(*(put_object(context, self._bucket, name, objects[name]) for name in objects))

        self._connection.call(put_all, OBJECT_SECONDS)

    def get(self, name: str) -> bytes:
        async def get(_client: Client, context: JetStreamContext) -> bytes:
            return await get_object(context, self._bucket, name)

        try:
            return self._connection.call(get, OBJECT_SECONDS)
        except RetryLater as error:
            if isinstance(error.__cause__, ObjectNotFoundError):
                raise UnknownName(f"There is no object {name}.", "Fetch the page again.") from error
            raise

    def remove(self, name: str) -> None:
        async def remove(_client: Client, context: JetStreamContext) -> None:
            try:
                await (await _open(context, self._bucket)).delete(name)
            except ObjectNotFoundError:
                return

        self._connection.call(remove)

    def names(self) -> list[str]:
        async def names(_client: Client, context: JetStreamContext) -> list[str]:
            try:
                found = await (await _open(context, self._bucket)).list(ignore_deletes=True)
            except NotFoundError:
                return []
            return sorted(str(one.name) for one in found if not one.deleted)

        return self._connection.call(names, OBJECT_SECONDS)


async def put_object(context: JetStreamContext, bucket: str, name: str, content: bytes) -> None:
    """Keep the bytes, unless as many are there under that name."""
    store = await _open(context, bucket)
    try:
        if (await store.get_info(name)).size == len(content):
            return
    except ObjectNotFoundError:
        pass
    await store.put(name, content)


async def get_object(context: JetStreamContext, bucket: str, name: str) -> bytes:
    """The bytes; ObjectNotFoundError when there are none."""
    return (await (await _open(context, bucket)).get(name)).data or b""


async def _open(context: JetStreamContext, bucket: str) -> ObjectStore:
    try:
        return await context.object_store(bucket)
    except BucketNotFoundError:
        return await context.create_object_store(bucket)
