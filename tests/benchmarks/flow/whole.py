"""The whole flow, pages to rows, against the sum of its parts measured alone; its memory; and more worker processes."""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from core.bootstrap import build_pipeline
from core.extract import extract
from core.model import ParsedDocument, RawDocument, TaskKind, TaskState
from core.pipeline import Pipeline
from core.rows import columns_of, rows_of
from core.settings import load_settings
from jobs.commands.sources import scouted
from jobs.worker import drain
from tests.benchmarks.flow.table import print_table

ROWS = 20
PAGE = "<!doctype html><html><head><title>Notices {n}</title></head><body><h1>Notices</h1><table><tr><th>Reference</th>"
PAGE += "<th>Buyer</th><th>Value</th></tr>{rows}</table></body></html>"
ROW = "<tr><td>REF-{n:06d}-{k:02d}</td><td>Town of {town}</td><td>EUR {value}</td></tr>"


def write_pages(folder: Path, count: int) -> None:
    folder.mkdir(parents=True)
    for n in range(count):
        rows = "".join(ROW.format(n=n, k=k, town=f"T{k % 7}", value=100 + n + k) for k in range(ROWS))
        (folder / f"{n:06d}.html").write_text(PAGE.format(n=n, rows=rows))


def ready(folder: Path, pages: int) -> Pipeline:
    """A pipeline that knows its source and has not read it yet."""
    write_pages(folder / "pages", pages)
    settings = load_settings(data_dir=folder / "data", max_run_documents=1_000_000, sample_portal_port=0)
    pipeline = build_pipeline(settings)
    pipeline.onboarding.accept(scouted(pipeline, str(folder / "pages"), "notices").draft_id)
    return pipeline


def parts(pipeline: Pipeline, folder: Path, pages: int) -> dict[str, float]:
    """Seconds that each part takes alone for the pages: keep, queue, parse, extract, log, lake."""
    extractor = next(iter(pipeline.extractors.versions("notices")))
    contents = [(folder / "pages" / f"{n:06d}.html").read_bytes() for n in range(pages)]
    template = pipeline.bronze.find("notices", limit=1)[0]
    documents = [_document(template, n, content) for n, content in enumerate(contents)]
    spent: dict[str, float] = {}

    def timed(name: str, work: Callable[[], None]) -> None:
        began = time.perf_counter()
        work()
        spent[name] = time.perf_counter() - began

    parsed: list[ParsedDocument] = []
    events = []
    table = extractor.blueprint.tables[0]

    def read() -> None:
        for document, one in zip(documents, parsed, strict=True):
            extraction = extract(extractor.blueprint, one)
            events.append(rows_of(extraction, table, document, extractor, "parts"))

    timed(
        "keep bytes and metadata",
        lambda: [pipeline.bronze.put(*pair) for pair in zip(documents, contents, strict=True)],
    )  # type: ignore[func-returns-value]
    timed("queue, claim, report", lambda: _tasks(pipeline, pages))
    timed(
        "parse",
        lambda: parsed.extend(pipeline.reader.parser(content, url="", media_type="text/html") for content in contents),
    )
    timed("extract", read)
    timed("tell that a page came", lambda: [pipeline.reader.announce(document) for document in documents])  # type: ignore[func-returns-value]
    rows = [row for some in events for row in some]
    timed("write to the lake", lambda: pipeline.lake.append("extracted.alone", columns_of(table), rows, 1))  # type: ignore[arg-type,return-value]
    return spent


def _document(template: RawDocument, number: int, content: bytes) -> RawDocument:
    from core.model import content_hash

    url, digest = f"alone/{number}", content_hash(content + b" ")
    return template.model_copy(
        update={"url": url, "content_hash": content_hash(content), "size": len(content), "document_id": digest[:24]}
    )


def _tasks(pipeline: Pipeline, count: int) -> None:
    tasks = [pipeline.orchestrator.task(TaskKind.FETCH, "alone", "parts", {"url": str(n)}) for n in range(count)]
    pipeline.queue.enqueue(tasks)
    while claimed := pipeline.queue.claim("parts", 60, kinds=[TaskKind.FETCH]):
        for task in claimed:
            pipeline.queue.report(task.model_copy(update={"state": TaskState.DONE}))


def whole(pages: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        pipeline = ready(Path(folder), pages)
        began = time.perf_counter()
        drain(pipeline, "bench")
        took = time.perf_counter() - began
        assert pipeline.query.run("SELECT count(*) FROM bronze.documents").rows[0][0] >= pages
        spent = parts(pipeline, Path(folder), pages)
    alone = sum(spent.values())
    rows = [(name, f"{seconds:.1f} s", "") for name, seconds in spent.items()]
    rows += [
        ("sum of the parts", f"{alone:.1f} s", ""),
        ("whole flow, one thread", f"{took:.1f} s", f"{took / alone:.2f}"),
    ]
    rows.append(("", f"{pages / took:.0f} pages/s, {pages * ROWS / took:,.0f} rows/s", ""))
    print_table(f"{pages:,} pages of {ROWS} rows", ("", "time", "whole / parts"), rows)


def memory(sizes: tuple[int, int]) -> None:
    """Peak memory of a fresh process that does the whole flow."""
    code = "from tests.benchmarks.flow.whole import peak; import sys; print(peak(int(sys.argv[1])))"
    peaks = [
        int(
            subprocess.run(
                [sys.executable, "-c", code, str(n)], capture_output=True, text=True, check=True
            ).stdout.split()[-1]
        )
        for n in sizes
    ]
    few, many = peaks
    rows = [(f"{few // 1024} MB", f"{many // 1024} MB", f"{many / few:.2f}")]
    print_table("Peak memory of the flow", (*(f"{n:,} pages" for n in sizes), "ratio"), rows)


def peak(pages: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        drain(ready(Path(folder), pages), "bench")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def scaling(pages: int) -> None:
    """Wall time of one and of two worker processes for the same run."""
    times = []
    for processes in (1, 2):
        with tempfile.TemporaryDirectory() as folder:
            pipeline = ready(Path(folder), pages)
            code = "from tests.benchmarks.flow.whole import work; import sys; work(sys.argv[1])"
            workers = [subprocess.Popen([sys.executable, "-c", code, folder]) for _ in range(processes)]
            while len(pipeline.bronze.find("notices", limit=60)) < 60:
                time.sleep(0.05)
            done, began = len(pipeline.bronze.find("notices", limit=pages)), time.perf_counter()
            while not pipeline.idle():
                time.sleep(0.05)
            times.append((time.perf_counter() - began) / (pages - done))
            for worker in workers:
                worker.kill()
                worker.wait()
    one, two = times
    rows = [(f"{1 / one:.0f} pages/s", f"{1 / two:.0f} pages/s", f"{one / two:.2f}")]
    print_table("Worker processes", ("1 process", "2 processes", "speed-up"), rows)


def work(folder: str) -> None:
    """One worker process with one thread of work."""
    import threading

    from jobs.scheduler import owner_name
    from jobs.worker import Pool

    settings = load_settings(data_dir=Path(folder) / "data", max_run_documents=1_000_000, sample_portal_port=0)
    Pool(build_pipeline(settings), owner_name(), 1).start()
    threading.Event().wait()


if __name__ == "__main__":
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    whole(size)
    scaling(min(size, 2_000))
    if "--memory" in sys.argv:
        memory((size, 5 * size))
