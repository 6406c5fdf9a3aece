"""Pages that stand in front of the content."""

import pytest

from core.parse import parse
from core.walls import wall_of

ARTICLE = "<p>The harbour board met on Tuesday and agreed to dredge the northern basin before winter. " * 60


@pytest.mark.parametrize(
    ("page", "wall"),
    [
        ("<title>Just a moment...</title><h1>Checking your browser</h1>", "check"),
        ("<h1>Sign in</h1><form><input name=u><input type=password name=p></form>", "login"),
        ("<h1>Before you continue</h1><p>We use cookies.</p><button>Accept all cookies</button>", "consent"),
        ("<h1>Berth 12</h1><p>Free from May.</p>", None),
        (f"<p>We value your privacy <button>Accept all cookies</button></p>{ARTICLE}", None),
        ("<h1>Berth 12</h1><p>Members may sign in to book.</p>", None),
    ],
)
def test_a_wall_is_told_from_content(page: str, wall: str | None) -> None:
    assert wall_of(parse(f"<html><body>{page}</body></html>".encode())) == wall
