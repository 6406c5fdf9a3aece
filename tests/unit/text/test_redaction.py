"""What looks like a secret does not pass, and what only looks a little like one does."""

import logging

import pytest

from core.acquire import detect_acquirer
from core.errors import AddressRefused, BadInput, PipelineError
from core.text.redaction import RedactedRecord, keep_secret, redact

SECRET = "s3cr3t-canary"


@pytest.mark.parametrize(
    "text",
    [
        f"http://bob:{SECRET}@shop.example/list",
        f"nats://{SECRET}@127.0.0.1:4222/sdp",
        f"postgresql+psycopg://bob:{SECRET}@h/db?sslmode=off",
        f"postgresql://bob:a/{SECRET}@h/db",
        f"bob:{SECRET}@shop.example/list",
        f"(http://bob:{SECRET}@shop.example)",
        f"https://shop.example/list?page=2&api_key={SECRET}",
        f"https://shop.example/list?accessToken={SECRET}&page=2",
        f"https://shop.example/list?X-Amz-Signature={SECRET}",
        f"https://shop.example/?key={SECRET}#top",
        f"host=h password={SECRET} dbname=d",
    ],
)
def test_a_secret_in_an_address_is_taken_out(text: str) -> None:
    assert SECRET not in redact(text)
    assert SECRET not in str(PipelineError(f"{text} did not answer.", f"Start {text}."))


@pytest.mark.parametrize(
    "text",
    [
        "https://social.example/@bob/1",
        "https://shop.example:8080/@bob",
        "https://shop.example/?keyword=chair&page=2&monkey=1&assigned=x",
        "write to bob@shop.example, or mailto:bob@shop.example",
        "2026-01-01T10:00:00 bob@shop.example",
        "x = 1 and y == 2",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert redact(text) == text


def test_a_password_of_the_settings_is_known_in_other_words_too() -> None:
    keep_secret("postgresql://bob:correct%20horse@h/db")
    assert redact('invalid literal for int(): "correct horse"') == 'invalid literal for int(): "…"'
    assert redact("correct%20horse") == "…"


def test_a_log_shows_no_secret_not_even_in_a_traceback() -> None:
    try:
        raise ValueError(f"http://bob:{SECRET}@shop.example")
    except ValueError as error:
        found = (type(error), error, error.__traceback__)
        record = RedactedRecord("x", logging.ERROR, __file__, 1, "of %s", (f"http://b:{SECRET}@h",), found)
    text = logging.Formatter().format(record)
    assert SECRET not in text
    assert "ValueError: http://…@shop.example" in text


@pytest.mark.parametrize("location", [f"http://bob:{SECRET}@shop.example/", f"bob:{SECRET}@shop.example/list"])
def test_an_address_with_a_password_is_no_source(location: str) -> None:
    with pytest.raises(AddressRefused, match="user name or password") as refused:
        detect_acquirer(location)
    assert SECRET not in str(refused.value)


def test_an_address_with_an_at_in_its_path_is_one() -> None:
    assert detect_acquirer("https://social.example/@bob") == ("http", "https://social.example/@bob")
    with pytest.raises(BadInput, match="neither a web address"):
        detect_acquirer("bob@shop")


@pytest.mark.parametrize(
    "piece", ["a-", "a:", "a", "http://a:", "?a", "?key", "x@", "a:b@", "://", "a.b:c"], ids=lambda piece: piece
)
def test_a_long_text_of_a_stranger_costs_no_more_than_its_length(piece: str) -> None:
    """What grows with the square of the length would take minutes, and end at the time limit of a test."""
    redact(piece * 200_000 + "@=x")
