"""Secrets do not leave: texts for people, logs and tables go through `redact`, which every error of ours does itself.

What looks like a secret is taken out of addresses: the name and password before the host, and parameters that are
called like keys. What the settings hold is known by heart as well, since a driver may quote it in words of its own.
"""

import logging
import re
import sys
import traceback
from types import TracebackType
from typing import Any
from urllib.parse import unquote

SHOWN = "…"
# a shorter password would be found within ordinary words
SHORTEST_SECRET = 6

# Each part is bounded, so that a text of a stranger costs no more than its length; nobody has longer names, passwords
# or names of parameters, and what the settings hold is known by heart whatever its length.
_SCHEME = r"(?P<scheme>[A-Za-z][\w+.-]{0,20}://)"
_WITH_SCHEME = re.compile(_SCHEME + r"[^\s/?#\"'<>]{0,1000}@")
# a password may hold a slash where somebody forgot to write it as %2F; a port is no password
_WITH_SLASH = re.compile(_SCHEME + r"[^\s/:@\"'<>]{0,100}:(?!\d+(?:[/?#\s]|$))[^\s@\"'<>]{0,1000}@")
_WITHOUT_SCHEME = re.compile(
    r"(?<![\w/…])(?!(?:mailto|sip|xmpp|acct):)[^\s/@:\"'<>()]{1,100}:[^\s/@\"'<>]{1,1000}@(?=[\w\[])"
)
_NAMED = r"[\w.-]{0,60}(?:api-?key|access-?key|token|secret|passw(?:or)?d|pwd|signature|credentials?)"
_ALONE = r"(?:[\w.-]{0,60}[_.-])?(?:key|sig|auth|pass|jwt|session(?:id)?|sid)"
_PARAMETER = re.compile(rf"(?i)(?P<name>[?&;](?:{_NAMED}|{_ALONE})=)[^&\s#\"'<>;]+")
_KEYWORD = re.compile(r"(?i)\b(?P<name>(?:password|passwd|pwd)\s*=\s*)(?!\s)[^\s&\"'<>;,]+")
_AUTHORITY = re.compile(r"[A-Za-z][\w+.-]{0,20}://(?P<user>[^\s@]*)@")

_known: set[str] = set()


def keep_secret(address: str) -> None:
    """Remember the password and the keys in an address of the settings."""
    found = {match["user"].partition(":")[2] for match in _AUTHORITY.finditer(address)}
    found |= {match[0][len(match["name"]) :] for match in _PARAMETER.finditer(address)}
    _known.update(form for secret in found for form in (secret, unquote(secret)) if len(form) >= SHORTEST_SECRET)


def redact(text: str) -> str:
    """The text without names and passwords in addresses, without keys in their parameters, without known secrets."""
    if "@" in text:
        text = _WITH_SCHEME.sub(rf"\g<scheme>{SHOWN}@", text)
        text = _WITH_SLASH.sub(rf"\g<scheme>{SHOWN}@", text)
        text = _WITHOUT_SCHEME.sub(f"{SHOWN}@", text)
    if "=" in text:
        text = _KEYWORD.sub(rf"\g<name>{SHOWN}", _PARAMETER.sub(rf"\g<name>{SHOWN}", text))
    for secret in _known:
        if secret in text:
            text = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", SHOWN, text)
    return text


def has_password(address: str) -> bool:
    """Whether an address names a user or a password before its host."""
    patterns = (_WITH_SCHEME, _WITH_SLASH) if "://" in address else (_WITHOUT_SCHEME,)
    return any(pattern.search(address) for pattern in patterns)


class RedactedRecord(logging.LogRecord):
    """A line of a log, whoever writes it, without secrets; so is the traceback below it."""

    def __init__(self, *values: Any, **named: Any) -> None:
        super().__init__(*values, **named)
        if self.exc_info and self.exc_info[0] is not None:
            # handlers print this text where it is there, and make their own where it is not
            self.exc_text = redact("".join(traceback.format_exception(*self.exc_info)).rstrip())

    def getMessage(self) -> str:  # noqa: N802  # the name is that of the library
        return redact(super().getMessage())


def redact_output() -> None:
    """Let no line of a log and no last traceback of this process show a secret."""
    logging.setLogRecordFactory(RedactedRecord)
    sys.excepthook = _print_redacted


def _print_redacted(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    sys.stderr.write(redact("".join(traceback.format_exception(kind, error, trace))))
