"""Dispatcher: brings events to their handler, puts off what fails, and gives up on what fails too often."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from core.errors import LeaseLost, NeedsPerson, PipelineError, RetryLater
from core.events import DeadLetter, Delivery, Event, Group, event_of
from core.model import stable_id
from core.ports import Clock, Consumer, DeadLetters

LOG = logging.getLogger(__name__)
# seconds until an event that failed for the first, second … time is delivered again
BACKOFF = (1.0, 5.0, 30.0, 120.0)

GiveUp = Callable[[Event, PipelineError], None]


@dataclass(frozen=True)
class Dispatcher:
    """One member of a group with its handler. What the handler finished may come again: it must be idempotent."""

    group: Group
    consumer: Consumer
    handle: Callable[[Event], None]
    give_up: GiveUp
    dead_letters: DeadLetters
    clock: Clock
    attempts: int

    def step(self, limit: int = 16, wait: float = 0.0) -> int:
        """Take some events and handle them; the number taken."""
        deliveries = self.consumer.fetch(limit, wait)
        if not deliveries:
            return 0
        with self._renewed(deliveries):
            done = [delivery for delivery in deliveries if self._deliver(delivery)]
            self.consumer.ack(done)
        return len(deliveries)

    def _deliver(self, delivery: Delivery) -> bool:
        """Whether the message is done with, well or for ever."""
        if delivery.attempt > self.attempts:
            # whoever had it never came back: it may be what killed them
            self._bury(delivery, "Whoever worked on it did not come back.")
            return True
        try:
            self.handle(event_of(delivery.message))
        except LeaseLost:
            return True
        except RetryLater as error:
            return self._put_off(delivery, error.after, str(error))
        except Exception as error:  # a defect of ours, or of the data: tried again, then left to a person
            LOG.exception("message %s of %s failed", delivery.message.message_id, delivery.message.stream)
            delay = BACKOFF[min(delivery.attempt, len(BACKOFF)) - 1]
            return self._put_off(delivery, delay, f"{type(error).__name__}: {error}")
        return True

    def _put_off(self, delivery: Delivery, delay: float, error: str) -> bool:
        if delivery.attempt >= self.attempts:
            self._bury(delivery, error)
            return True
        self.consumer.nak(delivery, delay)
        return False

    def _bury(self, delivery: Delivery, error: str) -> None:
        message = delivery.message
        letter = DeadLetter(
            letter_id=stable_id("letter", self.group.name, message.stream, message.message_id),
            message=message,
            group=self.group.name,
            attempts=delivery.attempt,
            error=error,
            at=self.clock.now(),
        )
        self.dead_letters.add(letter)
        try:
            advice = "See it under Flow, and replay it when the cause is gone."
            self.give_up(event_of(message), NeedsPerson(f"Given up after {delivery.attempt} tries: {error}", advice))
        except PipelineError as refused:
            LOG.info("the task of message %s is not ours any more: %s", message.message_id, refused)

    @contextmanager
    def _renewed(self, deliveries: Sequence[Delivery]) -> Iterator[None]:
        """Keep the messages ours for as long as the block runs."""
        ended = threading.Event()
        thread = threading.Thread(target=self._renew, args=(deliveries, ended), daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def _renew(self, deliveries: Sequence[Delivery], ended: threading.Event) -> None:
        while not ended.wait(self.group.ack_seconds / 3):
            try:
                self.consumer.renew(deliveries)
            except PipelineError as error:
                LOG.warning("messages of %s could not be kept: %s", self.group.stream, error)
