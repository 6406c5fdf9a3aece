"""Dispatcher: brings events to their handler, puts off what fails, and gives up on what fails too often."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.errors import BadInput, LeaseLost, NeedsPerson, PipelineError, RetryLater
from core.events import ConsumerGroup, DeadLetter, Delivery, Event, event_of
from core.flow.lease_heartbeat import renewed
from core.model import stable_id
from core.ports import Clock, Consumer, DeadLetters
from core.text.redaction import redact

LOG = logging.getLogger(__name__)
# seconds until an event that failed for the first, second … time is delivered again
BACKOFF = (1.0, 5.0, 30.0, 120.0)
# events that are handled together and share their transactions
EVENTS_TOGETHER = 64

GiveUp = Callable[[Event, PipelineError], None]


@dataclass(frozen=True)
class Dispatcher:
    """One member of a group with its handler. What the handler finished may come again: it must be idempotent."""

    group: ConsumerGroup
    consumer: Consumer
    handle: Callable[[Sequence[Event]], None]
    give_up: GiveUp
    dead_letters: DeadLetters
    clock: Clock
    attempts: int
    # whether the handler could begin at once: what waits for another process is left to others meanwhile
    is_free: Callable[[], bool] = lambda: True

    def step(self, limit: int = EVENTS_TOGETHER, wait: float = 0.0) -> int:
        """Take some events and handle them; the number taken."""
        deliveries = self.consumer.fetch(limit, wait) if self.is_free() else []
        if not deliveries:
            return 0
        with renewed(lambda: self.consumer.renew(deliveries), self.group.ack_seconds):
            self._handle_all(deliveries)
        return len(deliveries)

    def _handle_all(self, deliveries: Sequence[Delivery]) -> None:
        """Those that are new together, which is quicker; those that came back, or failed together, one by one."""
        new = [delivery for delivery in deliveries if delivery.attempt == 1]
        alone = [delivery for delivery in deliveries if delivery.attempt > 1]
        if new and self._together(new):
            self.consumer.ack(new)
        else:
            alone += new
        for delivery in alone:
            if self._deliver(delivery):
                self.consumer.ack([delivery])

    def _together(self, deliveries: Sequence[Delivery]) -> bool:
        """Whether all went well; which of them did not shows when each is handled by itself."""
        try:
            self.handle([event_of(delivery.message) for delivery in deliveries])
        except Exception as error:  # whatever it is, it comes again for the one that has it
            LOG.info("some of %d messages of %s failed: %s", len(deliveries), self.group.stream, error)
            return False
        return True

    def _deliver(self, delivery: Delivery) -> bool:
        """Whether the message is done with, well or for ever."""
        if delivery.attempt > self.attempts:
            # whoever had it never came back: it may be what killed them
            self._bury(delivery, "Whoever worked on it did not come back.")
            return True
        try:
            event = event_of(delivery.message)
        except BadInput as error:
            # it will never be one
            LOG.warning("%s", error)
            self._bury(delivery, error.message)
            return True
        try:
            self.handle([event])
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
            error=redact(error),
            at=self.clock.now(),
        )
        self.dead_letters.add(letter)
        try:
            advice = "See it under Flow, and replay it when the cause is gone."
            self.give_up(event_of(message), NeedsPerson(f"Given up after {delivery.attempt} tries: {error}", advice))
        except PipelineError as refused:
            LOG.info("the task of message %s is not ours any more: %s", message.message_id, refused)
