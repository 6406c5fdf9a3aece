"""The workbench does not start where others would reach it, unless it was said by which names."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


# what `streamlit run --server.address` does before it loads the application
LOADS = """
import sys
from streamlit import config
config.get_config_options()
config.set_option("server.address", sys.argv[1])
import app
print("ready")
"""


def started(tmp_path: Path, address: str, names: str) -> "subprocess.CompletedProcess[str]":
    """The application, loaded for a server on an address that is never opened."""
    environment = os.environ | {"SDP_DATA_DIR": str(tmp_path / "data"), "SDP_SERVE_HOSTS": names}
    command = [sys.executable, "-c", LOADS, address]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=100)


@pytest.mark.parametrize(
    ("address", "names"), [("0.0.0.0", ""), ("::", ""), ("10.1.2.3", ""), ("127.0.0.1", "ftp://x")]
)
def test_a_server_that_others_reach_is_refused_in_one_sentence(tmp_path: Path, address: str, names: str) -> None:
    ended = started(tmp_path, address, names)
    assert ended.returncode == 1
    assert "ready" not in ended.stdout
    assert "SDP_SERVE_HOSTS" in ended.stderr
    assert "Traceback" not in ended.stderr
    # nothing was begun
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(("address", "names"), [("127.0.0.1", ""), ("0.0.0.0", "https://pipeline.example.org")])
def test_one_for_this_machine_or_under_given_names_starts(tmp_path: Path, address: str, names: str) -> None:
    ended = started(tmp_path, address, names)
    assert ended.stdout.strip().endswith("ready"), ended.stderr
