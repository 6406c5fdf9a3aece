"""What keys, objects and requests must hold, on every backbone."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from core.broker import Backbone
from core.errors import Conflict, RetryLater, TooLarge, UnknownName


def test_a_key_holds_its_value(backbone: Backbone) -> None:
    assert backbone.keys.get("state", "a/b é") is None
    backbone.keys.put("state", "a/b é", b"\x00one")
    entry = backbone.keys.get("state", "a/b é")
    assert entry is not None
    assert entry.value == b"\x00one"
    assert backbone.keys.put("state", "a/b é", b"two") > entry.revision
    assert backbone.keys.keys("state") == ["a/b é"]
    assert backbone.keys.keys("other") == []


def test_compare_and_set(backbone: Backbone) -> None:
    revision = backbone.keys.put("state", "k", b"1", revision=0)
    with pytest.raises(Conflict):
        backbone.keys.put("state", "k", b"x", revision=0)
    newer = backbone.keys.put("state", "k", b"2", revision=revision)
    with pytest.raises(Conflict):
        backbone.keys.put("state", "k", b"x", revision=revision)
    entry = backbone.keys.get("state", "k")
    assert entry == (b"2", newer)


def test_a_deleted_key_can_be_made_again(backbone: Backbone) -> None:
    backbone.keys.delete("state", "k")
    first = backbone.keys.put("state", "k", b"1")
    backbone.keys.delete("state", "k")
    assert backbone.keys.get("state", "k") is None
    assert backbone.keys.keys("state") == []
    assert backbone.keys.put("state", "k", b"2", revision=0) > first


def test_only_one_of_many_gets_a_key(make_backbone: Callable[[], Backbone]) -> None:
    backbones, won = [make_backbone() for _ in range(2)], []
    backbones[0].keys.put("state", "other", b"")

    def race(number: int) -> None:
        try:
            backbones[number % 2].keys.put("state", "k", str(number).encode(), revision=0)
            won.append(number)
        except Conflict:
            pass

    threads = [threading.Thread(target=race, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    entry = backbones[1].keys.get("state", "k")
    assert entry is not None
    assert entry.value == str(won[0]).encode()


def test_a_request_is_answered(make_backbone: Callable[[], Backbone]) -> None:
    asking, answering = make_backbone(), make_backbone()
    end = answering.requests.serve("double", lambda question: {"result": question["n"] * 2})
    assert asking.requests.ask("double", {"n": 21}, 10) == {"result": 42}
    end()


def test_a_request_that_nobody_answers_ends_in_time(backbone: Backbone) -> None:
    with pytest.raises(RetryLater, match="Nobody answered"):
        backbone.requests.ask("nobody", {}, 0.3)


def test_an_error_comes_back_as_itself(make_backbone: Callable[[], Backbone]) -> None:
    def refuse(_question: dict[str, Any]) -> dict[str, Any]:
        raise TooLarge("Too much.", "Ask for less.")

    def break_(_question: dict[str, Any]) -> dict[str, Any]:
        raise ZeroDivisionError("oops")

    answering, asking = make_backbone(), make_backbone()
    answering.requests.serve("refuse", refuse)
    answering.requests.serve("break", break_)
    with pytest.raises(TooLarge, match=r"Too much\. Ask for less\."):
        asking.requests.ask("refuse", {}, 10)
    with pytest.raises(Exception, match="oops"):
        asking.requests.ask("break", {}, 10)


class TestObjects:
    def test_what_is_put_comes_back(self, objects: Any) -> None:
        content = bytes(range(256)) * 5000
        objects.put("abcd1", content)
        objects.put("abcd1", content)
        objects.put("abcd2", b"")
        assert objects.get("abcd1") == content
        assert objects.get("abcd2") == b""
        assert objects.names() == ["abcd1", "abcd2"]

    def test_many_are_put_together(self, objects: Any) -> None:
        content = {f"{number:02x}{number}": bytes([number]) * number for number in range(70)}
        objects.put_all(content)
        objects.put_all(content | {"ff": b"new"})
        assert objects.names() == sorted([*content, "ff"])
        assert {name: objects.get(name) for name in content} == content

    def test_what_is_not_there_is_said(self, objects: Any) -> None:
        assert objects.names() == []
        with pytest.raises(UnknownName):
            objects.get("abcd")
        objects.remove("abcd")

    def test_what_is_removed_is_gone(self, objects: Any) -> None:
        objects.put("abcd", b"1")
        objects.remove("abcd")
        assert objects.names() == []
        with pytest.raises(UnknownName):
            objects.get("abcd")
