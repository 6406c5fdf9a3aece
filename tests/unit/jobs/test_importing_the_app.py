"""Importing app.py builds nothing: no data folder, no pipeline, no thread, no server. The lifespan does that."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
LOOK = """
import gc, threading, app
from core.pipeline import Pipeline
from jobs.portal.server import PortalServer
from jobs.scheduler import AgentLoop
print([type(o).__name__ for o in gc.get_objects() if isinstance(o, (Pipeline, AgentLoop, PortalServer))])
print([thread.name for thread in threading.enumerate()])
"""


def test_nothing_is_built_before_the_server_starts(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    environment = os.environ | {"SDP_DATA_DIR": str(home / "data"), "SDP_SAMPLE_PORTAL_PORT": "0", "HOME": str(home)}
    said = subprocess.run(
        [sys.executable, "-c", LOOK], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=True
    )
    assert said.stdout.splitlines() == ["[]", "['MainThread']"]
    assert list(home.iterdir()) == []
