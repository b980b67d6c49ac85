"""What is due besides alerts: who waits for a colleague's answer, appointments, money, promises.

Each function returns what one member of staff may see, as rows that say whose case it is
(``case_number``, ``enrolment``) and in which conversation to answer (``conversation_id``).
Where an open alert tells the same, the alert alone is shown.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.engine import Connection, Row
from sqlalchemy.sql import ColumnElement, Select

from bot.db.tables import (
    aid_kind,
    aid_request,
    alert,
    appointment,
    conversation,
    payment,
    person,
    promise,
    read_mark,
    staff,
)
from bot.followup.access import follows, rights_of
from bot.followup.alerts import may_see
from bot.followup.reading import own_mark

# Money is shown this long before its day.
_NEAR_DAYS = 3
# A request that nobody has decided on for so long is late.
REQUEST_WAITS = timedelta(days=7)
_NEAR_PROMISE = timedelta(hours=24)
_ABOUT_STAFF = "staff_complaint"
# A complaint about a payment is an alert with its deadline.
_IN_ALERTS = ("complaint",)


def conversations_waiting(connection: Connection, member: Row) -> list[Row]:
    """Return the conversations that a colleague has, in which somebody waits for an answer."""
    if not rights_of(member).cases:
        return []
    owner = staff.alias("owner")
    query = (
        select(
            conversation.c.id.label("conversation_id"),
            conversation.c.channel,
            conversation.c.owner_id,
            conversation.c.unanswered_since,
            conversation.c.last_inbound_at,
            conversation.c.enrolment,
            person.c.case_number,
            owner.c.shown_name.label("owner_name"),
            read_mark.c.read_at,
        )
        .join(owner, owner.c.id == conversation.c.owner_id)
        .outerjoin(person, person.c.id == conversation.c.person_id)
        .outerjoin(read_mark, own_mark(member, "conversation", conversation.c.id))
        .where(
            conversation.c.unanswered_since.is_not(None),
            or_(person.c.id.is_(None), follows(member), conversation.c.owner_id == member.id),
            ~_told_by_an_alert(member),
        )
    )
    return connection.execute(query.order_by(conversation.c.unanswered_since)).all()


def appointments_between(
    connection: Connection, member: Row, start: datetime, end: datetime
) -> list[Row]:
    """Return the planned appointments that start within a time."""
    query = _of_my_people(
        member,
        appointment.c.person_id,
        appointment.c.id,
        appointment.c.kind,
        appointment.c.starts_at,
        appointment.c.staff_id,
        person.c.worker_id,
        staff.c.shown_name.label("staff_name"),
    ).outerjoin(staff, staff.c.id == func.coalesce(appointment.c.staff_id, person.c.worker_id))
    query = query.where(
        appointment.c.state == "planned",
        appointment.c.starts_at >= start,
        appointment.c.starts_at < end,
    )
    return connection.execute(query.order_by(appointment.c.starts_at, appointment.c.id)).all()


def payments_due(connection: Connection, member: Row, today: date) -> list[Row]:
    """Return the payments that should have been sent by now, or are to be within three days."""
    query = _of_my_people(
        member,
        payment.c.beneficiary_id,
        payment.c.id,
        payment.c.amount,
        payment.c.currency,
        payment.c.due_on,
        person.c.worker_id,
    ).where(payment.c.sent_on.is_(None), payment.c.due_on <= today + timedelta(days=_NEAR_DAYS))
    return connection.execute(query.order_by(payment.c.due_on, payment.c.id)).all()


def aid_due(connection: Connection, member: Row, now: datetime, today: date) -> list[Row]:
    """Return the requests for aid that are expected by now, or that nobody decided on in a week."""
    query = _of_my_people(
        member,
        aid_request.c.person_id,
        aid_request.c.id,
        aid_request.c.state,
        aid_request.c.expected_on,
        aid_request.c.requested_at,
        aid_kind.c.name,
        person.c.worker_id,
    ).join(aid_kind, aid_kind.c.id == aid_request.c.aid_kind_id)
    expected = and_(
        aid_request.c.state.in_(("requested", "approved", "ready")),
        aid_request.c.expected_on <= today + timedelta(days=_NEAR_DAYS),
    )
    undecided = and_(
        aid_request.c.state == "requested", aid_request.c.requested_at <= now - REQUEST_WAITS
    )
    query = query.where(or_(expected, undecided))
    return connection.execute(query.order_by(aid_request.c.requested_at)).all()


def promises_due(connection: Connection, member: Row, now: datetime) -> list[Row]:
    """Return the promises that are not kept and have passed, or pass within a day."""
    if not rights_of(member).cases:
        return []
    query = (
        select(
            promise.c.id,
            promise.c.subject,
            promise.c.due_at,
            promise.c.made_at,
            conversation.c.id.label("conversation_id"),
            conversation.c.enrolment,
            person.c.case_number,
            person.c.worker_id,
        )
        .join(conversation, conversation.c.id == promise.c.conversation_id)
        .outerjoin(person, person.c.id == promise.c.person_id)
        .where(
            promise.c.kept_at.is_(None),
            promise.c.due_at <= now + _NEAR_PROMISE,
            promise.c.subject.not_in(_untold_subjects(member)),
            or_(person.c.id.is_(None), follows(member)),
            ~_told_by_an_alert(member),
        )
    )
    return connection.execute(query.order_by(promise.c.due_at, promise.c.id)).all()


def open_promises(connection: Connection, member: Row, person_id: int) -> list[Row]:
    """Return what was promised to a person and not kept yet, soonest first.

    What the member may not know of is left out, and what an alert of its own tells.
    """
    query = select(promise).where(
        promise.c.person_id == person_id,
        promise.c.kept_at.is_(None),
        promise.c.subject.not_in(_untold_subjects(member)),
    )
    return connection.execute(query.order_by(promise.c.due_at, promise.c.id)).all()


def _untold_subjects(member: Row) -> tuple[str, ...]:
    return _IN_ALERTS if rights_of(member).restricted else (*_IN_ALERTS, _ABOUT_STAFF)


def _told_by_an_alert(member: Row) -> ColumnElement:
    """Return the condition that an alert this member sees tells of the conversation."""
    return (
        select(alert.c.id)
        .where(
            alert.c.conversation_id == conversation.c.id,
            alert.c.state != "resolved",
            may_see(member),
        )
        .exists()
    )


def _of_my_people(member: Row, whose: ColumnElement, *columns: ColumnElement) -> Select:
    """Return a query on what belongs to the people whose cases the member reads."""
    newest = (
        select(func.max(conversation.c.id))
        .where(conversation.c.person_id == person.c.id, conversation.c.enrolment == "confirmed")
        .scalar_subquery()
    )
    return (
        select(
            *columns,
            person.c.id.label("person_id"),
            person.c.case_number,
            newest.label("conversation_id"),
        )
        .join(person, person.c.id == whose)
        .where(follows(member))
    )
