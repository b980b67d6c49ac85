"""How much was written on a day, without what was written."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Table, select
from sqlalchemy.engine import Connection, Row
from sqlalchemy.sql import ColumnElement

from bot.db.tables import conversation, inbox, outbox
from bot.followup.access import may_read_restricted

# So many messages are looked at first; of who writes more, more until there are enough days.
_LOOKED_AT_FIRST = 500


@dataclass(frozen=True)
class Day:
    """The messages of one day in one conversation. ``last_at``: when the last one came or went."""

    on: date
    conversation_id: int
    channel: str
    came: int
    went: int
    last_at: datetime


def conversations_of(connection: Connection, person_id: int) -> list[Row]:
    """Return the conversations whose name was confirmed as this person's, newest first."""
    query = select(conversation).where(
        conversation.c.person_id == person_id, conversation.c.enrolment == "confirmed"
    )
    return connection.execute(query.order_by(conversation.c.id.desc())).all()


def messages_by_day(
    connection: Connection,
    member: Row,
    person_id: int,
    timezone: str,
    limit: int,
    *,
    before: datetime | None = None,
) -> list[Day]:
    """Return the newest days on which somebody wrote (before a moment), newest first.

    What is said about staff is not counted for who may not read it (safeguarding 15).
    """
    zone, days = ZoneInfo(timezone), []
    for talk in conversations_of(connection, person_id):
        sealed = not may_read_restricted(connection, member, talk.id)
        days += _newest_days(connection, talk, sealed, zone, limit, before)
    days.sort(key=lambda day: day.last_at, reverse=True)
    return days[:limit]


def _newest_days(
    connection: Connection,
    talk: Row,
    sealed: bool,
    zone: ZoneInfo,
    limit: int,
    before: datetime | None,
) -> list[Day]:
    looked_at = _LOOKED_AT_FIRST
    while True:
        came, went = (
            _moments(connection, table, at, talk.id, sealed, before, looked_at)
            for table, at in ((inbox, inbox.c.received_at), (outbox, outbox.c.created_at))
        )
        days = _counted(talk, came, went, zone)
        cut = [moments[-1] for moments in (came, went) if len(moments) == looked_at]
        if not cut:
            return days
        # The day at which it stops may not be whole, and what is older was not looked at.
        stops_on = max(cut).astimezone(zone).date()
        whole = [day for day in days if day.on > stops_on]
        if len(whole) >= limit:
            return whole
        looked_at *= 4


def _moments(
    connection: Connection,
    table: Table,
    at: ColumnElement,
    conversation_id: int,
    sealed: bool,
    before: datetime | None,
    most: int,
) -> list[datetime]:
    query = select(at).where(table.c.conversation_id == conversation_id)
    if sealed:
        query = query.where(table.c.restricted.is_(False))
    if table is outbox:
        query = query.where(outbox.c.kind == "text", outbox.c.state != "cancelled")
    if before is not None:
        query = query.where(at < before)
    newest = query.order_by(at.desc()).limit(most)
    return list(connection.execute(newest).scalars())


def _counted(talk: Row, came: list[datetime], went: list[datetime], zone: ZoneInfo) -> list[Day]:
    by_day = [Counter(at.astimezone(zone).date() for at in moments) for moments in (came, went)]
    last: dict[date, datetime] = {}
    for at in (*came, *went):
        on = at.astimezone(zone).date()
        last[on] = max(at, last.get(on, at))
    return [
        Day(on, talk.id, talk.channel, by_day[0][on], by_day[1][on], at) for on, at in last.items()
    ]
