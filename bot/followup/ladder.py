"""Who is told of an alert while nobody takes it: worker, on call, supervisor (safeguarding 7).

Every urgent alert is a row with ``climbs_at``: when that moment comes the clock claims it and the
next level is told, so that a crash only delays. Taking an alert stops the ladder for
``cases.CLAIM_LASTS``; if nothing came of it by then, it goes on where it stood. A complaint about
staff has a ladder of its own, out of reach of those it may be about (safeguarding 15).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import func, insert, select, update
from sqlalchemy.engine import Connection, Row

from bot.db.engine import wake
from bot.db.tables import (
    alert,
    alert_event,
    alert_notice,
    conversation,
    person,
    staff,
    staff_chat,
    structure,
)
from bot.followup.access import ROLES
from bot.followup.cases import acknowledge, add_event
from bot.followup.conversations import staff_wrote_since
from bot.followup.duty import (
    FOCAL_POINT,
    ON_CALL,
    SUPERVISOR,
    active_members,
    duty_now,
    members_on,
    present_members,
)
from bot.followup.hours import DutyState
from bot.followup.people import find_person, structure_of

Cause = Literal["new", "climbed", "nobody"]

WORKER, SECOND_FOCAL_POINT, OUTSIDE = "worker", "second_focal_point", "outside_supervisor"
LADDER = (WORKER, ON_CALL, SUPERVISOR)
SEALED_LADDER = (FOCAL_POINT, SECOND_FOCAL_POINT, OUTSIDE)

# When each level is told, in minutes after the first: out of hours a child is told that without
# an answer another person is called within 15 minutes.
_AFTER: Mapping[tuple[bool, str], tuple[int, int, int]] = {
    (False, "critical"): (0, 5, 15),
    (False, "high"): (0, 30, 60),
    (True, "critical"): (0, 15, 30),
    (True, "high"): (0, 120, 240),
}
# Whoever is at the top is told again, until somebody takes it.
_AGAIN = {"critical": timedelta(minutes=15), "high": timedelta(hours=2)}
# What counts as something coming of a claim, besides an answer to the person.
_DEEDS = ("note", "decided")
_BATCH = 50


@dataclass(frozen=True)
class Notice:
    """Somebody who is told. ``chat`` None: in the console alone; ``token``: of the buttons."""

    member: Row
    chat: Row | None
    token: str


@dataclass(frozen=True)
class Step:
    """One level was told of an alert. ``alert`` has ``case_number``; ``cause`` says why."""

    alert: Row
    cause: Cause
    notices: Sequence[Notice]


def climb_due(connection: Connection, now: datetime) -> list[Step]:
    """Tell the next level of every alert whose moment has come; let idle claims lapse."""
    due = connection.execute(
        select(alert, person.c.case_number)
        .outerjoin(person, person.c.id == alert.c.person_id)
        .where(alert.c.climbs_at <= now, alert.c.state != "resolved")
        .order_by(alert.c.climbs_at, alert.c.id)
        .limit(_BATCH)
        .with_for_update(of=alert, skip_locked=True)
    ).all()
    steps = [_climb(connection, row, now) for row in due]
    return [step for step in steps if step is not None]


def take(connection: Connection, notice: Row, member: Row, now: datetime) -> bool:
    """Take the alert of a notice; False if somebody has it already, or it is closed."""
    _answer(connection, notice, "taken", now)
    return acknowledge(connection, member, notice.alert_id, now)


def decline(connection: Connection, notice: Row, now: datetime) -> None:
    """Note that a member is not available; once all of a level are not, the next is told."""
    _answer(connection, notice, "unavailable", now)
    add_event(connection, notice.alert_id, "unavailable", now, staff_id=notice.staff_id)
    found = _alert(connection, notice.alert_id)
    if found.state == "open" and not _still_asked(connection, found):
        connection.execute(update(alert).where(alert.c.id == notice.alert_id).values(climbs_at=now))
        wake(connection, "alerts")


def find_notice(connection: Connection, staff_chat_id: int, token: str) -> Row | None:
    """Return the notice whose buttons carry ``token``, if it was sent to this chat."""
    query = select(alert_notice).where(
        alert_notice.c.token == token, alert_notice.c.staff_chat_id == staff_chat_id
    )
    return connection.execute(query).one_or_none()


def chats_told(connection: Connection, alert_id: int, but: int) -> list[Row]:
    """Return the chats that were told of an alert, but for those of member ``but``."""
    told = select(alert_notice.c.staff_chat_id).where(
        alert_notice.c.alert_id == alert_id, alert_notice.c.staff_id != but
    )
    return connection.execute(
        select(staff_chat).where(staff_chat.c.id.in_(told)).order_by(staff_chat.c.id)
    ).all()


def _climb(connection: Connection, row: Row, now: datetime) -> Step | None:
    if row.state == "acknowledged":
        if _something_came_of_it(connection, row):
            _plan(connection, row.id, climbs_at=None)
            return None
        add_event(connection, row.id, "lapsed", now, staff_id=row.assigned_to)
        _plan(connection, row.id, state="open", acknowledged_at=None)
    someone = None if row.person_id is None else find_person(connection, row.person_id)
    home = structure_of(connection, someone)
    state = duty_now(connection, home, now)
    levels = SEALED_LADDER if row.restricted else LADDER
    first = row.level is None
    position = 0 if first else min(levels.index(row.level) + 1, len(levels) - 1)
    told = _members(connection, row, levels[position], now)
    cause: Cause = "new" if first else "climbed"
    if first and not row.restricted and state.duty != "duty":
        position, more = _out_of_hours(connection, row, state, now)
        told += more
        cause = "nobody" if state.duty == "nobody" and row.severity == "critical" else "new"
    while not told and position < len(levels) - 1:
        position += 1
        told = _members(connection, row, levels[position], now)
    if not told and row.severity == "critical" and not row.restricted:
        told = _everyone(connection, row)
    level = levels[position]
    notices = [
        notice
        for member in _each_once(told)
        for notice in _tell(connection, row, member, level, now)
    ]
    _plan(connection, row.id, level=level, climbs_at=_next(connection, row, home, position, now))
    wake(connection, "console")
    return Step(row, cause, notices)


def _out_of_hours(
    connection: Connection, row: Row, state: DutyState, now: datetime
) -> tuple[int, list[Row]]:
    """Return who else is told at once outside duty hours, and up to which level that goes."""
    if state.duty == "on_call":
        return LADDER.index(ON_CALL), _members(connection, row, ON_CALL, now)
    if row.severity == "critical":
        of_role = [staff.c.role == "supervisor"]
        if row.structure_id is not None:
            of_role.append(staff.c.structure_id == row.structure_id)
        return LADDER.index(SUPERVISOR), present_members(connection, now, *of_role)
    return LADDER.index(WORKER), []


def _next(connection: Connection, row: Row, home: Row, position: int, now: datetime) -> datetime:
    """Return when to go on from the level at ``position``, which was told just now."""
    after = _AFTER[(row.restricted, row.severity)]
    if position == len(after) - 1:
        wait = _AGAIN[row.severity]
    else:
        # Levels that were told or passed over at once count from the first moment too.
        last = after[0] if row.level is None else after[position]
        wait = timedelta(minutes=after[position + 1] - last)
    due = now + wait
    if row.severity == "critical":
        return due
    # What is not critical wakes nobody at night: it goes on when the structure opens.
    state = duty_now(connection, home, due)
    if state.duty == "duty":
        return due
    return state.next_opening.astimezone(now.tzinfo) + wait


def _members(connection: Connection, row: Row, level: str, now: datetime) -> list[Row]:
    here = None if row.structure_id is None else structure.c.id == row.structure_id
    elsewhere = None if row.structure_id is None else structure.c.id != row.structure_id
    if level == WORKER:
        return present_members(connection, now, staff.c.id == row.assigned_to)
    if elsewhere is None and level in SEALED_LADDER:
        # A stranger's complaint may be about any structure: it stays with the focal points.
        return members_on(connection, FOCAL_POINT, now)
    if level == SECOND_FOCAL_POINT:
        return members_on(connection, FOCAL_POINT, now, elsewhere)
    if level == OUTSIDE:
        return members_on(connection, SUPERVISOR, now, elsewhere)
    return members_on(connection, level, now, here)


def _everyone(connection: Connection, row: Row) -> list[Row]:
    """Return all case staff: where no level has anybody, a cry for help still reaches somebody."""
    reads_cases = [role for role, rights in ROLES.items() if rights.cases]
    where = [staff.c.role.in_(reads_cases)]
    if row.structure_id is not None:
        where.append(staff.c.structure_id == row.structure_id)
    return active_members(connection, *where)


def _tell(connection: Connection, row: Row, member: Row, level: str, now: datetime) -> list[Notice]:
    query = select(staff_chat).where(staff_chat.c.staff_id == member.id)
    chats = connection.execute(query.order_by(staff_chat.c.id)).all()
    notices = [Notice(member, chat, secrets.token_urlsafe(12)) for chat in chats or [None]]
    connection.execute(
        insert(alert_notice),
        [
            {
                "alert_id": row.id,
                "staff_id": member.id,
                "staff_chat_id": notice.chat.id if notice.chat is not None else None,
                "level": level,
                "token": notice.token,
                "told_at": now,
            }
            for notice in notices
        ],
    )
    add_event(connection, row.id, "notified", now, staff_id=member.id)
    return notices


def _something_came_of_it(connection: Connection, row: Row) -> bool:
    """Tell whether the person was answered, or a deed noted, since somebody took the alert."""
    since = select(conversation.c.unanswered_since).where(conversation.c.id == row.conversation_id)
    if connection.execute(since).scalar_one() is None:
        return True
    if staff_wrote_since(connection, row.conversation_id, row.acknowledged_at):
        return True
    done = select(alert_event.c.id).where(
        alert_event.c.alert_id == row.id,
        alert_event.c.verb.in_(_DEEDS),
        alert_event.c.staff_id.is_not(None),
        alert_event.c.at >= row.acknowledged_at,
    )
    return connection.execute(done.limit(1)).first() is not None


def _still_asked(connection: Connection, found: Row) -> bool:
    """Tell whether somebody of those told last may still answer."""
    last = select(func.max(alert_notice.c.told_at)).where(alert_notice.c.alert_id == found.id)
    asked = select(alert_notice.c.id).where(
        alert_notice.c.alert_id == found.id,
        alert_notice.c.told_at == last.scalar_subquery(),
        alert_notice.c.staff_chat_id.is_not(None),
        alert_notice.c.answer.is_(None),
    )
    return connection.execute(asked.limit(1)).first() is not None


def _answer(connection: Connection, notice: Row, answer: str, now: datetime) -> None:
    # Who answers on one chat was asked on all of theirs.
    connection.execute(
        update(alert_notice)
        .where(
            alert_notice.c.alert_id == notice.alert_id,
            alert_notice.c.staff_id == notice.staff_id,
            alert_notice.c.answer.is_(None),
        )
        .values(answer=answer, answered_at=now)
    )


def _plan(connection: Connection, alert_id: int, **values: object) -> None:
    connection.execute(update(alert).where(alert.c.id == alert_id).values(**values))


def _alert(connection: Connection, alert_id: int) -> Row:
    return connection.execute(select(alert).where(alert.c.id == alert_id)).one()


def _each_once(members: Sequence[Row]) -> list[Row]:
    return list({member.id: member for member in members}.values())
