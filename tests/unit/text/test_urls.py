"""Addresses are joined as RFC 3986 says, also those that take the short way."""

from urllib.parse import urljoin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.text.urls import absolute, split_address
from tests.effort import tries

BASES = st.sampled_from(
    ["https://a.test/b/c?d", "http://a.test", "file:///folder/page.html", "mailto:x@a.test", "", "https://a.test:8/x/"]
)
REFERENCES = st.text(alphabet="ab/.:?#&=;%~ \tÄhtps@", max_size=20) | st.sampled_from(
    ["/x/y.html", "/x/../y", "//b.test/x", "https://c.test/x?y=1", "http://c.test", "/x?", "/x#", "/x?y=a/./b", "/"]
)


@settings(max_examples=tries(300))
@given(BASES, REFERENCES)
def test_a_reference_is_joined_as_the_standard_says(base: str, reference: str) -> None:
    try:
        expected = urljoin(base, reference)
    except ValueError:
        expected = reference
    assert absolute(base, reference) == expected


@pytest.mark.parametrize("broken", ["http://[", "http://a.test:x/"])
def test_what_is_no_address_stays_as_it_is(broken: str) -> None:
    assert absolute("https://a.test/", broken) == broken
    assert split_address("http://[").path == "http://["
