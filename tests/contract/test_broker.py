"""What every event broker must hold."""

import random
from collections.abc import Callable, Iterator

import pytest

from core.broker import Backbone
from core.events import DocumentStored, Event, Stream
from core.ports import EventBroker
from tests.contract.nouns import START, a_document, a_document_stored, a_run_started, rows_extracted


def test_an_event_comes_back_as_a_message(broker: EventBroker) -> None:
    broker.publish([a_run_started("1")])
    [message] = broker.read()
    assert (message.stream, message.subject, message.message_id) == (Stream.TASKS, "shop", "1")
    assert (message.kind, message.at, message.payload["reason"]) == ("RunStarted", START, "häufig")


def test_the_payload_builds_the_event_again(broker: EventBroker) -> None:
    event = a_document_stored("1")
    broker.publish([event])
    [message] = broker.read(Stream.RAW_DOCUMENTS)
    assert DocumentStored.model_validate(message.payload) == event
    assert message.payload["document"]["document_id"] == a_document().document_id


@pytest.mark.parametrize("text", ["\ud800", "\x00", "\U0001f9ea", "\u2028"])
def test_every_text_of_a_page_is_carried(broker: EventBroker, text: str) -> None:
    event = rows_extracted("1", [{"name": text, "many": [text, None]}])
    broker.publish([event])
    [message] = broker.read(Stream.EXTRACTED)
    assert message.payload["rows"] == event.rows


def test_the_same_event_is_kept_once_in_its_stream(broker: EventBroker) -> None:
    assert broker.publish([a_run_started("1"), a_run_started("1"), a_run_started("2")]) == 2
    assert broker.publish([a_run_started("2"), a_run_started("3")]) == 1
    assert broker.publish([a_document_stored("1")]) == 1
    assert [message.message_id for message in broker.read(Stream.TASKS)] == ["1", "2", "3"]


def test_nothing_is_published_when_one_event_fails(broker: EventBroker) -> None:
    def events() -> Iterator[Event]:
        yield a_run_started("1")
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011  # any error of the caller's will do
        broker.publish(events())
    assert broker.read() == []


def test_numbers_grow_in_a_stream(broker: EventBroker) -> None:
    broker.publish([a_run_started("1"), a_document_stored("2"), a_run_started("4")])
    broker.publish([a_run_started("3")])
    numbers = [message.seq for message in broker.read(Stream.TASKS)]
    assert numbers == sorted(set(numbers))
    assert len(numbers) == 3


def test_reading_goes_on_after_a_number(broker: EventBroker) -> None:
    broker.publish([a_run_started(str(number)) for number in range(5)])
    first = broker.read(Stream.TASKS, limit=2)
    rest = broker.read(Stream.TASKS, after=first[-1].seq)
    assert [message.message_id for message in first + rest] == ["0", "1", "2", "3", "4"]


def test_a_subject_is_read_alone(broker: EventBroker) -> None:
    broker.publish([a_run_started("1", "a"), a_run_started("2", "b"), a_document_stored("3", "a")])
    assert [message.message_id for message in broker.read(Stream.TASKS, subject="a")] == ["1"]
    assert {message.message_id for message in broker.read(subject="a")} == {"1", "3"}


def test_the_tail_is_newest_first(broker: EventBroker) -> None:
    broker.publish([a_run_started("1"), a_run_started("2"), a_run_started("3")])
    assert [message.message_id for message in broker.tail(2)] == ["3", "2"]


def test_a_long_event_is_carried(broker: EventBroker) -> None:
    noise = random.Random(1).randbytes(6_000_000).hex()
    broker.publish([rows_extracted("1", [{"noise": noise}])])
    [message] = broker.read(Stream.EXTRACTED)
    assert message.payload["rows"][0]["noise"] == noise


def test_each_log_has_an_identity_that_stays(make_backbone: Callable[[], Backbone]) -> None:
    first, again = make_backbone(), make_backbone()
    first.log.publish([a_run_started("1")])
    assert first.log.identity(Stream.TASKS) == again.log.identity(Stream.TASKS) != ""


def test_heads_are_the_last_number_of_each_subject(broker: EventBroker) -> None:
    broker.publish([a_run_started("1", "a"), a_run_started("2", "b"), a_document_stored("3", "c")])
    broker.publish([a_run_started("4", "a")])
    last = {message.subject: message.seq for message in broker.read(Stream.TASKS)}
    assert broker.heads(Stream.TASKS) == last
    assert set(last) == {"a", "b"}
    assert broker.heads(Stream.FAILED) == {}
