"""Visits, calls and appointments to come.

When and where a child is to be is told to the child, and to a caregiver only where a worker ticked
``sees_places`` on that link (safeguarding 23).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection, Row

from bot.db.engine import wake
from bot.db.tables import appointment, staff
from bot.followup import audit
from bot.followup.access import NotAllowed, readable_person
from bot.followup.caller import Caller
from bot.followup.duty import promise_by
from bot.followup.family import wards_of
from bot.followup.freezing import freeze_of
from bot.followup.sharing import staff_who_take_cases
from bot.followup.tasks import promise_answer, tell_staff

KINDS = ("visit", "office", "call", "health")
OUTCOMES = ("done", "missed")
# What is further away is not announced unasked: it may still move.
_SOON = timedelta(days=7)


class AlreadyPlanned(ValueError):
    """The person has an appointment at that moment already."""


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


def appointment_to_announce(
    connection: Connection, person: Row | None, now: datetime
) -> Row | None:
    """Return the next appointment within a week, where it may be told to ``person`` unasked.

    To a stranger none is; nor while a danger freezes the contact (safeguarding 14).
    """
    if person is None or freeze_of(connection, person) is not None:
        return None
    coming = next_appointment(connection, person, now)
    return coming if coming is not None and coming.starts_at <= now + _SOON else None


def appointments_of(connection: Connection, person_id: int) -> list[Row]:
    """Return a person's appointments, the latest first, with ``staff_name`` of who comes."""
    query = (
        select(appointment, staff.c.shown_name.label("staff_name"))
        .outerjoin(staff, staff.c.id == appointment.c.staff_id)
        .where(appointment.c.person_id == person_id)
        .order_by(appointment.c.starts_at.desc(), appointment.c.id.desc())
    )
    return connection.execute(query).all()


def plan(
    connection: Connection,
    member: Row,
    person_id: int,
    *,
    kind: str,
    starts_at: datetime,
    place: str,
    staff_id: int | None,
    now: datetime,
) -> None:
    """Plan an appointment; one that is past took place.

    Args:
        kind: one of ``KINDS``.
        staff_id: who comes or is there; None: nobody is named yet.

    Raises:
        NotAllowed: no file of this member's, or a colleague who takes no cases there.
        AlreadyPlanned: there is one at that moment.
        ValueError: no such kind.
    """
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}")
    someone = readable_person(connection, member, person_id)
    able = {each.id for each in staff_who_take_cases(connection, someone.structure_id)}
    if staff_id is not None and staff_id not in able:
        raise NotAllowed(f"staff {staff_id} takes no cases here")
    same = select(appointment.c.id).where(
        appointment.c.person_id == person_id, appointment.c.starts_at == starts_at
    )
    if connection.execute(same.limit(1)).first() is not None:
        raise AlreadyPlanned(f"person {person_id}")
    connection.execute(
        insert(appointment).values(
            person_id=person_id,
            staff_id=staff_id,
            kind=kind,
            starts_at=starts_at,
            place=place.strip() or None,
            state="done" if starts_at <= now else "planned",
        )
    )
    audit.record_by(connection, member, "person.appointment", "person", person_id, now)
    wake(connection, "console")


def note_outcome(
    connection: Connection,
    member: Row,
    person_id: int,
    appointment_id: int,
    outcome: str,
    now: datetime,
) -> None:
    """Note whether an appointment that is over took place.

    Args:
        outcome: one of ``OUTCOMES``.

    Raises:
        NotAllowed: no file of this member's, or no such appointment there that has begun.
        ValueError: no such outcome.
    """
    if outcome not in OUTCOMES:
        raise ValueError(f"outcome must be one of {', '.join(OUTCOMES)}")
    readable_person(connection, member, person_id)
    noted = connection.execute(
        update(appointment)
        .where(
            appointment.c.id == appointment_id,
            appointment.c.person_id == person_id,
            appointment.c.starts_at <= now,
        )
        .values(state=outcome)
    )
    if noted.rowcount != 1:
        raise NotAllowed(f"appointment {appointment_id}")
    audit.record_by(connection, member, "person.appointment_outcome", "person", person_id, now)
    wake(connection, "console")


def ask_another_day(caller: Caller) -> datetime:
    """Pass on that the caller cannot come; return by when staff answer with another day."""
    by = promise_by(caller.connection, caller.structure, caller.now)
    tell_staff(caller, "task", category="appointment", answer_by=by)
    promise_answer(caller, "appointment", by)
    return by
