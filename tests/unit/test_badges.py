"""What the pages say of a run."""

from datetime import UTC, datetime

import pytest

from core.model import Run
from pages._widgets.badges import brought


@pytest.mark.parametrize(
    ("documents", "unchanged", "records", "said"),
    [
        (68, 0, 128, "68 documents, 128 records"),
        (68, 68, 0, "68 documents, none changed"),
        (68, 66, 4, "68 documents: 66 unchanged, 2 read anew with 4 records"),
        (0, 0, 0, "0 documents, 0 records"),
    ],
)
def test_what_a_run_brought_tells_the_unchanged_from_the_empty(
    documents: int, unchanged: int, records: int, said: str
) -> None:
    counts = {"documents": documents, "unchanged": unchanged, "records": records}
    assert brought(Run(run_id="r", source_id="s", reason="", started_at=datetime.now(UTC), **counts)) == said
