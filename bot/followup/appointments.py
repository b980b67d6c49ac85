"""Visits, calls and appointments to come.

When and where a child is to be is told to the child, and to a caregiver only where a worker ticked
``sees_places`` on that link (safeguarding 23).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.engine import Connection, Row

from bot.db.tables import appointment
from bot.followup.caller import Caller
from bot.followup.hours import answer_by
from bot.followup.people import wards_of
from bot.followup.tasks import promise_answer, tell_staff


def next_appointment(connection: Connection, person: Row, now: datetime) -> Row | None:
    """Return the next planned appointment that ``person`` may know about, if there is one.

    The row's ``person_id`` says whose it is.
    """
    whose = [person.id]
    if person.kind == "caregiver":
        whose += [ward.id for ward in wards_of(connection, person.id, "sees_places")]
    query = (
        select(appointment)
        .where(
            appointment.c.person_id.in_(whose),
            appointment.c.state == "planned",
            appointment.c.starts_at >= now,
        )
        .order_by(appointment.c.starts_at, appointment.c.id)
        .limit(1)
    )
    return connection.execute(query).one_or_none()


def ask_another_day(caller: Caller) -> datetime:
    """Pass on that the caller cannot come; return by when staff answer with another day."""
    by = answer_by(caller.structure, caller.now)
    tell_staff(caller, "task", category="appointment", answer_by=by)
    promise_answer(caller, "appointment", by)
    return by
