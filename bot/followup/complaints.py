"""Complaints: about a payment, and about staff (safeguarding 15).

Where somebody is said to have taken money, and wherever staff are accused, the alert and the
messages are the focal point's alone: those who pay or know the family do not see them first.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import insert, select, update

from bot.db.tables import alert, complaint, inbox
from bot.followup.caller import Caller
from bot.followup.cases import add_event
from bot.followup.duty import promise_by
from bot.followup.payments import NOT_RECEIVED, WRONG_AMOUNT, Payment
from bot.followup.tasks import promise_answer, tell_staff

AT_WITHDRAWAL, SOMEONE_TOOK, UNKNOWN = "at_withdrawal", "someone_took", "unknown"
CAUSES = (AT_WITHDRAWAL, SOMEONE_TOOK, UNKNOWN)
STAFF_COMPLAINT: Final = "staff_complaint"
# Who shall not see a complaint about staff.
HIDE_FROM = ("structure", "worker", UNKNOWN)


@dataclass(frozen=True)
class Filed:
    """A complaint that was taken in: its number and by when it is answered."""

    number: str
    by: datetime
    apart: bool  # read by somebody who has nothing to do with payments


def file_payment_complaint(
    caller: Caller,
    about: Payment,
    subject: str,
    *,
    amount_said: Decimal | None = None,
    cause_said: str | None = None,
) -> Filed:
    """Take in a complaint about a payment.

    Args:
        about: a payment the caller may know about.
        subject: "not_received" or "wrong_amount".
        cause_said: one of ``CAUSES``; None when it was not asked or not answered.

    Raises:
        ValueError: the caller is not known, or no such subject or cause.
    """
    if caller.person is None:
        raise ValueError("a known person complains about a payment")
    if subject not in (NOT_RECEIVED, WRONG_AMOUNT) or cause_said not in (None, *CAUSES):
        raise ValueError("no such subject or cause of a complaint")
    apart = cause_said == SOMEONE_TOOK
    by = promise_by(caller.connection, caller.structure, caller.now)
    alert_id = tell_staff(
        caller,
        "payment",
        severity="high" if apart else "normal",
        restricted=apart,
        answer_by=by,
    )
    if apart:
        restrict_message(caller)
    inserted = caller.connection.execute(
        insert(complaint).values(
            # The number is made of the id, which is known only afterwards.
            number=secrets.token_hex(6),
            person_id=caller.person.id,
            payment_id=about.row.id,
            subject=subject,
            amount_said=amount_said,
            cause_said=cause_said,
            alert_id=alert_id,
            answer_by=by,
            made_at=caller.now,
        )
    )
    complaint_id = inserted.inserted_primary_key[0]
    number = f"P-{complaint_id:04d}"
    caller.connection.execute(
        update(complaint).where(complaint.c.id == complaint_id).values(number=number)
    )
    promise_answer(caller, "complaint", by, complaint_id=complaint_id)
    return Filed(number, by, apart)


def file_staff_complaint(caller: Caller) -> datetime:
    """Take in a complaint about staff for the focal point alone; return the promised date.

    Until the caller has said who must not see it, and after, everybody else stays shut out.
    """
    by = promise_by(caller.connection, caller.structure, caller.now)
    _tell_focal_point(caller, by)
    restrict_message(caller)
    promise_answer(caller, "staff_complaint", by)
    return by


def hide_complaint_from(caller: Caller, whom: str) -> None:
    """Note for the focal point who shall not see the complaint.

    Raises:
        ValueError: ``whom`` is none of ``HIDE_FROM``.
    """
    if whom not in HIDE_FROM:
        raise ValueError(f"whom must be one of {', '.join(HIDE_FROM)}")
    restrict_message(caller)
    alert_id = _tell_focal_point(caller, None)
    if alert_id is not None:
        add_event(caller.connection, alert_id, "note", caller.now, note=f"hide_from: {whom}")


def restrict_message(caller: Caller) -> None:
    """Hide the caller's message from all staff but the focal point."""
    if caller.inbox_id is not None:
        caller.connection.execute(
            update(inbox).where(inbox.c.id == caller.inbox_id).values(restricted=True)
        )


def _tell_focal_point(caller: Caller, by: datetime | None) -> int | None:
    # A complaint that the safety screen took in has a category: this one is about the same.
    return tell_staff(
        caller,
        STAFF_COMPLAINT,
        severity="high",
        category=_category_of_open_complaint(caller),
        restricted=True,
        answer_by=by,
    )


def _category_of_open_complaint(caller: Caller) -> str | None:
    if caller.talk is None:
        return None
    query = select(alert.c.category).where(
        alert.c.conversation_id == caller.talk.id,
        alert.c.kind == STAFF_COMPLAINT,
        alert.c.state != "resolved",
    )
    newest = query.order_by(alert.c.id.desc()).limit(1)
    return caller.connection.execute(newest).scalar_one_or_none()
