"""What must hold for every acquirer; a new one is added to WORLDS and has to pass."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from core.bootstrap import open_acquirers
from core.broker.local import open_local
from core.errors import AddressRefused, NeedsPerson, PageGone, PipelineError, TooLarge, UnreadableDocument
from core.model import Fetched, FetchRequest, Source
from core.ports import Acquirer
from core.settings import Settings
from jobs.portal import content
from jobs.portal.server import PortalServer


class World(NamedTuple):
    """Something to acquire from: a start, and addresses of a known, an empty, a large and a missing document."""

    settings: dict[str, object]
    location: str
    known: str
    words: str
    empty: str
    large: str
    missing: str
    foreign: str


TENDER = content.TENDERS[3]


@contextmanager
def web(folder: Path) -> Iterator[World]:
    with PortalServer() as server:
        yield World(
            settings={"sample_portal_port": server.port},
            location=f"{server.url}/tenders",
            known=f"{server.url}/tenders/{TENDER.reference}",
            words=TENDER.title,
            empty=f"{server.url}/empty",
            large=f"{server.url}/big",
            missing=f"{server.url}/missing",
            foreign="file:///etc/hostname",
        )


@contextmanager
def files(folder: Path) -> Iterator[World]:
    (folder / "known.html").write_text(f"<h1>{TENDER.title}</h1>")
    (folder / "empty.html").write_text("\n")
    (folder / "large.html").write_bytes(b"x" * 100_001)
    known, empty, large, missing = (
        (folder / f"{name}.html").as_uri() for name in World._fields[2:7] if name != "words"
    )
    yield World({}, str(folder), known, TENDER.title, empty, large, missing, "https://tenders.example/")


WORLDS: dict[str, Callable[[Path], object]] = {"http": web, "folder": files}


@pytest.fixture(scope="module", params=sorted(WORLDS))
def named_world(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, World]]:
    with WORLDS[request.param](tmp_path_factory.mktemp(request.param)) as world:
        yield request.param, world


@pytest.fixture
def world(named_world: tuple[str, World]) -> World:
    return named_world[1]


@pytest.fixture
def acquirer(named_world: tuple[str, World], tmp_path: Path) -> Acquirer:
    name, world = named_world
    chosen = Settings(max_document_bytes=100_000, request_retries=0, **world.settings)
    return open_acquirers(chosen, open_local(tmp_path / "events.db").keys)[name]


@pytest.fixture
def source(named_world: tuple[str, World]) -> Source:
    name, world = named_world
    created = datetime(2026, 1, 1, tzinfo=UTC)
    return Source(source_id="portal", name="Portal", location=world.location, acquirer=name, created_at=created)


def fetch(acquirer: Acquirer, url: str) -> Fetched:
    return acquirer.fetch(FetchRequest(source_id="portal", url=url))


def refusal(acquirer: Acquirer, url: str, kind: type[PipelineError]) -> PipelineError:
    with pytest.raises(kind) as caught:
        fetch(acquirer, url)
    return caught.value


def test_every_acquirer_is_tested(tmp_path: Path) -> None:
    assert open_acquirers(Settings(), open_local(tmp_path / "events.db").keys).keys() == WORLDS.keys()


def test_starts_belong_to_the_source_and_keep_their_order(acquirer: Acquirer, source: Source) -> None:
    first, second = list(acquirer.starts(source)), list(acquirer.starts(source))
    assert first == second
    assert first
    assert {(request.source_id, request.parent_id) for request in first} == {("portal", None)}


def test_start_can_be_fetched(acquirer: Acquirer, source: Source, world: World) -> None:
    request = next(start for start in acquirer.starts(source) if "empty" not in start.url and "large" not in start.url)
    assert acquirer.fetch(request).content


def test_document_arrives_with_its_bytes_and_kind(acquirer: Acquirer, world: World) -> None:
    fetched = fetch(acquirer, world.known)
    assert fetched.content is not None
    assert world.words in fetched.content.decode()
    assert (fetched.final_url, fetched.status, fetched.media_type) == (world.known, 200, "text/html")


def test_same_document_has_the_same_bytes(acquirer: Acquirer, world: World) -> None:
    assert fetch(acquirer, world.known) == fetch(acquirer, world.known)


def test_known_version_is_either_sent_whole_or_called_unmodified(acquirer: Acquirer, world: World) -> None:
    first = fetch(acquirer, world.known)
    again = acquirer.fetch(
        FetchRequest(source_id="portal", url=world.known, etag=first.etag, last_modified=first.last_modified)
    )
    assert (again.status, again.content) in {(304, None), (200, first.content)}
    assert again.content is None or first.etag is None


@pytest.mark.parametrize(
    ("which", "kind"),
    [("empty", UnreadableDocument), ("large", TooLarge), ("missing", PageGone), ("foreign", AddressRefused)],
)
def test_refusals_are_one_sentence_and_advice(
    acquirer: Acquirer, world: World, which: str, kind: type[PipelineError]
) -> None:
    error = refusal(acquirer, getattr(world, which), kind)
    assert error.message.endswith(".")
    assert error.advice.endswith(".")
    assert "\n" not in str(error)


def test_nothing_is_acquired_from_nowhere(acquirer: Acquirer, source: Source) -> None:
    with pytest.raises((NeedsPerson, PipelineError)):
        list(acquirer.starts(source.model_copy(update={"location": ""})))
