"""kill -9 in the middle of a run: nothing is lost, nothing is doubled."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.bootstrap import build_pipeline
from core.settings import load_settings
from jobs.commands.sources import scouted

PAGES = 200
ROOT = Path(__file__).parents[2]
PAGE = """<!doctype html><html><head><title>Notice {n}</title></head><body><h1>Supply of item {n}</h1>
<dl><dt>Reference</dt><dd>REF-{n:05d}</dd><dt>Buyer</dt><dd>Town of {town}</dd><dt>Value</dt><dd>EUR {value}</dd></dl>
</body></html>"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "pages"
    path.mkdir()
    for n in range(PAGES):
        page = PAGE.format(n=n, town=["Ashby", "Brook", "Calder", "Dunmore"][n % 4], value=1000 + 37 * n)
        (path / f"notice-{n:03d}.html").write_text(page)
    return path


@pytest.mark.timeout(300)
def test_all_documents_and_no_duplicate_rows_after_kills(tmp_path: Path, folder: Path) -> None:
    settings = load_settings(data_dir=tmp_path / "data", lease_seconds=1.0)
    pipeline = build_pipeline(settings)
    draft = scouted(pipeline, str(folder), "notices")
    source = pipeline.onboarding.accept(draft.draft_id)
    kills = _run_with_kills(tmp_path / "data", random.Random(7), 6)

    assert kills >= 3
    documents = pipeline.bronze.find(source.source_id, limit=1000)
    assert len({document.url for document in documents}) == PAGES
    assert all(pipeline.bronze.content(document.content_hash) for document in documents)
    table = f"extracted.notices__{pipeline.extractors.versions(source.source_id)[0].blueprint.tables[0].name}"
    history = table.replace("extracted.", "history.")
    counts = pipeline.query.run(f"SELECT count(*), count(DISTINCT _row_id), count(DISTINCT _url) FROM {history}").rows
    assert counts == [(PAGES, PAGES, PAGES)]
    assert pipeline.query.run("SELECT count(*) FROM bronze.documents").rows == [(PAGES,)]


def _run_with_kills(data: Path, chance: random.Random, most: int) -> int:
    """Start the worker process again and again, killing it after a random while; the number of kills that hit."""
    environment = os.environ | {"SDP_DATA_DIR": str(data), "SDP_LEASE_SECONDS": "1"}
    command = [sys.executable, "-m", "jobs", "run", "--until-idle"]
    kills = 0
    for _ in range(most):
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        time.sleep(chance.uniform(1.5, 3.0))
        kills += process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert subprocess.run(command, cwd=ROOT, env=environment, timeout=200, check=False).returncode == 0
    return kills
