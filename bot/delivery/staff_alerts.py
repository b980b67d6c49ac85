"""Telling staff on their own chats that somebody needs them: a case number, a wait, a link.

Nothing about the message, nothing about the person (safeguarding 21). An alert that was not
announced yet is a row with ``notified_at`` empty, so a crash between alert and announcement only
delays it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, or_, select, update
from sqlalchemy.engine import Connection, Row

from bot.db.tables import alert, person, staff, staff_chat
from bot.delivery.queue import enqueue_to_staff
from bot.followup.cases import add_event
from bot.i18n.wording import Wording

_BATCH = 50
_URGENT = ("critical", "high")


def announce_alerts(
    connection: Connection, wording: Wording, public_url: str, now: datetime
) -> int:
    """Queue an announcement of every urgent alert that has none; return how many there were."""
    waiting = connection.execute(
        select(alert, person.c.case_number)
        .outerjoin(person, person.c.id == alert.c.person_id)
        .where(
            alert.c.notified_at.is_(None), alert.c.state == "open", alert.c.severity.in_(_URGENT)
        )
        .order_by(alert.c.id)
        .limit(_BATCH)
        .with_for_update(of=alert, skip_locked=True)
    ).all()
    for row in waiting:
        text = _text(row, wording, public_url, now)
        for chat in _recipients(connection, row):
            enqueue_to_staff(connection, chat.id, text, now)
            add_event(connection, row.id, "notified", now, staff_id=chat.staff_id)
        connection.execute(update(alert).where(alert.c.id == row.id).values(notified_at=now))
    return len(waiting)


def _text(row: Row, wording: Wording, public_url: str, now: datetime) -> str:
    said = wording.say(
        "utter_staff_alert",
        "fr",
        "vous",
        case=row.case_number or "—",
        severity={"say": f"utter_label_severity_{row.severity}"},
        minutes=int((now - row.waiting_since).total_seconds() // 60),
        link=f"{public_url}/console/alerts/{row.id}",
    )
    return said.text


def _recipients(connection: Connection, row: Row) -> list[Row]:
    if row.restricted:
        who = staff.c.role == "focal_point"
    elif row.severity == "critical":
        who = or_(staff.c.id == row.assigned_to, staff.c.role.in_(("on_call", "supervisor")))
    else:
        # With nobody assigned (a stranger) the supervisors take it.
        who = (
            staff.c.role == "supervisor"
            if row.assigned_to is None
            else staff.c.id == row.assigned_to
        )
    where = [who, staff.c.active.is_(True)]
    if row.structure_id is not None:
        where.append(staff.c.structure_id == row.structure_id)
    query = select(staff_chat).join(staff, staff.c.id == staff_chat.c.staff_id).where(and_(*where))
    return connection.execute(query).all()
