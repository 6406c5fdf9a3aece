"""The backbone: events in order, groups that read them, keys, objects, questions."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from core.events import ConsumerGroup, DeadLetter, Delivery, Event, KeyEntry, Message, Stream, StreamLevel


class EventBroker(Protocol):
    """The log of what happened. Durable when `publish` returns; order and numbers are per stream."""

    def publish(self, events: Iterable[Event]) -> int:
        """Append those whose id is new in their stream; the number added.

        All or nothing where the backend can; when it raises, publishing the same events again is always right.
        """

    def read(
        self, stream: Stream | None = None, *, subject: str = "", after: int = 0, limit: int = 100
    ) -> list[Message]:
        """Messages with a greater number than `after`, in order; over all streams in the order of time."""

    def tail(self, limit: int = 50) -> list[Message]:
        """The newest messages over all streams, newest first."""

    def heads(self, stream: Stream) -> dict[str, int]:
        """The last number of each subject of a stream."""

    def identity(self, stream: Stream) -> str:
        """What tells this log of the stream from every other one: numbers mean nothing without it."""


class Consumer(Protocol):
    """One member of a group. At least once: what is not acknowledged comes again."""

    def fetch(self, limit: int, wait: float = 0.0) -> list[Delivery]:
        """Up to `limit` messages, as soon as there are any; none when `wait` seconds brought none."""

    def ack(self, deliveries: Sequence[Delivery]) -> None:
        """They are done for good."""

    def nak(self, delivery: Delivery, delay: float) -> None:
        """Deliver it again after so many seconds."""

    def renew(self, deliveries: Sequence[Delivery]) -> None:
        """Still at work: count `ack_seconds` from now."""


class ConsumerGroups(Protocol):
    """The consumer groups of a backbone."""

    def join(self, group: ConsumerGroup) -> Consumer:
        """A member of the group, which is made when it is new.

        Raises:
            BadSetting: the group exists with other settings, or the server did not take ours.
        """

    def levels(self) -> list[StreamLevel]:
        """One level a group, and one a stream without groups."""


class KeyValue(Protocol):
    """Small values by bucket and key, with compare-and-set."""

    def get(self, bucket: str, key: str) -> KeyEntry | None: ...

    def put(self, bucket: str, key: str, value: bytes, *, revision: int | None = None) -> int:
        """Set the value; its new revision.

        `revision` is the one the key must have now; 0 means that it must not exist, None that it does not matter.
        Raises Conflict when it has another one.
        """

    def delete(self, bucket: str, key: str) -> None:
        """Forget the key; a key that is not there is no error."""

    def keys(self, bucket: str) -> list[str]:
        """All keys, sorted."""


class Objects(Protocol):
    """Files by content hash. What is put is durable when the call returns, and never changes."""

    def put(self, name: str, content: bytes) -> None:
        """Keep the bytes; nothing is done when as many are there under that name."""

    def put_all(self, objects: Mapping[str, bytes]) -> None:
        """The same for many, by name; when it fails, some of them may have been kept."""

    def get(self, name: str) -> bytes:
        """Raises UnknownName."""

    def remove(self, name: str) -> None:
        """Forget the object; one that is not there is no error."""

    def names(self) -> list[str]:
        """All names, sorted."""


class Requests(Protocol):
    """Questions to whichever process answers them."""

    def ask(self, subject: str, question: Mapping[str, Any], seconds: float) -> dict[str, Any]:
        """The answer.

        Raises:
            RetryLater: nobody answered in time.
            PipelineError: the answer was an error, in the answerer's words.
        """

    def serve(self, subject: str, answer: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[[], None]:
        """Answer questions in a thread of this process until the returned function is called."""


class DeadLetters(Protocol):
    """Messages that were given up on. They lie in the state, so that they outlive their log."""

    def add(self, letter: DeadLetter) -> bool:
        """Keep it; False when it was known."""

    def get(self, letter_id: str) -> DeadLetter: ...

    def find(self, stream: Stream | None = None, limit: int = 100) -> list[DeadLetter]:
        """Newest first."""

    def remove(self, letter_id: str) -> None:
        """Forget it; one that is not there is no error."""


class Retention(Protocol):
    """Forgets messages of a log that everybody is through with."""

    def prune(self, stream: Stream, subject: str, before: datetime, upto: int, *, dry_run: bool) -> int:
        """Forget those older than `before` whose number is not above `upto`, except the newest; how many they are."""
