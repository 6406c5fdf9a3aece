"""The page of benchmarks: sections under headings, each of which can be measured anew by itself."""

import re
import subprocess
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

HEAD = """# Benchmarks

Measured by `make bench`: pages in processor time, the best of three rounds (one over saved pages), the flow in
seconds on the clock; both sides of a ratio in the same run. Ratios travel; seconds depend on the machine.
"""


class Section(NamedTuple):
    """A heading and the lines under it."""

    heading: str
    lines: list[str]


def merged(kept: str, made: Iterable[Section]) -> str:
    """The page with the new sections in the places of those with the same headings, or at its end."""
    found = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", kept, re.M | re.S))
    found |= {section.heading: f"\n{_measured()}\n\n" + "\n".join(section.lines) + "\n\n" for section in made}
    return (HEAD + "".join(f"\n## {heading}\n{text.rstrip()}\n" for heading, text in found.items())).rstrip() + "\n"


def _measured() -> str:
    commit = subprocess.run(["git", "rev-parse", "--short=12", "HEAD"], capture_output=True, text=True, check=False)
    return f"Measured on {datetime.now(UTC):%Y-%m-%d} at commit {commit.stdout.strip() or 'unknown'}."
