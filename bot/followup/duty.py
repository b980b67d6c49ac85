"""Who is there for what, now: the rota, and where it names nobody, the roles.

Who is on leave is not there, whatever the rota says; on a day on which all are, no answer is
promised. The levels of the ladder (``bot.followup.ladder``) are filled from here.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Connection, Row
from sqlalchemy.sql import ColumnElement

from bot.db.tables import duty_shift, staff, staff_leave, structure
from bot.followup.access import takes_cases
from bot.followup.hours import DutyState, answer_by, duty_state

ON_CALL, SUPERVISOR, FOCAL_POINT = "on_call", "supervisor", "focal_point"
# What one can be on the rota for; whoever has the role of that name stands in for an empty rota.
DUTIES = (ON_CALL, SUPERVISOR, FOCAL_POINT)
_A_DAY = timedelta(days=1)
# How far days are looked for on which all are away.
_LOOKED_AHEAD = timedelta(days=62)


class RotaRefused(ValueError):
    """A shift cannot be planned like this."""


def duty_now(connection: Connection, home: Row, now: datetime) -> DutyState:
    """Tell whether staff of a structure are on duty, on call, or nobody is there.

    On call is somebody whom the rota names, or within the on-call hours whoever has that role:
    nobody is told that a person was called where there is none to call. On duty is nobody either
    where all who take cases are on leave; the next opening is a day on which somebody is there.
    """
    state = duty_state(home, now, _days_away(connection, home, now))
    if state.duty == "duty":
        return state
    called = members_on(connection, ON_CALL, now, structure.c.id == home.id)
    return replace(state, duty="on_call" if called else "nobody")


def promise_by(connection: Connection, home: Row, now: datetime) -> datetime:
    """Return the moment (UTC) before which staff of a structure can be promised to answer.

    It lies in its opening hours, on no holiday and on no day on which all are on leave.
    """
    return answer_by(home, now, _days_away(connection, home, now))


def days_all_are_away(connection: Connection, structure_id: int, first: date) -> set[date]:
    """Return the days from ``first`` on, two months ahead, on which all who take cases are away."""
    here = staff.c.structure_id == structure_id
    last = first + _LOOKED_AHEAD
    query = (
        select(staff_leave)
        .join(staff, staff.c.id == staff_leave.c.staff_id)
        .where(here, staff_leave.c.first_day <= last, staff_leave.c.last_day >= first)
    )
    leave = connection.execute(query).all()
    if not leave:
        # As on most days: asked in many a turn.
        return set()
    takers = {row.id for row in active_members(connection, here) if takes_cases(row)}
    days = (first + timedelta(days=n) for n in range(_LOOKED_AHEAD.days + 1))
    return {
        day
        for day in days
        if takers
        and takers <= {row.staff_id for row in leave if row.first_day <= day <= row.last_day}
    }


def members_on(
    connection: Connection, duty: str, now: datetime, where: ColumnElement | None = None
) -> list[Row]:
    """Return the active staff who have a duty now (one of ``DUTIES``).

    In each structure those whom the rota names; where it names nobody at this moment, whoever has
    the role: for being on call only while the structure's hours say that somebody is there.

    Args:
        where: a condition on ``structure``; without one those of all structures.
    """
    homes = select(structure) if where is None else select(structure).where(where)
    found: list[Row] = []
    for home in connection.execute(homes.order_by(structure.c.id)).all():
        found += _named(connection, home.id, duty, now) or _having_role(connection, home, duty, now)
    return found


def active_members(connection: Connection, *where: ColumnElement) -> list[Row]:
    """Return active staff who fulfil conditions on ``staff``."""
    query = select(staff).where(staff.c.active.is_(True), *where)
    return connection.execute(query.order_by(staff.c.id)).all()


def present_members(connection: Connection, now: datetime, *where: ColumnElement) -> list[Row]:
    """Return active staff who fulfil conditions on ``staff`` and are not on leave today."""
    found = active_members(connection, *where)
    away = _on_leave(connection, now)
    return [member for member in found if member.id not in away]


def plan_shift(
    connection: Connection, member: Row, duty: str, starts_at: datetime, ends_at: datetime
) -> int:
    """Put a member of staff on the rota of the own structure; return the shift's id.

    Raises:
        RotaRefused: no such duty, or it ends before it starts.
    """
    if duty not in DUTIES:
        raise RotaRefused(f"duty must be one of {', '.join(DUTIES)}")
    if ends_at <= starts_at:
        raise RotaRefused("a shift ends after it starts")
    inserted = connection.execute(
        insert(duty_shift).values(
            structure_id=member.structure_id,
            staff_id=member.id,
            duty=duty,
            starts_at=starts_at,
            ends_at=ends_at,
        )
    )
    return inserted.inserted_primary_key[0]


def remove_shift(connection: Connection, structure_id: int, shift_id: int) -> None:
    """Take a shift off a structure's rota; one of another structure stays."""
    connection.execute(
        delete(duty_shift).where(
            duty_shift.c.id == shift_id, duty_shift.c.structure_id == structure_id
        )
    )


def coming_shifts(connection: Connection, structure_id: int, now: datetime) -> list[Row]:
    """Return the shifts of a structure that have not ended, with ``shown_name``, soonest first."""
    query = (
        select(duty_shift, staff.c.shown_name)
        .join(staff, staff.c.id == duty_shift.c.staff_id)
        .where(duty_shift.c.structure_id == structure_id, duty_shift.c.ends_at > now)
    )
    return connection.execute(query.order_by(duty_shift.c.starts_at, duty_shift.c.id)).all()


def _named(connection: Connection, structure_id: int, duty: str, now: datetime) -> list[Row]:
    shifts = select(duty_shift.c.staff_id).where(
        duty_shift.c.structure_id == structure_id,
        duty_shift.c.duty == duty,
        duty_shift.c.starts_at <= now,
        duty_shift.c.ends_at > now,
    )
    return present_members(connection, now, staff.c.id.in_(shifts))


def _having_role(connection: Connection, home: Row, role: str, now: datetime) -> list[Row]:
    if role == ON_CALL and duty_state(home, now).duty == "nobody":
        return []
    here = (staff.c.role == role, staff.c.structure_id == home.id)
    return present_members(connection, now, *here)


def _days_away(connection: Connection, home: Row, now: datetime) -> set[str]:
    # From yesterday on: hours may run over midnight.
    first = now.astimezone(ZoneInfo(home.timezone)).date() - _A_DAY
    return {day.isoformat() for day in days_all_are_away(connection, home.id, first)}


def _on_leave(connection: Connection, now: datetime) -> set[int]:
    """Return the ids of those on leave today, the day being that of their structure."""
    roughly = (
        staff_leave.c.first_day <= now.date() + _A_DAY,
        staff_leave.c.last_day >= now.date() - _A_DAY,
    )
    query = (
        select(staff_leave, structure.c.timezone)
        .join(staff, staff.c.id == staff_leave.c.staff_id)
        .join(structure, structure.c.id == staff.c.structure_id)
        .where(*roughly)
    )
    return {
        row.staff_id
        for row in connection.execute(query)
        if row.first_day <= now.astimezone(ZoneInfo(row.timezone)).date() <= row.last_day
    }
