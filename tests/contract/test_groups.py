"""What durable consumer groups must hold, on every backbone."""

import threading
import time
from collections.abc import Callable

import pytest

from core.broker import Backbone
from core.errors import BadSetting
from core.events import ConsumerGroup, Delivery, Stream
from core.ports import Consumer
from tests.contract.nouns import a_document_stored, a_run_started
from tests.waiting import wait_for

TASKS = ConsumerGroup(Stream.TASKS, "readers", ack_seconds=30)
IMPATIENT = ConsumerGroup(Stream.TASKS, "impatient", ack_seconds=4.0)
# a fetch returns as soon as there is something: this is how long a busy machine may take
WAIT = 30.0


def ids(deliveries: list[Delivery]) -> list[str]:
    return [delivery.message.message_id for delivery in deliveries]


def publish(backbone: Backbone, *names: str, subject: str = "shop") -> None:
    backbone.log.publish([a_run_started(name, subject) for name in names])


def tasks_level(backbone: Backbone) -> tuple[object, ...]:
    """What is said of the one group of the stream, after the name of the stream."""
    return {level.stream: level for level in backbone.groups.levels()}[Stream.TASKS][1:6]


def all_of(consumer: Consumer, seconds: float = 1.0) -> list[Delivery]:
    found: list[Delivery] = []
    while some := consumer.fetch(10, seconds):
        found += some
    return found


def test_a_group_gets_each_message_once(backbone: Backbone) -> None:
    publish(backbone, "1", "2", "3")
    consumer = backbone.groups.join(TASKS)
    first = consumer.fetch(2, WAIT)
    assert [(one.message.message_id, one.attempt) for one in first] == [("1", 1), ("2", 1)]
    assert ids(consumer.fetch(10, WAIT)) == ["3"]
    consumer.ack(first)
    assert consumer.fetch(10, 0.1) == []


def test_members_share_the_work(make_backbone: Callable[[], Backbone]) -> None:
    one, other = make_backbone(), make_backbone()
    publish(one, *map(str, range(10)))
    a, b = one.groups.join(TASKS), other.groups.join(TASKS)
    mine, theirs = a.fetch(5, WAIT), b.fetch(10, WAIT)
    assert sorted(ids(mine) + ids(theirs)) == sorted(map(str, range(10)))
    assert mine
    assert theirs


def test_groups_do_not_disturb_each_other(backbone: Backbone) -> None:
    publish(backbone, "1")
    first, second = backbone.groups.join(TASKS), backbone.groups.join(TASKS._replace(name="others"))
    first.ack(first.fetch(1, WAIT))
    assert ids(second.fetch(1, WAIT)) == ["1"]


def test_what_is_published_later_comes_as_soon_as_it_is_there(backbone: Backbone) -> None:
    consumer = backbone.groups.join(TASKS)
    threading.Timer(0.3, publish, (backbone, "late")).start()
    assert ids(consumer.fetch(5, 4 * WAIT)) == ["late"]


def test_an_unanswered_message_comes_again_and_is_counted(backbone: Backbone) -> None:
    publish(backbone, "1")
    consumer = backbone.groups.join(IMPATIENT)
    asked = time.monotonic()
    assert consumer.fetch(1, WAIT)[0].attempt == 1
    early = consumer.fetch(1, 0.1)
    # a machine that is slow may ask so late that it comes again at once
    assert not early or time.monotonic() - asked >= IMPATIENT.ack_seconds
    [again] = early or consumer.fetch(1, WAIT)
    assert again.attempt == 2
    consumer.ack([again])
    assert consumer.fetch(1, 2) == []


def test_a_renewed_message_does_not_come_again(backbone: Backbone) -> None:
    publish(backbone, "1")
    consumer = backbone.groups.join(IMPATIENT)
    kept = consumer.fetch(1, WAIT)
    for _ in range(3):
        time.sleep(0.4 * IMPATIENT.ack_seconds)
        consumer.renew(kept)
    assert consumer.fetch(1, 0.1) == []
    consumer.ack(kept)


def test_a_refused_message_comes_again_after_its_delay(backbone: Backbone) -> None:
    publish(backbone, "1", "2")
    consumer = backbone.groups.join(TASKS)
    first, _second = consumer.fetch(2, WAIT)
    began = time.monotonic()
    consumer.nak(first, 3.0)
    assert consumer.fetch(1, 0.2) == []
    [again] = consumer.fetch(1, WAIT)
    assert ids([again]) == ["1"]
    assert again.attempt == 2
    assert time.monotonic() - began > 2.5


def test_a_group_of_one_subject_sees_only_that(backbone: Backbone) -> None:
    publish(backbone, "1", subject="a.b")
    publish(backbone, "2", subject="a*c é")
    consumer = backbone.groups.join(TASKS._replace(subject="a*c é"))
    found = all_of(consumer, 2)
    assert [(one.message.message_id, one.message.subject) for one in found] == [("2", "a*c é")]


def test_a_new_group_replays_from_a_number(backbone: Backbone) -> None:
    publish(backbone, "1", "2", "3", "4")
    second = backbone.log.read(Stream.TASKS)[1].seq
    consumer = backbone.groups.join(TASKS._replace(name="later", after=second))
    assert ids(all_of(consumer, 2)) == ["3", "4"]


def test_a_group_goes_on_where_it_was(make_backbone: Callable[[], Backbone]) -> None:
    first = make_backbone()
    publish(first, "1", "2")
    consumer = first.groups.join(TASKS)
    consumer.ack(consumer.fetch(1, WAIT))
    first.close()
    assert ids(make_backbone().groups.join(TASKS).fetch(5, WAIT)) == ["2"]


def test_another_subject_of_a_group_is_refused_and_another_patience_taken(backbone: Backbone) -> None:
    backbone.groups.join(TASKS)
    with pytest.raises(BadSetting):
        backbone.groups.join(TASKS._replace(subject="other"))
    publish(backbone, "1")
    assert ids(backbone.groups.join(TASKS._replace(ack_seconds=99)).fetch(1, WAIT)) == ["1"]


def test_levels_say_how_full_a_stream_is(backbone: Backbone) -> None:
    publish(backbone, "1", "2", "3")
    backbone.log.publish([a_document_stored("d")])
    consumer = backbone.groups.join(TASKS)
    out = consumer.fetch(2, WAIT)
    level = {level.stream: level for level in backbone.groups.levels()}
    assert level[Stream.TASKS][1:5] == ("readers", 3, 1, 2)
    assert level[Stream.TASKS].oldest_at == out[0].message.at
    assert level[Stream.RAW_DOCUMENTS][1:6] == ("", 1, 0, 0, None)
    consumer.ack([*out, *consumer.fetch(1, WAIT)])
    wait_for(lambda: tasks_level(backbone) == ("readers", 3, 0, 0, None))
