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

# So many messages are looked at for one page of days: of more, the oldest day would be cut.
_MOST_LOOKED_AT = 4000


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
        came = _moments(connection, inbox, inbox.c.received_at, talk.id, sealed, before)
        went = _moments(connection, outbox, outbox.c.created_at, talk.id, sealed, before)
        days += _counted(talk, came, went, zone)
    days.sort(key=lambda day: day.last_at, reverse=True)
    return days[:limit]


def _moments(
    connection: Connection,
    table: Table,
    at: ColumnElement,
    conversation_id: int,
    sealed: bool,
    before: datetime | None,
) -> list[datetime]:
    query = select(at).where(table.c.conversation_id == conversation_id)
    if sealed:
        query = query.where(table.c.restricted.is_(False))
    if table is outbox:
        query = query.where(outbox.c.kind == "text", outbox.c.state != "cancelled")
    if before is not None:
        query = query.where(at < before)
    newest = query.order_by(at.desc()).limit(_MOST_LOOKED_AT)
    return list(connection.execute(newest).scalars())


def _counted(talk: Row, came: list[datetime], went: list[datetime], zone: ZoneInfo) -> list[Day]:
    by_day = [Counter(at.astimezone(zone).date() for at in moments) for moments in (came, went)]
    last: dict[date, datetime] = {}
    for at in (*came, *went):
        on = at.astimezone(zone).date()
        last[on] = max(at, last.get(on, at))
    whole = [moments[-1] for moments in (came, went) if len(moments) == _MOST_LOOKED_AT]
    # Where not everything was looked at, the day it stops on is not counted whole.
    begins = max(whole).astimezone(zone).date() if whole else date.min
    return [
        Day(on, talk.id, talk.channel, by_day[0][on], by_day[1][on], at)
        for on, at in last.items()
        if on > begins or not whole
    ]
