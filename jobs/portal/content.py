"""What the sample portal publishes, as frozen data: the truth that extracted rows can be compared with.

Everything is invented and follows from a seed; nothing depends on the day it is looked at.
"""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from jobs.portal.vocabulary import BUYERS, CONTACTS, SUBJECTS, SUPPLIERS, Subject

SEED = 20260915
TODAY = date(2026, 9, 15)
ROWS_A_PAGE = 20
LONGEST_EVALUATION = 12  # days
CURRENCIES = ("EUR",) * 8 + ("CHF", "SEK")
PROCEDURES = ("Open procedure", "Restricted procedure", "Negotiated procedure")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency."""

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        return f"{self.amount:,.2f} {self.currency}"


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who buys."""

    name: str
    city: str
    domain: str


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ask about a tender."""

    name: str
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class Lot:
    """A part of a tender that can be bid for by itself."""

    number: int
    title: str
    value: Money


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document that belongs to a tender."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Award:
    """Who won a tender."""

    supplier: str
    value: Money
    awarded_on: date
    offers: int


@dataclass(frozen=True, slots=True)
class Tender:
    """One call for offers. `value` is None where the buyer does not publish an estimate."""

    reference: str
    title: str
    buyer: Buyer
    category_code: str
    category: str
    procedure: str
    published: date
    deadline: datetime
    value: Money | None
    status: str
    description: str
    contact: Contact
    lots: tuple[Lot, ...]
    attachments: tuple[Attachment, ...]
    award: Award | None
    has_json_ld: bool


ATTACHMENTS = (
    Attachment("notice.txt", "Contract notice"),
    Attachment("price-schedule.csv", "Price schedule"),
    Attachment("questions.txt", "Questions and answers"),
)


def _contact(chance: random.Random, buyer: Buyer) -> Contact:
    name = chance.choice(CONTACTS)
    return Contact(name, f"tenders@{buyer.domain}", f"+999 20 555 {chance.randrange(1000, 9999)}")


def _estimate(chance: random.Random, subject: Subject) -> Money:
    amount = subject.thousands * chance.randrange(70, 140) * 10
    return Money(Decimal(amount), chance.choice(CURRENCIES))


def _lots(subject: Subject, estimate: Money) -> tuple[Lot, ...]:
    share = estimate.amount // max(len(subject.lots), 1) // 100 * 100
    return tuple(
        Lot(number, title, Money(share, estimate.currency)) for number, title in enumerate(subject.lots, start=1)
    )


def _status(chance: random.Random, deadline: datetime) -> str:
    if deadline.date() > TODAY:
        return "Open"
    if deadline.date() > TODAY - timedelta(days=LONGEST_EVALUATION):
        return "Under evaluation"
    return chance.choice(("Awarded", "Awarded", "Under evaluation", "Cancelled"))


def _award(chance: random.Random, estimate: Money, deadline: datetime) -> Award:
    amount = (estimate.amount * chance.randrange(82, 104) / 100).quantize(Decimal("0.01"))
    awarded_on = deadline.date() + timedelta(days=chance.randrange(3, LONGEST_EVALUATION))
    return Award(chance.choice(SUPPLIERS), Money(amount, estimate.currency), awarded_on, chance.randrange(1, 9))


def _description(title: str, subject: Subject, buyer: Buyer) -> str:
    return (
        f"{buyer.name} invites offers for the following contract: {title}. "
        f"The contract covers {subject.scope}. "
        f"Offers are evaluated by price (60 %) and quality (40 %); variants are not permitted."
    )


def _tender(number: int, chance: random.Random) -> Tender:
    series, place = divmod(number, len(SUBJECTS))
    subject = SUBJECTS[place]
    title, buyer = subject.titles[series], Buyer(*BUYERS[subject.buyers[series]])
    estimate = _estimate(chance, subject)
    published = TODAY - timedelta(days=number * 3 // 2 + 1)
    closes = published + timedelta(days=chance.randrange(24, 50))
    deadline = datetime.combine(closes, time(chance.choice((10, 12, 14, 16)), chance.choice((0, 30))), UTC)
    status = _status(chance, deadline)
    return Tender(
        reference=f"AM-2026-{1400 - number * 13:05d}",
        title=title,
        buyer=buyer,
        category_code=subject.code,
        category=subject.label,
        procedure=chance.choice(PROCEDURES),
        published=published,
        deadline=deadline,
        value=None if number % 9 == 4 else estimate,
        status=status,
        description=_description(title, subject, buyer),
        contact=_contact(chance, buyer),
        lots=_lots(subject, estimate),
        attachments=ATTACHMENTS[: 1 + number % 3],
        award=_award(chance, estimate, deadline) if status == "Awarded" else None,
        has_json_ld=number % 3 == 0,
    )


def _publish() -> tuple[Tender, ...]:
    chance = random.Random(SEED)
    return tuple(_tender(number, chance) for number in range(2 * len(SUBJECTS)))


TENDERS: tuple[Tender, ...] = _publish()
"""All tenders, newest first, as the list page shows them."""

AWARDED: tuple[Tender, ...] = tuple(tender for tender in TENDERS if tender.award)
"""The tenders that were won by somebody, as the awards table shows them."""


def find(reference: str) -> Tender | None:
    """The tender with this reference number."""
    return next((tender for tender in TENDERS if tender.reference == reference), None)


def page_of(page: int, size: int = ROWS_A_PAGE) -> tuple[Tender, ...]:
    """The tenders on one page of the list, counted from 1."""
    return TENDERS[(page - 1) * size : page * size]


def pages(size: int = ROWS_A_PAGE) -> int:
    """How many pages the list has."""
    return -(-len(TENDERS) // size)
