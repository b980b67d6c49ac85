"""When somebody of a structure is there: what a person may honestly be promised, and by when.

Hours are kept per weekday as ``{"mon": ["08:00", "17:00"], ...}`` in the structure's own time
zone; a span that ends before it starts runs over midnight. On a closed day (a holiday) nobody is
there whatever the weekday says; hours of being on call go on. Who of the staff is on leave, and so
on which days all are, is for ``bot.followup.duty``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Row

Duty = Literal["duty", "on_call", "nobody"]
Hours = Mapping[str, Sequence[str]]

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# A promise for today needs this much of the working day left, else it is for the next one.
_ROOM_TODAY = timedelta(hours=1)
# On the next working day an answer is promised within this time of the opening.
_FIRST_HOUR = timedelta(hours=1)
# How far an opening is looked for: longer than a structure is closed for holidays.
_LOOKED_AHEAD = 62  # days


@dataclass(frozen=True)
class DutyState:
    """Who is there now. ``local_now`` and ``next_opening`` are in the structure's time zone."""

    duty: Duty
    local_now: datetime
    next_opening: datetime
    timezone: str


def duty_state(structure: Row, now: datetime, away: Collection[str] = ()) -> DutyState:
    """Tell whether staff of ``structure`` are on duty, on call, or nobody is there.

    Args:
        away: days ("2026-11-30") on which it is open, but all are on leave.
    """
    local = now.astimezone(ZoneInfo(structure.timezone))
    closed = _not_there(structure, away)
    if _within(structure.duty_hours, local, closed):
        duty: Duty = "duty"
    elif _within(structure.on_call_hours, local):
        duty = "on_call"
    else:
        duty = "nobody"
    opening = next_opening(structure.duty_hours, local, closed)
    return DutyState(duty, local, opening, structure.timezone)


def answer_by(structure: Row, now: datetime, away: Collection[str] = ()) -> datetime:
    """Return the moment (UTC) before which a person can be promised a human answer.

    Args:
        away: days ("2026-11-30") on which it is open, but all are on leave.
    """
    state = duty_state(structure, now, away)
    if state.duty == "duty":
        closed = _not_there(structure, away)
        closing = _closing(structure.duty_hours, state.local_now, closed)
        if closing - state.local_now >= _ROOM_TODAY:
            return closing.astimezone(now.tzinfo)
    return (state.next_opening + _FIRST_HOUR).astimezone(now.tzinfo)


def next_opening(hours: Hours, local: datetime, closed: Collection[str] = ()) -> datetime:
    """Return the next moment at which ``hours`` open after ``local`` (a day later if never).

    Args:
        closed: days without hours ("2026-12-25").
    """
    for days in range(_LOOKED_AHEAD):
        day = local.date() + timedelta(days=days)
        span = _hours_of(hours, day, closed)
        if span:
            opening = _at(day, span[0], local.tzinfo)
            if opening > local:
                return opening
    return local + timedelta(days=1)


def _not_there(structure: Row, away: Collection[str]) -> Collection[str]:
    return {*structure.closed_days, *away} if away else structure.closed_days


def _within(hours: Hours, local: datetime, closed: Collection[str] = ()) -> bool:
    return _span_around(hours, local, closed) is not None


def _closing(hours: Hours, local: datetime, closed: Collection[str]) -> datetime:
    around = _span_around(hours, local, closed)
    return local if around is None else around[1]


def _span_around(
    hours: Hours, local: datetime, closed: Collection[str]
) -> tuple[datetime, datetime] | None:
    # One that began yesterday may run over midnight.
    for days in (0, -1):
        day = local.date() + timedelta(days=days)
        span = _hours_of(hours, day, closed)
        if span:
            start, end = _span(day, span, local.tzinfo)
            if start <= local < end:
                return start, end
    return None


def _hours_of(hours: Hours, day: date, closed: Collection[str]) -> Sequence[str] | None:
    return None if day.isoformat() in closed else hours.get(WEEKDAYS[day.weekday()])


def _span(day: date, span: Sequence[str], zone: Any) -> tuple[datetime, datetime]:
    start, end = _at(day, span[0], zone), _at(day, span[1], zone)
    return start, end if end > start else end + timedelta(days=1)


def _at(day: date, clock: str, zone: Any) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), zone)
