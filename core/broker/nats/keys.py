"""Keys and values on JetStream: one bucket a bucket."""

from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.errors import BucketNotFoundError, KeyNotFoundError, KeyWrongLastSequenceError, NoKeysError
from nats.js.kv import KeyValue as Bucket

from core.broker.nats.connection import NatsConnection, server_words, token
from core.errors import Conflict
from core.events import KeyEntry


class NatsKeys:
    """KeyValue on JetStream."""

    def __init__(self, connection: NatsConnection) -> None:
        self._connection = connection

    def get(self, bucket: str, key: str) -> KeyEntry | None:
        async def get(_client: Client, context: JetStreamContext) -> KeyEntry | None:
            try:
                found = await (await self._bucket(context, bucket)).get(token(key))
            except KeyNotFoundError:
                return None
            return KeyEntry(found.value or b"", int(found.revision or 0))

        return self._connection.call(get)

    def put(self, bucket: str, key: str, value: bytes, *, revision: int | None = None) -> int:
        async def put(_client: Client, context: JetStreamContext) -> int:
            kept = await self._bucket(context, bucket)
            if revision is None:
                return await kept.put(token(key), value)
            if revision == 0:
                return await kept.create(token(key), value)
            return await kept.update(token(key), value, revision)

        try:
            return self._connection.call(put)
        except Exception as error:
            if isinstance(error.__cause__, KeyWrongLastSequenceError):
                raise Conflict(f"{bucket}/{key} is not at revision {revision} any more.", "Read it again.") from error
            raise

    def delete(self, bucket: str, key: str) -> None:
        async def delete(_client: Client, context: JetStreamContext) -> None:
            await (await self._bucket(context, bucket)).delete(token(key))

        self._connection.call(delete)

    def keys(self, bucket: str) -> list[str]:
        async def keys(_client: Client, context: JetStreamContext) -> list[str]:
            try:
                return sorted(server_words(key) for key in await (await self._bucket(context, bucket)).keys())
            except NoKeysError:
                return []

        return self._connection.call(keys)

    async def _bucket(self, context: JetStreamContext, bucket: str) -> Bucket:
        name = f"{self._connection.prefix}_{bucket}"
        try:
            return await context.key_value(name)
        except BucketNotFoundError:
            return await context.create_key_value(bucket=name, history=1)
