"""What every store of raw documents must hold."""

from datetime import timedelta
from pathlib import Path

import pytest

from core.errors import Conflict
from core.model import RawDocument, content_hash
from tests.contract.nouns import START, a_document
from warehouse.bronze.objects import FileObjects
from warehouse.stores import StateStores


def later(minutes: int, content: bytes = b"<p>1</p>", **changes: object) -> RawDocument:
    return a_document(content, fetched_at=START + timedelta(minutes=minutes), **changes)


def test_a_document_comes_back_byte_by_byte(state: StateStores) -> None:
    content = bytes(range(256)) * 9
    document = a_document(content)
    assert state.bronze.put(document, content) is True
    assert state.bronze.get(document.document_id) == document
    assert state.bronze.content(document.content_hash) == content


def test_a_known_version_is_not_added_again(state: StateStores) -> None:
    document = a_document(b"1")
    state.bronze.put(document, b"1")
    assert state.bronze.put(later(5, b"1"), b"1") is False
    assert state.bronze.find() == [document]


def test_bytes_that_do_not_fit_their_hash_are_refused(state: StateStores) -> None:
    with pytest.raises(Conflict):
        state.bronze.put(a_document(b"1"), b"2")
    assert state.bronze.find() == []


def test_latest_is_the_version_fetched_last(state: StateStores) -> None:
    versions = [later(minute, content) for minute, content in ((1, b"1"), (3, b"3"), (2, b"2"))]
    for document, content in zip(versions, (b"1", b"3", b"2"), strict=True):
        state.bronze.put(document, content)
    other = later(1, b"4", url="https://shop.example/other")
    state.bronze.put(other, b"4")
    url = versions[0].url
    asked = [url, other.url, "https://elsewhere.example/", *(f"https://shop.example/{n}" for n in range(600))]
    assert state.bronze.latest("shop", asked) == {url: versions[1], other.url: other}
    assert state.bronze.latest("news", [url]) == {}
    assert state.bronze.latest("shop", []) == {}


def test_long_addresses_that_begin_alike_are_told_apart(state: StateStores) -> None:
    start = "https://shop.example/?" + "é" * 5000
    for end in ("1", "2"):
        state.bronze.put(later(1, end.encode(), url=start + end), end.encode())
    for end in ("1", "2"):
        assert state.bronze.latest("shop", [start + end]).keys() == {start + end}


def test_a_version_that_comes_back_is_the_latest_again(state: StateStores) -> None:
    for minute, content in ((1, b"A"), (2, b"B"), (3, b"A"), (4, b"A")):
        state.bronze.put(later(minute, content), content)
    url = a_document().url
    assert state.bronze.latest("shop", [url])[url].content_hash == content_hash(b"A")
    state.bronze.put(later(5, b"C"), b"C")
    state.bronze.put(later(6, b"B"), b"B")
    assert state.bronze.latest("shop", [url])[url].content_hash == content_hash(b"B")


def test_documents_are_found_newest_first_by_source_and_text(state: StateStores) -> None:
    for minute, url in enumerate(("https://a.example/100%", "https://a.example/x", "https://b.example/100%25")):
        content = url.encode()
        document = later(minute, content, url=url)
        state.bronze.put(document, content)
    news = a_document(b"n", source_id="news", document_id="n", url="https://n.example/100%")
    state.bronze.put(news, b"n")
    found = [document.url for document in state.bronze.find("shop", text="100%")]
    assert found == ["https://b.example/100%25", "https://a.example/100%"]
    assert [document.url for document in state.bronze.find("shop", limit=1, offset=1)] == ["https://a.example/x"]
    first = min(document.fetched_at for document in state.bronze.find("shop"))
    assert {document.fetched_at for document in state.bronze.find("shop", before=first)} == {first}
    assert state.bronze.find("shop", text="100_") == []


def test_a_torn_object_is_written_again(state: StateStores, tmp_path: Path) -> None:
    document = a_document(b"whole")
    state.bronze.put(document, b"whole")
    digest = document.content_hash
    (tmp_path / "objects" / digest[:2] / digest).write_bytes(b"who")
    state.bronze.put(document, b"whole")
    assert state.bronze.content(digest) == b"whole"


def test_objects_of_the_first_versions_are_found_where_they_lie(tmp_path: Path) -> None:
    digest = content_hash(b"old")
    place = tmp_path / digest[:2] / digest[2:4] / digest
    place.parent.mkdir(parents=True)
    place.write_bytes(b"old")
    objects = FileObjects(tmp_path)
    objects.put(digest, b"old")
    assert objects.get(digest) == b"old"
    assert objects.names() == [digest]
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [place]
    objects.remove(digest)
    assert objects.names() == []


def test_damage_is_told_and_never_returned(state: StateStores, tmp_path: Path) -> None:
    document = a_document(b"right")
    state.bronze.put(document, b"right")
    digest = document.content_hash
    (tmp_path / "objects" / digest[:2] / digest).write_bytes(b"wrong")
    with pytest.raises(Conflict, match="damaged"):
        state.bronze.content(digest)


def test_many_are_kept_as_one_after_the_other(state: StateStores) -> None:
    versions = [(later(minute, content), content) for minute, content in ((1, b"A"), (2, b"B"))]
    state.bronze.put_all(versions)
    state.bronze.put_all([(later(3, b"A"), b"A"), (later(4, b"new", url="https://shop.example/new"), b"new")])
    assert state.bronze.latest("shop", [a_document().url])[a_document().url].content_hash == content_hash(b"A")
    assert len(state.bronze.find("shop")) == 3
    state.bronze.put_all([])


def test_versions_are_found_by_their_address(state: StateStores) -> None:
    for minute, url in ((1, "https://shop.example/1"), (2, "https://shop.example/1"), (3, "https://shop.example/12")):
        content = str(minute).encode()
        state.bronze.put(later(minute, content, url=url), content)
    assert len(state.bronze.find("shop", url="https://shop.example/1")) == 2
    assert state.bronze.find("shop", url="https://shop.example/") == []
