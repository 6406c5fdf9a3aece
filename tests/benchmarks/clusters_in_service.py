"""What the clusters cost in service: time an event beside reading it, memory, and the time to load them at a start."""

import random
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time
from typing import NamedTuple

from core.bootstrap import build_pipeline
from core.events import Event, RowsExtracted
from core.flow.lake_rows import _json
from core.pipeline import Pipeline
from core.pipeline.clusters import Clustering
from core.settings import load_settings
from jobs.commands.sources import scouted
from jobs.worker import drain
from tests.kinds_of_documents import MadeDocument, made_documents

# documents that are put into clusters, sites of each of the six kinds that they are of, and events that come together
DOCUMENTS, SITES, TOGETHER = 10_000, 8, 64
# pages of one template that go the whole way
PAGES = 300
PAGE = """<html><body><h1>Notice {n} of the towns</h1><dl><dt>Reference</dt><dd>AM-{n:03}</dd><dt>Buyer</dt>
<dd>Town {n}</dd><dt>Value</dt><dd>EUR {n}00.50</dd><dt>Closes</dt><dd>2026-03-{day:02}</dd></dl>{rest}</body></html>"""
REST = "<p>Lorem ipsum dolor sit amet.</p>" * 60
MEGABYTE = 1_000_000


class Held(NamedTuple):
    """What so many documents cost: milliseconds an event, seconds of a start, bytes of the state, and of memory."""

    documents: int
    clusters: int
    event_ms: float
    start_seconds: float
    state_bytes: int
    memory_bytes: int


@contextmanager
def begun(**settings: object) -> Iterator[tuple[Pipeline, Path]]:
    """A pipeline with a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        yield build_pipeline(load_settings(data_dir=Path(folder) / "data", **settings)), Path(folder)


def reading(number: int, made: MadeDocument) -> RowsExtracted:
    """A made-up document as it is told of when it was read."""
    return RowsExtracted(
        event_id=f"e{number}",
        subject=f"extracted.{made.site}__page",
        at=datetime(2026, 3, 1, tzinfo=UTC) + timedelta(seconds=number),
        source_id=made.site,
        document_id=f"d{number}",
        extractor_id="x",
        run_id="r",
        columns=(),
        rows=[{"_raw": _json(made.fields)}],
    )


def held() -> Held:
    """Documents of many sites in any order: the worst for who writes only what changed."""
    made = made_documents(1, sites=SITES, each=DOCUMENTS // (6 * SITES) + 1)
    random.Random(1).shuffle(made)
    events = [reading(number, each) for number, each in enumerate(made[:DOCUMENTS])]
    with begun() as (pipeline, folder):
        before, start = _memory(), process_time()
        for first in range(0, len(events), TOGETHER):
            pipeline.clusters.take(events[first : first + TOGETHER])
        spent, grown = process_time() - start, _memory() - before
        again = build_pipeline(pipeline.settings)
        start = process_time()
        again.clusters.settle(at_once=True)
        loaded = process_time() - start
        size = (folder / "data" / "state.db").stat().st_size
        return Held(len(events), len(pipeline.clusters.all()), spent / len(events) * 1000, loaded, size, grown)


def _memory() -> int:
    """Bytes that this process has in memory now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096


def share() -> tuple[float, float]:
    """Milliseconds that the clusters take of a page of one template, and their share of its whole way to the lake."""
    spent, taken = [0.0], Clustering.take

    def timed(self: Clustering, events: Sequence[Event]) -> None:
        start = process_time()
        taken(self, events)
        spent[0] += process_time() - start

    with begun() as (pipeline, folder):
        source = folder / "pages"
        source.mkdir()
        _write(source, range(5))
        pipeline.sources.accept(scouted(pipeline, str(source), "pages").draft_id)
        drain(pipeline, "bench")
        _write(source, range(5, PAGES + 5))
        pipeline.flow.run_now("pages")
        Clustering.take = timed  # type: ignore[method-assign]
        try:
            start = process_time()
            drain(pipeline, "bench")
            whole = process_time() - start
        finally:
            Clustering.take = taken  # type: ignore[method-assign]
    return spent[0] / PAGES * 1000, spent[0] / whole


def _write(folder: Path, numbers: range) -> None:
    for n in numbers:
        (folder / f"{n}.html").write_text(PAGE.format(n=n, day=n % 28 + 1, rest=REST))


def table() -> list[str]:
    """The lines of the benchmark's page."""
    found, (page_ms, part) = held(), share()
    return [
        f"Of {PAGES} pages of one template that go the whole way to the lake, each takes {page_ms:.2f} ms of processor",
        f"time for clusters, {part:.0%} of what its process spends on it; the processes that read pages are not in it.",
        "",
        f"Documents of {6 * SITES} sites in any order, {TOGETHER} events at a time:",
        "",
        "| documents | clusters | ms an event | load at a start | state | memory |",
        "|---|---|---|---|---|---|",
        f"| {found.documents:,} | {found.clusters} | {found.event_ms:.2f} | {found.start_seconds:.2f} s "
        f"| {found.state_bytes / MEGABYTE:.1f} MB | + {found.memory_bytes / MEGABYTE:.0f} MB |",
    ]


if __name__ == "__main__":
    print("\n".join(table()))
