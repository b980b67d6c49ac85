"""Cash transfers: what was sent to whom, and whether it arrived.

Money is told to the beneficiary it is for, and to a caregiver whose link has ``sees_payments``.
Every function here starts from the person who asks; an id from a button is checked the same way.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import bindparam, desc, insert, or_, select, update
from sqlalchemy.engine import Connection, Row

from bot.db.engine import wake
from bot.db.tables import care_link, complaint, payment, person
from bot.followup import audit
from bot.followup.access import NotAllowed, readable_person
from bot.followup.family import wards_of

RECEIVED, NOT_RECEIVED, WRONG_AMOUNT = "received", "not_received", "wrong_amount"
RECEIPTS = (RECEIVED, NOT_RECEIVED, WRONG_AMOUNT)

# Of countries where the programme pays in another currency than the West African franc.
_CURRENCIES = {"GH": "GHS"}
_USUAL_CURRENCY = "XOF"

# Statements are built once, with parameters: building costs more than running.
_BY_ID = select(payment).where(payment.c.id == bindparam("this"))
_OWN = select(payment.c.id).where(payment.c.beneficiary_id == bindparam("beneficiary")).limit(1)
_LATEST = _OWN.where(payment.c.sent_on.is_not(None)).order_by(
    desc(payment.c.for_month), desc(payment.c.id)
)
_UPCOMING = _OWN.where(payment.c.sent_on.is_(None)).order_by(payment.c.due_on, payment.c.id)
_TO_TELL = select(payment).where(
    or_(payment.c.id == _LATEST.scalar_subquery(), payment.c.id == _UPCOMING.scalar_subquery())
)
_COMPLAINT = (
    select(complaint)
    .where(complaint.c.payment_id == bindparam("payment"), complaint.c.closed_at.is_(None))
    .order_by(desc(complaint.c.id))
    .limit(1)
)


@dataclass(frozen=True)
class Payment:
    """One payment, for somebody who may know about it. ``complaint`` is the open one about it."""

    row: Row
    beneficiary: Row
    own: bool
    complaint: Row | None

    @property
    def to_confirm(self) -> bool:
        """Whether it is still to be asked if it arrived, and whole."""
        was_sent = self.row.sent_on is not None
        return was_sent and self.row.state != RECEIVED and self.complaint is None

    def is_overdue(self, today: date) -> bool:
        """Whether it should have been sent and was not."""
        return self.row.sent_on is None and self.row.due_on < today


class AlreadyRecorded(ValueError):
    """That recipient's payment for that month is there already."""


@dataclass(frozen=True)
class NewPayment:
    """A payment as staff enter it. ``for_month`` is its first day, ``sent_on`` None: not yet."""

    recipient_id: int
    amount: Decimal
    currency: str
    for_month: date
    due_on: date
    sent_on: date | None
    account_ending: str


@dataclass(frozen=True)
class PaymentNews:
    """The money of one beneficiary: the last payment sent, and the first one due and not sent."""

    latest: Payment | None
    upcoming: Payment | None

    @property
    def complained(self) -> Payment | None:
        """The payment about which a complaint is open, if there is one."""
        both = (self.latest, self.upcoming)
        return next((p for p in both if p is not None and p.complaint is not None), None)


def currency_of(country: str) -> str:
    """Return what is paid in a country (ISO 3166), as ISO 4217 names it."""
    return _CURRENCIES.get(country, _USUAL_CURRENCY)


def payment_news(connection: Connection, person: Row) -> list[PaymentNews]:
    """Return what ``person`` may know about payments: own, or one entry for each child."""
    return [_news(connection, person, beneficiary) for beneficiary in _subjects(connection, person)]


def find_payment(connection: Connection, person: Row, payment_id: int) -> Payment | None:
    """Return a payment that ``person`` may know about; None for any other."""
    row = connection.execute(_BY_ID, {"this": payment_id}).one_or_none()
    for beneficiary in _subjects(connection, person):
        if row is not None and row.beneficiary_id == beneficiary.id:
            return _payment(connection, person, beneficiary, row)
    return None


