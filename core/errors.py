"""Every error the product raises on purpose. Catch by what the caller should do, not by where it broke.

PipelineError                 one sentence: what happened; `advice`: what to do about it
├── RetryLater                the cause may pass by itself: try again after `after` seconds
│   ├── HostUnreachable       no connection, time-out, or an answer of the 5xx kind
│   └── TooManyRequests       the host asked us to slow down (429, or its own crawl delay)
├── NeedsRepair               the page came, the extractor no longer fits it: a strike, then the Doctor
│   └── NothingExtracted      no record where there used to be some
├── NeedsPerson               nothing here gets better by trying again: a person decides
│   ├── RobotsRefused         robots.txt forbids the address
│   ├── AddressRefused        the address is not one we may connect to (see core/acquire/guard.py)
│   ├── PageGone              the host says that the page does not exist, or that we may not see it
│   ├── WrongAnswer           the host answered with something that is not what was asked for
│   └── Damaged               a file of ours does not hold what was written: `check` says what can be mended
├── BadInput                  the thing we were given cannot be used as it is: change it
│   ├── UnreadableDocument    bytes that no reader understands, or an empty page
│   ├── TooLarge              over a limit of the settings
│   ├── BadSetting            a setting, an option or an argument
│   ├── BadBlueprint          a blueprint that is none
│   │   └── LaterVersion      it was written by a later version of this program
│   ├── BadQuery              a query that the warehouse cannot answer
│   └── UnknownName           no source, document, table or task of that name
├── Conflict                  somebody else changed it first: read again, then decide
│   └── LeaseLost             our lease ran out; what we were about to write is no longer ours to write
└── PartMissing               an optional part is not installed; `advice` holds the command that installs it
"""

from core.model.source import Fetched
from core.text.redaction import redact


class PipelineError(Exception):
    """Root of the tree. `str()` gives the sentence and the advice, fit for a person and without secrets.

    `fetched` is what a host sent although it was not what we asked for: it is kept like any other document.
    """

    def __init__(self, message: str, advice: str = "", *, fetched: Fetched | None = None) -> None:
        self.message = redact(message)
        super().__init__(self.message)
        self.advice = redact(advice)
        self.fetched = fetched

    def __str__(self) -> str:
        return f"{self.message} {self.advice}".strip()


class RetryLater(PipelineError):
    """The cause may pass by itself."""

    def __init__(self, message: str, advice: str = "", *, after: float = 60.0, fetched: Fetched | None = None) -> None:
        super().__init__(message, advice, fetched=fetched)
        self.after = after


class HostUnreachable(RetryLater):
    """No connection, a time-out, or an answer of the 5xx kind."""


class TooManyRequests(RetryLater):
    """The host asked us to slow down; `after` holds the seconds it named."""


class NeedsRepair(PipelineError):
    """The page came, but the extractor no longer fits it."""


class NothingExtracted(NeedsRepair):
    """No record was found where there used to be some."""


class NeedsPerson(PipelineError):
    """Trying again will not help; a person has to decide."""


class RobotsRefused(NeedsPerson):
    """robots.txt forbids the address."""


class AddressRefused(NeedsPerson):
    """The address is not one we may connect to."""


class PageGone(NeedsPerson):
    """The host says that the page does not exist, or that we may not see it."""


class WrongAnswer(NeedsPerson):
    """The host answered with something that is not what was asked for."""


class Damaged(NeedsPerson):
    """A file of the data folder does not hold what was written."""


class BadInput(PipelineError):
    """The thing we were given cannot be used as it is."""


class UnreadableDocument(BadInput):
    """Bytes that no reader understands, or an empty page."""


class TooLarge(BadInput):
    """Over a limit of the settings."""


class BadSetting(BadInput):
    """A setting, an option or an argument."""


class BadBlueprint(BadInput):
    """A blueprint that is none."""


class LaterVersion(BadBlueprint):
    """It was written by a later version of this program."""


class BadQuery(BadInput):
    """A query that the warehouse cannot answer."""


class UnknownName(BadInput):
    """No source, document, table or task of that name."""


class Conflict(PipelineError):
    """Somebody else changed it first."""


class LeaseLost(Conflict):
    """The lease ran out: what was about to be written is no longer ours to write."""


class PartMissing(PipelineError):
    """An optional part is not installed; the advice holds the command that installs it."""
