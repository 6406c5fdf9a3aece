"""kill -9 at any moment of a run: nothing is lost, nothing is doubled, and a death costs a lease and no more."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from core.bootstrap import build_pipeline
from core.pipeline import Pipeline
from core.settings import load_settings
from jobs.commands.sources import scouted
from tests.e2e.chaos import PAGE
from tests.effort import FULL

ROOT = Path(__file__).parents[2]
EVERY_MOMENT = [
    ("claim", "after", 2),
    ("bytes", "before", 1),
    ("bytes", "after", 1),
    ("event", "before", 1),
    ("event", "after", 1),
    ("report", "after", 1),
    ("ledger", "after", 1),
    ("ack", "before", 1),
    ("ack", "after", 1),
    ("lake", "before", 1),
    ("lake", "after", 1),
]
# one of each part of the way; each costs the start of a process
FEW_MOMENTS = [("bytes", "after", 1), ("event", "before", 1), ("ledger", "after", 1), ("lake", "after", 1)]
MOMENTS = EVERY_MOMENT if FULL else FEW_MOMENTS
# each kill happens within the first batches of its process, so that work is left for all of them
PAGES = 500 if FULL else 200


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "pages"
    path.mkdir()
    for n in range(PAGES):
        page = PAGE.format(n=n, town=["Ashby", "Brook", "Calder", "Dunmore"][n % 4], value=1000 + 37 * n)
        (path / f"notice-{n:03d}.html").write_text(page)
    return path


@pytest.mark.timeout(1500)
def test_all_documents_and_no_duplicate_rows_after_kills(tmp_path: Path, folder: Path) -> None:
    pipeline = build_pipeline(load_settings(data_dir=tmp_path / "data", lease_seconds=1.0))
    source = pipeline.sources.accept(scouted(pipeline, str(folder), "notices").draft_id)
    for moment in MOMENTS:
        assert _ended(tmp_path / "data", "tests.e2e.killed_at", *map(str, moment)) == -signal.SIGKILL, moment
    assert _ended(tmp_path / "data", "jobs") == 0

    documents = pipeline.documents.find(source.source_id, limit=10 * PAGES)
    assert len({document.url for document in documents}) == PAGES
    assert all(pipeline.documents.content(document.content_hash) for document in documents)
    _check_rows(pipeline)
    [run] = pipeline.flow.runs(source.source_id)
    assert (run.documents, run.failed, run.error) == (PAGES, 0, "")
    assert pipeline.flow.letters() == []


def _check_rows(pipeline: Pipeline) -> None:
    [table] = pipeline.tables.names_of("notices")
    counts = "SELECT count(*), count(DISTINCT _row_id), count(DISTINCT _url) FROM "
    assert pipeline.tables.query(counts + table.replace("extracted.", "history.")).rows == [(PAGES, PAGES, PAGES)]
    assert pipeline.tables.query("SELECT count(*) FROM bronze.documents").rows == [(PAGES,)]


def _ended(data: Path, module: str, *words: str) -> int:
    """How a process that works until nothing is left ended."""
    environment = os.environ | {"SDP_DATA_DIR": str(data), "SDP_LEASE_SECONDS": "1"}
    command = [sys.executable, "-m", module, *words, "run", "--until-idle"]
    return subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, check=False).returncode
