"""Pages that stand in front of the content."""

import pytest

from core.dom.interstitials import WALLS, front_of, refusal, wall_of
from core.parse import parse

CHECKING = """<title>Checking your browser before accessing tenders.example</title>
<h1>Checking your browser</h1><p>This process is automatic. You will be redirected shortly.</p>"""
SHELL = (
    "<title>App</title><noscript>You need to enable JavaScript to run this app.</noscript><script src=a.js></script>"
)
STATE = '<script type="application/ld+json">{"@type": "Event", "name": "Open day", "startDate": "2026-05-01"}</script>'
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


@pytest.mark.parametrize(
    ("page", "wall"),
    [
        (CHECKING, "check"),
        ("<title>Sign in to continue</title><h1>Welcome</h1><form><input type=email></form>", "login"),
        ("<h1>Log in</h1><form><input name=u><input type=password></form>", "login"),
        ("<h1>We value your privacy</h1><p>We use cookies.</p><button>Accept all</button>", "consent"),
        ("<p>Please complete the captcha to go on.</p>", "check"),
        (SHELL, "script"),
        (SHELL + STATE, None),
        ("<div id=root></div><script src=a.js></script>", "script"),
        ("<title>404 Not Found</title><h1>Not Found</h1><p>Nothing is here.</p>", "error"),
        ("<h1>Error 503: Service unavailable</h1>", "error"),
        ("<h1>Oops! Something went wrong</h1><p>Try again later.</p>", "error"),
        ("<h1>Seite nicht gefunden</h1>", "error"),
    ],
)
def test_a_page_that_only_stands_in_front_is_nothing_to_learn_from(page: str, wall: str | None) -> None:
    assert front_of(parse(f"<html><body>{page}</body></html>".encode())) == wall


@pytest.mark.parametrize(
    "page",
    [
        f"<h1>Berth 12</h1>{ARTICLE[:900]}<h2>Sign in</h2><form><input type=password></form>",
        f"<h1>Cookie factory fined</h1>{ARTICLE[:900]}<button>Accept all cookies</button>",
        f"<h1>Flood of captcha farms</h1>{ARTICLE[:900]}".replace("captcha", "click"),
        "<h1>500 chairs for the library</h1><p>Offers until May.</p>",
        "<h1>404 Harbour Road</h1><p>Two rooms, free from May.</p>",
        f"<h1>Minutes</h1><script>go()</script>{ARTICLE[:200]}",
    ],
)
def test_content_that_mentions_a_wall_is_content(page: str) -> None:
    assert front_of(parse(f"<html><body>{page}</body></html>".encode())) is None


def test_each_wall_is_said_with_what_to_do() -> None:
    for wall in WALLS:
        error = refusal("https://tenders.example/", wall)
        assert error.message.startswith("https://tenders.example/ shows a")
        assert error.advice.startswith("Open it in a browser")
