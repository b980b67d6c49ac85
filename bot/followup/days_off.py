"""Days on which a structure is closed, and leave of its staff.

A closed day is in nobody's hours: no answer is promised for it, and nobody is said to be there.
Who is on leave is not told of alerts and not counted as there; where all are, nothing is promised
for that day either, and the page says so, so that it can be closed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection, Row

from bot.db.tables import staff, staff_leave, structure
from bot.followup.duty import days_all_are_away
from bot.followup.hours import WEEKDAYS

LONGEST_NAME = 60
# Longer than that somebody has left, or the structure has closed for good.
_LONGEST_CLOSURE, _LONGEST_LEAVE = 31, 366  # days
# Whoever hands something over wants to know of leave that begins within this time.
_SOON = timedelta(days=7)


class DaysRefused(ValueError):
    """These days cannot be taken: they end before they begin, or there are too many."""


def close_days(
    connection: Connection, structure_id: int, first: date, last: date, name: str
) -> None:
    """Close a structure from a day to another, both included.

    Args:
        name: why, in a word ("Noël").

    Raises:
        DaysRefused: they end before they begin, or it is more than a month.
    """
    days = _days(first, last, _LONGEST_CLOSURE)
    closed = dict(_home(connection, structure_id).closed_days)
    closed.update({day.isoformat(): name.strip()[:LONGEST_NAME] for day in days})
    _keep(connection, structure_id, closed)


def open_days(connection: Connection, structure_id: int, first: date, last: date) -> None:
    """Open a structure again on days that were closed, both ends included."""
    closed = _home(connection, structure_id).closed_days
    kept = {
        day: name
        for day, name in closed.items()
        if not first.isoformat() <= day <= last.isoformat()
    }
    _keep(connection, structure_id, kept)


def coming_closed_days(home: Row, today: date) -> list[tuple[date, str]]:
    """Return the closed days of a structure from today on, soonest first, with their names."""
    days = ((date.fromisoformat(day), name) for day, name in home.closed_days.items())
    return sorted(each for each in days if each[0] >= today)


def add_leave(connection: Connection, member: Row, first: date, last: date) -> int:
    """Note that a member of staff is away from a day to another, both included.

    Raises:
        DaysRefused: they end before they begin, or it is more than a year.
    """
    _days(first, last, _LONGEST_LEAVE)
    made = connection.execute(
        insert(staff_leave).values(staff_id=member.id, first_day=first, last_day=last)
    )
    return made.inserted_primary_key[0]


def remove_leave(connection: Connection, structure_id: int, leave_id: int) -> None:
    """Take back the leave of somebody of a structure; one of another structure stays."""
    here = select(staff.c.id).where(staff.c.structure_id == structure_id)
    connection.execute(
        delete(staff_leave).where(staff_leave.c.id == leave_id, staff_leave.c.staff_id.in_(here))
    )


def coming_leave(connection: Connection, structure_id: int, today: date) -> list[Row]:
    """Return the leave in a structure that is not over, with ``shown_name``, soonest first."""
    query = (
        select(staff_leave, staff.c.shown_name)
        .join(staff, staff.c.id == staff_leave.c.staff_id)
        .where(
            staff.c.structure_id == structure_id,
            staff.c.active.is_(True),
            staff_leave.c.last_day >= today,
        )
    )
    return connection.execute(query.order_by(staff_leave.c.first_day, staff_leave.c.id)).all()


def leave_near(
    connection: Connection, members: Iterable[Row], today: date
) -> dict[int, tuple[date, date]]:
    """Return of those who are on leave, or will be within a week, its first and last day, by id.

    Leave that goes on the day after leave is one.
    """
    query = select(staff_leave).where(
        staff_leave.c.staff_id.in_([member.id for member in members]),
        staff_leave.c.last_day >= today,
    )
    found: dict[int, tuple[date, date]] = {}
    for row in connection.execute(query.order_by(staff_leave.c.first_day, staff_leave.c.id)):
        if row.staff_id not in found:
            if row.first_day <= today + _SOON:
                found[row.staff_id] = (row.first_day, row.last_day)
            continue
        first, last = found[row.staff_id]
        if row.first_day <= last + timedelta(days=1):
            found[row.staff_id] = (first, max(last, row.last_day))
    return found


def days_without_anybody(connection: Connection, home: Row, today: date) -> list[date]:
    """Return the coming days on which a structure is open but all who take cases are on leave."""
    return [
        day
        for day in sorted(days_all_are_away(connection, home.id, today))
        if WEEKDAYS[day.weekday()] in home.duty_hours and day.isoformat() not in home.closed_days
    ]


def _days(first: date, last: date, most: int) -> list[date]:
    count = (last - first).days + 1
    if not 1 <= count <= most:
        raise DaysRefused(f"from 1 to {most} days")
    return [first + timedelta(days=n) for n in range(count)]


def _home(connection: Connection, structure_id: int) -> Row:
    # Two who close days at once must not undo each other's.
    query = select(structure).where(structure.c.id == structure_id).with_for_update()
    return connection.execute(query).one()


def _keep(connection: Connection, structure_id: int, closed: dict[str, str]) -> None:
    connection.execute(
        update(structure)
        .where(structure.c.id == structure_id)
        .values(closed_days=dict(sorted(closed.items())))
    )
