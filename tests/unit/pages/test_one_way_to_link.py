"""Pages link, move and choose through one module, so that each of them is drawn from its address."""

import re
from pathlib import Path

import pytest

PAGES = Path(__file__).parents[3] / "pages"
OTHER_WAYS = re.compile(r"st\.(page_link|switch_page|query_params|tabs|segmented_control)\b|bind=|\]\(\./")


@pytest.mark.parametrize("path", sorted(PAGES.rglob("*.py")), ids=lambda path: str(path.relative_to(PAGES)))
def test_only_the_address_knows_how_to_link_and_choose(path: Path) -> None:
    found = OTHER_WAYS.search(path.read_text("utf-8"))
    assert path.name == "address.py" or found is None
