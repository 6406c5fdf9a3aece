"""Audits of the clusters in a process of their own: they take seconds to import what they need, and then all of a core.

The loop starts one when it is due; `python -m jobs clusters --audit` makes one where it is.
"""

import logging
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, cast

from core.bootstrap import build_pipeline
from core.errors import PipelineError
from core.pipeline import Pipeline
from core.settings import Settings

LOG = logging.getLogger(__name__)
# packages are looked for where this process finds them
_START = "import sys; sys.path[:] = sys.argv[1:]; from jobs.auditing import main; sys.exit(main())"
# how much the process lets others go first, 0 to 19: nobody waits for it
NICENESS = 10
# seconds until another try after one that failed, and seconds that a process has to end when it is told to
RETRY_SECONDS, END_SECONDS = 300.0, 5.0


class Audits:
    """The audits of whoever runs the loop, one at a time."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._process: subprocess.Popen[bytes] | None = None
        self._not_before = 0.0

    def step(self) -> None:
        """See how the one that runs ended; start one when it is due."""
        if self._process is not None and self._process.poll() is None:
            return
        if self._process is not None and self._process.returncode:
            LOG.warning("the audit of the clusters failed; it is tried again in %.0f seconds", RETRY_SECONDS)
            self._not_before = time.monotonic() + RETRY_SECONDS
        self._process = None
        if time.monotonic() >= self._not_before and self._pipeline.clusters.is_audit_due():
            self._process = _audit_begun(self._pipeline.settings)

    def end(self) -> None:
        """Stop the one that runs: what it found so far is not kept, and it is due again."""
        if self._process is not None:
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(END_SECONDS)


def _audit_begun(settings: Settings) -> "subprocess.Popen[bytes]":
    """A process that makes an audit with these settings."""
    root = str(Path(__file__).parents[1])
    command = [sys.executable, "-c", _START, root, *filter(None, sys.path)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    # not in its arguments: addresses may hold passwords
    with suppress(BrokenPipeError), cast("BinaryIO", process.stdin) as questions:
        questions.write(settings.model_dump_json().encode())
    return process


def main() -> int:
    """Make one audit, with the settings that come as JSON; the exit status of the process."""
    if hasattr(os, "nice"):  # not on every platform
        os.nice(NICENESS)
    try:
        build_pipeline(Settings.model_validate_json(sys.stdin.buffer.read())).clusters.audit()
    except PipelineError as error:
        LOG.warning("audit: %s", error)
        return 1
    return 0