def next_to_confirm(
    news: Iterable[PaymentNews], after_beneficiary: int | None = None
) -> Payment | None:
    """Return the first payment to ask about, after those of beneficiary ``after_beneficiary``."""
    latest = (item.latest for item in news if item.latest is not None)
    open_ones = (item for item in latest if item.to_confirm)
    if after_beneficiary is not None:
        open_ones = (item for item in open_ones if item.beneficiary.id > after_beneficiary)
    return next(open_ones, None)


def record_receipt(connection: Connection, payment_id: int, receipt: str) -> None:
    """Keep whether a payment arrived (one of ``RECEIPTS``).

    Raises:
        ValueError: no such answer.
    """
    if receipt not in RECEIPTS:
        raise ValueError(f"receipt must be one of {', '.join(RECEIPTS)}")
    connection.execute(update(payment).where(payment.c.id == payment_id).values(state=receipt))


def payments_of(connection: Connection, someone: Row) -> list[Row]:
    """Return the payments for a beneficiary, or to a caregiver, the latest month first.

    With ``recipient_case`` and ``beneficiary_case``.
    """
    whose = payment.c.beneficiary_id if someone.kind == "beneficiary" else payment.c.recipient_id
    beneficiary, recipient = person.alias("beneficiary"), person.alias("recipient")
    query = (
        select(
            payment,
            beneficiary.c.case_number.label("beneficiary_case"),
            recipient.c.case_number.label("recipient_case"),
        )
        .join(beneficiary, beneficiary.c.id == payment.c.beneficiary_id)
        .join(recipient, recipient.c.id == payment.c.recipient_id)
        .where(whose == someone.id)
        .order_by(desc(payment.c.for_month), desc(payment.c.id))
    )
    return connection.execute(query).all()


def record_payment(
    connection: Connection, member: Row, person_id: int, new: NewPayment, now: datetime
) -> None:
    """Enter a payment for a beneficiary.

    Raises:
        NotAllowed: no file of this member's, not a beneficiary's, or a recipient without a link.
        AlreadyRecorded: there is one for that month.
    """
    someone = readable_person(connection, member, person_id)
    linked = select(care_link.c.caregiver_id).where(care_link.c.beneficiary_id == person_id)
    able = {person_id, *connection.execute(linked).scalars()}
    if someone.kind != "beneficiary" or new.recipient_id not in able:
        raise NotAllowed(f"no payment for person {person_id} to {new.recipient_id}")
    key = {
        "beneficiary_id": person_id,
        "recipient_id": new.recipient_id,
        "for_month": new.for_month,
    }
    same = select(payment.c.id).where(*(payment.c[name] == value for name, value in key.items()))
    if connection.execute(same.limit(1)).first() is not None:
        raise AlreadyRecorded(f"person {person_id}")
    connection.execute(
        insert(payment).values(
            **key,
            amount=new.amount,
            currency=new.currency,
            due_on=new.due_on,
            sent_on=new.sent_on,
            account_ending=new.account_ending,
            state="due" if new.sent_on is None else "sent",
        )
    )
    audit.record_by(connection, member, "person.payment", "person", person_id, now)
    wake(connection, "console")


def _subjects(connection: Connection, person: Row) -> list[Row]:
    if person.kind == "beneficiary":
        return [person]
    return wards_of(connection, person.id, "sees_payments")


def _news(connection: Connection, person: Row, beneficiary: Row) -> PaymentNews:
    latest = upcoming = None
    for row in connection.execute(_TO_TELL, {"beneficiary": beneficiary.id}).all():
        paid = _payment(connection, person, beneficiary, row)
        if row.sent_on is None:
            upcoming = paid
        else:
            latest = paid
    return PaymentNews(latest, upcoming)


def _payment(connection: Connection, person: Row, beneficiary: Row, row: Row) -> Payment:
    about = connection.execute(_COMPLAINT, {"payment": row.id}).one_or_none()
    return Payment(row, beneficiary, beneficiary.id == person.id, about)
