"""The workbench in a process that was forked from one that has imported what it needs."""

import os
import sys
from pathlib import Path

# what the server and the first page would import
import duckdb  # noqa: F401
import pandas  # noqa: F401
import polars  # noqa: F401
import pyiceberg.catalog.sql  # noqa: F401
import streamlit.web.cli
import uvicorn  # noqa: F401

import jobs.workbench  # noqa: F401

ROOT = Path(__file__).parents[2]


def serve(log: Path, environment: dict[str, str], arguments: list[str]) -> None:
    """What `streamlit` does with these arguments, in this environment; what it prints goes to the log."""
    written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(written, 1)
    os.dup2(written, 2)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    sys.argv = ["streamlit", *arguments]
    streamlit.web.cli.main()
