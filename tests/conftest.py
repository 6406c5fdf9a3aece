"""What many tests need: a clean environment, a pipeline in a temporary folder, the sample portal."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from core.bootstrap import build_pipeline
from core.pipeline import Pipeline
from core.settings import load_settings
from jobs.portal.server import PortalServer
from tests.effort import tries

# how long an example takes says something of the machine, nothing of the product
hypothesis_settings.register_profile("untimed", deadline=None, max_examples=tries(100))
hypothesis_settings.load_profile("untimed")


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of the person who runs the tests reaches them."""
    for name in [name for name in os.environ if name.startswith("SDP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SDP_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture
def portal() -> Iterator[PortalServer]:
    with PortalServer(port=0) as server:
        yield server


@pytest.fixture
def pipeline(tmp_path: Path, portal: PortalServer) -> Pipeline:
    """A pipeline of its own that may visit the sample portal."""
    settings = load_settings(
        data_dir=tmp_path / "data", allow_hosts=f"127.0.0.1:{portal.port}", sample_portal_port=0, lease_seconds=2.0
    )
    return build_pipeline(settings)
