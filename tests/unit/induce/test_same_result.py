"""The same pages give the same blueprint, in whatever order this process happens to go through its sets."""

import os
import subprocess
import sys

LABELS = [f"Label {chr(97 + number % 26)}{'xyz'[number // 26]}" for number in range(40)]
RECORDS = ["".join(f"<b>{label}</b><i>{record}-{label[-2:]}</i>" for label in LABELS) for record in range(4)]
PAGE = f"<html><body><h1>Notices</h1><ul><li>{'</li><li>'.join(RECORDS)}</li></ul></body></html>"
LEARN = """
import sys
from core.induce import induce
from core.parse import parse

print(induce([parse(sys.stdin.buffer.read(), url="https://l.test/")]).model_dump_json())
"""


def _learned(seed: str) -> bytes:
    run, env = [sys.executable, "-c", LEARN], os.environ | {"PYTHONHASHSEED": seed}
    return subprocess.run(run, input=PAGE.encode(), env=env, capture_output=True, check=True).stdout


def test_a_list_with_more_labels_than_are_tried_is_learned_alike_by_every_process() -> None:
    assert len({_learned(seed) for seed in ("1", "2")}) == 1
