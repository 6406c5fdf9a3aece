"""A scraped page in the preview: nothing of it may act."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages._widgets.safe_page import safe_page

HOSTILE = [
    "<script>parent.document.title = 'owned'</script>",
    "<img src=x onerror=\"parent.document.title = 'owned'\">",
    "<svg onload=alert(1)><script>alert(2)</script></svg>",
    "<base href='http://evil.example/'><meta http-equiv=refresh content='0;url=http://evil.example/'>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<a href=x ping=http://evil.example/>x</a><button formaction=javascript:alert(1)>x</button>",
    "<link rel=stylesheet href=http://evil.example/x.css>",
    "<img src=http://evil.example/x.png srcset='http://evil.example/y.png 2x'><object data=http://evil.example/z></object>",
]


def page_part(html: str) -> str:
    """What came from the scraped page: between our policy and our script."""
    return html.partition(">")[2].partition(">")[2].rpartition("<script data-sdp")[0]


@pytest.mark.parametrize("content", HOSTILE)
def test_nothing_active_is_left(content: str) -> None:
    part = page_part(safe_page(f"<html><head></head><body>{content}</body></html>"))
    assert not re.search(r"<script[^>]*>[^<]", part)
    assert not re.search(r"<[^>]*\s(on\w+|ping|srcdoc|formaction|http-equiv|nonce)\s*=", part)
    assert not re.search(r"<(base|link)[^>]*href", part)
    assert not re.search(r"\s(src|srcset|data)\s*=", part)


def test_the_policy_stands_before_everything_of_the_page() -> None:
    html = safe_page("<head data-x='><script>alert(1)</script>'></head>")
    policy = html.index("Content-Security-Policy")
    assert policy < html.index("<html")
    assert "default-src 'none'" in html[policy : policy + 200]


def test_elements_stay_where_they_are() -> None:
    part = page_part(safe_page("<body><script>1</script><p>a</p><script>2</script><p>b</p></body>"))
    assert re.findall(r"<(script|p)\b", part) == ["script", "p", "script", "p"]


def test_each_render_has_a_nonce_of_its_own() -> None:
    nonces = {re.search(r"nonce-([\w-]+)", safe_page("<p>x</p>"))[1] for _ in range(5)}  # type: ignore[index]
    assert len(nonces) == 5


@given(st.text(max_size=300))
def test_any_text_can_be_shown(content: str) -> None:
    assert safe_page(content).startswith("<!doctype html><meta data-sdp")
